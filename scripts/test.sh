#!/usr/bin/env bash
# Runs everything: lint, checkov, and every layer of tests. One worker runs the tests in the local network's virtual
# machine, which take longest and therefore start first. The other workers run the rest meanwhile, at a lower priority.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/device-programs.sh >/dev/null
exec pytest -m "not endurance" -p tools.layers --require-layers -n "${WORKERS:-3}" --dist loadfile --no-loadscope-reorder \
  --durations=10 --cov --cov-report=term-missing:skip-covered --cov-fail-under=95 "$@"
