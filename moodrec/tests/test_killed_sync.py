"""A sync that is killed at any moment costs nothing but time: the next one goes on from there."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from moodrec.tests.installs import ROOT, Install
from plexsync.demo.generated import generated_library
from plexsync.demo.server import DemoPlex

pytestmark = pytest.mark.processes
TITLES, KILLS = 3_000, 10


@pytest.fixture
def plex() -> Iterator[DemoPlex]:
    """A server that takes a little for every answer, so that a sync has a middle."""
    library = generated_library(TITLES)
    with DemoPlex(library, token="t", faults={"slow_ms": 40}) as server:
        yield server


def start(install: Install, plex: DemoPlex) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "manage.py", "sync", "--json", "-v0"],
        cwd=ROOT,
        env=install.variables(PLEX_URL=plex.url, PLEX_TOKEN=plex.token),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def rows(install: Install, question: str) -> list[tuple[object, ...]]:
    import sqlite3  # noqa: PLC0415

    with sqlite3.connect(install.database) as database:
        return database.execute(question).fetchall()


def test_a_sync_killed_ten_times_is_finished_by_the_next(install: Install, plex: DemoPlex) -> None:
    seed = time.time_ns() % 10**6
    print(f"seed {seed}")  # noqa: T201 (shown where it fails)
    chance = random.Random(seed)  # noqa: S311 (moments, no secrets)
    for _kill in range(KILLS):
        begun = plex.requests.kinds.total()
        sync = start(install, plex)
        wanted = begun + chance.randint(1, 9)  # requests that it may still make
        while plex.requests.kinds.total() < wanted and sync.poll() is None:
            time.sleep(0.01)
        time.sleep(chance.random() * 0.1)
        sync.kill()
        sync.communicate()
    stored = rows(install, "SELECT count(*) FROM plexsync_mediaitem")[0][0]
    plex.requests.clear()
    plex.faults.clear()
    out, errors = start(install, plex).communicate()
    assert out, errors.decode()
    done = json.loads(out.splitlines()[-1])
    assert (done["titles"], done["complete"], done["missing"]) == (TITLES, True, 0)
    assert done["created"] == TITLES - int(str(stored))  # what was stored is not read again
    assert plex.requests.kinds["metadata batch"] <= done["created"] // 200 + 2
    doubled = "SELECT rating_key FROM plexsync_mediaitem GROUP BY library_id, rating_key"
    assert len(rows(install, doubled)) == TITLES
    assert rows(install, "SELECT count(*) FROM plexsync_mediaitem WHERE fingerprint = ''") == [(0,)]
    episodes = sum(sum(t.seasons) for t in plex.library.titles.values())
    assert rows(install, "SELECT count(DISTINCT rating_key) FROM plexsync_episode") == [(episodes,)]
