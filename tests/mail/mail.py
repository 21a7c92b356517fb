"""Mail that `allclear notify` sends to real servers, read back part by part.

`ALLCLEAR` names another program than `target/debug/allclear`.
"""

import base64
import contextlib
import email
import email.policy
import http.server
import json
import logging
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.error
import urllib.parse
import urllib.request
import warnings

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ALLCLEAR = os.environ.get("ALLCLEAR", str(ROOT / "target/debug/allclear"))
# Every defect is an error, and so is a line that is too long for a server.
STRICT = email.policy.default.clone(raise_on_defect=True)
PASSWORD = "p@ss/w:rd"
RECIPIENTS = ["a@example.com", "b@example.com", "Café <c@example.com>"]
ADDRESSES = ["a@example.com", "b@example.com", "c@example.com"]

CONFIG = """title = {{ en = "Example, Inc.", ar = "مثال" }}
base_url = "https://status.example/"
languages = ["en", "ar"]

[publish]
to = "live"

[notify]
private = true

[[components]]
id = "web"
name = {{ en = "Web", ar = "الويب" }}

[[channels]]
email = {recipients}
smtp = "${{SMTP}}"
from = "Störungen <status@example.com>"
unsubscribe = "mailto:status@example.com?subject=no-more"
language = "{language}"
"""

INCIDENT = """---
title: "Disks are full: “zürich” — 100 %"
components: {web: major_outage}
---
"""

UPDATES = [
    "\n## Investigating · 2022-12-28 10:00\n\nDisks & more: <none>. See https://example.com/a.\n\n" + "A long line. " * 100 + "\n",
    "\n## Identified · 2022-12-28 10:05\n\n.\n\nFrom here on it is known.\n",
    "\n## Resolved · 2022-12-28 10:10\n\nÜber.\n",
]


def certificate(folder):
    """An authority, and a certificate of it for this machine."""

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl("req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=authority")
    openssl("req", *new, "-keyout", "key.pem", "-out", "csr.pem", "-subj", "/CN=localhost")
    (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "csr.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2", "-out", "cert.pem", "-extfile", "names")


class Box:
    """What arrived at a server, and how it answers recipients and letters."""

    def __init__(self):
        self.letters, self.refused, self.cut, self.connections = [], {}, set(), 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server, session, envelope):
        raw = envelope.content
        self.letters.append({"to": envelope.rcpt_tos, "from": envelope.mail_from, "raw": raw, "secure": session.ssl is not None})
        if envelope.rcpt_tos[0] in self.cut:
            self.cut.discard(envelope.rcpt_tos[0])
            # It has the letter, and nobody hears so.
            server.transport.abort()
        return "250 fine"


def authenticate(server, session, envelope, mechanism, data):
    # What is not handled is answered by the server.
    return AuthResult(success=(data.login, data.password) == (b"me", PASSWORD.encode()), handled=False)


