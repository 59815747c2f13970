#!/usr/bin/env python3
"""Vendor from real servers, kill it, measure it, and compare with the real helm and kustomize.

  run.py [--only PART,…] [--kills 500] [--seed 1]

Parts: repository, registry, ranges, kustomize, dependencies, bases, kill, speed, index. The programs come from variables:
OURS (default target/release/thanos-gitops), HELM, KUSTOMIZE, REGISTRY (the reference registry of
the distribution project; default: `helm`, `kustomize`, `registry` on the PATH); `openssl`, `gpg`
and GNU `time` are used as well. Everything happens on loopback and in a temporary folder.

Prints one line a fact that was checked, and the figures. Ends with 1 if anything was not as it
should be. Only the Python standard library is used.
"""
import argparse
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from lab import Lab, PASSWORD, USER, sha256
from servers import Registry, Static, Tokens

ROOT = pathlib.Path(__file__).resolve().parents[3]


def say(words):
    print(words, flush=True)


def pulled(lab, *words, **more):
    """The bytes that the real helm pulls."""
    lab.fresh("pulled")
    lab.path("pulled").mkdir()
    lab.helm("pull", *words, "-d", lab.path("pulled"), **more).good()
    [found] = lab.path("pulled").glob("*.tgz")
    return found.read_bytes()


def repository(lab, _arguments):
    """A chart repository behind TLS and a password, with signed charts."""
    authority = lab.certificate()
    lab.path("gnupg").mkdir(mode=0o700)
    key = ["--batch", "--passphrase", "", "--pinentry-mode", "loopback"]
    lab.run(["gpg", *key, "--quick-gen-key", "Test <test@example.com>", "rsa2048"]).good()
    lab.run(["gpg", *key, "--output", lab.path("secret.gpg"), "--export-secret-keys"]).good()
    lab.run(["gpg", "--output", lab.path("public.gpg"), "--export"]).good()
    sign = ["--sign", "--key", "Test", "--keyring", lab.path("secret.gpg")]
    for version in ("1.0.0", "1.2.0", "2.0.0-rc.1"):
        lab.package("web", version, extra=sign)
    lab.package("api", "3.1.4")
    lab.helm("repo", "index", lab.path("charts")).good()
    certificate = (lab.path("server.pem"), lab.path("server.key"))
    server = Static(lab.path("charts"), certificate, basic=True)
    wanted = [("web", server.url, "^1"), ("web", server.url, "1.0.0"), ("api", server.url, "*")]
    tree = lab.tree(wanted)
    trust = {"SSL_CERT_FILE": str(authority)}
    refused = lab.ours("vendor", tree)
    assert refused.code == 2 and "certificate is not trusted" in refused.err, refused.err
    refused = lab.ours("vendor", tree, environment=trust)
    assert refused.code == 2 and "401 Unauthorized" in refused.err, refused.err
    say("repository: an unknown authority and a missing password are refused, exit 2")
    add = ["--username", USER, "--password", PASSWORD, "--ca-file", authority]
    lab.helm("repo", "add", "own", server.url, *add).good()
    lab.ours("vendor", tree).good()
    versions = {("web", "1.2.0"): "^1", ("web", "1.0.0"): "1.0.0", ("api", "3.1.4"): "*"}
    locked = lab.locked()
    assert sorted(locked) == sorted(versions), locked
    for (name, version), wanted in versions.items():
        real = pulled(lab, name, "--repo", server.url, "--version", wanted, *add)
        assert sha256(real) == locked[name, version]
        assert real == lab.cached(locked[name, version])
    say(f"repository: `helm repo add` is known; {len(versions)} charts are the bytes of `helm pull`")
    lab.fresh("cache")
    keys = ["--keyring", lab.path("public.gpg"), "--verify"]
    unsigned = lab.ours("vendor", tree, *keys)
    assert unsigned.code == 2 and "`api` 3.1.4 is not signed" in unsigned.err, unsigned.err
    lab.tree([("web", server.url, "^1")])
    signed = lab.ours("vendor", tree, *keys, "-v").good()
    assert "signed by Test <test@example.com>" in signed.err, signed.err
    pulled(lab, "web", "--repo", server.url, "--version", "^1", *add, "--verify",
           "--keyring", lab.path("public.gpg"))
    spoilt = lab.path("charts/web-1.2.0.tgz.prov")
    spoilt.write_text(spoilt.read_text().replace("name: web", "name: wep"))
    lab.fresh("cache")
    wrong = lab.ours("vendor", tree, *keys)
    assert wrong.code == 2 and "its signature is not good" in wrong.err, wrong.err
    say("repository: what `helm package --sign` signed is accepted, a changed `.prov` is refused")
    server.close()


