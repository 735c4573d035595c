"""Running a job row: claimed once, ended once, and never by a worker that lost it."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from moodrec.jobs import queue, run
from moodrec.jobs.models import Job
from moodrec.jobs.run import JobFailed, JobSkipped, LeaseLost, Report
from moodrec.tests import builders

pytestmark = pytest.mark.django_db
seen: list[Any] = []
"""What the works below saw; emptied for each test."""


@pytest.fixture(autouse=True)
def _kinds(settings: Settings) -> None:
    seen.clear()
    names = ("good", "idle", "broken", "buggy", "robbed")
    settings.JOB_KINDS = {name: f"{__name__}.{name}" for name in names}


def good(*, report: Report, **told: Any) -> dict[str, Any]:
    report(0.5, "halfway")
    seen.append((told, Job.objects.get()))
    return {"titles": 3, "detail": "Three titles."}


def idle(*, report: Report) -> dict[str, Any]:
    raise JobSkipped("There was nothing to do.")


def broken(*, report: Report) -> dict[str, Any]:
    report(0.25, "so far")
    raise JobFailed("Plex is off (X-Plex-Token=canary).")


def buggy(*, report: Report) -> dict[str, Any]:
    raise ZeroDivisionError("password=canary")


def robbed(*, report: Report) -> dict[str, Any]:
    """Stalls until the tick takes the job back and another worker claims it."""
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    queue.revive()
    run._claim(Job.objects.get().pk)
    try:
        report(0.9, "still here")
    except LeaseLost:
        seen.append("lease lost")
        raise
    return {}


def worked(kind: str, **fields: Any) -> Job:
    job = builders.job(kind, state=Job.State.QUEUED, **fields)
    run.run(job.pk)
    job.refresh_from_db()
    return job


def test_a_job_succeeds_with_its_result() -> None:
    job = worked("good", arguments={"full": True})
    assert (job.state, job.progress, job.attempt) == ("succeeded", 1.0, 1)
    assert (job.detail, job.result) == ("Three titles.", {"titles": 3})
    assert job.lease_until is None
    assert job.finished_at is not None
    told, halfway = seen[0]
    assert told == {"full": True}
    assert (halfway.state, halfway.progress, halfway.detail) == ("running", 0.5, "halfway")
    assert halfway.lease_until > timezone.now()


def test_a_job_with_nothing_to_do_is_skipped() -> None:
    job = worked("idle")
    assert (job.state, job.detail) == ("skipped", "There was nothing to do.")


def test_a_job_skipped_again_and_again_for_one_reason_is_one_row() -> None:
    other = builders.job("idle", state=Job.State.SKIPPED, detail="Another reason.")
    failed = builders.job("idle", state=Job.State.FAILED, detail="There was nothing to do.")
    first = worked("idle")
    Job.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(hours=1))
    last = worked("idle")
    assert set(Job.objects.all()) == {other, failed, last}


def test_a_skipped_job_stays_while_somebody_may_ask_for_it() -> None:
    asked_for, last = worked("idle"), worked("idle")
    assert set(Job.objects.all()) == {asked_for, last}


def test_old_jobs_are_forgotten_but_the_newest_of_each_kind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queue, "KEPT", 3)
    other = builders.job("idle")
    rows = [builders.job("broken", state=Job.State.FAILED) for _ in range(5)]
    Job.objects.update(created_at=timezone.now() - timedelta(days=9))
    Job.objects.filter(pk=rows[0].pk).update(created_at=timezone.now())  # the clock was set back
    last = worked("broken")
    assert set(Job.objects.all()) == {other, rows[0], rows[3], rows[4], last}


def test_a_job_that_fails_names_its_cause_without_secrets() -> None:
    job = worked("broken")
    assert (job.state, job.progress) == ("failed", 0.25)
    assert job.detail == "Plex is off (X-Plex-Token=***)."


def test_a_bug_fails_the_job_and_not_the_worker(caplog: pytest.LogCaptureFixture) -> None:
    job = worked("buggy")
    assert (job.state, job.detail) == ("failed", "ZeroDivisionError: password=***")
    assert "Traceback" in caplog.text


def test_a_second_message_for_a_job_finds_nothing_to_claim() -> None:
    job = worked("good")
    run.run(job.pk)
    job.refresh_from_db()
    assert (job.attempt, len(seen)) == (1, 1)


def test_a_message_for_a_running_job_leaves_it_alone() -> None:
    job = builders.job("good", state=Job.State.RUNNING, attempt=1)
    run.run(job.pk)
    assert seen == []


def test_a_message_for_a_row_that_is_gone_is_nothing() -> None:
    run.run(12_345)
    assert not Job.objects.exists()


def test_who_lost_the_job_stops_and_stores_nothing() -> None:
    job = worked("robbed")
    assert seen == ["lease lost"]
    assert (job.state, job.attempt, job.result) == ("running", 2, {})


def test_a_job_is_run_again_after_its_worker_died_but_not_a_fourth_time() -> None:
    job = builders.job("good", state=Job.State.QUEUED)
    for attempt in range(1, queue.MAX_ATTEMPTS + 1):
        assert run._claim(job.pk) is not None
        job.refresh_from_db()
        assert job.attempt == attempt
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        queue.revive()
    assert run._claim(job.pk) is None
    job.refresh_from_db()
    assert job.state == "failed"


@pytest.mark.django_db(transaction=True)
def test_silent_work_keeps_its_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "HEARTBEAT_SECONDS", 0.01)
    job = builders.job("good", state=Job.State.QUEUED)
    claimed = run._claim(job.pk)
    assert claimed is not None
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.update(lease_until=past)
    with run._heartbeat(claimed):
        while Job.objects.get().lease_until == past:
            pass
    assert Job.objects.filter(lease_until__gt=timezone.now()).exists()


def lease_thread() -> threading.Thread | None:
    return next((t for t in threading.enumerate() if t.name.startswith("lease of job")), None)


@pytest.mark.django_db(transaction=True)
def test_a_lease_outlives_a_database_that_is_away_for_a_while(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(run, "HEARTBEAT_SECONDS", 0.01)
    job = builders.job("good", state=Job.State.RUNNING)
    with run._heartbeat(job):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE jobs_job RENAME TO away")
            until = time.monotonic() + 10
            while "could not be renewed" not in caplog.text and time.monotonic() < until:
                time.sleep(0.01)
            cursor.execute("ALTER TABLE away RENAME TO jobs_job")
        past = timezone.now() - timedelta(seconds=1)
        Job.objects.update(lease_until=past)
        until = time.monotonic() + 10
        while Job.objects.get().lease_until == past and time.monotonic() < until:
            time.sleep(0.01)
    assert Job.objects.filter(lease_until__gt=timezone.now()).exists()
    assert "could not be renewed" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_lost_lease_is_not_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "HEARTBEAT_SECONDS", 0.01)
    job = builders.job("good", state=Job.State.RUNNING)
    with run._heartbeat(job):
        thread = lease_thread()
        assert thread is not None
        Job.objects.update(attempt=1)  # another worker has it
        thread.join(10)
        assert not thread.is_alive()
