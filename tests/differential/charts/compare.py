#!/usr/bin/env python3
"""Render charts with the real helm and with thanos-gitops, and compare byte for byte.

  compare.py --charts FOLDER --helm HELM --ours PROGRAM [--compat 3] [--corpus corpus.json]

FOLDER holds one folder a chart, its dependencies unpacked in charts/. A chart is rendered with
its default values and with each of its ci/*.yaml. With --corpus, the charts, release names,
value sets, Kubernetes and API versions are those which the file lists, and its value files are
found beside it. CRDs are always included.

--variants renders each chart in further ways: `on` and `off` with every switch of its values.yaml
(`enabled`, `create` and names that end in them) turned on or off, `flags` with the flags that
change what is printed, `packed` as an archive.

Nothing is compared loosely but for one case: where HELM's own output differs from run to run,
the places that varied over several runs are masked, and nothing else. A place is what lies
between the longest beginning and the longest end that all runs of a line have in common. Some
random bytes vary rarely (the length of a number in a certificate, one run in two or four), so
runs are added, up to --runs, before a case counts as different.
Where HELM refuses a chart, we have to refuse it as well; whether our first line holds HELM's
words is counted beside.

Writes one JSON line a case to --out, prints the cases that differ and the counts. Only the
Python standard library is used.
"""
import argparse
import collections
import concurrent.futures
import glob
import json
import os
import re
import sys
import tarfile
import tempfile

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from shared import earlier, first_difference, run, show  # noqa: E402

HINT = "\n\nUse --debug flag to render out invalid YAML"


def words(stderr):
    """The message of the real tool, without warnings, its prefix and its hint."""
    text = stderr.decode("utf-8", "replace")
    at = text.rfind("Error: ")
    text = text[at + 7:] if at >= 0 else text
    # With --debug Helm 3 adds the place in its own sources.
    return text.split("\nhelm.go:")[0].replace(HINT, "").strip()


def ours_words(stderr):
    """The text of our diagnostics, without the excerpts' frames."""
    return stderr.decode("utf-8", "replace").replace("error: ", "", 1)


def common(texts):
    """Lengths of the longest common beginning and end."""
    low, high = min(texts), max(texts)
    begin = 0
    while begin < len(low) and begin < len(high) and low[begin] == high[begin]:
        begin += 1
    shortest = min(len(text) for text in texts) - begin
    end = 0
    while end < shortest and len({text[len(text) - 1 - end] for text in texts}) == 1:
        end += 1
    return begin, end


def agrees(line, seen):
    """Does a line agree with the lines of all real runs, outside of what varied?"""
    if len(set(seen)) == 1:
        return line == seen[0]
    begin, end = common(seen)
    first = seen[0]
    fits = len(line) >= begin + end
    return fits and line[:begin] == first[:begin] and (not end or line[-end:] == first[-end:])


def masked(ours, runs):
    """(agrees, number of masked lines, first line that differs)"""
    texts = [text.split(b"\n") for text in runs]
    mine = ours.split(b"\n")
    if len({len(text) for text in texts}) != 1:
        return False, 0, "the real runs differ in their number of lines"
    varied = sum(len(set(seen)) != 1 for seen in zip(*texts))
    if len(mine) != len(texts[0]):
        return False, varied, first_difference(ours, runs[0])
    for number, (line, seen) in enumerate(zip(mine, zip(*texts)), 1):
        if not agrees(line, seen):
            return False, varied, f"line {number}: want {show(seen[0])} got {show(line)}"
    return True, varied, ""


def compare(case, options):
    """One case: its status and what differs."""
    theirs = [options.helm] + case["args"]
    mine = [options.ours] + case["args"] + ["--compat", options.compat]
    status, out, err = run(theirs)
    our_status, our_out, our_err = run(mine)
    if status == 124:
        return dict(case, status="skipped", detail="the real tool did not end in 300 s")
    if status:
        said = words(err)
        if not our_status:
            return dict(case, status="not refused", detail=said[:400])
        if ours_words(our_err).startswith(said):
            return dict(case, status="refused")
        return dict(case, status="refused, other words", detail=f"want {said[:600]}\n got {ours_words(our_err)[:600]}")
    if our_status:
        return dict(case, status="refused by us", detail=our_err.decode("utf-8", "replace")[:800])
    if out == our_out:
        return dict(case, status="identical", bytes=len(out))
    again = [out]
    while len(again) < options.runs:
        again += [run(theirs)[1] for _ in range(4)]
        if len(set(again)) == 1:
            return dict(case, status="differs", detail=first_difference(our_out, out))
        same, varied, why = masked(our_out, again)
        if same:
            return dict(case, status="identical, random masked", masked=varied, bytes=len(out))
    return dict(case, status="differs", detail=why, random=True)


