#!/usr/bin/env bash
# Static checks of the code, and cfn-lint on the synthesized templates.
set -euo pipefail
cd "$(dirname "$0")/.."

failed=()

# Every step runs, so that one run shows all problems.
step() {
  local title=$1
  shift
  echo "lint: $title"
  "$@" || failed+=("$title")
}

# An unpacked source archive is not a git checkout, so it is searched instead.
shell_scripts() {
  echo .ci/run
  if git rev-parse --git-dir >/dev/null 2>&1; then
    git ls-files --cached --others --exclude-standard -- '*.sh'
  else
    find scripts assets vpn_lab tests -name '*.sh'
  fi
}

# Use an installed shellcheck, or the one that comes with the device's programs and needs no root.
command -v shellcheck >/dev/null || PATH=$PATH:$(scripts/device-programs.sh)

mapfile -t scripts < <(shell_scripts)

step "ruff check" ruff check --quiet .
step "ruff format" ruff format --quiet --check .
step "mypy" mypy
step "mypy, tests and apps" mypy app.py tests
step "mypy, example" mypy examples/platform_app
step "mypy, many sites" mypy examples/many_sites
step "mypy, the device's programs" mypy -p cgw_device
step "shellcheck (${#scripts[@]} files)" shellcheck "${scripts[@]}"
step "cdk synth" scripts/synth.sh
mapfile -t templates < <(python -m vpn_model.read_template)
step "cfn-lint (${#templates[@]} templates)" cfn-lint "${templates[@]}"

if ((${#failed[@]})); then
  printf 'lint failed: %s\n' "${failed[@]}" >&2
  exit 1
fi
