#!/usr/bin/env python3
"""Gather public charts from local Git clones, their dependencies put in place.

  gather.py --mirror CLONES --out FOLDER [--repo OWNER+NAME]...

CLONES holds each repository as OWNER+NAME/repo (a bare clone). Every folder with a Chart.yaml at
the newest commit is a chart, unless it lies inside of another chart, is a library, or is a
test's or a template. It is written to FOLDER/OWNER.CHART-VERSION. A dependency comes from the
chart itself (charts/, `file://`), else from the clones: the highest tagged or newest version that
its constraint admits. Left out, with the reason in FOLDER/left-out.txt: a chart with a dependency
that no clone has, one with a link that leads out of it, and one whose schema refers to a document in the network, which the real tool
fetches. Only the Python standard library is used.
"""
import argparse
import io
import os
import re
import shutil
import sys
import tarfile

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from shared import git  # noqa: E402

SKIPPED = re.compile(r"(^|/)(test|tests|testdata|test-data|fixtures|examples?|e2e|hack|ci|samples?|templates?)(/|$)")


class Fields:
    """The few fields of a Chart.yaml or requirements.yaml that matter here."""

    def __init__(self, text):
        self.lines = text.replace("\r\n", "\n").split("\n")

    def top(self, key):
        for line in self.lines:
            found = re.match(rf"{key}:\s*(.*?)\s*(?:\s#.*)?$", line)
            if found:
                return found[1].strip("\"'")
        return ""

    def dependencies(self):
        """[{name, version, repository, alias}] in order."""
        found, inside = [], False
        for line in self.lines:
            if re.match(r"dependencies:", line):
                inside = True
            elif inside and re.match(r"[A-Za-z]", line):
                inside = False
            elif inside:
                item = re.match(r"\s*-\s+(.*)$", line)
                field = re.match(r"\s*(?:-\s+)?(name|version|repository|alias):\s*(.*?)\s*(?:\s#.*)?$", line)
                if item and (field or re.match(r"\w+:", item[1])):
                    found.append({})
                if field and found:
                    found[-1].setdefault(field[1], field[2].strip("\"'"))
        return [entry for entry in found if entry.get("name")]