FLAGS = ["--is-upgrade", "--no-hooks", "--kube-version", "1.24.3", "--api-versions",
         "monitoring.coreos.com/v1,policy/v1beta1,networking.k8s.io/v1/Ingress", "--set",
         "global.imageRegistry=registry.example,replicaCount=3,podLabels.team=core", "--set-string",
         "image.tag=1.0,resources.limits.cpu=1"]
SWITCH = re.compile(r"^(\s*\w*(?:[eE]nabled|[cC]reate)\s*:\s*)(true|false)\b", re.M)


def switched(chart, on, into):
    """A copy of the chart's values with every switch turned; None if there is none."""
    try:
        text = open(os.path.join(chart, "values.yaml"), encoding="utf-8").read()
    except (OSError, UnicodeDecodeError):
        return None
    turned = SWITCH.sub(lambda m: m[1] + ("true" if on else "false"), text)
    if turned == text:
        return None
    with open(into, "w", encoding="utf-8") as out:
        out.write(turned)
    return into


def packed(chart, into):
    """The chart as an archive."""
    name = os.path.basename(chart)
    with tarfile.open(into, "w:gz", dereference=True) as archive:
        archive.add(chart, arcname=name)
    return into


def variants(folder, name, scratch, wanted):
    """A chart in the ways that --variants names."""
    chart = os.path.join(folder, name)
    base = ["template", "r", chart, "--include-crds", "--namespace", "ns"]
    for variant in wanted:
        at = os.path.join(scratch, f"{name}.{variant}")
        case = {"chart": name, "set": variant}
        if variant in ("on", "off"):
            file = switched(chart, variant == "on", at + ".yaml")
            if file:
                yield dict(case, args=base + ["-f", file])
        elif variant == "flags":
            yield dict(case, args=["template", "r", chart, "--namespace", "ns"] + FLAGS)
        else:
            yield dict(case, args=["template", "r", packed(chart, at + ".tgz"), "--include-crds"])


def chart_cases(folder, name):
    """A chart with its defaults, and with each value set of its own tests."""
    chart = os.path.join(folder, name)
    base = ["template", "r", chart, "--include-crds", "--namespace", "ns"]
    yield {"chart": name, "set": "default", "args": base}
    for file in sorted(glob.glob(os.path.join(glob.escape(chart), "ci", "*.y*ml"))):
        yield {"chart": name, "set": os.path.basename(file), "args": base + ["-f", file]}


def corpus_cases(folder, corpus):
    beside = os.path.dirname(os.path.abspath(corpus))
    listed = json.load(open(corpus, encoding="utf-8"))
    for chart in listed["charts"]:
        at = os.path.join(folder, chart["dir"])
        for values in chart["sets"]:
            file = os.path.join(beside, values["file"])
            if not os.path.exists(file):
                file = os.path.join(at, values["file"])
            version = values.get("kube_version", listed["kube_version"])
            args = ["template", chart["release"], at, "-n", chart["namespace"], "-f", file]
            args += ["--include-crds", "--kube-version", version]
            for api in values.get("api_versions", []):
                args += ["--api-versions", api]
            yield {"chart": chart["dir"], "set": values["name"], "args": args}


def cases(options):
    if options.corpus:
        yield from corpus_cases(options.charts, options.corpus)
        return
    for name in sorted(os.listdir(options.charts)):
        if not os.path.exists(os.path.join(options.charts, name, "Chart.yaml")):
            continue
        if options.variants:
            yield from variants(options.charts, name, options.scratch, options.variants)
        else:
            yield from chart_cases(options.charts, name)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--charts", required=True)
    parser.add_argument("--helm", required=True)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--compat", default="4")
    parser.add_argument("--corpus")
    parser.add_argument("--variants", nargs="+", choices=("on", "off", "flags", "packed"))
    parser.add_argument("--only", action="append", help="a part of CHART/SET; repeatable")
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", default=os.devnull)
    parser.add_argument("--resume", action="store_true", help="keep what OUT says is fine")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as options.scratch:
        compare_all(options)


def compare_all(options):
    todo = [c for c in cases(options)
            if not options.only or any(o in f"{c['chart']}/{c['set']}" for o in options.only)]
    counts = collections.Counter()
    fine = ("identical", "identical, random masked", "refused")
    done = earlier(options.out, fine, ("chart", "set")) if options.resume else {}
    with open(options.out, "w", encoding="utf-8") as out, \
            concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        found = pool.map(lambda c: done.get((c["chart"], c["set"])) or compare(c, options), todo)
        for case in found:
            counts[case["status"]] += 1
            case.pop("args", None)
            print(json.dumps(case, ensure_ascii=False, sort_keys=True), file=out)
            if case["status"] not in fine:
                print(f"{case['chart']}/{case['set']}: {case['status']}: {case['detail']}", flush=True)
    print(", ".join(f"{count} {status}" for status, count in sorted(counts.items())))
    sys.exit(any(status not in fine for status in counts))


if __name__ == "__main__":
    main()
