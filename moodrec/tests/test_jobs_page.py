"""The jobs page: run, watch, cancel, read what happened; for the owner."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from moodrec.jobs.models import Heartbeat, Job
from moodrec.pages.jobs import A_PAGE
from moodrec.phrases import phrase, to_json
from moodrec.tests import builders

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def owner(client: Client, ada: User) -> Client:
    client.force_login(ada)
    return client


def shown(browser: Client, name: str = "jobs", *args: object, **options: Any) -> str:
    answer = browser.get(reverse(name, args=args), **options)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_kind_is_there_with_its_next_run(owner: Client) -> None:
    page = shown(owner)
    for name in ("Library sync", "Learning", "What was watched", "Stars to Plex"):
        assert name in page
    assert page.count("It has not run yet.") == 5
    assert "every 6 hours" in page


def test_a_worker_that_is_away_is_told_where_a_job_waits_for_it(owner: Client) -> None:
    beat = Heartbeat.objects.create(name="tick", seen_at=timezone.now() - timedelta(minutes=5))
    job = builders.job("sync", state="queued")
    assert "Nothing runs at the moment." not in shown(owner)  # it was just asked for
    Job.objects.filter(pk=job.pk).update(queued_at=timezone.now() - timedelta(minutes=2))
    page = shown(owner)
    assert "Nothing runs at the moment." in page
    assert "Last sign 300 seconds ago." in page
    beat.delete()
    assert "Scheduler, broker and worker gave no sign yet." in shown(owner)
    Heartbeat.beat("tick")
    assert "Nothing runs at the moment." not in shown(owner)


def test_run_now_asks_the_worker_once(owner: Client) -> None:
    for _ in range(2):
        answer = owner.post(reverse("job-run", args=["sync"]))
        assert answer["Location"] == reverse("jobs")
    assert Job.objects.get().state == "queued"


def test_a_training_that_a_person_asks_for_is_one_that_was_asked_for(owner: Client) -> None:
    owner.post(reverse("job-run", args=["train"]))
    assert Job.objects.get().arguments == {"asked": True}


def test_cancel_names_who_cancelled(owner: Client) -> None:
    job = builders.job(state=Job.State.QUEUED)
    owner.post(reverse("job-cancel", args=[job.pk]))
    job.refresh_from_db()
    assert (job.state, job.detail) == ("skipped", "Cancelled by Ada.")
    assert "Cancelled by Ada." in shown(owner)


def test_a_running_job_shows_how_far_it_is_and_then_that_it_stops(owner: Client) -> None:
    job = builders.job(state=Job.State.RUNNING, progress=0.4, detail="Films: 40 of 100")
    page = shown(owner)
    for told in ("40 %", "Films: 40 of 100", "every 2s", reverse("job-cancel", args=[job.pk])):
        assert told in page
    owner.post(reverse("job-cancel", args=[job.pk]))
    page = shown(owner)
    assert "Stopping" in page
    assert reverse("job-cancel", args=[job.pk]) not in page


def test_what_ended_can_not_be_cancelled(owner: Client) -> None:
    job = builders.job(detail="Done.")
    answer = owner.post(reverse("job-cancel", args=[job.pk]), follow=True)
    assert "had ended already" in answer.content.decode()


def test_the_page_follows_a_kind_by_a_fragment(
    owner: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    builders.job(state=Job.State.RUNNING, log=[[0, "Asking Plex"], [1.5, "Films: 40 of 100"]])
    with django_assert_max_num_queries(12):
        part = shown(owner, "job-kind", "sync", headers=HTMX)
    assert "<html" not in part
    assert "Films: 40 of 100" in part
    assert "jobs-said" in part
    same = owner.get(reverse("job-kind", args=["sync"]), {"was": "running"}, headers=HTMX)
    assert "jobs-said" not in same.content.decode()


def test_without_htmx_the_fragment_s_address_leads_to_the_page(owner: Client) -> None:
    assert owner.get(reverse("job-kind", args=["sync"]))["Location"] == reverse("jobs")


@pytest.mark.parametrize("verb", ["get", "post"])
def test_a_kind_that_does_not_exist_is_not_found(owner: Client, verb: str) -> None:
    name = "job-kind" if verb == "get" else "job-run"
    answer = getattr(owner, verb)(reverse(name, args=["rm -rf"]), headers=HTMX)
    assert answer.status_code == 404
    assert not Job.objects.exists()


def test_a_job_s_page_shows_its_whole_log(owner: Client) -> None:
    step = phrase("Reading what %(name)s watched", name="<b>Ana</b>")
    job = builders.job(
        state=Job.State.FAILED,
        detail="Plex is off.",
        result={"retry": False},
        log=[[65, to_json(step)]],
    )
    page = shown(owner, "job", job.pk)
    for told in (
        "1:05",
        "Reading what &lt;b&gt;Ana&lt;/b&gt; watched",
        "somebody must mend the cause",
    ):
        assert told in page


def test_older_jobs_stand_on_further_pages(
    owner: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(A_PAGE + 3):
        builders.job("train", detail=f"Number {number}.")
    assert "Number 0." not in shown(owner)
    with django_assert_max_num_queries(12):
        assert "Number 0." in shown(owner, data={"page": 2})


def test_members_neither_see_nor_touch_jobs(client: Client, ada: User, ben: User) -> None:
    job = builders.job(state=Job.State.QUEUED)
    client.force_login(ben)
    for address in (reverse("jobs"), reverse("job", args=[job.pk])):
        assert client.get(address).status_code == 403
    for address in (reverse("job-cancel", args=[job.pk]), reverse("job-run", args=["sync"])):
        assert client.post(address).status_code == 403
    job.refresh_from_db()
    assert job.state == "queued"
