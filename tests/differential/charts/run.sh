#!/usr/bin/env bash
# Compares every chart at hand with both releases of the real helm, and writes the report.
#
#   tests/differential/charts/run.sh CLONES HELM4 HELM3 CORPUS CORPUS_CHARTS WORK [PROGRAM]
#
# CLONES: bare clones as OWNER+NAME/repo (see gather.py). CORPUS: corpus.json beside its value files;
# CORPUS_CHARTS: its charts, put together. WORK: a folder for charts and results; what is there is used
# again. HELM3 must know its Kubernetes version, as the released binary does: built from its module it needs
#   -ldflags '-X helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor=1 -X helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=36'
# PROGRAM: by default target/release/thanos-gitops. About an hour on two cores.
set -euo pipefail
cd "$(dirname "$0")/../../.."
clones=$1 helm4=$2 helm3=$3 corpus=$4 corpus_charts=$5 work=$6
program=${7:-target/release/thanos-gitops}
here=tests/differential/charts
mkdir -p "$work"
[ -f "$work/charts/left-out.txt" ] || python3 $here/gather.py --mirror "$clones" --out "$work/charts"
for version in 4 3; do
  helm=$helm4
  if [ $version = 3 ]; then helm=$helm3; fi
  python3 $here/compare.py --charts "$corpus_charts" --corpus "$corpus" --helm "$helm" \
    --ours "$program" --compat $version --out "$work/corpus-$version.jsonl" || true
  python3 $here/compare.py --charts "$work/charts" --helm "$helm" --ours "$program" \
    --compat $version --out "$work/public-$version.jsonl" || true
done
python3 $here/report.py --corpus 4="$work/corpus-4.jsonl" 3="$work/corpus-3.jsonl" \
  --public 4="$work/public-4.jsonl" 3="$work/public-3.jsonl" \
  --left-out "$work/charts/left-out.txt" >tests/conformance/charts.md
