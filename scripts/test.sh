#!/usr/bin/env bash
# Everything, in the order in which a mistake is cheapest to find: lint, checkov, then every layer of tests.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/device-programs.sh >/dev/null
scripts/lint.sh
scripts/checkov.sh
exec pytest -p tools.layers --require-layers -n "${WORKERS:-2}" --dist loadfile \
  --cov --cov-report=term-missing:skip-covered --cov-fail-under=95 "$@"
