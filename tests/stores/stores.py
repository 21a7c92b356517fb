"""Real stores that run on this machine, and what stands between a publisher and a store."""

import base64
import collections
import contextlib
import email.utils
import hashlib
import hmac
import http.client
import http.server
import itertools
import os
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
ALLCLEAR = os.environ.get("ALLCLEAR", str(ROOT / "target/debug/allclear"))
TOOLS = ROOT / "target/store-checks"
# The account and the key that azurite has for everybody.
AZURE_ACCOUNT = "devstoreaccount1"
AZURE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def request(port, method, path, headers=None, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


class Store:
    """A server that runs; `address` is where to publish, `variables` how, `path` where a file is read."""

    def __init__(self, name, command, folder):
        self.name, self.port, self.folder = name, free_port(), folder
        log = open(folder / f"{name}.log", "wb")
        self.process = subprocess.Popen([part.format(port=self.port, folder=folder, free=free_port() if "{free}" in part else 0) for part in command],
                                        stdout=log, stderr=log, cwd=folder, start_new_session=True)
        # Node alone may take half a minute on a busy machine.
        for _ in range(1200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                break
            time.sleep(0.1)

    def variables(self, port=None):
        return {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "secret-word", "AWS_REGION": "us-east-1",
                "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port or self.port}", "AWS_ALLOW_HTTP": "true"}

    def bucket(self, name):
        for _ in range(100):
            with contextlib.suppress(OSError):
                answer, _ = request(self.port, "PUT", f"/{name}")
                if answer.status == 200:
                    return f"s3://{name}"
            time.sleep(0.2)
        raise SystemExit(f"{self.name} makes no bucket")

    def read(self, address, path):
        return request(self.port, "GET", f"/{address.split('://')[1]}/{path}")

    def stop(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, 9)
        self.process.wait()


class Moto(Store):
    def read(self, address, path):
        # Whoever says who he is may read; it does not look at the signature.
        who = "AWS4-HMAC-SHA256 Credential=any/20221229/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
        return request(self.port, "GET", f"/{address.split('://')[1]}/{path}", {"Authorization": who})


class Azure(Store):
    def variables(self, port=None):
        # The names that Azure's own tools have.
        connection = f"AccountName={AZURE_ACCOUNT};AccountKey={AZURE_KEY};BlobEndpoint=http://127.0.0.1:{port or self.port}/{AZURE_ACCOUNT}"
        return {"AZURE_STORAGE_CONNECTION_STRING": connection, "AZURE_ALLOW_HTTP": "true"}

    def signed(self, method, path, query=""):
        date = email.utils.formatdate(usegmt=True)
        parts = [method] + [""] * 11 + [f"x-ms-date:{date}", "x-ms-version:2021-12-02", f"/{AZURE_ACCOUNT}/{AZURE_ACCOUNT}{path}"]
        parts += [part.replace("=", ":") for part in query.split("&") if part]
        digest = hmac.new(base64.b64decode(AZURE_KEY), "\n".join(parts).encode(), hashlib.sha256).digest()
        headers = {"x-ms-date": date, "x-ms-version": "2021-12-02", "Content-Length": "0",
                   "Authorization": f"SharedKey {AZURE_ACCOUNT}:{base64.b64encode(digest).decode()}"}
        if method == "GET":
            del headers["Content-Length"]
        return request(self.port, method, f"/{AZURE_ACCOUNT}{path}" + (f"?{query}" if query else ""), headers)

    def bucket(self, name):
        answer, content = self.signed("PUT", f"/{name}", "restype=container")
        if answer.status != 201:
            raise SystemExit(f"azurite makes no container: {answer.status} {content}")
        return f"az://{name}"

    def read(self, address, path):
        return self.signed("GET", f"/{address.split('://')[1]}/{path}")


STORES = {
    "seaweedfs": (Store, [str(TOOLS / "bin/weed"), "server", "-dir={folder}", "-ip=127.0.0.1", "-s3", "-s3.port={port}",
                          "-volume.max=100", "-s3.port.iceberg=0", "-s3.port.lance=0", *(f"-{part}={{free}}" for part in (
                              "master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port",
                              "filer.port.grpc", "s3.port.grpc"))]),
    "moto": (Moto, [str(TOOLS / "bin/moto_server"), "-p", "{port}"]),
    "azurite": (Azure, ["node", str(ROOT / "tests/stores/node_modules/azurite/dist/src/blob/main.js"), "--blobPort", "{port}",
                        "--silent", "--skipApiVersionCheck", "--inMemoryPersistence"]),
}


class Proxy:
    """What stands between a publisher and a store: it counts requests, and has one in every few fail."""

    KINDS = ["refused", "500", "503", "412", "409", "cut before", "cut after", "slow"]

    def __init__(self, store):
        self.kind, self.every, self.count, self.sent, self.port = None, 0, itertools.count(1), 0, None
        self.methods = collections.Counter()
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                proxy.sent += len(body)
                proxy.methods[self.command] += 1
                kind = proxy.kind if proxy.every and next(proxy.count) % proxy.every == 0 else None
                if kind in ("refused", "cut before"):
                    return self.reset()
                if kind == "slow":
                    time.sleep(0.3)
                if kind in ("409", "412") and self.command != "PUT":
                    kind = None
                if kind in ("500", "503", "409", "412"):
                    return self.answer(int(kind), {"Content-Type": "application/xml"}, b"<Error><Code>Trouble</Code></Error>")
                answer, content = request(store.port, self.command, self.path, dict(self.headers.items()), body or None)
                if kind == "cut after":
                    return self.reset()
                fields = {name: value for name, value in answer.getheaders()
                          if name.lower() not in ("transfer-encoding", "connection", "content-length")}
                if self.command == "HEAD":
                    fields["Content-Length"] = answer.getheader("Content-Length") or "0"
                self.answer(answer.status, fields, content)

            do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = handle_any

            def answer(self, status, fields, content):
                self.send_response_only(status)
                for name, value in fields.items():
                    self.send_header(name, value)
                if "Content-Length" not in fields:
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            def reset(self):
                self.close_connection = True
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.rfile.close()

            def finish(self):
                with contextlib.suppress(OSError, ValueError):
                    super().finish()

            def handle(self):
                with contextlib.suppress(OSError, ValueError):
                    super().handle()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def fail(self, kind, every):
        self.kind, self.every, self.count, self.sent = kind, every, itertools.count(1), 0
        self.methods.clear()


def publish(store, address, now, *options, port=None, site=ROOT):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "AZURE_", "GOOGLE_"))}
    environment |= store.variables(port)
    run = subprocess.run([ALLCLEAR, "publish", "--site", str(site), "--to", address, "--now", now, *options],
                         env=environment, capture_output=True, text=True, timeout=300)
    for secret in ("secret-word", AZURE_KEY):
        assert secret not in run.stdout + run.stderr, "a secret was printed"
    return run


@contextlib.contextmanager
def running(name):
    """A store that runs for a while; its last words are printed where something fails meanwhile."""
    kind, command = STORES[name]
    with tempfile.TemporaryDirectory(prefix=f"allclear-{name}-", ignore_cleanup_errors=True) as folder:
        store = kind(name, command, pathlib.Path(folder))
        try:
            yield store
        except BaseException:
            log = (pathlib.Path(folder) / f"{name}.log").read_text(errors="replace")
            print(f"the last words of {name}:\n{log[-2000:]}", file=sys.stderr)
            raise
        finally:
            store.stop()
