#!/usr/bin/env python3
"""Writes the evidence of this example into `evidence/`: the same bytes each time.

All of it is made up, and agrees with what the files in `incidents/` say. A real site has what the probes in its workflow
have seen instead.
"""

import json
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path

EVIDENCE = Path(__file__).resolve().parent / "evidence"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=timezone.utc)
LATENCY_SINCE = NOW - timedelta(days=90)
FIRST = "2026-05-31T22:19:00Z"
LAST = "2026-11-22T08:21:00Z"

# Of each source: the component, its status, and from when to when.
SEEN = {
    "github": [(component, "operational", FIRST, LAST) for component in ("website", "mirror")] + [
        ("docs", "operational", FIRST, "2026-07-03T13:09:00Z"),
        ("docs", "partial_outage", "2026-07-03T15:31:00Z", "2026-07-03T18:02:00Z"),
        ("docs", "operational", "2026-07-03T19:04:00Z", LAST),
    ],
    "github-index": [("index", "operational", FIRST, LAST)],
    "githubstatus": [
        ("ci", "operational", FIRST, "2026-11-11T11:20:00Z"),
        ("ci", "degraded_performance", "2026-11-11T14:18:00Z", "2026-11-11T17:22:00Z"),
        ("ci", "operational", "2026-11-11T18:19:00Z", LAST),
    ],
}

# How long an answer usually takes, in milliseconds.
USUAL = {"website": 180, "docs": 140, "index": 95, "mirror": 310}


def rfc3339(instant):
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def main():
    (EVIDENCE / "latency").mkdir(parents=True, exist_ok=True)
    for source, seen in SEEN.items():
        with open(EVIDENCE / f"{source}.jsonl", "w", encoding="utf-8", newline="\n") as file:
            for component, status, start, end in seen:
                line = {"component": component, "status": status, "from": start, "to": end, "source": source}
                file.write(json.dumps(line, separators=(",", ":")) + "\n")

    chance = random.Random(20261122)
    looks = {source: "time,component,milliseconds\n" for source in ("github", "github-index")}
    instant = LATENCY_SINCE
    while instant < NOW:
        for component, usual in USUAL.items():
            source = "github-index" if component == "index" else "github"
            slow = 3.2 if chance.random() < 0.05 else 1.0
            milliseconds = usual * slow * (0.8 + 0.5 * chance.random())
            looks[source] += f"{rfc3339(instant)},{component},{milliseconds:.1f}\n"
        # The clock of the host is asked for every hour, and comes every few.
        instant += timedelta(minutes=120 + int(230 * chance.random()))
    for source, text in looks.items():
        with open(EVIDENCE / "latency" / f"{source}.csv", "w", encoding="utf-8", newline="\n") as file:
            file.write(text)


if __name__ == "__main__":
    main()