def registry(lab, _arguments):
    """The reference registry with a password over TLS, and with a token server."""
    authority = lab.certificate()
    trust = {"SSL_CERT_FILE": str(authority)}
    archives = [lab.package("web", version) for version in ("1.0.0", "1.2.0+build.5")]
    tokens = Tokens(lab)
    for door in ("basic", "token"):
        lab.fresh("home", "cache", "tree")
        lab.path("home").mkdir()
        server = Registry(lab, door, tokens)
        plain = [] if door == "basic" else ["--plain-http"]
        login = ["registry", "login", server.host, "-u", USER, *plain]
        wrong = lab.helm(*login, "-p", "no", environment=trust)
        assert wrong.code != 0, "the registry lets everybody in"
        address = f"oci://{server.host}/org/charts"
        tree = lab.tree([("web", address, "^1"), ("web", address, "1.0.0")])
        refused = lab.ours("vendor", tree, environment=trust)
        assert refused.code == 2 and "401 Unauthorized" in refused.err, refused.err
        lab.helm(*login, "-p", PASSWORD, environment=trust).good()
        for archive in archives:
            lab.helm("push", archive, address, *plain, environment=trust).good()
        lab.ours("vendor", tree, environment=trust).good()
        locked = lab.locked()
        for version, archive in zip(("1.0.0", "1.2.0+build.5"), archives):
            real = pulled(lab, f"{address}/web", "--version", version, *plain, environment=trust)
            assert real == archive.read_bytes() == lab.cached(locked["web", version]), version
        lab.fresh("cache")
        lab.ours("vendor", tree, environment=trust).good()
        assert lab.locked() == locked
        say(f"registry ({door}): wrong password refused; `helm push`, then vendor: the bytes of "
            "`helm pull`; again by digest")
        lab.fresh("home/.config/helm/registry/config.json", "cache")
        variable = "THANOS_GITOPS_TOKEN_" + "".join(c if c.isalnum() else "_" for c in server.host)
        given = {**trust, variable: f"{USER}:{PASSWORD}"}
        lab.ours("vendor", tree, environment=given).good()
        lab.fresh("cache")
        refused = lab.ours("vendor", tree, environment={**trust, variable: f"{USER}:no"})
        assert refused.code == 2 and "401" in refused.err, refused.err
        say(f"registry ({door}): a variable opens the door, a wrong one does not")
        server.close()
    say(f"registry: {tokens.given} tokens were given")


def ranges(lab, _arguments):
    """Ranges mean what they mean to the real helm, in repositories and in registries."""
    versions = ("0.9.0", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "1.11.0-rc.1", "2.0.0", "2.1.0+b.1",
                "3.0.0-alpha.2")
    asked = ("", "1.0.0", "v1.0.0", "1", "1.x", "^1", "~1.0", "~1.2.0", "^1.10.0-0", ">=1.0.0 <1.2.0",
             ">=1.0.0, <2", "1.0.0 - 1.2.0", "<1 || >=2", "!=2.1.0", "^3", "^3.0.0-0", "*", ">0.0.0-0",
             "2.1.0+b.1", "9.9.9", "latest", "not a version")
    archives = [lab.package("web", version) for version in versions]
    lab.helm("repo", "index", lab.path("charts")).good()
    static, tokens = Static(lab.path("charts")), Tokens(lab)
    lab.certificate()
    server = Registry(lab, "open", tokens)
    address = f"oci://{server.host}/charts"
    for archive in archives:
        lab.helm("push", archive, address, "--plain-http").good()
    places = {"repository": (static.url, ["web", "--repo", static.url]),
              "registry": (address, [f"{address}/web", "--plain-http"])}
    for place, (url, words) in places.items():
        equal, refused, known = 0, 0, []
        for wanted in asked:
            lab.fresh("pulled", "tree", "cache")
            lab.path("pulled").mkdir()
            version = ["--version", wanted] if wanted else []
            real = lab.helm("pull", *words, *version, "-d", lab.path("pulled"))
            found = [sha256(path.read_bytes()) for path in lab.path("pulled").glob("*.tgz")]
            tree = lab.tree([("web", url, wanted)])
            ours = lab.ours("vendor", tree)
            if real.code == 0 and ours.code == 0 and list(lab.locked().values()) == found:
                equal += 1
            elif real.code != 0 and ours.code == 2:
                refused += 1
            else:
                known.append(f"{wanted!r}: helm {real.code} {real.err.strip()[-90:]!r}, ours {ours.code}")
        say(f"ranges ({place}): {equal} resolved alike, {refused} refused alike, {len(known)} otherwise")
        for line in known:
            say(f"  {line}")
    server.close()
    static.close()


