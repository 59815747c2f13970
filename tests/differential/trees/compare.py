#!/usr/bin/env python3
"""Build the kustomizations of public repositories with the real kustomize and with thanos-gitops.

  compare.py --mirror CLONES --kustomize KUSTOMIZE --helm HELM --ours PROGRAM --out FOLDER [--repo OWNER+NAME]...

CLONES holds each repository as OWNER+NAME/repo (a bare clone). Its newest commit is written to a scratch
folder, and every folder of it that has a kustomization file is built with `kustomize build --enable-helm`
and with `render`: bytes and success must agree. Afterwards the scratch folder is removed.

Neither program reaches the network: for the real one HTTP goes to a closed port and `git` is a program that
fails. What the real one refuses for that alone is counted apart; `render` has to refuse it too. Where the
real one refuses something else, we have to refuse it as well; whether the words are the same, layout
apart, is counted beside. What it printed and said is kept in --cache, so that it is asked once.

--over builds an overlay of each kustomization in the place of itself: it changes names, namespaces, labels,
annotations, and patches what it finds.

Writes FOLDER/OWNER+NAME.jsonl, a line a kustomization. Only the Python standard library is used.
"""
import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from shared import first_difference, git, run  # noqa: E402

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
FINE = ("identical", "refused", "needs the network")
NETWORK = re.compile(r"no network for git|proxyconnect tcp|dial tcp|no such host|URL is a git repository")

OVERLAYS = ".overlays"
OVER = """{field}: [{folder}]
namePrefix: pre-
nameSuffix: -suf
commonAnnotations: {{example.com/note: "1"}}
labels:
- pairs: {{example.com/team: core}}
  includeSelectors: true
- pairs: {{example.com/tier: "2"}}
  includeTemplates: true
buildMetadata: [originAnnotations, transformerAnnotations]
sortOptions: {{order: fifo}}
configMapGenerator:
- name: more
  literals: [a=1]
transformers:
- |-
  apiVersion: builtin
  kind: NamespaceTransformer
  metadata: {{name: ns, namespace: over}}
  unsetOnly: true
  setRoleBindingSubjects: allServiceAccounts
patches:
- target: {{kind: Deployment|StatefulSet|DaemonSet}}
  patch: |-
    apiVersion: apps/v1
    kind: Any
    metadata: {{name: any}}
    spec:
      template:
        spec:
          nodeSelector: {{example.com/pool: a}}
          containers:
          - name: added
            image: added
          tolerations: []
- target: {{kind: Service|ConfigMap|Secret|ServiceAccount}}
  patch: |-
    - {{op: add, path: /metadata/finalizers, value: [a, "on"]}}
    - {{op: test, path: /metadata/finalizers/1, value: "on"}}
"""


def offline(scratch):
    """An environment without a network, in which nothing waits for one."""
    programs = os.path.join(scratch, "bin")
    os.makedirs(programs)
    fake = os.path.join(programs, "git")
    with open(fake, "w", encoding="utf-8") as out:
        out.write("#!/bin/sh\necho 'no network for git' >&2\nexit 128\n")
    os.chmod(fake, stat.S_IRWXU)
    env = {"PATH": programs + os.pathsep + os.environ["PATH"], "HOME": scratch, "GIT_TERMINAL_PROMPT": "0"}
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        env[name] = "http://127.0.0.1:9"
    return env


def check_out(repo, into):
    """Writes the newest commit of a clone, but for blobs which a partial clone lacks."""
    entries = []
    for line in filter(None, git(repo, "ls-tree", "-rz", "HEAD").split(b"\0")):
        mode, kind, rest = line.split(b" ", 2)
        blob, path = rest.split(b"\t", 1)
        if kind == b"blob":
            entries.append((mode, blob, os.fsdecode(path)))
    os.makedirs(os.path.join(into, ".git"))
    batch = subprocess.Popen(["git", "-C", repo, "cat-file", "--batch"], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with batch:
        for mode, blob, path in entries:
            batch.stdin.write(blob + b"\n")
            batch.stdin.flush()
            head = batch.stdout.readline().split()
            if len(head) != 3:
                continue
            data = batch.stdout.read(int(head[2]) + 1)[:-1]
            at = os.path.join(into, path)
            os.makedirs(os.path.dirname(at), exist_ok=True)
            if mode == b"120000":
                os.symlink(data, os.fsencode(at))
            else:
                with open(at, "wb") as file:
                    file.write(data)
        batch.stdin.close()


def kustomizations(root):
    """The folders with a kustomization file, relative to the root."""
    for at, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in (".git", OVERLAYS))
        if any(name in files for name in NAMES):
            yield os.path.relpath(at, root)


def shortened(stderr, root):
    """What a program said, the folder of the checkout as `.` and what is around it as `..`."""
    return stderr.replace(os.fsencode(root), b".").replace(os.fsencode(os.path.dirname(root)), b"..")


def message(stderr):
    """What the real tool said, without its warnings."""
    text = stderr.decode("utf-8", "replace")
    at = text.rfind("Error: ")
    return text[at + 7:].strip() if at >= 0 else text.strip()


def ours_message(stderr):
    """The real one's words as our error gives them, else its own; without its excerpt."""
    text = stderr.decode("utf-8", "replace")
    found = re.search(r"^ *= kustomize says: (.*?)(?=\n *= hint: |\n\n|\Z)", text, re.S | re.M) or \
        re.search(r"^error(?:\[\w+\])?: (.*?)(?=\n *(?:-->|\||=) |\Z)", text, re.S | re.M)
    return found[1].strip() if found else text.strip()


def plain(text):
    """A message without its layout."""
    return " ".join(text.split())


