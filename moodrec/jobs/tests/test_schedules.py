"""When jobs run by themselves: what the household chose holds, else what the settings say."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from moodrec.jobs import queue, schedules
from moodrec.jobs.models import Job
from moodrec.tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _configured(settings: Settings) -> None:
    settings.JOB_EVERY_HOURS = {"sync": 6.0, "train": 24.0}


def aged(job: Job, hours: float) -> Job:
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(hours=hours))
    job.refresh_from_db()
    return job


def test_without_a_choice_the_settings_hold() -> None:
    assert schedules.hours() == {"sync": 6.0, "train": 24.0}


def test_a_choice_holds_until_it_is_taken_back() -> None:
    for job in (builders.job("sync"), builders.job("train")):
        aged(job, 2)
    schedules.choose("sync", 1)
    assert [job.kind for job in queue.request_due()] == ["sync"]
    schedules.choose("sync", None)
    assert schedules.hours()["sync"] == 6


def test_a_kind_that_is_switched_off_runs_only_when_somebody_asks() -> None:
    schedules.choose("sync", 0)
    assert schedules.due() == ["train"]
    assert schedules.due_at([], 0) is None


def test_a_choice_for_a_kind_that_is_no_more_changes_nothing() -> None:
    schedules.choose("carrier pigeons", 1)
    assert set(schedules.hours()) == {"sync", "train"}


def test_the_next_run_is_a_period_after_the_last_one_was_asked_for() -> None:
    job = aged(builders.job("sync"), 2)
    at = schedules.due_at([job], 6)
    assert at == job.created_at + timedelta(hours=6)


def test_one_question_tells_the_newest_jobs_of_every_kind(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for kind in ("sync", "train"):
        for _ in range(schedules.LOOK_BACK + 3):
            builders.job(kind)
    with django_assert_num_queries(1):
        found = schedules.newest()
    assert {kind: len(jobs) for kind, jobs in found.items()} == {"sync": 12, "train": 12}
    assert found["sync"][0].pk > found["sync"][1].pk
