"""Reads a page with the clients that Python people use, and prints what each of them understood, as JSON.

read.py URL: the address of the page, with its slash.
"""

import importlib
import json
import os
import sys
import tempfile

address = sys.argv[1]


def discordstatus():
    """The documents as `DiscordStatus` gets them; it knows one address only, which is replaced."""
    from discordstatus import DiscordStatus

    client = DiscordStatus()
    client.base_target = address + "api/v2"
    names = [
        "summary",
        "status",
        "components",
        "unresolved_incidents",
        "all_incidents",
        "upcoming_maintenances",
        "active_maintenances",
        "all_maintenances",
    ]
    return {name: getattr(client, name) for name in names}


def exporter():
    """What `statuspage-prometheus-exporter` makes metrics of. It keeps a cache in the folder that it runs in."""
    os.chdir(tempfile.mkdtemp(prefix="allclear-exporter-"))
    service = {"url": address + "api/v2/summary.json", "name": "Page"}
    with open("services.json", "w", encoding="utf-8") as file:
        json.dump({"page": service}, file)
    checker = importlib.import_module("statuspage_prometheus_exporter.service_checker")
    return checker.check_service_status("page", service)


json.dump({"discordstatus": discordstatus(), "exporter": exporter()}, sys.stdout)