def bases(lab, _arguments):
    """Git bases and remote files are what the real kustomize makes of them."""
    def git(*words):
        lab.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *words],
                cwd=lab.path("upstream")).good()
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {}}}\n"
    lab.write("upstream/deploy/kustomization.yaml", "namePrefix: up-\nresources: [../common, a.yaml]\n")
    lab.write("upstream/deploy/a.yaml", config.format("a"))
    lab.write("upstream/common/kustomization.yaml", "resources: [b.yaml]\n")
    lab.write("upstream/common/b.yaml", config.format("b"))
    git("init", "--quiet", "--initial-branch=main")
    git("add", "--all")
    git("commit", "--quiet", "-m", "one")
    git("tag", "v1")
    lab.write("files/c.yaml", config.format("c") + "---\n" + config.format("d"))
    lab.write("files/patch.yaml", config.format("c") + "data: {x: y}\n")
    server = Static(lab.path("files"))
    tree = lab.path("tree")
    lab.write("tree/base/web/kustomization.yaml",
              f"resources:\n- file://{lab.path('upstream')}//deploy?ref=v1\n- {server.url}/c.yaml\n"
              f"patches:\n- path: {server.url}/patch.yaml\n")
    lab.write("tree/overlays/cluster-01-central/web/kustomization.yaml",
              "resources: [../../../base/web]\n")
    real = lab.run([lab.programs["kustomize"], "build", tree / "base/web"]).good().out
    lab.ours("vendor", tree).good()
    server.close()
    shutil.rmtree(lab.path("upstream"))
    ours = lab.ours("render", tree / "base/web").good().out
    assert real == ours, real + ours
    say(f"bases: a Git base at a tag, a remote file and a remote patch: {len(real)} bytes equal, offline")


def kustomize(lab, _arguments):
    """Copies in the tree are found by the real kustomize, without a network."""
    lab.package("web", "1.2.0")
    lab.helm("repo", "index", lab.path("charts")).good()
    server = Static(lab.path("charts"))
    tree = lab.tree([("web", server.url, "1.2.0")])
    lab.ours("vendor", tree, "--into-tree").good()
    server.close()
    base = tree / "base/web"
    real = lab.run([lab.programs["kustomize"], "build", "--enable-helm", "--helm-command",
                    lab.programs["helm"], base]).good().out
    lab.fresh("cache")
    ours = lab.ours("render", base).good().out
    assert real == ours, real + ours
    shutil.rmtree(base / "charts")
    lab.run([lab.programs["kustomize"], "build", "--enable-helm", "--helm-command",
             lab.programs["helm"], base]).code != 0 or sys.exit("kustomize found a network")
    say(f"kustomize: `--into-tree` is found offline; {len(real)} bytes equal to `render`")


