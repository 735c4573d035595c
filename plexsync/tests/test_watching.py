"""The job `plays`, against a Plex server and a plex.tv: one's trouble is nobody else's."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from feedback import watching
from feedback.models import Feedback
from moodrec.jobs import queue, run
from moodrec.jobs.models import Job
from moodrec.jobs.run import JobFailed, JobSkipped
from moodrec.tests import builders
from plexsync import people
from plexsync.demo.plextv import DemoPlexTv
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, MediaItem, Play, Viewer

pytestmark = pytest.mark.django_db
FILM, BEN, CLEO = 1_005, 4_711_002, 4_711_003


@pytest.fixture
def house(synced: Connection, plex: DemoPlex, plex_tv: DemoPlexTv) -> Connection:
    """Ana's household, linked with plex.tv; nobody has watched anything yet."""
    plex.watching.plays.clear()
    for diary in plex.watching.diaries.values():
        diary.watches.clear()
    MediaItem.objects.update(view_count=0, watched_episodes=0, view_offset=0, last_viewed_at=None)
    synced.account_token, synced.account_id = plex_tv.token_of("ana"), 4_711_001
    synced.save()
    builders.viewer("Ana", owns_plex_state=True)
    Job.objects.all().delete()
    return synced


def job() -> Job:
    row = queue.request("plays")
    run.run(row.pk)
    row.refresh_from_db()
    return row


def switch_on(house: Connection, name: str, **options: Any) -> Viewer:
    viewer = Viewer.objects.get(name=name)
    people.choose(house, viewer, enabled=True, **options)
    viewer.refresh_from_db()
    return viewer


def test_an_evening_becomes_weak_feedback_by_itself(house: Connection, plex: DemoPlex) -> None:
    job()
    ben = switch_on(house, "ben")
    now = timezone.now()
    film = MediaItem.objects.get(rating_key=str(FILM))
    builders.suggestion(film, ask=builders.ask(viewers=[ben], asked_at=now - timedelta(hours=2)))
    plex.watching.play(BEN, plex.library.titles[FILM], int(now.timestamp()))
    done = job()
    assert (done.state, done.result["plays"], done.result["feedback"]) == ("succeeded", 1, 1)
    row = Feedback.objects.get()
    assert (row.viewer, row.completed, row.source) == (ben, True, "plex")
    assert ben.states.get(item=film).view_count == 1
    assert job().result["plays"] == 0


def test_without_plex_there_is_nothing_to_do(db: None) -> None:
    with pytest.raises(JobSkipped, match="No Plex is connected"):
        watching.run()


def test_one_viewer_s_refused_token_is_said_and_fails_nobody(
    house: Connection, plex: DemoPlex
) -> None:
    job()
    ben, dora = switch_on(house, "ben"), switch_on(house, "dora")
    plex.withdraw("ben")
    plex.watching.of(4_711_004).scrobble([FILM], 1_790_000_000)
    assert job().state == "succeeded"
    ben.refresh_from_db()
    assert "refused" in ben.plex_problem
    assert ben.plex_token == ""
    assert dora.states.count() == 1


def test_nobody_s_history_stands_in_for_another_s(house: Connection, plex: DemoPlex) -> None:
    job()
    switch_on(house, "ben")
    plex.watching.play(1, plex.library.titles[FILM], int(timezone.now().timestamp()))
    job()
    assert [play.viewer.name for play in Play.objects.all()] == ["Ana"]


def test_a_refused_connection_is_asked_once_and_no_more(house: Connection, plex: DemoPlex) -> None:
    plex.faults.set({"status": 401})
    first = job()
    assert (first.state, first.result) == ("failed", {"retry": False})
    house.refresh_from_db()
    assert house.state == "denied"
    plex.requests.clear()
    assert job().state == "skipped"
    assert plex.requests.shown()["total"] == 0


def test_a_closed_history_fails_nothing(house: Connection, plex: DemoPlex) -> None:
    plex.faults.set({"status": 403, "only_path": "/status/sessions/history"})
    assert job().state == "succeeded"


def test_a_server_that_is_off_fails_the_job_with_the_cause(
    house: Connection, plex: DemoPlex
) -> None:
    plex.stop()
    with pytest.raises(JobFailed, match="not reachable"):
        watching.run()
    house.refresh_from_db()
    assert house.state == "ok"  # that is for the sync to say


def test_whole_libraries_are_walked_once_a_day_and_after_a_sync_that_found_titles(
    house: Connection, plex: DemoPlex
) -> None:
    assert job().result["full"] is True
    builders.job("sync", result={"created": 0})
    assert job().result["full"] is False
    builders.job("sync", result={"created": 1})
    assert job().result["full"] is True


def test_plex_tv_is_asked_once_a_day(house: Connection, plex_tv: DemoPlexTv) -> None:
    job()
    switch_on(house, "ben")
    plex_tv.requests.clear()
    job()
    builders.job("sync")
    job()
    assert plex_tv.requests.shown()["total"] == 0


def test_a_sync_is_followed_by_a_look_at_the_plays(house: Connection) -> None:
    row = queue.request("sync")
    run.run(row.pk)
    assert Job.objects.filter(kind="plays", state="queued").count() == 1


def test_a_hint_while_the_job_runs_makes_it_look_once_more(
    house: Connection, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []

    def hint(*told: Any, **named: Any) -> int:
        looked.append(1)
        if len(looked) == 1:
            Connection.objects.update(hinted_at=timezone.now())
        return 0

    monkeypatch.setattr(watching, "_read", hint)
    job()
    assert len(looked) == 2
