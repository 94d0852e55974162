#!/usr/bin/env bash
# Synthesizes all scenarios and both examples at two revisions and compares every template and every asset, byte for byte:
# the proof that a change which should only move code changed nothing that is deployed.
#
#   scripts/compare-templates.sh BEFORE [AFTER]      AFTER defaults to HEAD; both are anything that git can check out
#
# Ends with 0 when all are equal, with 1 and the differences when they are not. Both revisions are synthesized with the
# Python packages of this checkout, so only the project's own code can differ.
set -euo pipefail
cd "$(dirname "$0")/.."

main() {
  case ${1:-} in
  --help | -h | '')
    sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"
    [[ -n ${1:-} ]]
    return
    ;;
  esac
  scripts/setup.sh
  export PATH=$PWD/.venv/bin:$PWD/node_modules/.bin:$PATH JSII_NODE=$PWD/.venv/bin/node
  workshop=$(mktemp -d)
  trap clean_up EXIT
  synthesize_revision before "$1"
  synthesize_revision after "${2:-HEAD}"
  compare
}

clean_up() {
  for name in before after; do
    git worktree remove --force "$workshop/$name" 2>/dev/null || true
  done
  rm -rf "$workshop"
}

synthesize_revision() {
  local name=$1 revision=$2 checkout=$workshop/$1 app
  git worktree add --quiet --detach "$checkout" "$revision"
  for app in . examples/platform_app examples/many_sites; do
    echo "$name ($(git -C "$checkout" log -1 --format=%h)): synthesizing $app ..." >&2
    (
      cd "$checkout/$app"
      PYTHONPATH=$checkout/constructs:$checkout \
        cdk synth --quiet --no-notices --output "$workshop/out/$name/$app" >"$workshop/log" 2>&1 ||
        { cat "$workshop/log" >&2 && false; }
    )
  done
  facts "$workshop/out/$name" >"$workshop/$name.sha256"
}

# One line per template, list of assets and file of an asset: its digest and its path.
facts() (
  cd "$1"
  find . \( -name '*.template.json' -o -name '*.assets.json' -o -path '*/asset.*' \) -type f -print0 |
    sort --zero-terminated | xargs --null sha256sum
)

compare() {
  local templates
  templates=$(grep -c 'template\.json$' "$workshop/before.sha256")
  if diff "$workshop/before.sha256" "$workshop/after.sha256"; then
    echo "equal: $templates templates and all assets, byte for byte"
  else
    diff -r -u -x manifest.json -x tree.json -x validation-report.json "$workshop/out/before" "$workshop/out/after" |
      head -n 100
    return 1
  fi
}

main "$@"
