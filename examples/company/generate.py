#!/usr/bin/env python3
"""Writes three years of history of a company that does not exist: `incidents/` and `evidence/`, the same bytes each time.

What went wrong stands in `causes.txt`, what was planned in `planned.txt`. When it happened, how long it took and what monitors saw of it
follow from chance with a fixed seed, so that evidence and incidents agree. `allclear.toml` and `pages/` are written by hand.
"""

import json
import math
import random
import shutil
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

HERE = Path(__file__).resolve().parent
ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 19, 13, 40, tzinfo=timezone.utc)
FIRST_DAY = date(2023, 11, 20)
LAST_LOOK = NOW - timedelta(minutes=2)
MINUTE = timedelta(minutes=1)
MADE_UP = "Made up by generate.py: illustrative."

OUTSIDE = ["shop", "checkout", "search", "images", "accounts", "app", "tracking", "returns", "dashboard", "api", "signin"]
INSIDE = [
    "cards", "transfers", "refunds", "invoices", "orders", "stock", "labels", "imports", "reports", "webhooks", "email", "sms", "push",
]
SINCE = {"app": date(2024, 5, 6), "push": date(2024, 5, 6), "returns": date(2024, 9, 2)}
ASKED = {"amsterdam": OUTSIDE, "warsaw": OUTSIDE, "prometheus": INSIDE}

# Prometheus stood still over a weekend, and nobody knows what happened then.
UNKNOWN = {"prometheus": (datetime(2026, 7, 17, 22, 10, tzinfo=timezone.utc), datetime(2026, 7, 20, 7, 30, tzinfo=timezone.utc))}

WORDS = {"I": "Investigating", "D": "Identified", "U": "Update", "M": "Monitoring", "R": "Resolved", "P": "Postmortem"}
DAYS = {"Mon": 0, "Thu": 3}

NOTICES = [
    ("2024-05-06-app-and-push", "The app and push notifications are on this page", "2024-05-06 09:00", "2024-05-20 09:00",
     "The mobile app and push notifications have their own lines on this page from today on."),
    ("2024-09-02-returns", "Returns are on this page", "2024-09-02 09:00", "2024-09-16 09:00",
     "Returns have their own line on this page from today on. Until now they were a part of customer accounts."),
    ("2025-11-20-busy-days", "No releases in the last week of November", "2025-11-20 10:00", "2025-12-01 08:00",
     "From 24 to 30 November we change nothing that can wait, since these are the busiest days of the year. Security updates are made."),
    ("2026-07-20-not-measured", "A weekend without measurements of internal services", "2026-07-20 11:00", "2026-08-03 11:00",
     "Prometheus stood still from Saturday, 0:10, to Monday, 9:30, and our alert about that went to a phone that was switched off. What\n"
     "happened to payments, delivery and messages in this time is not known to our monitors, and we know of no trouble. The\n"
     "days are shown as not measured. The alert goes to two people now."),
    ("2026-09-14-one-night", "What Prometheus saw on one night does not count", "2026-09-14 10:00", "2026-09-28 10:00",
     "In the night to 13 September Prometheus moved to new servers with incomplete rules, and reported trouble that was none. From\n"
     "22:00 to 6:00 it is not believed, so that internal services were not measured in this time."),
    ("2026-11-16-busy-days", "No releases in the last week of November", "2026-11-16 10:00", "2026-11-30 08:00",
     "From 23 to 29 November we change nothing that can wait, since these are the busiest days of the year. Security updates are made."),
]


class Chance:
    """Numbers by chance, the same ones in each version of Python."""

    def __init__(self, seed):
        self.random = random.Random(seed).random

    def among(self, low, high):
        """A whole number from `low` to `high`."""
        return low + int((high - low + 1) * self.random())

    def shuffled(self, things):
        things = list(things)
        for last in range(len(things) - 1, 0, -1):
            other = self.among(0, last)
            things[last], things[other] = things[other], things[last]
        return things


def blocks(name):
    """The blocks of a text file: the fields of the heading, and lines with their letters."""
    found = []
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            found.append(([field.strip() for field in line[3:].split("|")], []))
        elif line and not line.startswith("#"):
            found[-1][1].append((line[0], line[2:]))
    return found


def local(day, hour, minute):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).astimezone(timezone.utc)


def written(instant):
    """An instant as files say it, in the site's zone; with its offset in the hour that clocks repeat."""
    at = instant.astimezone(ZONE)
    if at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset():
        return f"{at:%Y-%m-%d %H:%M} {at:%z}"[:-2] + ":00"
    return f"{at:%Y-%m-%d %H:%M}"


