"""Real feed readers and calendar libraries read what was built: `tests/run` has what it needs.

    python3 -m venv target/reader-checks && target/reader-checks/bin/pip install -r tests/feeds/requirements.txt
    target/reader-checks/bin/python tests/feeds/readers.py

newsboat and rss2email come from the system. `ALLCLEAR` names another program than `target/debug/allclear`.
"""

import configparser
import email
import email.policy
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from calendar import timegm
from datetime import datetime, timezone
from pathlib import Path

import feedparser
import icalendar
import vobject

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PROGRAM = os.environ.get("ALLCLEAR", str(TARGET / "debug/allclear"))
SITE = "https://status.example.com/"

NOW = "2022-12-29T01:30:00Z"


class Site:
    """A site in a folder of its own."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="allclear-"))
        self.public = self.folder / "public"

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def run(self, *arguments, codes=(0,)):
        done = subprocess.run([PROGRAM, *arguments], cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode not in codes:
            raise AssertionError(f"{arguments}: {done.returncode}\n{done.stderr}")
        return done.stdout

    def build(self, now):
        self.run("build", "--quiet", "--now", now)

    def status(self, now):
        return json.loads(self.run("status", "--format", "json", "--now", now, codes=(0, 3)))

    def files(self, ending, least):
        files = sorted(self.public.rglob("*" + ending))
        assert len(files) >= least, f"{len(files)} files end with {ending}"
        return files

    def remove(self):
        shutil.rmtree(self.folder)


def demo():
    """A copy of the repository's own site."""
    site = Site()
    shutil.copy(ROOT / "allclear.toml", site.folder)
    for part in ("incidents", "evidence"):
        shutil.copytree(ROOT / part, site.folder / part)
    return site


HOSTILE = [
    "a ]]> b <![CDATA[ c",
    "</script><script>alert(1)</script>",
    "&amp; &#60; \\u003c \"quotes\" 'single' <b>bold</b>",
    "\U0001f525\U0001f4a5\U0001f692",
    "\u202etxet desrever\u202c \u2066isolated \u200f",
    "x\u0007\u000b\u001b[31m\ufffey",
    "x\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:hostile;,\\n",
    "long " * 2_000,
    "長い題名" * 2_500,
]


def quoted(text):
    """A text as TOML and YAML write it."""
    return json.dumps(text, ensure_ascii=False).replace("\ufffe", "\\ufffe")


def hostile():
    """A site whose every text is hostile, with a million characters of updates."""
    site = Site()
    components = "".join(
        f'\n[[components]]\nid = "c{number}"\nname = {quoted(title[:200])}\n' for number, title in enumerate(HOSTILE)
    )
    site.write(
        "allclear.toml",
        f'title = {quoted(HOSTILE[2])}\nbase_url = "{SITE}"\nlanguages = ["en", "ar"]\n{components}'
        '\n[[components]]\nid = "endless"\nname = "Endless"\n',
    )
    for number, title in enumerate(HOSTILE):
        text = title.replace("\n", " ")
        site.write(
            f"incidents/t{number}.md",
            f"---\ntitle: {quoted(title)}\ncomponents: {{c{number}: partial_outage}}\n"
            f"corrections: [{{ at: '2022-12-02 10:00', note: {quoted(title)} }}]\n---\n\n{text}\n\n"
            f"## Resolved · 2022-12-01 1{number}:30\n\n{text}\n\n## Investigating · 2022-12-01 1{number}:00\n\n`{text}`\n",
        )
        site.write(
            f"incidents/w{number}.md",
            f"---\ntitle: {quoted(title)}\nkind: maintenance\ncomponents: [c{number}]\n"
            f"starts: 2023-02-0{number + 1} 10:00\nends: 2023-02-0{number + 1} 11:00\n---\n\n"
            f"## Scheduled · 2022-12-03 1{number}:00\n\n{text}\n",
        )
    updates = "".join(
        f"\n## Update · 2022-12-0{day + 1} {hour:02}:00\n\n{'Nothing works, and nobody knows why. ' * 300}\n"
        for day in range(5)
        for hour in range(20)
    )
    site.write("incidents/endless.md", f"---\ntitle: Endless\ncomponents: [endless]\n---\n{updates}")
    return site


