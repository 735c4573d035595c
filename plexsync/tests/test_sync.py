"""Syncs as jobs and as a command: complete or not at all, and the cause is always named."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection as database
from pytest_django import Settings

from moodrec.jobs import run
from moodrec.jobs.models import Job
from moodrec.jobs.run import JobFailed, JobSkipped
from moodrec.tests import builders
from moodrec.tests.installs import Install
from plexsync import sync
from plexsync.client import PlexError
from plexsync.client import server as client_module
from plexsync.demo import routes_library
from plexsync.demo.generated import generated_library
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, Library, MediaItem
from plexsync.tests.test_catalogue import contents

pytestmark = pytest.mark.django_db


def run_job() -> Job:
    """A sync as the worker runs it."""
    job = builders.job("sync", state=Job.State.QUEUED)
    run.run(job.pk)
    job.refresh_from_db()
    return job


def test_a_sync_job_tells_what_it_did(connected: Connection) -> None:
    job = run_job()
    assert (job.state, job.progress, job.detail) == ("succeeded", 1.0, "300 titles on offer.")
    assert job.result["titles"] == job.result["created"] == 300
    assert job.result["complete"] is True


@pytest.mark.parametrize(
    ("fault", "state", "cause"),
    [
        ({"truncate": True}, "unreachable", "not Plex's"),
        ({"reset": True}, "unreachable", "hung up"),
        ({"status": 401}, "unreachable", "refused one request, but takes the token"),
        ({"status": 503}, "unreachable", "starting or busy"),
        ({"slow_ms": 1_000}, "unreachable", "did not answer in time"),
        ({"html": True}, "unreachable", "not Plex's"),
    ],
)
@pytest.mark.parametrize("path", ["/library/sections/2/all", "/library/metadata"])
def test_a_sync_that_breaks_in_the_middle_changes_no_title(
    synced: Connection,
    plex: DemoPlex,
    monkeypatch: pytest.MonkeyPatch,
    fault: dict[str, Any],
    state: str,
    cause: str,
    path: str,
) -> None:
    monkeypatch.setattr(client_module, "READ_SECONDS", 0.5 if "slow_ms" in fault else 60)
    before = contents()
    # titles are gone and others changed: a broken sync may store neither as the truth
    for key in range(1001, 1011):
        plex.library.remove(key)
    plex.library.rename(plex.library.titles[200_001], "Renamed", 1_800_000_000)
    if path == "/library/metadata":
        plex.library.changed(plex.library.titles[1200], now=1_800_000_000)
        plex.faults.set({**fault, "only_path": path})
    else:
        Library.objects.filter(type="movie").update(enabled=False)
        plex.faults.set({**fault, "only_path": path})
    job = run_job()
    assert job.state == "failed"
    assert cause in job.detail
    assert contents() == before
    synced.refresh_from_db()
    assert synced.state == state
    assert cause in synced.problem


@pytest.mark.parametrize("fault", [{"truncate": True}, {"reset": True}, {"status": 401}])
def test_a_walk_that_breaks_on_a_later_page_marks_nothing_missing(
    synced: Connection, plex: DemoPlex, small_pages: None, fault: dict[str, Any]
) -> None:
    before = contents()
    for key in range(1001, 1011):
        plex.library.remove(key)
    plex.faults.set({**fault, "only_path": "/library/sections/1/all", "after_requests": 2})
    assert run_job().state == "failed"
    assert contents() == before


def test_the_next_sync_finishes_what_a_broken_one_began(
    connected: Connection, plex: DemoPlex
) -> None:
    plex.faults.set({"reset": True, "only_path": "/library/metadata", "after_requests": 2})
    assert run_job().state == "failed"
    assert MediaItem.objects.count() == 200
    plex.faults.clear()
    job = run_job()
    assert (job.result["created"], job.result["titles"]) == (100, 300)
    connected.refresh_from_db()
    assert (connected.state, connected.problem) == ("ok", "")


def test_a_server_that_is_off_fails_the_job_and_says_so(synced: Connection, plex: DemoPlex) -> None:
    before = contents()
    plex.stop()
    job = run_job()
    assert (job.state, job.detail) == (
        "failed",
        "Plex is not reachable. Is the server on, the address right?",
    )
    assert contents() == before


def test_without_a_server_there_is_nothing_to_sync() -> None:
    job = run_job()
    assert job.state == "skipped"
    assert job.detail.startswith("No Plex is connected.")


def test_plex_url_and_plex_token_preconfigure_an_install(
    plex: DemoPlex, settings: Settings
) -> None:
    settings.PLEX_URL, settings.PLEX_TOKEN = plex.url, plex.token
    assert sync.run()["titles"] == 300
    assert Connection.objects.get().token == plex.token


def test_a_preconfigured_server_that_is_off_fails_with_its_cause(
    plex: DemoPlex, settings: Settings
) -> None:
    settings.PLEX_URL, settings.PLEX_TOKEN = plex.url, "wrong"
    assert run_job().detail == "Plex refused the token. Link MoodRec with Plex again."
    assert not Connection.objects.exists()


def test_music_is_not_our_matter(connected: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    real = routes_library._section
    music = '<Directory key="9" type="artist" title="Music"/>'
    monkeypatch.setattr(routes_library, "_section", lambda *told: music + real(*told))
    assert sync.run()["titles"] == 300
    assert set(Library.objects.values_list("type", flat=True)) == {"movie", "show"}


def test_a_library_that_is_switched_off_is_not_read(connected: Connection, plex: DemoPlex) -> None:
    Library.objects.filter(type="show").update(enabled=False)
    assert sync.run()["titles"] == 270
    assert plex.requests.kinds["listing"] == 1


def test_one_library_can_be_synced_alone(connected: Connection) -> None:
    assert sync.run(library="2")["titles"] == 30
    with pytest.raises(JobFailed, match="no library with key 7"):
        sync.run(library="7")


def test_titles_of_a_library_that_plex_dropped_are_missing(
    synced: Connection, plex: DemoPlex
) -> None:
    plex.library.remove_section(2)
    done = sync.run()
    assert (done["titles"], done["missing"], done["complete"]) == (270, 30, True)


def test_a_library_that_a_starting_server_does_not_list_keeps_its_titles(
    synced: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = routes_library._section
    monkeypatch.setattr(routes_library, "_section", lambda call, n: real(call, n) if n == 1 else "")
    done = sync.run()
    assert (done["titles"], done["missing"], done["complete"]) == (300, 0, True)


def test_a_library_that_is_neither_listed_nor_denied_keeps_its_titles(
    synced: Connection, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = routes_library._section
    monkeypatch.setattr(routes_library, "_section", lambda call, n: real(call, n) if n == 1 else "")
    plex.faults.set({"status": 503, "only_path": "/library/sections/2"})
    done = sync.run()
    assert (done["titles"], done["missing"], done["complete"]) == (300, 0, False)


def test_another_server_takes_the_old_titles_off_offer(synced: Connection, plex: DemoPlex) -> None:
    with DemoPlex(generated_library(40, seed=2), token="other") as other:
        sync.connect(other.url, other.token)
        assert MediaItem.objects.on_offer().count() == 0
        assert sync.run()["titles"] == 40
    assert MediaItem.objects.count() == 340
    # and back again: nothing has to be read anew
    sync.connect(plex.url, plex.token)
    plex.requests.clear()
    assert sync.run()["titles"] == 300
    assert plex.requests.kinds["metadata batch"] == 0


@pytest.mark.parametrize("path", ["/", "/library/sections"])
def test_a_server_that_cannot_be_used_does_not_replace_the_one_in_use(
    synced: Connection, path: str
) -> None:
    fault = {"status": 503, "only_path": path}
    with (
        DemoPlex(generated_library(40, seed=2), token="other", faults=fault) as other,
        pytest.raises(PlexError),
    ):
        sync.connect(other.url, other.token)
    assert Connection.current() == synced


def test_nothing_to_sync_is_told_apart_from_failure(db: None) -> None:
    with pytest.raises(JobSkipped):
        sync.run()


@pytest.mark.django_db(transaction=True)
def test_the_token_is_nowhere_in_the_database_file(plex: DemoPlex) -> None:
    sync.connect(plex.url, plex.token)
    with database.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
    path = Path(database.settings_dict["NAME"])
    written = path.read_bytes() + Path(f"{path}-wal").read_bytes()
    assert b"Generated library of 300 titles" in written  # it is the right file
    assert plex.token.encode() not in written
    assert Connection.objects.get().token == plex.token


def test_the_command_prints_its_counts_on_the_last_line(install: Install, plex: DemoPlex) -> None:
    done = install.manage("sync", "--json", PLEX_URL=plex.url, PLEX_TOKEN=plex.token)
    assert done.returncode == 0
    counts = json.loads(done.stdout.splitlines()[-1])
    assert counts.pop("seconds") > 0
    assert counts == {
        "titles": 300, "created": 300, "updated": 0, "missing": 0, "complete": True,
        "held": 0, "skipped": [], "problems": [],
    }  # fmt: skip
    # the server is known now: it needs no telling
    again = install.manage("sync", "--json")
    assert json.loads(again.stdout.splitlines()[-1])["updated"] == 0


def test_a_command_that_fails_says_why_and_tells_no_secret(
    install: Install, plex: DemoPlex
) -> None:
    connect = {"PLEX_URL": plex.url, "PLEX_TOKEN": plex.token, "LOG_LEVEL": "DEBUG"}
    assert install.manage("sync", "--library=2", **connect).returncode == 0
    plex.faults.set({"status": 401})
    done = install.manage("sync", "--json", **connect)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith(
        "Plex refused the token. Link MoodRec with Plex again."
    )
    assert done.stdout == ""
    assert plex.token not in done.stderr


def test_a_command_without_a_server_names_the_cure(install: Install) -> None:
    done = install.manage("sync")
    assert done.returncode == 1
    assert "set PLEX_URL and PLEX_TOKEN" in done.stderr


def test_a_sync_that_breaks_off_has_told_of_what_it_stored(
    connected: Connection, plex: DemoPlex
) -> None:
    plex.faults.set({"reset": True, "only_path": "/library/metadata", "after_requests": 2})
    assert run_job().state == "failed"
    assert MediaItem.objects.count() == 200
    # who computed something from these titles must know: the next sync finds them unchanged
    assert Library.objects.get(key="1").revision > 0


def test_titles_that_went_missing_are_told_of_in_one_go(
    synced: Connection, plex: DemoPlex, small_pages: None
) -> None:
    revision = Library.objects.get(key="1").revision
    for key in range(1001, 1011):
        plex.library.remove(key)
    assert sync.run()["missing"] == 10
    assert Library.objects.get(key="1").revision == revision + 1


def test_a_server_that_is_connected_during_a_sync_is_synced_too(connected: Connection) -> None:
    with DemoPlex(generated_library(40, seed=2), token="other") as other:

        def connecting(progress: float, detail: str = "") -> None:
            if Connection.current() == connected:
                sync.connect(other.url, other.token)

        assert sync.run(report=connecting)["titles"] == 40


def test_a_server_that_replaces_one_that_is_off_is_synced_too(
    connected: Connection, plex: DemoPlex
) -> None:
    with DemoPlex(generated_library(40, seed=2), token="other") as other:

        def connecting(progress: float, detail: str = "") -> None:
            if Connection.current() == connected:
                plex.stop()
                sync.connect(other.url, other.token)

        assert sync.run(report=connecting)["titles"] == 40


def test_a_server_that_is_connected_anew_during_a_sync_is_asked_with_the_new_token(
    connected: Connection, plex: DemoPlex
) -> None:
    Connection.objects.update(token="old")

    def connecting(progress: float, detail: str = "") -> None:
        sync.connect(plex.url, plex.token)

    assert sync.run(report=connecting)["titles"] == 300
    connected.refresh_from_db()
    assert connected.state == "ok"


def test_a_refused_token_is_not_tried_again_soon(connected: Connection, plex: DemoPlex) -> None:
    plex.faults.set({"status": 503})
    assert run_job().result == {"soon": True}
    plex.faults.set({"status": 401})
    assert run_job().result == {"retry": False}
