#!/usr/bin/env bash
# checkov on every template. Checks that do not apply are listed, each with its reason, in .checkov.yaml.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh checkov
[[ -f cdk.out/manifest.json ]] || scripts/synth.sh
echo "checkov on the templates ..." >&2
mapfile -t templates < <(python -m vpn_model.read_template)
.venv-checkov/bin/checkov --config-file .checkov.yaml --file "${templates[@]}" "$@"
echo "checkov: no check failed in ${#templates[@]} templates" >&2
