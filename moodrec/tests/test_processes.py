"""The real thing: `manage.py up` with broker, worker, scheduler and web, and what may befall them."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from moodrec.tests.browser import Browser
from moodrec.tests.installs import ROOT, Install, free_ports
from plexsync.demo.generated import generated_library
from plexsync.demo.server import DemoPlex

pytestmark = pytest.mark.processes
PATIENCE = 60  # seconds until a test gives up; nothing is measured by it
TITLES = 3000


def until(true: Callable[[], Any], what: str) -> Any:
    """Wait until something is true and return it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.1)
    pytest.fail(f"Waited in vain for {what}.")


def processes() -> dict[int, tuple[int, str]]:
    """Every process of this machine that is not a zombie: its parent and its command."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        if state != "Z":
            found[int(folder.name)] = (int(parent), command)
    return found


@dataclass
class House:
    """A running install."""

    install: Install
    up: "subprocess.Popen[bytes]"
    plex: DemoPlex
    log: Path
    key: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.install.environment['PORT']}"

    def family(self) -> dict[int, str]:
        """The processes that `up` started, and those that they started."""
        everybody, found, parents = processes(), dict[int, str](), {self.up.pid}
        while parents:  # the numbers tell nothing of age: they begin anew after the highest
            young = {pid: line for pid, (above, line) in everybody.items() if above in parents}
            found |= young
            parents = set(young)
        return found

    def part(self, word: str) -> int:
        """The number of the part with this word in its command, which `up` itself started."""
        everybody = processes().items()
        [found] = [pid for pid, (above, line) in everybody if above == self.up.pid and word in line]
        return found

    def ask(self, method: str, path: str) -> dict[str, Any]:
        headers = {"Authorization": f"Token {self.key}"}
        answer = requests.request(method, self.url + path, headers=headers, timeout=30)
        assert answer.ok, answer.text
        return dict(answer.json())

    def job(self, number: int) -> dict[str, Any]:
        return self.ask("GET", f"/api/jobs/{number}")

    def ended(self, number: int) -> dict[str, Any]:
        def over() -> dict[str, Any] | None:
            job = self.job(number)
            return job if job["state"] not in {"queued", "running"} else None

        found: dict[str, Any] = until(over, f"the end of job {number}")
        return found

    def sql(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.install.database, timeout=20)) as database:
            return database.execute(query, values).fetchall()

    def begin_slow_sync(self, slow_ms: int = 400) -> int:
        """Start a sync that takes some seconds and wait until it is under way."""
        with closing(sqlite3.connect(self.install.database, timeout=20)) as database, database:
            database.execute("UPDATE plexsync_mediaitem SET fingerprint = ''")  # all is read again
        self.plex.faults.set({"slow_ms": slow_ms, "only_path": "/library"})
        number = int(self.ask("POST", "/api/sync")["job"])
        until(lambda: self.job(number)["state"] == "running", "the sync to start")
        return number


@contextmanager
def running(folder: Path, plex: DemoPlex, environment: dict[str, str]) -> Iterator[House]:
    """Run everything in this environment, and keep what it writes."""
    install = Install(folder / "data", {**free_ports(), "BIND": "127.0.0.1", **environment})
    log = folder / "log"
    with log.open("wb") as file:
        up = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=install.variables(),
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        until(lambda: "/welcome/" in log.read_text() or up.poll() is not None, "the link")
        assert up.poll() is None, log.read_text()
        yield House(install, up, plex, log)
    finally:
        up.terminate()
        up.wait(PATIENCE)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with DemoPlex(generated_library(TITLES), token="canary-plex-token") as plex:
        environment = {
            "PLEX_URL": plex.url,
            "PLEX_TOKEN": plex.token,
            "JOB_LEASE_SECONDS": "4",
            "JOB_TICK_SECONDS": "2",
            "SYNC_EVERY_HOURS": "0",  # only what a test asks for
            "TRAIN_EVERY_HOURS": "0",
            "PLAYS_EVERY_HOURS": "0",
            "STARS_EVERY_HOURS": "0",
            "SHELVES_EVERY_HOURS": "0",
            "LOG_LEVEL": "INFO",
        }
        with running(folder, plex, environment) as house:
            yield house


@pytest.fixture
def keyed(house: House) -> House:
    """The house with a key to its API, and Plex as fast as ever."""
    house.key = house.key or house.install.manage("apikey", "ada").stdout.strip()
    house.plex.faults.clear()
    return house


def test_a_fresh_install_prints_a_link_and_answers(house: House) -> None:
    assert f"MoodRec is ready at http://localhost:{house.install.environment['PORT']}" in (
        house.log.read_text()
    )
    assert requests.get(f"{house.url}/healthz", timeout=10).json() == {"status": "ok"}
    assert requests.get(f"{house.url}/readyz", timeout=10).status_code == 200
    link = next(line for line in house.log.read_text().split() if "/welcome/" in line)
    path = "/welcome/" + link.rpartition("/")[2]
    opened = requests.get(house.url + path, timeout=10)
    assert (opened.status_code, opened.url) == (200, f"{house.url}/owner")
    assert requests.get(house.url + path, timeout=10).status_code == 410


def test_a_second_start_on_the_same_data_says_so(house: House) -> None:
    second = Install(house.install.folder, {"PORT": "0"}).manage("up")
    assert second.returncode == 1
    assert "MoodRec runs already on" in second.stderr


def test_a_second_install_on_the_same_port_says_so(house: House, tmp_path: Path) -> None:
    port = house.install.environment["PORT"]
    second = Install(tmp_path, {"PORT": port, "BIND": "127.0.0.1"}).manage("up")
    assert second.returncode == 1
    assert f"Port {port} is taken. Is MoodRec running already?" in second.stderr


def test_the_scheduler_reaches_the_worker_through_the_broker(keyed: House) -> None:
    until(lambda: keyed.sql("SELECT * FROM jobs_heartbeat"), "the first tick")
    assert keyed.sql("SELECT COUNT(*) FROM jobs_job") == [(0,)]


def test_training_runs_in_the_worker(keyed: House) -> None:
    number = int(keyed.ask("POST", "/train")["job"])
    job = keyed.ended(number)
    assert (job["state"], job["detail"]) == ("skipped", "0 answers so far; training starts with 5.")


def test_a_sync_survives_the_death_of_its_worker(keyed: House) -> None:
    number = keyed.begin_slow_sync()
    until(lambda: keyed.sql("SELECT 1 FROM plexsync_mediaitem LIMIT 1"), "the first titles")
    os.kill(keyed.part("celery -q -A moodrec worker"), signal.SIGKILL)
    assert keyed.sql("SELECT COUNT(*) FROM plexsync_mediaitem") != [(TITLES,)]
    keyed.plex.faults.clear()
    job = keyed.ended(number)
    assert job["state"] == "succeeded"
    assert (job["result"]["titles"], job["result"]["complete"]) == (TITLES, True)
    assert keyed.sql("SELECT attempt FROM jobs_job WHERE kind = 'sync'") == [(2,)]
    assert keyed.sql(
        "SELECT COUNT(*), COUNT(DISTINCT rating_key), SUM(available) FROM plexsync_mediaitem"
    ) == [(TITLES, TITLES, TITLES)]
    assert keyed.sql("PRAGMA integrity_check") == [("ok",)]


def test_a_queued_job_survives_the_death_of_the_broker(keyed: House) -> None:
    sync = keyed.begin_slow_sync()
    train = int(keyed.ask("POST", "/train")["job"])
    os.kill(keyed.part("unixsocket"), signal.SIGKILL)
    # the broker is away: asking is answered all the same
    assert keyed.ask("POST", "/train")["job"] == train
    keyed.plex.faults.clear()
    assert keyed.ended(sync)["state"] == "succeeded"
    assert keyed.ended(train)["state"] == "succeeded"  # from the stars in Plex
    attempts = "SELECT attempt FROM jobs_job WHERE id IN (?, ?)"
    assert keyed.sql(attempts, sync, train) == [(1,), (1,)]


def test_a_cancelled_sync_stops_its_worker_and_the_next_one_is_complete(keyed: House) -> None:
    owner = Browser(keyed.url)
    owner.get("/welcome/" + keyed.install.manage("link", "ada").stdout.strip().rpartition("/")[2])
    number = keyed.begin_slow_sync()
    until(lambda: keyed.sql("SELECT 1 FROM plexsync_mediaitem LIMIT 1"), "the first titles")
    owner.send(owner.get(f"/jobs/{number}"), f"/jobs/{number}/cancel")
    job = keyed.ended(number)
    assert (job["state"], job["detail"]) == ("skipped", "Cancelled by ada.")
    assert job["progress"] < 1
    assert keyed.sql("SELECT COUNT(*) FROM plexsync_mediaitem WHERE available") > [(0,)]
    assert owner.get("/").status_code == 200
    keyed.plex.faults.clear()
    job = keyed.ended(int(keyed.ask("POST", "/api/sync")["job"]))
    assert job["state"] == "succeeded"
    assert (job["result"]["titles"], job["result"]["complete"]) == (TITLES, True)


def test_on_sigterm_everybody_goes_even_in_the_middle_of_a_sync(keyed: House) -> None:
    number = keyed.begin_slow_sync(slow_ms=2_000)
    family = keyed.family()
    assert len(family) >= 6  # broker, worker and its child, scheduler, web and its two
    keyed.up.terminate()
    assert keyed.up.wait(15) == 0  # docker grants ten seconds
    alive = {pid: command for pid, (_parent, command) in processes().items()}
    assert family.items() & alive.items() == set()
    # the row knows what was under way: the next start takes it up
    assert keyed.sql("SELECT state FROM jobs_job WHERE id = ?", number) == [("running",)]
    assert "canary" not in keyed.log.read_text()