class Site(unittest.TestCase):
    """A site that is published in a folder."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        certificate(self.folder)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.folder / "cert.pem", self.folder / "key.pem")
        (self.folder / "incidents").mkdir()
        self.write("en", RECIPIENTS)

    def write(self, language, recipients):
        text = CONFIG.format(language=language, recipients=json.dumps(recipients))
        (self.folder / "allclear.toml").write_text(text)

    def run_program(self, *arguments, smtp="", trusts=True):
        environment = {**os.environ, "SMTP": smtp, "NO_COLOR": "1"}
        if trusts:
            environment["SSL_CERT_FILE"] = str(self.folder / "ca.pem")
        command = [ALLCLEAR, "--site", str(self.folder), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)

    def publish(self, updates):
        """Publishes an incident with so many updates."""
        self.now = f"2022-12-28T10:{5 * updates - 4:02}:00Z"
        (self.folder / "incidents/disks.md").write_text(INCIDENT + "".join(UPDATES[:updates]))
        (self.folder / "incidents/disks.ar.md").write_text("---\ntitle: الأقراص ممتلئة\n---\n")
        done = self.run_program("publish", "--now", self.now)
        self.assertEqual(done.returncode, 0, done.stderr)

    def notify(self, smtp, expected=0, **more):
        done = self.run_program("notify", "--now", self.now, "--format", "json", smtp=smtp, **more)
        self.assertEqual(done.returncode, expected, done.stdout + done.stderr)
        for secret in [PASSWORD, "p%40ss", *ADDRESSES]:
            self.assertNotIn(secret, done.stdout + done.stderr)
            self.assertNotIn(secret, (self.folder / "live/notified.json").read_text())
        return json.loads(done.stdout)["messages"]


class Mail(Site):
    """The channels of the kind `email`."""

    @contextlib.contextmanager
    def server(self, scheme):
        """A server: `smtps` is secure from the begin, `smtp` by STARTTLS, without which it takes nothing."""
        box = Box()
        options = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": True}
        if scheme == "smtp":
            options |= {"tls_context": self.context, "require_starttls": True}
        else:
            # What is wrapped at once is not known as secure to the class of servers.
            options |= {"ssl_context": self.context, "auth_require_tls": False}
        controller = Controller(box, hostname="127.0.0.1", port=free_port(), **options)
        controller.start()
        try:
            yield box, f"{scheme}://me:p%40ss%2Fw%3Ard@localhost:{controller.port}"
        finally:
            controller.stop()

    def read(self, letter):
        """A letter, all of whose lines a server may refuse that are longer, or not of ASCII."""
        raw = letter["raw"]
        self.assertTrue(raw.isascii())
        self.assertLessEqual(max(map(len, raw.split(b"\r\n"))), 78)
        self.assertNotIn(b"\n", raw.replace(b"\r\n", b""))
        self.assertNotIn(b"=0D", raw, "line ends are line ends")
        return email.message_from_bytes(raw, policy=STRICT)

    def test_all_parts_are_read_back_and_threads_hold_together(self):
        with self.server("smtps") as (box, smtp):
            self.publish(1)
            self.assertEqual([it["end"] for it in self.notify(smtp)], ["told"])
            self.assertEqual([it["to"] for it in box.letters], [[it] for it in ADDRESSES])
            first = {it["to"][0]: self.read(it) for it in box.letters}
            self.assertEqual(self.notify(smtp), [], "nobody is told twice")
            self.assertEqual(len(box.letters), 3)
        for address, letter in first.items():
            self.assertEqual(letter["To"].addresses[0].addr_spec, address)
            self.assertEqual(len(letter["To"].addresses), 1)
            self.assertEqual(letter["From"].addresses[0].display_name, "Störungen")
            self.assertEqual(letter["Subject"], "Investigating: Disks are full: “zürich” — 100 %")
            self.assertEqual(letter["List-Id"], '"Example, Inc." <status.example>')
            self.assertEqual(letter["Auto-Submitted"], "auto-generated")
            self.assertEqual(letter["Content-Language"], "en")
            self.assertEqual(letter["List-Unsubscribe"], "<mailto:status@example.com?subject=no-more>")
            self.assertEqual(letter["Date"].datetime.isoformat(), "2022-12-28T10:00:00+00:00")
            self.assertRegex(letter["Message-ID"], r"^<[0-9a-f]{32}@status\.example>$")
            self.assertIsNone(letter["In-Reply-To"])
            self.assertIsNone(letter["Precedence"])
            self.assertEqual(letter.get_content_type(), "multipart/alternative")
            plain, html = letter.iter_parts()
            self.assertEqual((plain.get_content_type(), html.get_content_type()), ("text/plain", "text/html"))
            text = said(plain)
            self.assertIn("Disks & more: <none>. See https://example.com/a.\n", text)
            self.assertIn("A long line. " * 99 + "A long line.", text)
            self.assertIn("\nhttps://status.example/incidents/disks/#", text)
            page = said(html)
            self.assertIn('<html lang="en" dir="ltr">', page)
            self.assertIn("Disks &amp; more: &lt;none&gt;.", page)
            self.assertIn('href="https://example.com/a"', page)
        self.assertIn("Café", first["c@example.com"]["To"])
        with self.server("smtp") as (box, smtp):
            for updates, state in [(2, "Identified"), (3, "Resolved")]:
                self.publish(updates)
                self.notify(smtp)
                later = box.letters[-3:]
                self.assertEqual([it["to"] for it in later], [[it] for it in ADDRESSES])
                self.assertTrue(all(it["secure"] for it in later))
                for letter in later:
                    before, letter = first[letter["to"][0]], self.read(letter)
                    self.assertTrue(letter["Subject"].startswith(state))
                    self.assertEqual(letter["In-Reply-To"], before["Message-ID"])
                    references = letter["References"].split()
                    self.assertEqual(references, [*before["References"].split(), before["Message-ID"]])
            # A line that is a single dot ends no letter.
            plain = said(self.read(box.letters[0]).get_body("plain"))
            self.assertIn("\n.\n\nFrom here on it is known.\n", plain)
        identities = [self.read(it)["Message-ID"] for it in box.letters] + [it["Message-ID"] for it in first.values()]
        self.assertEqual(len(set(identities)), 9)

    def test_one_recipient_later_and_one_never(self):
        with self.server("smtps") as (box, smtp):
            box.refused = {"a@example.com": "450 busy", "b@example.com": "550 no b@example.com here"}
            self.publish(1)
            [message] = self.notify(smtp, 2)
            self.assertEqual(message["end"], "failed")
            self.assertIn("recipient 1 (`a…`): it answered 450", message["why"])
            self.assertIn("recipient 2 (`b…`) is refused for good: it answered 550", message["why"])
            self.assertEqual([it["to"] for it in box.letters], [["c@example.com"]])
            box.refused = {}
            self.assertEqual([it["end"] for it in self.notify(smtp)], ["told"])
            self.assertEqual([it["to"] for it in box.letters], [["c@example.com"], ["a@example.com"]])
            self.assertEqual(self.notify(smtp), [])

    def test_a_connection_that_is_cut_is_made_up_for_with_the_same_identity(self):
        with self.server("smtps") as (box, smtp):
            box.cut = {"b@example.com"}
            self.publish(1)
            [message] = self.notify(smtp, 2)
            self.assertIn("recipient 2 (`b…`)", message["why"])
            self.notify(smtp)
            heard = [it["to"][0] for it in box.letters]
            self.assertEqual(sorted(heard), ["a@example.com", "b@example.com", "b@example.com", "c@example.com"])
            first, second = [it["raw"] for it in box.letters if it["to"] == ["b@example.com"]]
            self.assertEqual(first, second, "the same bytes, by which the second is known")

    def test_nothing_is_sent_to_whom_is_not_believed(self):
        with self.server("smtps") as (box, smtp):
            self.publish(1)
            [message] = self.notify(smtp, 2, trusts=False)
            self.assertIn("its certificate is from an unknown authority", message["why"])
            [message] = self.notify(smtp.replace("me:", "you:"), 2)
            self.assertIn("it refuses the user or the password: it answered 535", message["why"])
            self.assertEqual(box.letters, [])
            self.notify(smtp)
            self.assertEqual(len(box.letters), 3)

    def test_another_server_reads_what_is_written_from_right_to_left(self):
        self.write("ar", RECIPIENTS[:1])
        command = ["node", str(HERE / "server.mjs"), str(self.folder / "key.pem"), str(self.folder / "cert.pem")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                port = int(server.stdout.readline())
                self.publish(1)
                self.notify(f"smtp://me:p%40ss%2Fw%3Ard@localhost:{port}")
                got = json.loads(server.stdout.readline())
            finally:
                server.kill()
        self.assertEqual((got["from"], got["to"]), ("status@example.com", ["a@example.com"]))
        self.assertEqual((got["secure"], got["user"]), (True, "me"))
        letter = self.read({"raw": base64.b64decode(got["raw"])})
        self.assertIn("الأقراص ممتلئة", letter["Subject"])
        self.assertEqual(letter["List-Id"], "<status.example>")
        plain, html = letter.iter_parts()
        self.assertIn("الأقراص ممتلئة", plain.get_content())
        self.assertIn('<html lang="ar" dir="rtl">', html.get_content())
        self.assertIn("https://status.example/ar/incidents/disks/", html.get_content())


class Listmonk(http.server.BaseHTTPRequestHandler):
    """listmonk, as its documentation has it, with one list."""

    campaigns, requests, failing = [], [], 0

    def log_message(self, *_):
        pass

    def answer(self, status, data):
        body = json.dumps({"data": data} if status == 200 else {"message": data}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def asked(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        Listmonk.requests.append((self.command, self.path))
        if self.headers["Authorization"] != "token allclear:t0ken":
            return self.answer(403, "invalid API credentials")
        if Listmonk.failing:
            Listmonk.failing -= 1
            return self.answer(500, "pq: the database is gone")
        url, data = urllib.parse.urlsplit(self.path), json.loads(body or b"null")
        if (self.command, url.path) == ("GET", "/api/campaigns"):
            [tag] = urllib.parse.parse_qs(url.query)["tags"]
            found = [it for it in self.campaigns if tag in it["tags"]]
            return self.answer(200, {"results": found, "total": len(found), "per_page": len(found), "page": 1})
        if (self.command, url.path) == ("POST", "/api/campaigns"):
            needed = {"name": str, "subject": str, "lists": list, "type": str, "content_type": str, "body": str}
            missing = [key for key, kind in needed.items() if not isinstance(data.get(key), kind) or not data[key]]
            if missing or data["lists"] != [3] or data["type"] not in ("regular", "optin"):
                return self.answer(400, f"invalid fields: {missing}")
            Listmonk.campaigns.append({**data, "id": len(self.campaigns) + 1, "status": "draft"})
            return self.answer(200, self.campaigns[-1])
        if self.command == "PUT" and (found := re.fullmatch(r"/api/campaigns/(\d+)/status", url.path)):
            campaign = self.campaigns[int(found[1]) - 1]
            if campaign["status"] not in ("draft", "paused") or data != {"status": "running"}:
                return self.answer(400, "cannot start")
            campaign["status"] = "running"
            return self.answer(200, campaign)
        return self.answer(404, "not found")

    do_GET = do_POST = do_PUT = asked


class Lists(Site):
    """The ways to lists that people join by themselves, as `docs/how-to/tell/lists.md` has them."""

    def test_listmonk(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listmonk)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.shutdown)
        environment = {
            **os.environ, "LISTMONK_URL": f"http://127.0.0.1:{server.server_port}", "LISTMONK_TOKEN": "allclear:t0ken",
            "LISTMONK_LIST": "3", "LISTMONK_KEY": "k3y",
        }
        command = [sys.executable, str(ROOT / "docs/how-to/tell/listmonk.py"), "0"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as bridge:
            self.addCleanup(bridge.kill)
            config = CONFIG.split("[[channels]]")[0].format()
            channel = f'[[channels]]\nwebhook = "{bridge.stdout.readline().strip()}"\nsecret = "${{SMTP}}"\n'
            (self.folder / "allclear.toml").write_text(config + channel)
            self.publish(1)
            # At first listmonk fails: the next attempt of the same run hands it over.
            Listmonk.failing = 1
            self.notify("k3y")
            [campaign] = Listmonk.campaigns
            self.assertEqual((campaign["status"], campaign["lists"]), ("running", [3]))
            self.assertEqual(campaign["subject"], "Disks are full: “zürich” — 100 %")
            self.assertIn("<p>Disks &amp; more: &lt;none&gt;. See https://example.com/a.</p>", campaign["body"])
            self.assertIn("https://status.example/incidents/disks/#update-1", campaign["altbody"])
            # A campaign that was made and not started is started, and a request that arrives twice makes no second one.
            campaign["status"] = "draft"
            (self.folder / "live/notified.json").unlink()
            self.notify("k3y")
            self.assertEqual([it["status"] for it in Listmonk.campaigns], ["running"])
            # What has instructions for templates is text.
            update = "\n## Identified · 2022-12-28 10:05\n\n`{{ .Subscriber.Email }}`\n"
            (self.folder / "incidents/disks.md").write_text(INCIDENT + UPDATES[0] + update)
            self.now = "2022-12-28T10:06:00Z"
            self.assertEqual(self.run_program("publish", "--now", self.now).returncode, 0)
            self.notify("k3y")
            self.assertIn('{{ "{{" }} .Subscriber.Email }}', Listmonk.campaigns[1]["body"])
            # Nobody else can make any.
            self.notify("another", 0)
            request = urllib.request.Request(channel.split('"')[1], data=b"{}", headers={"X-Hub-Signature-256": "sha256=0"})
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(request)
            self.assertEqual(refused.exception.code, 401)
            bridge.kill()

    @unittest.skipIf(shutil.which("r2e") is None, "not run: rss2email is not installed")
    def test_rss2email(self):
        box = Box()
        controller = Controller(box, hostname="127.0.0.1", port=free_port())
        controller.start()
        self.addCleanup(controller.stop)
        (self.folder / "r2e.cfg").write_text(
            "[DEFAULT]\nfrom = status@example.com\nforce-from = True\nto = list@lists.example.com\nverbose = warning\n"
            f"email-protocol = smtp\nsmtp-server = 127.0.0.1:{controller.port}\nsmtp-auth = False\nsmtp-ssl = False\n"
        )

        def r2e(*arguments):
            command = ["r2e", "-c", str(self.folder / "r2e.cfg"), "-d", str(self.folder / "r2e.json"), *arguments]
            subprocess.run(command, check=True, capture_output=True, timeout=30)

        self.publish(1)
        r2e("add", "status", (self.folder / "live/history.rss").as_uri())
        r2e("run", "--no-send")
        self.assertEqual(box.letters, [])
        self.publish(3)
        r2e("run")
        r2e("run")
        subjects = [email.message_from_bytes(it["raw"], policy=email.policy.default)["Subject"] for it in box.letters]
        self.assertEqual([it.split(":")[0] for it in sorted(subjects)], ["Identified", "Resolved"])
        self.assertEqual({it["to"][0] for it in box.letters}, {"list@lists.example.com"})


def said(part):
    return part.get_content().replace("\r\n", "\n")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


if __name__ == "__main__":
    # What the servers say of the way in which they are set up.
    logging.disable()
    warnings.simplefilter("ignore")
    unittest.main(verbosity=2, warnings="ignore")
