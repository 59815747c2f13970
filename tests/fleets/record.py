#!/usr/bin/env python3
"""Record what the real tools make of the fleets, as digests.

  record.py --charts FOLDER --kustomize KUSTOMIZE --helm HELM [FLEET...]

FOLDER holds one folder a chart, `<name>-<version>`, its dependencies unpacked in charts/. Every
folder overlays/<cluster>/<component> of both trees of a fleet is built by

  kustomize build --enable-helm --helm-command HELM overlays/<cluster>/<component>

and the digest of each resource is written to tests/fleets/<fleet>/<tree>.digests: no text of a
chart is kept. Where kustomize refuses, its last line is written instead. Two builds that differ are an error: a fleet draws nothing at random.
Only the Python standard library is used.
"""
import argparse
import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TREES = ("documented", "corrected")


def charts_named(tree):
    """(name, version) of every chart that a tree names, whichever form its entry has."""
    found = set()
    for path in glob.glob(os.path.join(tree, "**", "*.yaml"), recursive=True):
        text = open(path, encoding="utf-8").read()
        for entry in re.finditer(r"^( *)(?:- )?name: (\S+)\n(?: *repo: \S+\n) *version: (\S+)$", text, re.M):
            found.add((entry[2], entry[3].strip('"')))
    return sorted(found)


def with_charts(tree, charts, into):
    """A copy of the tree, with the charts where its chart home is."""
    shutil.copytree(tree, into)
    for name, version in charts_named(tree):
        source = os.path.join(charts, f"{name}-{version}")
        if not os.path.isdir(source):
            sys.exit(f"chart {name} {version} not present")
        shutil.copytree(source, os.path.join(into, "charts", f"{name}-{version}", name))


def build(kustomize, helm, target):
    command = [kustomize, "build", "--enable-helm", "--helm-command", helm, target]
    done = subprocess.run(command, capture_output=True)
    if done.returncode:
        words = done.stderr.decode().strip().split("\n")[-1]
        return None, words.removeprefix("Error: ")
    return done.stdout.decode(), None


def resources(stream):
    """The text of each resource of a stream."""
    text = stream if stream.endswith("\n") else stream + "\n"
    return [part for part in re.split(r"^---\n", text, flags=re.M) if part.strip()]


def identity(text):
    """`<apiVersion> <kind> <namespace>/<name>`, read from the lines that kustomize writes."""
    def top(key):
        found = re.search(rf"^{key}: (.*)$", text, re.M)
        return found[1].strip('"') if found else ""
    meta = re.search(r"^metadata:\n((?: .*\n|\n)*)", text, re.M)
    def inside(key):
        found = re.search(rf"^  {key}: (.*)$", meta[1] if meta else "", re.M)
        return found[1].strip("\"'") if found else ""
    namespace = inside("namespace") or "_"
    return f"{top('apiVersion')} {top('kind')} {namespace}/{inside('name')}"


def digests(stream):
    for text in resources(stream):
        yield f"{hashlib.sha256(text.encode()).hexdigest()[:16]} {identity(text)}"


def targets(root):
    """The folders overlays/<cluster>/<component>, wherever overlays/ is."""
    found = glob.glob(os.path.join(root, "**", "overlays", "*", "*", "kustomization.yaml"), recursive=True)
    return sorted(os.path.dirname(path) for path in found)


def record(fleet, tree, options, scratch):
    source = os.path.join(HERE, fleet, tree)
    root = os.path.join(scratch, fleet, tree)
    with_charts(source, options.charts, root)
    lines = []
    for target in targets(root):
        first, second = (build(options.kustomize, options.helm, target) for _ in range(2))
        if first != second:
            sys.exit(f"{target}: two builds differ")
        stream, words = first
        lines.append("# " + os.path.relpath(target, root))
        lines += digests(stream) if stream is not None else ["refused: " + words]
    with open(os.path.join(HERE, fleet, f"{tree}.digests"), "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    count = sum(not line.startswith("#") for line in lines)
    print(f"{fleet}/{tree}: {len(lines) - count} targets, {count} resources")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--charts", required=True)
    parser.add_argument("--kustomize", default="kustomize")
    parser.add_argument("--helm", default="helm")
    parser.add_argument("fleets", nargs="*")
    options = parser.parse_args()
    fleets = options.fleets or sorted(
        name for name in os.listdir(HERE) if os.path.isdir(os.path.join(HERE, name, TREES[0])))
    with tempfile.TemporaryDirectory() as scratch:
        for fleet in fleets:
            for tree in TREES:
                record(fleet, tree, options, scratch)


if __name__ == "__main__":
    main()
