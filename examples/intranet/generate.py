#!/usr/bin/env python3
"""Writes the evidence of this example into `evidence/`: the same bytes each time.

All of it is made up, and agrees with what the files in `incidents/` say. A real site has what its probes have seen instead.
"""

import json
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path

EVIDENCE = Path(__file__).resolve().parent / "evidence"
RIYADH = timezone(timedelta(hours=3))
NOW = datetime(2026, 11, 20, 23, 30, tzinfo=RIYADH)
FIRST = datetime(2026, 7, 1, 0, 0, tzinfo=RIYADH)
LAST = NOW - timedelta(minutes=1)
MINUTE = timedelta(minutes=1)

ASKED = {
    "riyadh": ["sso", "vpn", "mail", "files", "meetings", "hr", "finance"],
    "prometheus": ["wifi", "printing"],
    "certificates": ["sso"],
}

# What was seen but "operational", in the time of Riyadh. While mail moves it cannot be reached, as announced.
TROUBLE = [
    ("riyadh", "sso", "major_outage", "2026-10-27 07:53", "2026-10-27 09:00"),
    ("riyadh", "hr", "partial_outage", "2026-10-27 07:54", "2026-10-27 09:00"),
    ("riyadh", "finance", "partial_outage", "2026-10-27 07:54", "2026-10-27 09:00"),
    ("prometheus", "printing", "partial_outage", "2026-11-08 10:16", "2026-11-08 11:57"),
    ("riyadh", "meetings", "degraded_performance", "2026-11-12 09:07", "2026-11-12 10:18"),
    ("riyadh", "mail", "major_outage", "2026-11-20 22:06", "2026-11-20 23:29"),
]

# How long an answer usually takes, in milliseconds.
USUAL = {"sso": 85, "meetings": 60, "hr": 240, "finance": 240}


def local(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=RIYADH)


def rfc3339(instant):
    return instant.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def states(source, component):
    since = FIRST
    for of, name, status, start, end in TROUBLE:
        if (of, name) != (source, component):
            continue
        yield "operational", since, local(start) - MINUTE
        yield status, local(start), local(end)
        since = local(end) + MINUTE
    if since <= LAST:
        yield "operational", since, LAST


def is_trouble(component, instant):
    return any(name == component and local(start) <= instant <= local(end) for _, name, _, start, end in TROUBLE)


def main():
    (EVIDENCE / "latency").mkdir(parents=True, exist_ok=True)
    for source, components in ASKED.items():
        with open(EVIDENCE / f"{source}.jsonl", "w", encoding="utf-8", newline="\n") as file:
            for component in components:
                for status, start, end in states(source, component):
                    line = {"component": component, "status": status, "from": rfc3339(start), "to": rfc3339(end), "source": source}
                    file.write(json.dumps(line, separators=(",", ":")) + "\n")

    chance = random.Random(14480610)
    with open(EVIDENCE / "latency" / "riyadh.csv", "w", encoding="utf-8", newline="\n") as file:
        file.write("time,component,milliseconds\n")
        instant = NOW - timedelta(days=90)
        while instant < NOW:
            # People work from Sunday to Thursday, from half past seven to half past four.
            is_at_work = instant.weekday() not in (4, 5) and 7 <= instant.hour < 17
            for component, usual in USUAL.items():
                busy = 1.5 if is_at_work else 1.0
                milliseconds = usual * busy * (0.8 + 0.5 * chance.random())
                if not is_trouble(component, instant):
                    file.write(f"{rfc3339(instant)},{component},{milliseconds:.1f}\n")
            instant += timedelta(hours=6) if NOW - instant > timedelta(days=1) else timedelta(minutes=30)


if __name__ == "__main__":
    main()
