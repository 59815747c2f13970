"""What the programs that ask a real tool share: running it, reading clones, keeping results."""
import fnmatch
import json
import os
import subprocess


def run(command, seconds=300, env=None):
    """(exit status, stdout, stderr) of a command."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, env=env)
    except subprocess.TimeoutExpired:
        return 124, b"", b"timeout"
    return done.returncode, done.stdout, done.stderr


def git(repo, *args, check=True):
    """What git prints in a clone."""
    done = subprocess.run(["git", "-C", repo, *args], capture_output=True)
    if check and done.returncode:
        raise LookupError(done.stderr.decode("utf-8", "replace").strip().split("\n")[-1])
    return done.stdout


def show(line):
    return repr(line.decode("utf-8", "replace")[:160])


def first_difference(ours, theirs):
    mine, want = ours.split(b"\n"), theirs.split(b"\n")
    for number, (a, b) in enumerate(zip(mine, want), 1):
        if a != b:
            return f"line {number}: want {show(b)} got {show(a)}"
    return f"{len(want)} lines wanted, {len(mine)} printed"


def earlier(path, fine, key):
    """The cases that an earlier run found fine, by the fields of the key."""
    if not os.path.exists(path):
        return {}
    lines = open(path, encoding="utf-8").read().splitlines()
    found = [json.loads(line) for line in lines if line.endswith("}")]
    return {tuple(case[k] for k in key): case for case in found if case["status"] in fine}


def reasons(path):
    """[(pattern, why)] of a file with lines `PATTERN: why`, where `*` stands for any text."""
    if not path or not os.path.exists(path):
        return []
    lines = (line.strip() for line in open(path, encoding="utf-8"))
    return [tuple(line.split(": ", 1)) for line in lines if line and not line.startswith("#")]


def reason(name, known):
    return next((why for pattern, why in known if fnmatch.fnmatch(name, pattern)), "")
