"""Asking for jobs: one of a kind at a time, and no broker is needed to ask."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from moodrec.jobs import queue, tasks
from moodrec.jobs.models import Heartbeat, Job
from moodrec.tests import builders

pytestmark = pytest.mark.django_db
QUEUED, RUNNING = Job.State.QUEUED, Job.State.RUNNING


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the jobs that the broker was told."""
    told: list[int] = []
    monkeypatch.setattr(queue, "send", told.append)
    return told


def aged(job: Job, **fields: object) -> Job:
    """The job with columns as time would have made them."""
    Job.objects.filter(pk=job.pk).update(**fields)
    job.refresh_from_db()
    return job


@pytest.mark.django_db(transaction=True)
def test_twenty_threads_that_ask_at_once_get_one_job(sent: list[int]) -> None:
    def ask(_: int) -> int:
        try:
            return queue.request("sync").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(ask, range(20)))
    assert answers == {Job.objects.get().pk}
    assert sent == list(answers)


def test_a_job_of_another_kind_does_not_wait_for_it() -> None:
    assert queue.request("sync").pk != queue.request("train").pk


def test_while_a_job_runs_it_is_the_one_answered() -> None:
    running = builders.job("sync", state=RUNNING)
    assert queue.request("sync") == running
    running.state = Job.State.SUCCEEDED
    running.save()
    assert queue.request("sync") != running


def test_the_broker_is_told_only_what_is_committed(
    sent: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = queue.request("sync")
        assert sent == []
    assert sent == [job.pk]


def test_a_job_is_kept_though_the_broker_is_away(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, settings: Settings
) -> None:
    assert not settings.BROKER_SOCKET.exists()
    with django_capture_on_commit_callbacks(execute=True):
        job = queue.request("sync")
    job.refresh_from_db()
    assert job.state == "queued"


@pytest.mark.usefixtures("broker_away")
def test_a_tcp_broker_that_is_away_holds_nobody_up(caplog: pytest.LogCaptureFixture) -> None:
    queue.send(1)
    assert "Connection refused" in caplog.text


def test_a_queued_job_whose_message_was_lost_is_sent_again(sent: list[int]) -> None:
    job = builders.job(state=QUEUED)
    assert (queue.revive(), sent) == (0, [])  # its message may still be on its way
    aged(job, queued_at=timezone.now() - queue.FORGOTTEN_AFTER)
    assert (queue.revive(), sent) == (1, [job.pk])


def test_a_job_whose_worker_is_gone_is_queued_again(sent: list[int]) -> None:
    past = timezone.now() - timedelta(seconds=1)
    job = builders.job(state=RUNNING, attempt=1, lease_until=past)
    queue.revive()
    job.refresh_from_db()
    assert (job.state, job.lease_until, sent) == ("queued", None, [job.pk])


def test_a_job_that_is_alive_is_left_alone(sent: list[int]) -> None:
    soon = timezone.now() + timedelta(seconds=30)
    job = builders.job(state=RUNNING, attempt=1, lease_until=soon)
    queue.revive()
    job.refresh_from_db()
    assert (job.state, sent) == ("running", [])


def test_a_job_that_killed_three_workers_is_given_up(sent: list[int]) -> None:
    past = timezone.now() - timedelta(seconds=1)
    job = builders.job(state=RUNNING, attempt=queue.MAX_ATTEMPTS, lease_until=past)
    queue.revive()
    job.refresh_from_db()
    assert (job.state, job.detail, sent) == ("failed", "The worker died 3 times.", [])
    assert job.finished_at is not None


def test_scheduled_kinds_are_queued_when_their_period_is_over(settings: Settings) -> None:
    settings.JOB_EVERY_HOURS = {"sync": 6, "train": 24}
    now = timezone.now()
    aged(builders.job("sync"), created_at=now - timedelta(hours=7))
    aged(builders.job("train"), created_at=now - timedelta(hours=7))
    assert [job.kind for job in queue.request_due()] == ["sync"]
    assert queue.request_due() == []


def test_a_schedule_of_zero_hours_is_off(settings: Settings) -> None:
    settings.JOB_EVERY_HOURS = {"sync": 0}
    assert queue.request_due() == []


def test_a_tick_leaves_a_sign_and_moves_the_rows(sent: list[int], settings: Settings) -> None:
    settings.JOB_EVERY_HOURS = {"sync": 6}
    job = aged(
        builders.job("train", state=QUEUED), queued_at=timezone.now() - queue.FORGOTTEN_AFTER
    )
    tasks.tick()
    assert Heartbeat.objects.get().name == "tick"
    assert sent == [job.pk]
    assert set(Job.objects.values_list("kind", flat=True)) == {"sync", "train"}


def test_a_tick_that_meets_a_locked_database_leaves_one_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def locked(_name: str) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(Heartbeat, "beat", locked)
    tasks.tick()
    assert [record.message for record in caplog.records] == [
        "This tick was left out: database is locked"
    ]


def test_a_tick_forgets_sessions_that_are_over(settings: Settings) -> None:
    settings.JOB_EVERY_HOURS = {}
    now = timezone.now()
    for name, at in (("over", now - timedelta(hours=1)), ("open", now + timedelta(hours=1))):
        Session.objects.create(session_key=name, session_data="", expire_date=at)
    tasks.tick()
    assert Session.objects.get().session_key == "open"


def test_a_job_that_ends_while_it_is_asked_for_makes_room_for_a_new_one() -> None:
    running = builders.job("sync", state=RUNNING)

    def ending(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT") and "jobs_job" in sql:
            Job.objects.filter(pk=running.pk, state=RUNNING).update(state=Job.State.SUCCEEDED)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(ending):
        job = queue.request("sync")
    assert (job.pk != running.pk, job.state) == (True, "queued")


def failed(minutes_ago: float, **fields: Any) -> Job:
    then = timezone.now() - timedelta(minutes=minutes_ago)
    job = builders.job("sync", state=Job.State.FAILED, finished_at=then, **fields)
    return aged(job, created_at=then)


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 5), (2, 10), (3, 20), (6, 160), (8, 360), (12, 360), (20, 360)]
)
def test_a_failed_job_is_tried_again_soon_then_later(
    settings: Settings, failures: int, minutes: int
) -> None:
    settings.JOB_EVERY_HOURS = {"sync": 6}
    aged(builders.job("sync"), created_at=timezone.now() - timedelta(days=9))
    for _ in range(failures):
        job = failed(minutes - 1)
    assert queue.request_due() == []
    aged(job, finished_at=timezone.now() - timedelta(minutes=minutes))
    assert [job.kind for job in queue.request_due()] == ["sync"]


def test_failures_before_the_last_success_are_forgotten(settings: Settings) -> None:
    settings.JOB_EVERY_HOURS = {"sync": 6}
    for _ in range(5):
        failed(60)
    builders.job("sync")
    failed(6)
    assert len(queue.request_due()) == 1


def test_a_job_that_a_person_must_mend_is_tried_once_a_period(settings: Settings) -> None:
    settings.JOB_EVERY_HOURS = {"sync": 6}
    job = failed(350, result={"retry": False})
    assert queue.request_due() == []
    aged(job, created_at=timezone.now() - timedelta(hours=6))
    assert len(queue.request_due()) == 1
