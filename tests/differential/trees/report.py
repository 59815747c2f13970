#!/usr/bin/env python3
"""Write tests/conformance/trees.md from what compare.py found.

  report.py FOLDER [--reasons FILE]

FOLDER holds the JSON lines of compare.py --out. A reason is a line `OWNER+NAME/FOLDER: why`, where `*`
stands for any text; it is shown beside the kustomizations that differ or are refused in other words.
Only the Python standard library is used.
"""
import argparse
import collections
import glob
import json
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from shared import reason, reasons  # noqa: E402

COLUMNS = ("identical", "refused", "refused, other words", "needs the network", "the real tool panics", "skipped")
LABELS = ("byte-identical", "refused by both, same words", "refused by both, other words", "needs the network",
          "the real tool panics", "the real tool does not end")
INTRODUCTION = """# Kustomizations, compared with Kustomize 5.8.1

Written by `tests/differential/trees/run.sh`, which needs the real tools and clones of public repositories.
Every folder with a kustomization file at the newest commit of each clone is built by `kustomize build --enable-helm`
(with Helm 4.2.4) and by `render`; output is compared byte for byte. What the real one refuses, `render` has to refuse.
Words are the same if the whole message is, line breaks apart: for ours that is what it gives as the words of
Kustomize (`kustomize says`), else the message itself. A kustomization with a base, a resource or a chart in the
network is refused by both, by the real one because there is no network here, and counted apart.
"""


def cells(cases):
    counts = collections.Counter(case["status"] for case in cases)
    other = len(cases) - sum(counts[c] for c in COLUMNS)
    return [len(cases), *(counts[c] for c in COLUMNS), other]


def line(values):
    return "| " + " | ".join(str(value) for value in values) + " |"


def listed(cases, known):
    """The cases, those of one repository with the same reason in one line."""
    groups = {}
    for case in cases:
        why = reason(f"{case['repo']}/{case['folder']}", known)
        groups.setdefault((case["repo"], case["status"], why), []).append(case["folder"])
    for (repo, status, why), folders in groups.items():
        name = repo.replace("+", "/", 1)
        names = ", ".join(f"`{folder}`" for folder in folders)
        yield f"- {name}: {names}: {status}" + (f": {why}" if why else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--reasons", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "reasons.txt"))
    options = parser.parse_args()
    known = reasons(options.reasons)
    cases = [json.loads(text) for path in sorted(glob.glob(os.path.join(glob.escape(options.folder), "*.jsonl")))
             for text in open(path, encoding="utf-8")]
    repos = {}
    for case in cases:
        repos.setdefault((case["repo"], case["commit"]), []).append(case)
    print(INTRODUCTION)
    print(line(["repositories", "kustomizations", *LABELS, "different"]))
    print("|" + "---:|" * (len(COLUMNS) + 3))
    print(line([len(repos), *cells(cases)]))
    print("\n## What differs\n")
    print("\n".join(listed([case for case in cases if case["status"] not in COLUMNS], known)) or "Nothing.")
    print("\n## Refused by both, in other words\n")
    print("\n".join(listed([case for case in cases if case["status"] == "refused, other words"], known)) or "Nothing.")
    print("\n## Repositories\n")
    print(line(["repository", "commit", "kustomizations", *LABELS, "different"]))
    print("|---|---|" + "---:|" * (len(COLUMNS) + 2))
    for (repo, commit), found in repos.items():
        print(line([repo.replace("+", "/", 1), f"`{commit[:10]}`", *cells(found)]))


if __name__ == "__main__":
    main()
