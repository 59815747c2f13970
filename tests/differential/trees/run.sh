#!/usr/bin/env bash
# Compares the kustomizations of public repositories with the real kustomize, and writes the report.
#
#   tests/differential/trees/run.sh CLONES KUSTOMIZE HELM WORK [PROGRAM]
#
# CLONES: bare clones as OWNER+NAME/repo. WORK: a folder for results, and for what the real tool printed, which
# is used again. PROGRAM: by default target/release/thanos-gitops.
set -euo pipefail
cd "$(dirname "$0")/../../.."
clones=$1 kustomize=$2 helm=$3 work=$4
program=${5:-target/release/thanos-gitops}
here=tests/differential/trees
rm -rf "$work/found"
python3 $here/compare.py --mirror "$clones" --kustomize "$kustomize" --helm "$helm" --ours "$program" \
  --out "$work/found" --cache "$work/real" || true
python3 $here/report.py "$work/found" >tests/conformance/trees.md
