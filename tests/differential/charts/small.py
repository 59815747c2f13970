#!/usr/bin/env python3
"""Small charts, each about one rule of loading, merging or printing: helm against thanos-gitops.

  small.py --helm HELM --ours PROGRAM [--compat 3] [--only NAME]

Each case is a tree of files and a command line in `cases.py`. Compared are standard output, the
files written, whether the command is refused, and if so whether our message starts with Helm's.
Seconds since 1970 in generated names are masked; nothing else is. Only the Python standard
library is used.
"""
import argparse
import collections
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

import cases
from compare import ours_words, words


def run(program, args, tree):
    """(refused, stdout, written files, stderr) of a command in a fresh copy of a tree."""
    with tempfile.TemporaryDirectory() as folder:
        cases.write(folder, tree)
        before = listing(folder)
        env = {"PATH": os.environ["PATH"], "HOME": folder + "/.home"}
        try:
            done = subprocess.run([program] + args, cwd=folder, env=env, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=120)
        except subprocess.TimeoutExpired:
            return "timeout", b"", {}, b""
        made = {path: text for path, text in listing(folder).items()
                if path not in before and not path.startswith((".home", ".config", ".cache"))}
        # Helm shows absolute paths, we show them as they were typed.
        clean = lambda text: text.replace(folder.encode() + b"/", b"")
        out = re.sub(rb"-1[0-9]{9}\b", b"-SECONDS", clean(done.stdout))
        return done.returncode != 0, out, made, clean(done.stderr)


def listing(folder):
    found = {}
    for at, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(at, name)
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    found[os.path.relpath(path, folder)] = file.read()
    return found


def compare(item, options):
    """What came of one case, and what differs."""
    name, tree, args = item
    want = run(options.helm, ["template"] + args, tree)
    got = run(options.ours, ["template", "--compat", options.compat] + args, tree)
    if want[0] != got[0]:
        said = got[3] if got[0] else want[3]
        return name, "refused by us" if got[0] else "not refused", said.decode("utf-8", "replace")[:700]
    if want[0]:
        if ours_words(got[3]).startswith(words(want[3])):
            return name, "refused", ""
        detail = f"\n    want {words(want[3])[:700]!r}\n    got  {ours_words(got[3])[:500]!r}"
        return name, "refused, other words", detail
    if want[1] != got[1]:
        return name, "stdout differs", f"\n    want {want[1][-1500:]!r}\n    got  {got[1][-1500:]!r}"
    if want[2] != got[2]:
        return name, "files differ", f"\n    want {sorted(want[2].items())}\n    got  {sorted(got[2].items())}"
    return name, "identical", ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--helm", required=True)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--compat", default="4")
    parser.add_argument("--only", action="append")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    todo = [c for c in cases.all_cases()
            if not options.only or any(o in c[0] for o in options.only)]
    counts = collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for name, status, detail in pool.map(lambda c: compare(c, options), todo):
            counts[status] += 1
            if status not in ("identical", "refused"):
                print(f"{name}: {status}: {detail}", flush=True)
    print(", ".join(f"{count} {status}" for status, count in sorted(counts.items())))
    sys.exit(any(status not in ("identical", "refused") for status in counts))


if __name__ == "__main__":
    main()
