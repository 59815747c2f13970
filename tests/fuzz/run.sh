#!/bin/sh
# Runs each target in turn: run.sh SECONDS [TARGET...]. See README.md.
set -u
cd "$(dirname "$0")"
seconds=$1
shift
[ $# -gt 0 ] || set -- template_parse template_exec values set_flags schema archive kustomize
cargo fuzz build --fuzz-dir . --sanitizer none || exit 1
for target in "$@"; do
    mkdir -p "corpus/$target" "artifacts/$target"
    bin=$(ls -t target/*/release/"$target" | head -1)
    dict=
    [ -f "dictionaries/$target" ] && dict="-dict=dictionaries/$target"
    echo "== $target"
    "$bin" "corpus/$target" -artifact_prefix="artifacts/$target/" $dict -timeout=60 \
        -rss_limit_mb=3000 -max_len=8192 -max_total_time="$seconds" -print_final_stats=1 \
        >"artifacts/$target.log" 2>&1
    echo "exit $?"
    grep -E "stat::number_of_executed_units|stat::peak_rss_mb|SUMMARY|Done " "artifacts/$target.log"
done
