"""Time our sync beside plexapi alone, against the demo server with a made-up library.

plexapi: `section.all()` of both libraries builds its objects and the fields that we mirror are
read from them (nothing is stored). Ours: `manage.py sync` into an empty SQLite database, episodes
included, then again with nothing changed, and once more against a server that trims no listing.
Prints seconds by the wall and of our process, the ratios, the requests and our peak memory.

    python benchmarks/sync_speed.py [TITLES] [--ours]
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "benchmark-token"  # noqa: S105 (of a server on this machine, for a minute)
FIELDS = [
    "guid",
    "guids",
    "type",
    "title",
    "titleSort",
    "originalTitle",
    "editionTitle",
    "thumb",
    "art",
    "addedAt",
    "year",
    "originallyAvailableAt",
    "summary",
    "duration",
    "studio",
    "contentRating",
    "audienceRating",
    "rating",
    "genres",
    "directors",
    "writers",
    "roles",
    "countries",
    "collections",
    "labels",
    "viewCount",
    "lastViewedAt",
    "userRating",
]


def plexapi_reads(url: str) -> float:
    """Read every field of every title with plexapi's own objects; return the seconds."""
    os.environ["PLEXAPI_PLEXAPI_AUTORELOAD"] = "false"
    from plexapi.server import PlexServer  # noqa: PLC0415 (after the switch above)

    started = time.perf_counter()
    for section in PlexServer(url, TOKEN).library.sections():
        for item in section.all():
            for name in FIELDS:
                getattr(item, name, None)
    return time.perf_counter() - started


def our_sync(url: str, data: str) -> dict[str, float]:
    """Sync in a process of its own; return its counts and its seconds by the wall."""
    environment = {**os.environ, "DATA_DIR": data, "PLEX_URL": url, "PLEX_TOKEN": TOKEN}
    manage = [sys.executable, str(ROOT / "manage.py")]
    subprocess.run([*manage, "migrate", "-v0"], env=environment, check=True)
    started, before = time.perf_counter(), _cpu()
    out = subprocess.run(
        [*manage, "sync", "--json", "-v0"], env=environment, check=True, capture_output=True
    ).stdout
    wall, cpu = time.perf_counter() - started, _cpu() - before
    return {**json.loads(out.splitlines()[-1]), "wall": wall, "cpu": cpu}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def control(url: str, what: str, told: dict[str, bool] | None = None) -> dict[str, Any]:
    """Ask the demo server for its counts, or set its faults."""
    body = None if told is None else json.dumps(told).encode()
    request = Request(f"{url}/demo/{what}", body, {"X-Plex-Token": TOKEN})  # noqa: S310
    with urlopen(request) as answer:  # noqa: S310
        found: dict[str, Any] = json.load(answer)
    return found


def main(titles: int, *, only_ours: bool) -> None:
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "plexsync.demo",
            f"--titles={titles}",
            f"--token={TOKEN}",
            "--port=0",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        url = next(word for word in server.stdout.readline().split() if word.startswith("http"))
        with tempfile.TemporaryDirectory() as data:
            first, asked = our_sync(url, data), control(url, "requests")["kinds"]
            second = our_sync(url, data)
            control(url, "faults", {"ignore_excludes": True})
            whole = our_sync(url, data)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        control(url, "faults", {"ignore_excludes": False})
        alone = None if only_ours else plexapi_reads(url)
    finally:
        server.terminate()
    print(f"{first['titles']:.0f} titles; complete: {first['complete']}, {second['complete']}")
    print(f"requests of the first: {asked}")
    if alone:
        print(
            f"plexapi all() and fields {alone:6.1f} s; our first {first['wall'] / alone:.2f} of it"
        )
    for name, done in {"first": first, "second": second, "untrimmed": whole}.items():
        print(
            f"our {name:10} sync {done['wall']:6.1f} s, {done['cpu']:6.1f} s of CPU: "
            f"{done['wall'] / first['wall']:.2f} and {done['cpu'] / first['cpu']:.2f} of the first"
        )
    print(f"peak memory of a sync {peak} MiB")


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(numbers[0] if numbers else 20_000, only_ours="--ours" in sys.argv)