def rfc3339(instant):
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def slug(day, title):
    words = "".join(letter if letter.isalnum() else " " for letter in title.lower().replace("'", "")).split()
    return f"{day}-" + "-".join(words)


def wrapped(text, width=110):
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join(lines + [line])


class Incident:
    """Something that went wrong: when it began, what it affected, and what was said."""

    def __init__(self, fields, said, day, chance):
        self.title, components, minutes = fields[:3]
        self.components = dict(pair.split("=") for pair in components.split())
        hour = next((int(hint[1:]) for hint in fields[3:] for hint in hint.split() if hint.startswith("@")), None)
        if hour is None:
            hour = chance.among(7, 20)
        self.started = local(day, hour, chance.among(2, 55))
        length = int(int(minutes) * (0.75 + 0.6 * chance.random()))
        self.ended = self.started + length * MINUTE
        first = self.started + min(chance.among(4, 14), length // 4) * MINUTE
        known = chance.among(1, (first - self.started) // MINUTE - 1) * MINUTE
        self.detected = self.started + known if chance.random() < 0.6 else None
        spoken = [line for line in said if line[0] != "P"]
        step = (self.ended - first) / (len(spoken) - 1)
        self.updates = []
        for number, (letter, text) in enumerate(spoken):
            at = first + step * number
            if 0 < number < len(spoken) - 1:
                at += step * (0.4 * chance.random() - 0.2)
            if number == len(spoken) - 1:
                at = self.ended
            self.updates.append([letter, at.replace(second=0, microsecond=0), text, []])
        self.recovered = self.ended
        for update, after in zip(self.updates, self.updates[1:]):
            if update[0] == "M" and chance.random() < 0.75:
                update[3] += [f"{component}=operational" for component in self.components]
                self.recovered = update[1]
            # Most promises of a next update are kept.
            wait = (after[1] - update[1]) / MINUTE
            promise = next(it for it in (15, 30, 45, 60, 90, 120, 180, 240, 360) if it >= wait or chance.random() < 0.04)
            update[3].append(f"next={promise}m" if promise < 120 else f"next={promise // 60}h")
        for letter, text in said:
            if letter == "P":
                later = self.ended.astimezone(ZONE).date() + timedelta(days=chance.among(2, 4))
                later += timedelta(days=max(0, later.weekday() - 4) and 7 - later.weekday())
                self.updates.append(["P", local(later, chance.among(10, 16), chance.among(0, 50)), text, []])
        self.corrected = None

    def text(self):
        head = ["---", f"# {MADE_UP}", f"title: {self.title}", "components:"]
        head += [f"  {component}: {status}" for component, status in self.components.items()]
        head.append(f"started: {written(self.started)}")
        if self.detected:
            head.append(f"detected: {written(self.detected)}")
        if self.corrected:
            at, note = self.corrected
            head += ["corrections:", f"  - at: {written(at)}", f"    note: {note}"]
        head.append("---")
        parts = ["\n".join(head)]
        for letter, at, text, changes in self.updates:
            braces = f" {{{' '.join(changes)}}}" if changes else ""
            parts += [f"## {WORDS[letter]} · {written(at)}{braces}", wrapped(text)]
        return "\n\n".join(parts) + "\n"


def incidents(chance):
    """All incidents, by their beginning. Each cause happens once, and a component has a rest after each."""
    causes = blocks("causes.txt")
    fixed = [(cause, date.fromisoformat(cause[0][3].split()[0])) for cause in causes if len(cause[0]) > 3 and cause[0][3][:2] == "20"]
    left = chance.shuffled([cause for cause in causes if cause not in [it for it, _ in fixed]])
    taken = [(day, pair.split("=")[0]) for (fields, _), day in fixed for pair in fields[1].split()]
    chosen = list(fixed)
    start, end = date(2023, 11, 27), date(2026, 11, 3)
    count = len(left)
    for number in range(count):
        day = start + (end - start) * number // (count - 1) + timedelta(days=chance.among(-5, 5))
        if day.weekday() > 4 and chance.random() < 0.7:
            day += timedelta(days=2)
        day = max(start, day)

        def fits(fields):
            components = [pair.split("=")[0] for pair in fields[1].split()]
            rested = all(abs((day - other).days) > 12 for other, it in taken if it in components)
            is_alone = all(abs((day - other).days) > 1 for other, _ in taken)
            return rested and is_alone and all(SINCE.get(it, FIRST_DAY) <= day for it in components)

        while not any(fits(it[0]) for it in left):
            day += timedelta(days=1)
        cause = next(it for it in left if fits(it[0]))
        left.remove(cause)
        for hint in cause[0][3:]:
            for word in hint.split():
                if word in DAYS:
                    day += timedelta(days=(DAYS[word] - day.weekday()) % 7)
        taken += [(day, pair.split("=")[0]) for pair in cause[0][1].split()]
        chosen.append((cause, day))
    chosen.sort(key=lambda it: it[1])
    return [Incident(fields, said, day, chance) for (fields, said), day in chosen]


def maintenances(chance, troubles):
    """What was planned: files, and what monitors saw in the windows."""
    kinds = blocks("planned.txt")
    count = 2 * len(kinds)
    start, end = date(2023, 12, 5), date(2026, 11, 10)
    busy = {(trouble.started.astimezone(ZONE).date() + timedelta(days=off), component)
            for trouble in troubles for component in trouble.components for off in (-1, 0, 1)}
    found, seen = [], []
    days = [start + (end - start) * number // (count - 1) for number in range(count)]
    kinds = chance.shuffled(kinds) + chance.shuffled(kinds)
    plan = [(kind, day, None) for kind, day in zip(kinds, days)]
    named = {fields[0]: (fields, said) for fields, said in kinds}
    plan.append((named["Renewal of certificates"], date(2026, 11, 20), date(2026, 11, 13)))
    plan.append((named["Larger disks for the dashboard"], date(2026, 12, 2), date(2026, 11, 18)))
    for (fields, said), day, announced in plan:
        components = fields[1].split()
        if not announced:
            day += timedelta(days=(1 + chance.among(0, 2) - day.weekday()) % 7)
            # Nothing is planned for the busiest days, nor for the last days of a year.
            while any((day, component) in busy for component in components) or (11, 20) <= (day.month, day.day) <= (11, 30) \
                    or (12, 18) <= (day.month, day.day):
                day += timedelta(days=7)
            if any(day < SINCE.get(component, FIRST_DAY) for component in components):
                continue
        minutes = int(fields[2])
        starts = local(day, chance.among(1, 3), 0)
        ends = starts + minutes * MINUTE
        told = announced or day - timedelta(days=chance.among(5, 13))
        told = local(told, chance.among(9, 16), chance.among(0, 50))
        texts = dict(said)
        parts = ["\n".join(["---", f"# {MADE_UP}", f"title: {fields[0]}", "kind: maintenance", f"components: [{', '.join(components)}]",
                            f"starts: {written(starts)}", f"ends: {written(ends)}", "---"]),
                 f"## Scheduled · {written(told)}", wrapped(texts["S"])]
        if ends < NOW:
            done = max(ends - chance.among(1, 20) * MINUTE, starts + minutes * 9 // 10 * MINUTE)
            if len(fields) > 3:
                status, lasted = fields[3].split()
                at = starts + 2 * MINUTE
                seen.append((components[0], status, at, at + int(lasted) * MINUTE))
                done = max(done, at + int(lasted) * MINUTE)
            parts += [f"## Completed · {written(done)}", wrapped(texts["C"])]
        found.append((slug(day, fields[0]), "\n\n".join(parts) + "\n"))
    weekly = f"""---
# {MADE_UP}
title: Restart of product import
kind: maintenance
components: [imports]
starts: 2026-03-01 04:00
ends: 2026-03-01 04:20
repeat: FREQ=WEEKLY;BYDAY=SU
---

## Scheduled · 2026-02-20 11:00

Each Sunday the workers of product import are restarted. Files that are uploaded in these minutes wait until afterwards.
"""
    found.append(("product-import-restart", weekly))
    return found, seen


def states(chance, troubles, planned):
    """What each source saw, in the shortest form: one line for each time in which it saw the same."""
    for source, components in ASKED.items():
        lines = []
        for component in components:
            bad = [(component, status, start, end) for (it, status, start, end) in planned if it == component]
            for trouble in troubles:
                if component in trouble.components:
                    start = trouble.started + chance.among(1, 3) * MINUTE
                    end = trouble.recovered - chance.among(1, 4) * MINUTE
                    bad.append((component, trouble.components[component], start, end))
            if source != "prometheus":
                # What one of both places sees alone, as its own network has a fault, counts for nothing.
                for _ in range(2):
                    at = NOW - chance.among(1_000, 570_000) * MINUTE
                    if all(abs(at - start) > timedelta(days=1) for _, _, start, _ in bad):
                        bad.append((component, "major_outage", at, at + chance.among(1, 4) * MINUTE))
            bad.sort(key=lambda it: it[2])
            since = local(SINCE.get(component, FIRST_DAY), 0, 0)
            gap = UNKNOWN.get(source)
            for _, status, start, end in bad:
                start, end = start.replace(second=0), end.replace(second=0)
                lines += whole(component, since, start - MINUTE, gap)
                lines.append((component, status, start, end))
                since = end + MINUTE
            lines += whole(component, since, LAST_LOOK, gap)
        with open(HERE / "evidence" / f"{source}.jsonl", "w", encoding="utf-8", newline="\n") as file:
            for component, status, start, end in lines:
                line = {"component": component, "status": status, "from": rfc3339(start), "to": rfc3339(end), "source": source}
                file.write(json.dumps(line, separators=(",", ":")) + "\n")


def whole(component, start, end, gap):
    """The time in which all was well, without the one in which nobody looked."""
    if gap and start < gap[0] and gap[1] < end:
        return [(component, "operational", start, gap[0]), (component, "operational", gap[1], end)]
    return [(component, "operational", start, end)]


def bustle(instant):
    """How busy it is: from 0 at night to 1 in the evening."""
    at = instant.astimezone(ZONE)
    hour = at.hour + at.minute / 60
    distance = min(abs(hour - 19.5), 24 - abs(hour - 19.5))
    return math.exp(-((distance / 6) ** 2))


def failed_cards(chance, troubles):
    """The samples of a signal: every ten minutes for the last 30 days."""
    trouble = next(it for it in troubles if it.title == "Card payments fail")
    with open(HERE / "evidence" / "failed-cards.csv", "w", encoding="utf-8", newline="\n") as file:
        file.write(f"# {MADE_UP}\ntime,value\n")
        instant = NOW - timedelta(days=30)
        while instant <= NOW:
            value = 1.5 + 6 * bustle(instant) + 2 * chance.random()
            if trouble.started <= instant <= trouble.recovered:
                value += 150 + 40 * chance.random()
            elif trouble.recovered < instant < trouble.recovered + 20 * MINUTE:
                value += 20
            file.write(f"{rfc3339(instant)},{value:.1f}\n")
            instant += 10 * MINUTE


def latency(chance, troubles):
    """How long good answers took: every quarter of an hour on the last day, every four hours in the 90 days before."""
    usual = {component: 70 + 35 * number % 190 for number, component in enumerate(OUTSIDE)}
    with open(HERE / "evidence" / "latency" / "amsterdam.csv", "w", encoding="utf-8", newline="\n") as file:
        file.write(f"# {MADE_UP}\ntime,component,milliseconds\n")
        instant = NOW - timedelta(days=90)
        while instant < NOW:
            for component in OUTSIDE:
                milliseconds = usual[component] * (0.8 + 0.35 * bustle(instant) + 0.3 * chance.random())
                if chance.random() < 0.03:
                    milliseconds *= 2.6
                now_bad = [it.components[component] for it in troubles
                           if component in it.components and it.started <= instant <= it.recovered]
                if not now_bad:
                    file.write(f"{rfc3339(instant)},{component},{milliseconds:.0f}\n")
            instant += 15 * MINUTE if NOW - instant <= timedelta(days=1) else timedelta(hours=4)


def main():
    for folder in ("incidents", "evidence"):
        shutil.rmtree(HERE / folder, ignore_errors=True)
    (HERE / "evidence" / "latency").mkdir(parents=True)
    chance = Chance(20261119)
    troubles = incidents(chance)
    wrong = next(it for it in troubles if it.title == "Checkout is down")
    wrong.corrected = (wrong.updates[-1][1] + timedelta(days=1, minutes=50),
                       "The postmortem said that the job had been off for nine days. It was off for eleven.")
    planned, seen = maintenances(chance, troubles)
    files = dict(planned)
    for trouble in troubles:
        files[slug(trouble.started.astimezone(ZONE).date(), trouble.title)] = trouble.text()
    for name, title, starts, ends, text in NOTICES:
        files[name] = f"---\n# {MADE_UP}\ntitle: {title}\nkind: notice\nstarts: {starts}\nends: {ends}\n---\n\n{text}\n"
    for name, text in files.items():
        folder = HERE / "incidents" / (name[:4] if name[:2] == "20" else "")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.md").write_bytes(text.encode())
    states(chance, troubles, seen)
    failed_cards(chance, troubles)
    latency(chance, troubles)


if __name__ == "__main__":
    main()
