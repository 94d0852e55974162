#!/usr/bin/env bash
# Runs checkov on every template. .checkov.yaml lists the checks that do not apply, with the reasons.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh checkov
[[ -f cdk.out/manifest.json ]] || scripts/synth.sh
echo "running checkov on the templates ..." >&2
mapfile -t templates < <(python -m vpn_model.read_template)
.venv-checkov/bin/checkov --config-file .checkov.yaml --file "${templates[@]}" "$@"
echo "checkov: no check failed in ${#templates[@]} templates" >&2
