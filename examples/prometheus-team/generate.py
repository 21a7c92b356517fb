#!/usr/bin/env python3
"""Writes the evidence of this example into `evidence/`: the same bytes each time.

All of it is made up, and agrees with what the files in `incidents/` say. A real site has what its probes and
Prometheus have seen instead.
"""

import json
import math
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path

EVIDENCE = Path(__file__).resolve().parent / "evidence"
NOW = datetime(2026, 11, 17, 10, 15, tzinfo=timezone.utc)
FIRST_DAY = datetime(2026, 7, 31, 22, tzinfo=timezone.utc)

# What each source saw but "operational": the component, its status, and from when to when.
TROUBLE = {
    "outside": [],
    "prometheus": [],
    "alertmanager": [
        ("webhooks", "degraded_performance", "2026-10-14T11:06", "2026-10-14T12:16"),
        ("playback", "partial_outage", "2026-11-09T18:14", "2026-11-09T19:08"),
        ("playback", "degraded_performance", "2026-11-09T19:09", "2026-11-09T19:50"),
        ("encoding", "degraded_performance", "2026-11-17T08:42", "2026-11-17T10:14"),
    ],
}
ASKED = {
    "outside": ["website"],
    "prometheus": ["uploads", "encoding", "api", "webhooks"],
    "alertmanager": ["playback", "encoding", "webhooks"],
}


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def rfc3339(instant):
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def states(source):
    """The component states that a source has seen, in the shortest form."""
    lines = []
    minute = timedelta(minutes=1)
    for component in ASKED[source]:
        since = FIRST_DAY
        for name, status, start, end in TROUBLE[source]:
            if name != component:
                continue
            if since < at(start):
                lines.append((component, "operational", since, at(start) - minute))
            lines.append((component, status, at(start), at(end)))
            since = at(end) + minute
        if since < NOW - minute:
            lines.append((component, "operational", since, NOW - minute))
    with open(EVIDENCE / f"{source}.jsonl", "w", encoding="utf-8", newline="\n") as file:
        for component, status, start, end in lines:
            line = {"component": component, "status": status, "from": rfc3339(start), "to": rfc3339(end), "source": source}
            file.write(json.dumps(line, separators=(",", ":")) + "\n")


def day(instant):
    """How busy it is: from 0 at five in the morning to 1 at eight in the evening, in Berlin."""
    hour = (instant.hour + instant.minute / 60 + 1) % 24
    distance = min(abs(hour - 20), 24 - abs(hour - 20))
    return math.exp(-((distance / 5.5) ** 2))


def between(points, instant):
    """The value at an instant of a line through points, and 0 outside of it."""
    for (a, low), (b, high) in zip(points, points[1:]):
        if at(a) <= instant <= at(b):
            share = (instant - at(a)) / (at(b) - at(a))
            return low + (high - low) * share
    return 0.0


def samples(name, labels, value):
    """An answer of `query_range` over 15 days, every ten minutes."""
    values = []
    instant = NOW - timedelta(days=15, minutes=5)
    while instant <= NOW:
        values.append([int(instant.timestamp()), value(instant)])
        instant += timedelta(minutes=10)
    answer = {"status": "success", "data": {"resultType": "matrix", "result": [{"metric": labels, "values": values}]}}
    with open(EVIDENCE / name, "w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(answer, separators=(",", ":")) + "\n")


def main():
    EVIDENCE.mkdir(exist_ok=True)
    (EVIDENCE / "latency").mkdir(exist_ok=True)
    for source in ASKED:
        states(source)

    chance = random.Random(20261117)
    wait = [("2026-11-17T08:20", 0), ("2026-11-17T08:40", 560), ("2026-11-17T09:20", 2480), ("2026-11-17T09:45", 2990),
            ("2026-11-17T10:00", 2810), ("2026-11-17T10:15", 2230)]
    samples("queue.json", {"queue": "encoding"},
            lambda instant: str(round(25 + 70 * chance.random() * (0.4 + day(instant)) + between(wait, instant))))
    stalls = [("2026-11-09T18:05", 0), ("2026-11-09T18:25", 160), ("2026-11-09T18:55", 205), ("2026-11-09T19:10", 95),
              ("2026-11-09T19:45", 25), ("2026-11-09T20:05", 0)]
    samples("stalls.json", {},
            lambda instant: f"{2 + 14 * day(instant) + 3 * chance.random() + between(stalls, instant):.1f}")

    with open(EVIDENCE / "latency" / "outside.csv", "w", encoding="utf-8", newline="\n") as file:
        file.write("time,component,milliseconds\n")
        instant = NOW - timedelta(days=90)
        while instant < NOW:
            usual = 110 + 60 * day(instant) + 45 * chance.random()
            slow = 240 * chance.random() if chance.random() < 0.04 else 0
            file.write(f"{rfc3339(instant)},website,{usual + slow:.1f}\n")
            instant += timedelta(hours=2) if NOW - instant > timedelta(days=1) else timedelta(minutes=5)


if __name__ == "__main__":
    main()