def overlay(root, folder):
    """Writes an overlay of a kustomization, and returns its folder."""
    text = "".join(open(at, encoding="utf-8", errors="replace").read() for name in NAMES
                   if os.path.exists(at := os.path.join(root, folder, name)))
    field = "components" if re.search(r"^kind: *[\"']?Component\b", text, re.M) else "resources"
    name = hashlib.sha256(folder.encode()).hexdigest()[:12]
    os.makedirs(os.path.join(root, OVERLAYS, name))
    with open(os.path.join(root, OVERLAYS, name, "kustomization.yaml"), "w", encoding="utf-8") as out:
        out.write(OVER.format(field=field, folder=json.dumps(os.path.join("../..", folder))))
    return os.path.join(OVERLAYS, name)


class Real:
    """The real tool, asked once for each kustomization of a commit."""

    def __init__(self, options, env, name):
        self.command = [options.kustomize, "build", "--enable-helm", "--helm-command", options.helm]
        self.env, self.over = env, options.over
        self.kept = os.path.join(options.cache, name) if options.cache else None

    def ask(self, root, key):
        """(exit status, stdout, stderr, seconds); the folder of the checkout is `.` in what it says."""
        at = self.kept and os.path.join(self.kept, hashlib.sha256((key + OVER * self.over).encode()).hexdigest()[:24])
        if at and os.path.exists(at + ".json"):
            kept = json.load(open(at + ".json", encoding="utf-8"))
            out = open(at + ".out", "rb").read()
            return kept["status"], out, kept["stderr"].encode(), kept["seconds"]
        start = time.monotonic()
        status, out, err = run([*self.command, os.path.normpath(os.path.join(root, key))], 120, self.env)
        seconds = time.monotonic() - start
        err = shortened(err, root)
        if at:
            os.makedirs(self.kept, exist_ok=True)
            with open(at + ".out", "wb") as file:
                file.write(out)
            with open(at + ".json", "w", encoding="utf-8") as file:
                json.dump({"status": status, "stderr": err.decode("utf-8", "replace"), "seconds": seconds}, file)
        return status, out, err, seconds


def compare(root, folder, real, options):
    """One kustomization: its status and what differs."""
    case = {"folder": folder}
    if options.over:
        folder = overlay(root, folder)
    at = os.path.normpath(os.path.join(root, folder))
    status, out, err, theirs = real.ask(root, folder)
    start = time.monotonic()
    our_status, our_out, our_err = run([options.ours, "render", at], 120, real.env)
    case.update(theirs=round(theirs, 3), ours=round(time.monotonic() - start, 3))
    if our_status not in (0, 2):
        return dict(case, status="crash", detail=our_err.decode("utf-8", "replace")[-800:])
    if status in (124, -9):
        return dict(case, status="skipped", detail="the real tool did not end in 120 s")
    if status and b"goroutine " in err and b"panic" in err:
        return dict(case, status="the real tool panics", detail=our_err.decode("utf-8", "replace")[:200])
    if status:
        return dict(case, **refused(message(err), our_status, ours_message(shortened(our_err, root))))
    if our_status:
        return dict(case, status="refused by us", detail=our_err.decode("utf-8", "replace")[:800])
    if out == our_out:
        return dict(case, status="identical", bytes=len(out))
    return dict(case, status="differs", detail=first_difference(our_out, out))


def refused(said, our_status, ours):
    """What the real tool refuses."""
    if not our_status:
        return {"status": "not refused", "detail": said[:800]}
    if NETWORK.search(said):
        return {"status": "needs the network", "detail": ours[:300]}
    if plain(ours) == plain(said):
        return {"status": "refused", "detail": ours[:300]}
    return {"status": "refused, other words", "detail": f"want {said[:1200]}\n got {ours[:600]}"}


def repository(name, options, env, scratch):
    """Compares all kustomizations of one repository."""
    repo = os.path.join(options.mirror, name, "repo")
    commit = git(repo, "rev-parse", "HEAD").decode().strip()
    root = os.path.join(scratch, name)
    counts = collections.Counter()
    check_out(repo, root)
    real = Real(options, env, f"{name}-{commit[:12]}")
    try:
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool, \
                open(os.path.join(options.out, name + ".jsonl"), "w", encoding="utf-8") as out:
            for case in pool.map(lambda folder: compare(root, folder, real, options), kustomizations(root)):
                counts[case["status"]] += 1
                case.update(repo=name, commit=commit)
                print(json.dumps(case, ensure_ascii=False, sort_keys=True), file=out)
                if case["status"] not in FINE:
                    print(f"{name}/{case['folder']}: {case['status']}: {case.get('detail', '')}", flush=True)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mirror", required=True)
    parser.add_argument("--kustomize", required=True)
    parser.add_argument("--helm", required=True)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--repo", action="append")
    parser.add_argument("--cache")
    parser.add_argument("--over", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    options.ours = os.path.abspath(options.ours)
    total = collections.Counter()
    with tempfile.TemporaryDirectory() as scratch:
        env = offline(scratch)
        for name in sorted(options.repo or os.listdir(options.mirror)):
            if not os.path.isdir(os.path.join(options.mirror, name, "repo")):
                continue
            try:
                counts = repository(name, options, env, scratch)
            except (LookupError, OSError) as fault:
                print(f"{name}: {fault}", flush=True)
                continue
            total += counts
            print(f"{name}: " + ", ".join(f"{n} {s}" for s, n in sorted(counts.items())), flush=True)
    print("all: " + ", ".join(f"{count} {status}" for status, count in sorted(total.items())))
    sys.exit(any(status not in FINE for status in total))


if __name__ == "__main__":
    main()
