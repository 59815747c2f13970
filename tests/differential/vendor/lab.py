"""A place for experiments: charts, certificates, the programs, and a tree that names charts."""
import hashlib
import os
import pathlib
import shutil
import subprocess

USER, PASSWORD = "me", "s3cret"
SECRETS = (PASSWORD, "bWU6czNjcmV0")


class Ran:
    """What came of a run."""

    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout.decode("utf-8", "replace")
        self.err = done.stderr.decode("utf-8", "replace")

    def good(self):
        assert self.code == 0, f"exit {self.code}\n{self.out}{self.err}"
        return self


class Lab:
    """A temporary folder with a home of its own, and the programs under test."""

    def __init__(self, folder, programs):
        self.folder = pathlib.Path(folder)
        self.programs = programs
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.path("home")),
            "THANOS_GITOPS_CACHE": str(self.path("cache")),
            "GNUPGHOME": str(self.path("gnupg")),
        }
        self.path("home").mkdir()

    def path(self, name):
        return self.folder / name

    def run(self, words, **more):
        environment = {**self.environment, **more.pop("environment", {})}
        done = subprocess.run(
            [str(word) for word in words], env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **more)
        ran = Ran(done)
        if words[0] == self.programs["ours"]:
            for secret in SECRETS:
                assert secret not in ran.out + ran.err, f"a secret is shown:\n{ran.err}"
        return ran

    def ours(self, *words, **more):
        return self.run([self.programs["ours"], *words], **more)

    def helm(self, *words, **more):
        return self.run([self.programs["helm"], *words], **more)

    def write(self, name, text):
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def fresh(self, *names):
        """Removes files and folders."""
        for name in names:
            path = self.path(name)
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def certificate(self):
        """An authority, and a server's certificate that it signed; returns the authority."""
        def openssl(*words):
            self.run(["openssl", *words], cwd=self.folder).good()
        key = ["-newkey", "rsa:2048", "-nodes", "-days", "30"]
        openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=authority")
        self.write("san", "subjectAltName=IP:127.0.0.1,DNS:localhost\n")
        openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=server")
        openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-CAcreateserial", "-days", "30", "-extfile", "san", "-out", "server.pem")
        return self.path("ca.pem")

    def package(self, name, version, weight=0, extra=()):
        """Packages a chart with the real helm; `weight` bytes of it do not compress."""
        folder = f"source/{name}"
        self.write(f"{folder}/Chart.yaml", f"apiVersion: v2\nname: {name}\nversion: {version}\n")
        self.write(f"{folder}/values.yaml", f"replicas: 1\nof: {name}-{version}\n")
        self.write(
            f"{folder}/templates/config.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-{{ .Chart.Name }}\ndata:\n"
            "  of: {{ .Values.of }}\n  replicas: {{ .Values.replicas | quote }}\n")
        if weight:
            self.write(f"{folder}/files/weight", os.urandom(weight // 2).hex())
        self.path("charts").mkdir(exist_ok=True)
        self.helm("package", self.path(folder), "-d", self.path("charts"), *extra).good()
        return self.path("charts") / f"{name}-{version}.tgz"

    def tree(self, charts):
        """A tree whose base takes each (name, repository, version)."""
        text = "helmCharts:\n"
        for name, repository, version in charts:
            text += (f"- name: {name}\n  repo: {repository}\n  version: '{version}'\n"
                     f"  releaseName: {name}\n")
        self.write("tree/base/web/kustomization.yaml", text)
        overlay = "resources: [../../../base/web]\n"
        self.write("tree/overlays/cluster-01-central/web/kustomization.yaml", overlay)
        return self.path("tree")

    def locked(self):
        """The digests in the lock, by name and version."""
        entries, name = {}, None
        for line in self.path("tree/charts.lock").read_text().splitlines():
            key, _, value = line.strip("- ").partition(": ")
            value = value.strip('"')
            name = value if key == "name" else name
            version = value if key == "version" else locals().get("version")
            if key == "sha256":
                entries[name, version] = value
        return entries

    def cached(self, digest):
        """The bytes that the cache holds."""
        return (self.path("cache") / "sha256" / digest[:2] / digest).read_bytes()


def sha256(data):
    return hashlib.sha256(data).hexdigest()
