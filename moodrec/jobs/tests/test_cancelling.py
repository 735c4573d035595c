"""Stopping a job: a waiting one at once, a running one at its next step, and what it did stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override
from pytest_django import Settings

from moodrec.jobs import queue, run
from moodrec.jobs.cancelling import cancel
from moodrec.jobs.models import Job
from moodrec.jobs.run import JobFailed, Report
from moodrec.phrases import Phrase, phrase
from moodrec.tests import builders

pytestmark = pytest.mark.django_db


def stopped(*, report: Report) -> dict[str, Any]:
    """Somebody stops it after its first step."""
    report(0.25, "the first step")
    cancel(Job.objects.get(), "Ana")
    report(0.5, "a second step")
    raise AssertionError


def chatty(*, report: Report) -> dict[str, Any]:
    for number in range(250):
        report(number / 250, phrase("Step %(number)s", number=number))
        report(number / 250, phrase("Step %(number)s", number=number))
    return {}


def leaky(*, report: Report) -> dict[str, Any]:
    report(0, "Calling http://x/?X-Plex-Token=canary now")
    raise JobFailed(phrase("Plex said: %(what)s", what="token=canary"))


@pytest.fixture(autouse=True)
def _kinds(settings: Settings) -> None:
    ours = {name: f"{__name__}.{name}" for name in ("stopped", "chatty", "leaky")}
    settings.JOB_KINDS = {**settings.JOB_KINDS, **ours}


def worked(kind: str) -> Job:
    job = builders.job(kind, state=Job.State.QUEUED)
    run.run(job.pk)
    job.refresh_from_db()
    return job


def test_a_waiting_job_ends_at_once() -> None:
    job = builders.job(state=Job.State.QUEUED)
    assert cancel(job, "Ana")
    job.refresh_from_db()
    assert (job.state, job.detail) == ("skipped", "Cancelled by Ana.")
    assert job.finished_at is not None
    run.run(job.pk)
    job.refresh_from_db()
    assert job.state == "skipped"


def test_a_running_job_stops_at_its_next_step() -> None:
    job = worked("stopped")
    assert (job.state, job.detail, job.progress) == ("skipped", "Cancelled by Ana.", 0.25)
    assert job.lease_until is None


def test_a_job_that_ended_can_not_be_stopped() -> None:
    job = builders.job(detail="Done.")
    assert not cancel(job, "Ana")
    job.refresh_from_db()
    assert (job.state, job.detail, job.cancelled) == ("succeeded", "Done.", False)


def test_a_stopped_job_whose_worker_died_is_not_begun_again() -> None:
    past = timezone.now() - timedelta(seconds=1)
    job = builders.job(state=Job.State.RUNNING, attempt=1, lease_until=past)
    cancel(job, "Ana")
    queue.revive()
    job.refresh_from_db()
    assert (job.state, job.detail) == ("skipped", "Cancelled by Ana.")


def test_the_log_has_each_step_once_and_the_newest_two_hundred() -> None:
    job = worked("chatty")
    steps = [said for _seconds, said in job.steps]
    assert len(steps) == run.MOST_STEPS
    assert steps[-2:] == ["Step 249", "Done."]
    assert len(set(steps)) == len(steps)
    assert isinstance(steps[0], Phrase)


def test_neither_the_log_nor_a_phrase_tells_a_secret() -> None:
    job = worked("leaky")
    assert job.detail == "Plex said: token=***"
    assert isinstance(job.detail, Phrase)
    assert "canary" not in str(job.log)


def test_a_job_tells_itself_in_the_reader_s_language() -> None:
    job = builders.job(detail=phrase("Cancelled by %(name)s.", name="Ana"))
    with override("de"):
        assert "Ana" in job.as_json()["detail"]
