"""Time our sync beside plexapi alone, against the demo server with a made-up library.

plexapi: `section.all()` of both libraries builds its objects and the fields that we mirror are
read from them (nothing is stored). Ours: `manage.py sync` into an empty SQLite database, then
again with nothing changed. Prints seconds, the ratios and our peak memory.

    python benchmarks/sync_speed.py [TITLES]
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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
    started = time.perf_counter()
    out = subprocess.run(
        [*manage, "sync", "--json", "-v0"], env=environment, check=True, capture_output=True
    ).stdout
    return {**json.loads(out.splitlines()[-1]), "wall": time.perf_counter() - started}


def main(titles: int) -> None:
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
            first, second = our_sync(url, data), our_sync(url, data)
        alone = plexapi_reads(url)
    finally:
        server.terminate()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{first['titles']:.0f} titles; complete: {first['complete']}, {second['complete']}")
    print(f"plexapi all() and fields  {alone:6.1f} s")
    print(
        f"our first sync            {first['wall']:6.1f} s   {first['wall'] / alone:.2f} of plexapi"
    )
    print(
        f"our second sync           {second['wall']:6.1f} s   {second['wall'] / first['wall']:.2f} of the first"
    )
    print(f"peak memory of a child    {peak} MiB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
