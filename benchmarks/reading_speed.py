"""Reading beside parsing: what our reader costs above `ElementTree.fromstring` on the same bytes.

A demo server with a made-up library runs in a process of its own. Each round takes a page (or a
batch of full entries) several ways, one after another: parsed only; asked for and parsed; that, and
looked through as a sweep does or made records. CPU seconds of this process alone; ratios are
those of the medians.

    python benchmarks/reading_speed.py [TITLES]
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any
from xml.etree.ElementTree import fromstring

import django

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moodrec.settings")
django.setup()
TOKEN = "benchmark-token"  # noqa: S105 (of a server on this machine, for a minute)

from plexsync.client import BATCH, PAGE, PlexClient  # noqa: E402 (after the path above)
from plexsync.client.parsing import parsed, uncollected  # noqa: E402
from plexsync.records import Section, title_record  # noqa: E402
from plexsync.sweep import looked_through  # noqa: E402

FILMS = Section("1", "movie", "Films")


def cpu(work: Callable[..., Any], *arguments: Any) -> float:
    started = time.process_time()
    work(*arguments)
    return time.process_time() - started


def main(titles: int) -> None:
    command = [sys.executable, "-m", "plexsync.demo", f"--titles={titles}", f"--token={TOKEN}"]
    server = subprocess.Popen([*command, "--port=0"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        url = next(word for word in server.stdout.readline().split() if word.startswith("http"))
        client = PlexClient(url, TOKEN, "benchmark")
        client.query("/identity")  # the connection is made
        told("page, trimmed: looked through", pages(client, titles))
        told("page, whole: looked through", pages(client, titles, whole=True))
        told("batch: made records", batches(client, titles))
    finally:
        server.terminate()


def told(name: str, rounds: Iterator[tuple[float, float, float, int]]) -> None:
    floors, read, used, counts = zip(*rounds, strict=True)
    floor, each = median(floors), 1e6 / median(counts)
    print(
        f"{name:30} parse {floor * each:6.1f} µs a title, read {median(read) / floor:.2f} of that, "
        f"and used {median(used) / floor:.2f}"
    )


def pages(
    client: PlexClient, titles: int, *, whole: bool = False
) -> Iterator[tuple[float, float, float, int]]:
    """Per page: seconds to parse, to read, to read and look through; entries."""
    path = client.listing_path(FILMS)
    path = path.partition("&exclude")[0] if whole else path
    for start in range(0, int(titles * 0.9) - PAGE + 1, PAGE):
        window = {"X-Plex-Container-Start": str(start), "X-Plex-Container-Size": str(PAGE)}
        body = client.get(path, window)
        floor = cpu(fromstring, body)
        read = cpu(client.query, path, window)
        used = cpu(lambda w=window: looked_through(list(client.query(path, w))))
        yield floor, read, used, PAGE


def batches(client: PlexClient, titles: int) -> Iterator[tuple[float, float, float, int]]:
    """Per batch: seconds to parse, to read, to read and make records; entries."""
    keys = [e.get("ratingKey") or "" for page in client.listing(FILMS) for e in page.entries]
    for start in range(0, min(len(keys), titles // 5) - BATCH + 1, BATCH):
        part = keys[start : start + BATCH]
        body = client.full(part)
        floor = cpu(fromstring, body)

        read = cpu(lambda p=part: parsed(client.full(p)))
        yield floor, read, cpu(_records, client, part), BATCH


def _records(client: PlexClient, keys: list[str]) -> None:
    with uncollected():
        [title_record(entry) for entry in parsed(client.full(keys))]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