def dependencies(lab, _arguments):
    """A chart of the tree with dependencies renders as after `helm dependency build`."""
    for version in ("1.0.0", "1.2.0"):
        lab.package("web", version)
    lab.package("api", "3.1.4")
    lab.helm("repo", "index", lab.path("charts")).good()
    server = Static(lab.path("charts"))
    tree = lab.path("tree")
    own = "tree/base/web/charts/own"
    lab.write(f"{own}/Chart.yaml",
              "apiVersion: v2\nname: own\nversion: 1.0.0\ndependencies:\n"
              f"- {{name: web, version: ^1, repository: '{server.url}'}}\n"
              f"- {{name: web, version: ^1, repository: '{server.url}', alias: second}}\n"
              f"- {{name: api, version: 3.x, repository: '{server.url}', condition: api.enabled}}\n")
    lab.write(f"{own}/values.yaml", "api: {enabled: false}\nsecond: {replicas: 7}\n")
    lab.write("tree/base/web/kustomization.yaml", "helmCharts:\n- {name: own, releaseName: own}\n")
    lab.write("tree/overlays/cluster-01-central/web/kustomization.yaml",
              "resources: [../../../base/web]\n")
    for locked in (False, True):
        if locked:
            # The newest is another one meanwhile, but `Chart.lock` says which it is.
            lab.package("web", "1.9.0")
            lab.helm("repo", "index", lab.path("charts")).good()
            lab.fresh("tree/charts.lock")
        lab.ours("vendor", tree).good()
        ours = lab.ours("render", tree / "base/web").good().out
        lab.fresh("real")
        shutil.copytree(tree / "base/web", lab.path("real"))
        lab.helm("repo", "add", "own", server.url, "--force-update").good()
        lab.helm("dependency", "build", lab.path("real/charts/own")).good()
        real = lab.run([lab.programs["kustomize"], "build", "--enable-helm", "--helm-command",
                        lab.programs["helm"], lab.path("real")]).good().out
        assert real == ours and "web-1.2.0" in ours, real + ours
        shutil.copy(lab.path("real/charts/own/Chart.lock"), lab.path(own))
    server.close()
    say(f"dependencies: of a chart of the tree, with and without `Chart.lock`: {len(real)} bytes equal")


def intact(lab, expected):
    """Is the cache whole, and the lock absent or whole?"""
    for path in lab.path("cache").glob("sha256/*/*"):
        assert sha256(path.read_bytes()) == path.name, f"torn: {path}"
    lock = lab.path("tree/charts.lock")
    assert not lock.exists() or lock.read_text() == expected, "the lock is torn"
    return lock.exists()


