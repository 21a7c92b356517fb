#!/usr/bin/env python3
"""Hands what a status page tells over to listmonk, which sends it to a list that people join and leave by themselves.

It is told by a channel of the kind `webhook`, on the same machine:

    [[channels]]
    webhook = "http://127.0.0.1:8020/"
    secret = "${LISTMONK_KEY}"

and needs in its environment LISTMONK_URL (`http://127.0.0.1:9000`), LISTMONK_TOKEN (`user:token` of a user of the API who may
manage campaigns), LISTMONK_LIST (the number of the list), and LISTMONK_KEY (the channel's secret). It needs nothing but Python 3.
"""

import hashlib
import hmac
import html
import json
import os
import sys
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

URL, TOKEN, LIST, KEY = (os.environ[f"LISTMONK_{name}"] for name in ("URL", "TOKEN", "LIST", "KEY"))


def listmonk(method, path, data=None):
    request = urllib.request.Request(
        URL.rstrip("/") + path,
        method=method,
        data=json.dumps(data).encode() if data is not None else None,
        headers={"Authorization": f"token {TOKEN}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=4) as answer:
        return json.load(answer)["data"]


def plain(text):
    """A text in which listmonk's templates see no instructions."""
    return text.replace("{{", '{{ "{{" }}')


def tell(event):
    """Makes a campaign of an event, and starts it, unless that was done before: the tag of a campaign is the update's number."""
    data = event["data"][event["type"]]
    update = data.get("update", {})
    tag = f"allclear-{update.get('id', data['id'])}"
    link = update.get("url", data["url"])
    text = update.get("message") or data.get("message") or data["title"]
    found = listmonk("GET", "/api/campaigns?" + urllib.parse.urlencode({"tags": tag, "per_page": "all"}))["results"]
    campaign = found[0] if found else None
    if campaign is None:
        paragraphs = "".join(f"<p>{html.escape(part)}</p>\n" for part in text.split("\n\n"))
        address = html.escape(link)
        campaign = listmonk("POST", "/api/campaigns", {
            "name": f"{data['title']} ({tag})",
            "subject": plain(data["title"]),
            "lists": [int(LIST)],
            "type": "regular",
            "content_type": "html",
            "body": plain(f'{paragraphs}<p><a href="{address}">{address}</a></p>\n'),
            "altbody": plain(f"{text}\n\n{link}\n"),
            "tags": [tag],
        })
    # One that was made and not started: whoever made it was stopped in between.
    if campaign["status"] == "draft":
        listmonk("PUT", f"/api/campaigns/{campaign['id']}/status", {"status": "running"})


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        expected = "sha256=" + hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
        status = 204
        if not hmac.compare_digest(expected, self.headers.get("X-Hub-Signature-256", "")):
            status = 401
        else:
            try:
                event = json.loads(body)
                # A test of the channel is nothing for subscribers.
                if event["type"] != "test":
                    tell(event)
            except OSError as error:
                # allclear tells it again, with the same number.
                print(f"listmonk: {error}", file=sys.stderr, flush=True)
                status = 503
        self.send_response(status)
        self.end_headers()


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8020), Handler)
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()
