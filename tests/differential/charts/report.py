#!/usr/bin/env python3
"""Write tests/conformance/charts.md from what compare.py found.

  report.py --corpus 4=RESULTS 3=RESULTS --public 4=RESULTS 3=RESULTS [--left-out FILE] [--reasons FILE]

RESULTS are the JSON lines of compare.py --out. A reason is a line `CHART/SET: why`, where `*` stands
for any text; it is shown beside each case that differs. Only the Python standard library is used.
"""
import argparse
import collections
import json
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from shared import reason, reasons  # noqa: E402

COLUMNS = ("identical", "identical, random masked", "refused")
LABELS = ("byte-identical", "identical, random masked", "refused by both, same words")
WORDS = "refused, other words"


def read(pairs):
    """{helm: [case]}"""
    found = {}
    for pair in pairs:
        helm, path = pair.split("=", 1)
        found[helm] = [json.loads(line) for line in open(path, encoding="utf-8")]
    return found


def row(name, helm, cases):
    counts = collections.Counter(case["status"] for case in cases)
    other = len(cases) - sum(counts[c] for c in COLUMNS) - counts[WORDS]
    charts = len({case["chart"] for case in cases})
    cells = [name, helm, charts, len(cases), *(counts[c] for c in COLUMNS), counts[WORDS], other]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def table(results):
    """A line a chart: its value sets, and how many of them agree."""
    seen = {}
    for helm, cases in results.items():
        for case in cases:
            sets = seen.setdefault(case["chart"], {}).setdefault(helm, [])
            sets.append(case["status"] in COLUMNS or case["status"] == WORDS)
    for chart, versions in sorted(seen.items()):
        name, _, version = chart.rpartition("-") if "-" in chart else (chart, "", "")
        # A version may hold dashes of its own.
        head = chart.split("-")
        for at in range(1, len(head)):
            if head[at][:1].isdigit() and "." in head[at] or head[at][:1] == "v" and head[at][1:2].isdigit():
                name, version = "-".join(head[:at]), "-".join(head[at:])
                break
        cells = [f"{sum(versions.get(h, []))}/{len(versions.get(h, []))}" for h in sorted(results, reverse=True)]
        yield f"| {name} | {version} | " + " | ".join(cells) + " |"


def differing(results, known):
    for source, by_helm in results:
        for helm, cases in sorted(by_helm.items(), reverse=True):
            for case in cases:
                if case["status"] in COLUMNS:
                    continue
                name = f"{case['chart']}/{case['set']}"
                why = reason(name, known)
                yield f"- `{name}` ({source}, Helm {helm}): {case['status']}" + (f": {why}" if why else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--corpus", nargs="*", default=[])
    parser.add_argument("--public", nargs="*", default=[])
    parser.add_argument("--left-out")
    parser.add_argument("--reasons", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "reasons.txt"))
    options = parser.parse_args()
    known = reasons(options.reasons)
    sources = [("corpus", read(options.corpus)), ("public", read(options.public))]
    print("# Charts, compared with Helm 4.2.4 and 3.21.4\n")
    print("Written by `tests/differential/charts/run.sh`, which needs the real tools and clones of chart")
    print("repositories. Output is compared byte for byte, CRDs included; only where the real tool's own output")
    print("varies between runs are the places that varied masked. `corpus` is the list of charts and value sets")
    print("that the project is measured by; `public` are all charts of the clones, each with its default values and")
    print("with every `ci/*.yaml` of its own.\n")
    print("| set | Helm | charts | renderings | " + " | ".join(LABELS) + " | refused by both, other words | different |")
    print("|---|---|" + "---:|" * 7)
    for source, by_helm in sources:
        for helm in sorted(by_helm, reverse=True):
            print(row(source, helm, by_helm[helm]))
    print("\n## What differs\n")
    print("\n".join(differing(sources, known)) or "Nothing.")
    if options.left_out and os.path.exists(options.left_out):
        lines = [line.strip() for line in open(options.left_out, encoding="utf-8") if line.strip()]
        print(f"\n## Left out\n\n{len(lines)} charts of the clones:\n")
        print("\n".join(f"- {line}" for line in lines))
    for source, by_helm in sources:
        print(f"\n## Charts: {source}\n\nValue sets that agree, of all.\n")
        versions = sorted(by_helm, reverse=True)
        print("| chart | version | " + " | ".join(f"Helm {v}" for v in versions) + " |")
        print("|---|---|" + "---:|" * len(versions))
        print("\n".join(table(by_helm)))


if __name__ == "__main__":
    main()