def kill(lab, arguments):
    """Killed at random points, the next run ends well."""
    for number in range(12):
        lab.package(f"chart-{number}", "1.0.0", weight=300_000)
    lab.helm("repo", "index", lab.path("charts")).good()
    server = Static(lab.path("charts"), slow=True)
    wanted = [(f"chart-{number}", server.url, "^1") for number in range(12)]
    tree = lab.tree(wanted)
    start = time.monotonic()
    lab.ours("vendor", tree, "--into-tree").good()
    whole = time.monotonic() - start
    expected = lab.path("tree/charts.lock").read_text()
    copies = sorted(p.relative_to(tree) for p in tree.glob("base/web/charts/**/*"))
    program, choose = [lab.programs["ours"], "vendor", str(tree), "--into-tree"], random.Random(arguments.seed)
    ended = locked = resumed = 0
    for _ in range(arguments.kills):
        lab.fresh("tree/charts.lock", "tree/base/web/charts")
        if choose.random() < 0.7:
            lab.fresh("cache")
        process = subprocess.Popen(program, env=lab.environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(choose.random() * whole * 1.1)
        process.send_signal(signal.SIGKILL)
        ended += process.wait() == 0
        locked += intact(lab, expected)
        resumed += any(p.stat().st_size for p in lab.path("cache").glob("partial/*"))
        server.asked.clear()
        lab.ours("vendor", tree, "--into-tree").good()
        assert intact(lab, expected)
        lab.ours("vendor", tree, "--check").good()
        found = sorted(p.relative_to(tree) for p in tree.glob("base/web/charts/**/*"))
        assert found == copies, "the copies are not whole"
        assert not (tree / ".thanos-gitops").exists()
    server.close()
    say(f"kill: {arguments.kills} kills within {whole * 1100:.0f} ms: {ended} came too late, {locked} found "
        f"a lock, {resumed} left a part of a file; every next run ended well, no file torn")


def speed(lab, _arguments):
    """Forty charts: the first run, and the second."""
    names = [f"chart-{number:02}" for number in range(40)]
    for name in names:
        lab.package(name, "1.0.0", weight=200_000)
    lab.helm("repo", "index", lab.path("charts")).good()
    server = Static(lab.path("charts"))
    tree = lab.tree([(name, server.url, "1.0.0") for name in names])
    start = time.monotonic()
    lab.ours("vendor", tree).good()
    first, asked = time.monotonic() - start, len(server.asked)
    assert asked == 41, server.asked
    server.asked.clear()
    times = []
    for _ in range(30):
        start = time.monotonic()
        lab.ours("vendor", tree).good()
        times.append(time.monotonic() - start)
    assert not server.asked, server.asked
    size = sum(p.stat().st_size for p in lab.path("charts").glob("*.tgz")) / 2**20
    say(f"speed: 40 charts, {size:.1f} MiB: first {first * 1000:.0f} ms and {asked} requests; second "
        f"median {statistics.median(times) * 1000:.1f} ms (max {max(times) * 1000:.1f} ms), 0 requests")
    server.close()


def peak(lab, *words):
    """Seconds, and the most memory in MiB, of a run; by GNU time, since a child of this program
    counts this program's memory as its own."""
    ran = lab.run(["/usr/bin/time", "-f", "%e %M", lab.programs["ours"], *words]).good()
    seconds, kib = ran.err.split()[-2:]
    return float(seconds), int(kib) / 1024


def index(lab, _arguments):
    """An index of fifty megabytes, as YAML and as JSON."""
    archive = lab.package("web", "1.0.0")
    digest = sha256(archive.read_bytes())
    entry = ("  - apiVersion: v2\n    appVersion: 1.2.3\n    created: \"2026-01-01T00:00:00Z\"\n"
             "    description: {words}\n    digest: {digest}\n    name: {name}\n    urls:\n"
             "    - {name}-{version}.tgz\n    version: {version}\n")
    words = "a chart of somebody else, which nobody here has ever asked for " * 4
    large, small = lab.path("large"), lab.path("small")
    for folder in (large, small):
        folder.mkdir()
        shutil.copy(archive, folder)
    own = "  web:\n" + entry.format(words="own", digest=digest, name="web", version="1.0.0")
    (small / "index.yaml").write_text("apiVersion: v1\nentries:\n" + own)
    with open(large / "index.yaml", "w", encoding="utf-8") as file:
        file.write("apiVersion: v1\nentries:\n")
        for number in range(1200):
            name = f"other-{number:04}"
            file.write(f"  {name}:\n")
            for minor in range(95):
                file.write(entry.format(words=words, digest=digest, name=name, version=f"1.{minor}.0"))
        file.write(own + "generated: \"2026-01-01T00:00:00Z\"\n")
    line = lab.path("line")
    line.mkdir()
    shutil.copy(archive, line)
    with open(line / "index.yaml", "w", encoding="utf-8") as file:
        file.write('{"apiVersion":"v1","entries":{')
        for number in range(1200):
            entries = [{"name": f"other-{number:04}", "version": f"1.{minor}.0", "digest": digest,
                        "description": words, "urls": ["x.tgz"]} for minor in range(120)]
            file.write(json.dumps(f"other-{number:04}") + ":" + json.dumps(entries) + ",")
        own = [{"name": "web", "version": "1.0.0", "digest": digest, "urls": ["web-1.0.0.tgz"]}]
        file.write('"web":' + json.dumps(own) + "}}")
    figures = []
    for folder in (small, large, line):
        server = Static(folder)
        lab.fresh("cache", "tree")
        tree = lab.tree([("web", server.url, "1.0.0")])
        figures.append(peak(lab, "vendor", tree))
        server.close()
    for kind, folder, (seconds, most) in zip(("small", "YAML", "JSON"), (small, large, line), figures):
        assert most < figures[0][1] + 8, figures
        size = (folder / "index.yaml").stat().st_size / 1e6
        say(f"index ({kind}): {size:.1f} MB in {seconds * 1000:.0f} ms and {most:.1f} MiB of memory at most")


PARTS = [repository, registry, ranges, kustomize, dependencies, bases, kill, speed,
         index]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default=",".join(part.__name__ for part in PARTS))
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    programs = {"ours": os.environ.get("OURS", str(ROOT / "target/release/thanos-gitops"))}
    for name in ("helm", "kustomize", "registry"):
        programs[name] = os.environ.get(name.upper(), name)
    failed = 0
    for part in (part for part in PARTS if part.__name__ in arguments.only.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            try:
                part(Lab(folder, programs), arguments)
            except AssertionError as error:
                failed += 1
                say(f"{part.__name__}: FAILED: {error}")
    return 1 if failed else 0


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main())