def numbers(version):
    found = re.match(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?", version)
    return found and (tuple(int(n or 0) for n in found.groups()[:3]), found[4] or "")


def admits(constraint, version):
    """Does a constraint admit a version? Enough of Masterminds' grammar for real charts."""
    parsed = numbers(version)
    if not parsed:
        return constraint == version
    return any(all_of(part, parsed) for part in (constraint or "*").split("||"))


def all_of(part, parsed):
    terms = re.findall(r"(\^|~>|~|>=|<=|!=|>|<|=)?\s*v?([0-9xX*][0-9A-Za-z.*+-]*)", part)
    return all(one(sign, wanted, parsed) for sign, wanted in terms)


def one(sign, wanted, parsed):
    have, pre = parsed
    fixed = [int(n) for n in re.split(r"[-+]", wanted)[0].split(".") if n.isdigit()]
    want_pre = (numbers(wanted) or ((), ""))[1]
    if pre and not want_pre:
        return False
    low = tuple(fixed + [0] * (3 - len(fixed)))
    if sign in ("", "="):
        return have[:len(fixed)] == tuple(fixed) and (len(fixed) < 3 or pre == want_pre)
    if sign == "^":
        lead = next((i for i, n in enumerate(low) if n), 2)
        return have >= low and have[:lead + 1] == low[:lead + 1]
    if sign in ("~", "~>"):
        keep = min(max(len(fixed) - 1, 1), 2) if len(fixed) > 1 else len(fixed)
        return have >= low and have[:keep] == low[:keep]
    return {">=": have >= low, "<=": have <= low, ">": have > low, "<": have < low, "!=": have != low}[sign]


class Clones:
    """The charts that the clones hold."""

    def __init__(self, mirror, only):
        self.mirror = mirror
        self.charts = []     # (owner+name, folder, name, version, text)
        self.by_name = {}
        self.tags = {}
        for name in sorted(os.listdir(mirror)):
            repo = os.path.join(mirror, name, "repo")
            if os.path.isdir(repo):
                self.read(name, repo, not only or name in only)

    def read(self, name, repo, wanted):
        listed = git(repo, "ls-tree", "-r", "--name-only", "HEAD", check=False).decode().split("\n")
        folders = {os.path.dirname(p) for p in listed if os.path.basename(p) == "Chart.yaml"}
        for folder in sorted(folders):
            parents = folder.split("/")
            if any("/".join(parents[:n]) in folders for n in range(1, len(parents))) or "" in folders and folder:
                continue
            if SKIPPED.search(folder) or "{{" in folder:
                continue
            try:
                text = git(repo, "show", f"HEAD:{os.path.join(folder, 'Chart.yaml')}").decode("utf-8", "replace")
            except LookupError:
                continue
            fields = Fields(text)
            entry = (name, folder, fields.top("name"), fields.top("version"), fields)
            self.by_name.setdefault(entry[2], []).append(entry)
            plain = re.fullmatch(r"[\w.+-]+", entry[2]) and numbers(entry[3])
            if wanted and plain and fields.top("type") != "library":
                self.charts.append(entry)

    def tagged(self, name):
        """Tags of a repository, read once."""
        if name not in self.tags:
            repo = os.path.join(self.mirror, name, "repo")
            self.tags[name] = git(repo, "tag", check=False).decode().split()
        return self.tags[name]

    def find(self, dependency, prefer):
        """(owner+name, folder, ref) of what a dependency may be resolved to."""
        name, constraint = dependency["name"], dependency.get("version", "")
        entries = self.by_name.get(name, [])
        words = [w for w in re.split(r"[/.:]+", dependency.get("repository", "")) if len(w) > 3]
        near = lambda e: (e[0] == prefer, sum(w in e[0].lower() for w in words))
        for repo, folder, _, version, _ in sorted(entries, key=near, reverse=True):
            found = [(numbers(version), "HEAD")] if admits(constraint, version) else []
            for tag in self.tagged(repo):
                at = re.fullmatch(rf"{re.escape(name)}[-/]v?(\d.*)", tag)
                if at and admits(constraint, at[1]):
                    found.append((numbers(at[1]), tag))
            if found:
                return repo, folder, max(found)[1]
        return None


class Gatherer:
    def __init__(self, clones, out):
        self.clones, self.out = clones, out

    def extract(self, name, folder, ref, into):
        repo = os.path.join(self.clones.mirror, name, "repo")
        data = git(repo, "archive", "--format=tar", f"{ref}:{folder}" if folder else ref)
        os.makedirs(into)
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            archive.extractall(into, filter="tar")

    def place(self, name, folder, ref, into, depth=0):
        """Writes a chart and its dependencies."""
        if depth > 6:
            raise LookupError("dependencies too deep")
        self.extract(name, folder, ref, into)
        for at, folders, files in os.walk(into):
            for file in folders + files:
                if not os.path.exists(os.path.join(at, file)):
                    raise LookupError(f"its link {file} leads out of the chart")
        fields = [Fields(open(path, encoding="utf-8", errors="replace").read())
                  for file in ("Chart.yaml", "requirements.yaml")
                  if os.path.exists(path := os.path.join(into, file))]
        below = os.path.join(into, "charts")
        for dependency in (d for f in fields for d in f.dependencies()):
            wanted = dependency["name"]
            present = os.listdir(below) if os.path.isdir(below) else []
            if any(p == wanted or re.match(rf"{re.escape(wanted)}-v?\d", p) for p in present):
                continue
            source = dependency.get("repository", "")
            if source.startswith("file://"):
                near = os.path.normpath(os.path.join(folder, source[len("file://"):]))
                where = (name, near, ref)
            else:
                where = self.clones.find(dependency, name)
            if not where:
                raise LookupError(f"dependency {wanted} {dependency.get('version', '')}: no clone has it")
            self.place(*where, os.path.join(below, wanted), depth + 1)

    def gather(self, entry):
        repo, folder, name, version, _ = entry
        owner = repo.split("+")[0]
        into = os.path.join(self.out, f"{owner}.{name}-{version}".replace("/", "_"))
        if os.path.exists(into):
            return None
        try:
            self.place(repo, folder, "HEAD", into)
            remote_schema(into)
        except (LookupError, tarfile.TarError, OSError) as fault:
            shutil.rmtree(into, ignore_errors=True)
            return f"{owner}.{name}-{version}: {fault}"
        return None


def remote_schema(chart):
    """Refuses a chart that needs the network to validate its values."""
    for folder, _, files in os.walk(chart):
        if "values.schema.json" in files:
            text = open(os.path.join(folder, "values.schema.json"), encoding="utf-8", errors="replace").read()
            found = re.search(r'"\$ref"\s*:\s*"(https?://[^"#]*)', text)
            if found:
                raise LookupError("its schema refers to a document in the network")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mirror", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--repo", action="append")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    clones = Clones(options.mirror, options.repo)
    gatherer = Gatherer(clones, options.out)
    left_out = [why for entry in clones.charts if (why := gatherer.gather(entry))]
    with open(os.path.join(options.out, "left-out.txt"), "w", encoding="utf-8") as out:
        out.write("".join(line + "\n" for line in left_out))
    print(f"{len(clones.charts) - len(left_out)} charts, {len(left_out)} left out")


if __name__ == "__main__":
    sys.exit(main())
