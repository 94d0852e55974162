#!/usr/bin/env bash
# Synthesizes every scenario into cdk.out. Needs no credentials.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "synthesizing all scenarios ..." >&2
cdk synth --quiet --no-notices "$@"
