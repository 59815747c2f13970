"""Servers on loopback: a static chart repository, a token server, and a real registry."""
import base64
import http.server
import json
import os
import ssl
import subprocess
import threading
import time
import urllib.parse
import urllib.request

from lab import PASSWORD, USER

BASIC = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


class Static:
    """Serves a folder; notes what it is asked, and may ask for a password or send slowly."""

    def __init__(self, folder, certificate=None, basic=False, slow=False):
        self.asked = []
        outer = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def __init__(self, *words):
                super().__init__(*words, directory=str(folder))

            def do_GET(self):
                outer.asked.append(self.path)
                if basic and self.headers.get("Authorization") != BASIC:
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="charts"')
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                super().do_GET()

            def copyfile(self, source, outputfile):
                while part := source.read(1 << 16 if slow else 1 << 24):
                    outputfile.write(part)
                    time.sleep(0.01 if slow else 0)

            def log_message(self, *words):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *words):
                """A client that was killed is no news."""

        self.server = Server(("127.0.0.1", 0), Handler)
        scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            scheme = "https"
        self.url = f"{scheme}://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Tokens:
    """A token server as registries know them: signed permissions for a name and password."""

    def __init__(self, lab):
        self.lab, self.given = lab, 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if self.headers.get("Authorization") != BASIC:
                    return self.answer(401, {"details": "who are you?"})
                query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
                outer.given += 1
                return self.answer(200, {"token": outer.token(query)})

            def do_POST(self):
                length = int(self.headers.get("Content-Length", 0))
                form = urllib.parse.parse_qs(self.rfile.read(length).decode())
                if form.get("username") != [USER] or form.get("password") != [PASSWORD]:
                    return self.answer(401, {"details": "who are you?"})
                outer.given += 1
                return self.answer(200, {"access_token": outer.token(form)})

            def answer(self, status, body):
                body = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/token"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def token(self, query):
        access = []
        for scope in " ".join(query.get("scope", [])).split():
            kind, name, actions = scope.split(":")
            access.append({"type": kind, "name": name, "actions": actions.split(",")})
        pem = self.lab.path("server.pem").read_text().split("-----")[2]
        header = {"typ": "JWT", "alg": "RS256", "x5c": ["".join(pem.split())]}
        now = int(time.time())
        claims = {"iss": "issuer", "sub": USER, "aud": query["service"][0], "exp": now + 300,
                  "nbf": now - 10, "iat": now, "jti": str(self.given), "access": access}
        text = ".".join(encode(json.dumps(part).encode()) for part in (header, claims))
        signed = subprocess.run(
            ["openssl", "dgst", "-sha256", "-sign", str(self.lab.path("server.key"))],
            input=text.encode(), capture_output=True, check=True)
        return f"{text}.{encode(signed.stdout)}"


class Registry:
    """The reference registry of the distribution project, as a process of its own."""

    def __init__(self, lab, door, tokens=None):
        self.port = free_port()
        config = {
            "version": 0.1,
            "log": {"level": "error", "accesslog": {"disabled": True}},
            "storage": {"filesystem": {"rootdirectory": str(lab.path(f"registry-{door}"))}},
            "http": {"addr": f"127.0.0.1:{self.port}"},
        }
        if door == "basic":
            config["auth"] = {"htpasswd": {"realm": "charts", "path": str(htpasswd(lab))}}
            config["http"]["tls"] = {"certificate": str(lab.path("server.pem")),
                                     "key": str(lab.path("server.key"))}
        if door == "token":
            config["auth"] = {"token": {
                "realm": tokens.url, "service": "registry", "issuer": "issuer",
                "rootcertbundle": str(lab.path("ca.pem"))}}
        self.host = f"127.0.0.1:{self.port}"
        self.log = open(lab.path(f"registry-{door}.log"), "wb")
        # JSON is YAML.
        path = lab.write(f"registry-{door}.yaml", json.dumps(config))
        self.process = subprocess.Popen(
            [lab.programs["registry"], "serve", str(path)], stdout=self.log, stderr=self.log,
            env={"PATH": os.environ["PATH"], "HOME": str(lab.path("home")),
                 "OTEL_TRACES_EXPORTER": "none"})
        wait_for(self.port)

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()


def htpasswd(lab):
    """A bcrypt hash, which the real helm makes."""
    lab.write("hash/Chart.yaml", "apiVersion: v2\nname: hash\nversion: 1.0.0\n")
    lab.write("hash/templates/a.yaml", f'line: {{{{ htpasswd "{USER}" "{PASSWORD}" }}}}\n')
    made = lab.helm("template", "x", lab.path("hash")).good().out
    return lab.write("htpasswd", made.split("line: ")[1].strip() + "\n")


def free_port():
    import socket
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(port):
    import socket
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the registry does not start")