def instant(parsed):
    """The instant of what feedparser read, as RFC 3339."""
    return datetime.fromtimestamp(timegm(parsed), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def updates(page):
    """The instants of the updates on a page, by their fragments."""
    text = page.read_text(encoding="utf-8")
    return dict(re.findall(r'id="(update-\d+)">\s*<h3[^>]*>.*?<time datetime="([^"]+)"', text))


class Readers(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.demo, cls.hostile = demo(), hostile()
        cls.demo.build(NOW)
        cls.hostile.build(NOW)

    @classmethod
    def tearDownClass(cls):
        cls.demo.remove()
        cls.hostile.remove()

    def test_feedparser_reads_every_feed(self):
        for site, languages in ((self.demo, 2), (self.hostile, 2)):
            components = sum(1 for _ in (site.public / "components").iterdir())
            for ending, version in ((".atom", "atom10"), (".rss", "rss20")):
                files = site.files(ending, languages * (components + 1))
                for file in files:
                    feed = feedparser.parse(file.read_bytes())
                    self.assertFalse(feed.bozo, f"{file}: {feed.get('bozo_exception')}")
                    self.assertEqual(feed.version, version, file)
                    ids = [entry.id for entry in feed.entries]
                    self.assertEqual(len(set(ids)), len(ids), file)
                    for entry in feed.entries:
                        self.assertTrue(entry.title, file)
                        self.assertTrue(entry.link.startswith(SITE), file)
                        self.assertTrue(entry.get("published_parsed"), file)
                    own = [link.href for link in feed.feed.links if link.rel == "self"]
                    self.assertEqual(own, [SITE + str(file.relative_to(site.public))])

    def test_feedparser_reads_hostile_titles_as_text(self):
        clean = [re.sub("[\x00-\x08\x0b-\x1f\ufffe]", "\ufffd", title) for title in HOSTILE]
        wanted = {" ".join(title.split()) for title in clean}
        for name in ("history.atom", "history.rss"):
            feed = feedparser.parse((self.hostile.public / name).read_bytes(), sanitize_html=False)
            titles = {" ".join(entry.title.split()).partition(": ")[2] for entry in feed.entries}
            if name == "history.atom":
                self.assertTrue(wanted <= titles, wanted - titles)
            # The newest items are those of one incident: the others stand in the feeds of their components.
            else:
                for folder in (self.hostile.public / "components").iterdir():
                    feed = feedparser.parse((folder / name).read_bytes(), sanitize_html=False)
                    titles |= {" ".join(entry.title.split()).partition(": ")[2] for entry in feed.entries}
                self.assertEqual(titles, wanted | {"Endless"})
        feed = json.loads((self.hostile.public / "feed.json").read_text(encoding="utf-8"))
        titles = {" ".join(item["title"].split()).partition(": ")[2] for item in feed["items"]}
        self.assertTrue(wanted <= titles, wanted - titles)

    def test_feeds_are_short_whatever_is_said(self):
        for ending in (".atom", ".rss", "feed.json"):
            for file in self.hostile.files(ending, 20):
                self.assertLess(file.stat().st_size, 2_000_000, file)

    def test_feeds_say_what_status_and_pages_say(self):
        status = self.demo.status(NOW)
        opened = {incident["slug"]: incident for incident in status["incidents"]}
        planned = {plan["slug"]: plan for plan in status["maintenances"]}
        self.assertTrue(opened and planned)
        atom = feedparser.parse((self.demo.public / "history.atom").read_bytes())
        entries = {entry.id.removeprefix(SITE + "incidents/").rstrip("/"): entry for entry in atom.entries}
        for slug, post in {**opened, **planned}.items():
            state = post["state"].replace("_", " ").capitalize()
            self.assertEqual(entries[slug].title, f"{state}: {post['title']}")
        rss = feedparser.parse((self.demo.public / "history.rss").read_bytes())
        items = {entry.id: instant(entry.published_parsed) for entry in rss.entries}
        seen = 0
        for slug, entry in entries.items():
            times = updates(self.demo.public / "incidents" / slug / "index.html")
            self.assertTrue(times, slug)
            for fragment, at in times.items():
                self.assertEqual(items[f"{SITE}incidents/{slug}/#{fragment}"], at)
                seen += 1
            self.assertGreaterEqual(instant(entry.updated_parsed), max(times.values()))
            self.assertEqual(instant(entry.published_parsed), min(times.values()))
        self.assertEqual(seen, sum("#update-" in item for item in items))
        newest = [entry.published_parsed for entry in rss.entries]
        self.assertEqual(newest, sorted(newest, reverse=True))

    def test_an_all_clear_says_in_feeds_until_when_it_holds(self):
        site = Site()
        try:
            site.write(
                "allclear.toml", f'title = "Harbour"\nbase_url = "{SITE}"\n\n[[components]]\nid = "ferry"\nname = "Ferry"\n'
            )
            at = "2022-12-29T01:20:00Z"
            line = {"component": "ferry", "status": "operational", "from": at, "to": at, "source": "probe"}
            site.write("evidence/states.jsonl", json.dumps(line) + "\n")
            site.build(NOW)
            until = site.status(NOW)["headline"]["valid_until"]
            self.assertIsNotNone(until)
            for name in ("history.atom", "history.rss"):
                feed = feedparser.parse((site.public / name).read_bytes()).feed
                self.assertEqual(instant(feed.validity_end_parsed), until, name)
        finally:
            site.remove()

    def test_libraries_accept_every_calendar(self):
        planned = 0
        for site in (self.demo, self.hostile):
            for file in site.files(".ics", 12):
                raw = file.read_bytes()
                self.assertTrue(raw.endswith(b"END:VCALENDAR\r\n"), file)
                self.assertIsNone(re.search(rb"(?<!\r)\n|\r(?!\n)", raw), file)
                for line in raw.split(b"\r\n"):
                    self.assertLessEqual(len(line), 75, file)
                    line.decode("utf-8")
                calendar = icalendar.Calendar.from_ical(raw)
                self.assertFalse([error for part in calendar.walk() for error in part.errors], file)
                events = calendar.walk("VEVENT")
                other = list(vobject.readComponents(raw.decode("utf-8")))
                self.assertEqual(len(other), 1, file)
                other[0].validate(raiseException=True)
                read = getattr(other[0], "vevent_list", [])
                self.assertEqual([str(event["SUMMARY"]) for event in events], [event.summary.value for event in read])
                planned += len(events)
        self.assertGreater(planned, 20)

    def test_calendars_say_what_status_says(self):
        for plan in self.demo.status(NOW)["maintenances"]:
            calendar = icalendar.Calendar.from_ical((self.demo.public / "maintenance.ics").read_bytes())
            events = [event for event in calendar.walk("VEVENT") if str(event["SUMMARY"]) == plan["title"]]
            self.assertEqual(len(events), 1)
            start = events[0]["DTSTART"].dt
            self.assertEqual(start, datetime.fromisoformat(plan["starts"]))
            self.assertEqual(start + events[0]["DURATION"].dt, datetime.fromisoformat(plan["ends"]))


INCIDENT = """---
title: No ferries
components: {ferry: major_outage}
---

## Investigating · 2023-01-20 10:00 UTC

There is fog.
"""
RESOLVED = INCIDENT + "\n## Resolved · 2023-01-20 11:30 UTC\n\nThe fog is gone.\n"


class Programs(unittest.TestCase):
    """newsboat and rss2email: a new update is news in RSS, and a change in Atom."""

    maxDiff = None

    def setUp(self):
        self.site = Site()
        self.site.write(
            "allclear.toml", f'title = "Harbour"\nbase_url = "{SITE}"\n\n[[components]]\nid = "ferry"\nname = "Ferry"\n'
        )
        self.site.write("incidents/fog.md", INCIDENT)
        self.site.build("2023-01-20T10:30:00Z")
        self.home = Path(tempfile.mkdtemp(prefix="allclear-readers-"))

    def tearDown(self):
        self.site.remove()
        shutil.rmtree(self.home)

    def told_more(self):
        self.site.write("incidents/fog.md", RESOLVED)
        self.site.build("2023-01-20T12:00:00Z")

    def run_program(self, *command):
        environment = {**os.environ, "HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home / "config"), "XDG_DATA_HOME": str(self.home / "data"), "LC_ALL": "C.UTF-8", "TERM": "dumb"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=30)
        self.assertEqual(done.returncode, 0, f"{command}: {done.stdout}{done.stderr}")
        return done.stdout

    def newsboat(self, *commands):
        urls = self.home / "urls"
        urls.write_text("".join(f"file://{self.site.public / name}\n" for name in ("history.rss", "history.atom")))
        cache, config = self.home / "cache.db", self.home / "newsboat"
        config.write_text("")
        self.run_program("newsboat", "-q", "-u", str(urls), "-c", str(cache), "-C", str(config), "-x", *commands)
        with sqlite3.connect(cache) as database:
            rows = database.execute("SELECT feedurl, guid, title, content, unread FROM rss_item ORDER BY pubDate")
            rows = rows.fetchall()
        database.close()
        of = lambda ending: [row[1:] for row in rows if row[0].endswith(ending)]
        return of(".rss"), of(".atom")

    def test_newsboat(self):
        rss, atom = self.newsboat("reload")
        page = f"{SITE}incidents/fog/"
        self.assertEqual([item[:2] for item in rss], [(page + "#update-1", "Investigating: No ferries")])
        self.assertEqual([item[:2] for item in atom], [(page, "Investigating: No ferries")])
        with sqlite3.connect(self.home / "cache.db") as database:
            database.execute("UPDATE rss_item SET unread = 0")
        database.close()
        self.told_more()
        rss, atom = self.newsboat("reload")
        told = [(guid, title, unread) for guid, title, _, unread in rss]
        self.assertEqual(
            told,
            [
                (page + "#update-1", "Investigating: No ferries", 0),
                (page + "#update-2", "Resolved: No ferries", 1),
            ],
        )
        self.assertEqual([(guid, title, unread) for guid, title, _, unread in atom], [(page, "Resolved: No ferries", 0)])
        self.assertIn("The fog is gone.", atom[0][2])
        self.assertIn("There is fog.", atom[0][2])

    def r2e(self, *arguments):
        self.run_program("r2e", "-c", str(self.home / "r2e.cfg"), "-d", str(self.home / "r2e.json"), *arguments)

    def mails(self):
        """The subjects, links and texts of the mails that have come, which are taken away."""
        found = []
        for file in sorted((self.home / "mail").rglob("new/*")):
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            found.append((mail["Subject"], mail["X-RSS-URL"], mail.get_content()))
            file.unlink()
        return sorted(found)

    def test_rss2email(self):
        mail = self.home / "mail"
        mail.mkdir()
        (self.home / "r2e.cfg").write_text(
            "[DEFAULT]\nfrom = bot@example.com\nto = reader@example.com\nemail-protocol = maildir\n"
            f"maildir-path = {mail}\nmaildir-mailbox = inbox\nforce-from = True\nverbose = warning\n"
        )
        for name, ending in (("rss", "rss"), ("atom", "atom"), ("changes", "atom")):
            self.r2e("add", name, f"file://{self.site.public / 'history'}.{ending}", "reader@example.com")
        # This one is asked to tell of entries that have changed, too.
        config = configparser.ConfigParser()
        config.read(self.home / "r2e.cfg")
        config["feed.changes"]["trust-guid"] = "False"
        with (self.home / "r2e.cfg").open("w") as file:
            config.write(file)
        self.r2e("run")
        page = f"{SITE}incidents/fog/"
        told = [(subject, link) for subject, link, _ in self.mails()]
        title = "Investigating: No ferries"
        self.assertEqual(told, [(title, page), (title, page), (title, page + "#update-1")])
        self.told_more()
        self.r2e("run")
        mails = self.mails()
        told = [(subject, link) for subject, link, _ in mails]
        title = "Resolved: No ferries"
        self.assertEqual(told, [(title, page), (title, page + "#update-2")])
        for _, _, text in mails:
            self.assertIn("The fog is gone.", text)
        # A third look finds nothing that was not told.
        self.r2e("run")
        self.assertEqual(self.mails(), [])


if __name__ == "__main__":
    for program in ("newsboat", "r2e"):
        if shutil.which(program) is None:
            print(f"not run: the tests with {program}, which is not installed", file=sys.stderr)
            name = {"newsboat": "test_newsboat", "r2e": "test_rss2email"}[program]
            setattr(Programs, name, unittest.skip(f"{program} is not installed")(getattr(Programs, name)))
    unittest.main(verbosity=2)
