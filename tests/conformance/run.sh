#!/usr/bin/env bash
# Runs the conformance cases and writes one report a tool: tests/conformance/*.md.
#
#   tests/conformance/run.sh [PROGRAM] [OUT]
#
# PROGRAM is the release binary, OUT the folder of the reports. The cases are in the folder
# that THANOS_GITOPS_CONFORMANCE names; without it nothing is written.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$(realpath "${1:-target/release/thanos-gitops}")
out=${2:-tests/conformance}
cases=${THANOS_GITOPS_CONFORMANCE:-../shared/conformance}
if [ ! -d "$cases" ]; then
  echo "conformance: no cases at $cases; the committed reports are left alone"
  exit 0
fi
cases=$(realpath "$cases")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

# Paths of temporary folders differ from run to run.
stable() { sed -E 's#/[^ "'\'']*/(kustcase-|conf|t)[A-Za-z0-9_-]*(/t[A-Za-z0-9_]+)?#…#g; s#[0-9]+\.[0-9]+ s#…#g' | cut -c1-200; }

kustomize() {
  echo '# Conformance with Kustomize 5.8.1'
  echo
  echo 'Written by `tests/conformance/run.sh`. Output is compared byte for byte.'
  echo
  echo '| cases | byte-identical | errors | error texts with upstream'\''s words |'
  echo '|---|---:|---:|---:|'
  : >"$work/failing"
  for group in cases cases-filters cases-helm; do
    python3 "$cases/kustomize/run.py" --cmd "$program render {dir}" --cases "$cases/kustomize/$group" \
      --fifo-flags '--reorder none' --fail-list "$work/list" >"$work/log" || true
    last=$(grep '^kustomize conformance' "$work/log" || echo ': 0/0 byte-identical, 0/0 errors')
    words=$(sed -n "s/^error texts holding upstream's words: //p" "$work/log")
    yaml=$(sed -E 's/.*: ([0-9]+\/[0-9]+) byte.*/\1/' <<<"$last")
    errors=$(sed -E 's/.*, ([0-9]+\/[0-9]+) errors/\1/' <<<"$last")
    echo "| $group | $yaml | $errors | ${words:-0/0} |"
    sed "s#^#$group/#" "$work/list" >>"$work/failing"
  done
  echo
  echo '## Failing'
  echo
  if [ ! -s "$work/failing" ]; then echo 'None.'; fi
  LC_ALL=C sort "$work/failing" | stable | awk -F'\t' '{ printf "- `%s`: %s\n", $1, $2 }'
}

gotemplate() {
  echo '# Conformance with Helm 4 templates'
  echo
  echo 'Written by `tests/conformance/run.sh`. Where Helm 3 and 4 differ, Helm 4 is expected.'
  echo 'Of the released builds of Helm none passes all: 4.2.4, which `template` mirrors byte for byte, fails the same four as we do, 4.3.1'
  echo 'these four and the one that asks for the default Kubernetes version. They take `--set-literal =value`, read `l={}` as a list of one'
  echo 'empty text, `int "1.5"` as 0 and `1e400` as nothing (4.3.0 built with Go 1.27 reads it as the cases say).'
  echo
  echo '| cases | passed |'
  echo '|---|---:|'
  python3 "$cases/gotemplate/run.py" --cmd "$program template r {chart} -f {values}" --helm 4 \
    --report "$work/report" >"$work/log" || true
  awk '/^[a-z]+ +[0-9]+\/[0-9]+$/ { printf "| %s | %s |\n", $1, $2 }
       /^template conformance/ { printf "| all | %s |\n", $3 }' "$work/log"
  echo
  echo '## Failing'
  echo
  if [ ! -s "$work/report" ]; then echo 'None.'; fi
  python3 - "$work/report" <<'PY' | stable | LC_ALL=C sort
import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    case = json.loads(line)
    got = json.dumps(case["got"], ensure_ascii=False, sort_keys=True)
    print("- `%s`: got %s" % (case["id"], got[:120]))
PY
}

kustomize >"$work/kustomize.md"
gotemplate >"$work/gotemplate.md"
mv "$work/kustomize.md" "$work/gotemplate.md" "$out/"
grep -h '^| ' "$out/kustomize.md" "$out/gotemplate.md"
