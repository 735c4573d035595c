"""/readyz and `doctor`: every part that does not work is named, with its cure."""

from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from moodrec import checks as module
from moodrec.checks import checks
from moodrec.jobs.models import Heartbeat, Job
from moodrec.tests import builders
from moodrec.tests.installs import Install
from plexsync.models import Connection

pytestmark = pytest.mark.django_db


def found(name: str) -> module.Check:
    return next(check for check in checks() if check.name == name)


def test_a_fresh_install_lacks_a_worker_and_plex_only() -> None:
    assert [check.name for check in checks() if not check.ok] == ["worker", "plex"]
    assert "connect one" in found("plex").detail


def test_everything_well_is_ok() -> None:
    Heartbeat.beat("tick")
    builders.connection()
    assert Client().get("/readyz").json() == {"status": "ok"}


def test_a_worker_without_a_sign_of_life_is_named() -> None:
    Heartbeat.beat("tick")
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=4))
    assert not found("worker").ok


def test_a_worker_at_a_long_job_is_alive() -> None:
    # the tick waits behind the job, so the last sign may be old
    Heartbeat.beat("tick")
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=30))
    soon = timezone.now() + timedelta(seconds=30)
    builders.job(state=Job.State.RUNNING, lease_until=soon)
    assert found("worker").ok


def test_a_plex_that_is_away_is_named_with_its_problem() -> None:
    builders.connection(state=Connection.State.DENIED, problem="Plex refused the token.")
    assert (found("plex").ok, found("plex").detail) == (False, "Plex refused the token.")


def test_a_model_that_cannot_be_loaded_is_named() -> None:
    builders.version(active=True)
    assert "Until it is trained again, the house rules pick" in found("model").detail


def test_a_full_disk_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAST_FREE_MIB", 2**40)
    assert not found("disk").ok


def test_strangers_learn_nothing_but_the_state() -> None:
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "degraded"})


def test_the_owner_learns_the_causes() -> None:
    browser = Client()
    browser.force_login(builders.owner())
    told = browser.get("/readyz").json()["checks"]
    assert told["database"] == {"ok": True, "detail": connection.vendor}
    assert told["worker"]["ok"] is False


def test_an_older_schema_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "migrated", lambda: False)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})


def gone(*_: object) -> NoReturn:
    raise OperationalError("connection failed: Connection refused")


@pytest.mark.parametrize("signed_in", [False, True])
def test_health_asks_for_no_database_whoever_asks(signed_in: bool) -> None:
    browser = Client()
    if signed_in:
        browser.force_login(builders.owner())
    with connection.execute_wrapper(gone):
        assert browser.get("/healthz").json() == {"status": "ok"}


def test_a_database_that_is_away_is_told_to_the_owner_by_the_same_word() -> None:
    browser = Client()
    browser.force_login(builders.owner())
    with connection.execute_wrapper(gone):
        answer = browser.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})


def test_a_database_without_tables_is_not_ready(tmp_path: Path) -> None:
    fresh = Install(tmp_path)
    done = fresh.manage("doctor")
    assert done.stdout == ("ok   database: sqlite\nBAD  migrations: Run `manage.py migrate`.\n")
    assert done.stderr == "CommandError: Not well: migrations.\n"
    ask = "from django.test import Client; print(Client().get('/readyz').status_code)"
    assert fresh.manage("shell", "-v0", "-c", ask).stdout == "503\n"
