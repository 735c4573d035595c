"""The failure catalogue: what real servers have done to others, and what happens here.

In its order. What is proven elsewhere stands in this table alone:

| failure | proven by |
|---|---|
| a page or a batch too long for the server | test_walking: …asked_for_in_halves, …drips… |
| the whole list in memory | test_walking: two_thousand_titles…; benchmarks/sync_speed.py |
| 401 only after some titles | test_reaching: one_refusal…, a_token_that_dies_on_the_way… |
| an unclaimed server | test_reaching: an_unclaimed_server… |
| 403 where only the owner may | test_watching: a_closed_history…; test_give: …may_not_make_collections |
| 429 of plex.tv | test_plextv, test_people: a_plex_tv_that_asks_to_wait… |
| 498, 520, 522 | test_reaching: a_busy_server… |
| characters that XML forbids, XML that nothing mends | test_walking, test_catalogue |
| HTML or nothing in a 200 | test_walking, test_client |
| lacking or garbage attributes, dates out of range | test_catalogue, test_records |
| music and photos | test_sync: music_is_not_our_matter |
| another key, another guid, one guid twice | test_identity |
| a library that is gone, or fails alone | test_sync, test_reaching |
| playlists of many titles | test_shelving: …two_hundred_a_request; below: read in full |
| a certificate that does not fit | test_reaching, test_addresses |
| a filter that the server reads otherwise | test_states: a_broken_walk_takes_nothing_back |
| F03 401 on page three, F04 reset on a later page | test_reaching, test_sync |
| F05 a drive that is not mounted | test_vanishing |
| F06 overlapping and repeated pages | test_walking, test_client, test_catalogue |
| F07 malformed titles | test_records, test_hostile |
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from feedback import log
from moodrec.jobs import queue, run
from moodrec.jobs.models import Job
from moodrec.tests import builders
from moodrec.tests.test_access import ROUTES
from plexsync import reaching, sync
from plexsync.client import PlexClient
from plexsync.client.shelves import Playlists
from plexsync.demo.generated import generated_library
from plexsync.demo.plextv import DemoPlexTv
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, Library, MediaItem, Play, Viewer

pytestmark = pytest.mark.django_db
KINDS = ("sync", "plays", "stars", "shelves")
QUARTER = timedelta(minutes=15)


@pytest.fixture
def house(synced: Connection, plex: DemoPlex, ada: User) -> User:
    """A household that uses all there is of Plex; its owner."""
    on = {"write_stars": True, "tonight_playlist": True, "mood_playlists": True}
    Connection.objects.update(**on)
    log.said(
        Viewer.objects.get(name="Ada"), MediaItem.objects.get(rating_key="1001"), {"rating": 4}
    )
    plex.requests.clear()
    return ada


@pytest.fixture
def browser(house: User) -> Client:
    browser = Client()
    browser.force_login(house)
    return browser


def job(kind: str) -> Job:
    Job.objects.filter(state__in=Job.ACTIVE).delete()
    row = queue.request(kind)
    run.run(row.pk)
    row.refresh_from_db()
    return row


def calls(plex: DemoPlex) -> int:
    return sum(plex.requests.kinds.values())


def everybody(browser: Client) -> None:
    """Everything that calls Plex does so: each job, some posters, the page of the players."""
    for kind in KINDS:
        job(kind)
    for item in MediaItem.objects.on_offer()[:10]:
        browser.get(f"/posters/{item.pk}/300")
    browser.get(f"/titles/{MediaItem.objects.on_offer()[0].pk}/play")


def look(browser: Client, path: str) -> None:
    assert browser.get(path).status_code == 200


FIRST: dict[str, Callable[[Client], object]] = {
    **{kind: lambda _browser, kind=kind: job(kind) for kind in KINDS},  # type: ignore[misc]
    "poster": lambda browser: look(browser, f"/posters/{MediaItem.objects.first().pk}/300"),  # type: ignore[union-attr]
    "players": lambda browser: look(browser, f"/titles/{MediaItem.objects.first().pk}/play"),  # type: ignore[union-attr]
}


# --- 401 after a changed password, a removed device ---------------------------------------------


@pytest.mark.parametrize("first", FIRST)
def test_a_dead_token_is_noticed_by_whoever_asks_first_and_nobody_else_asks(
    browser: Client, plex: DemoPlex, first: str
) -> None:
    plex.renew("ana")
    FIRST[first](browser)
    assert Connection.objects.get().state == "denied"
    assert calls(plex) <= 6  # the refused one, and whether it is really dead
    plex.requests.clear()
    for _tick in range(3):
        everybody(browser)
    assert calls(plex) == 0
    assert "Link with Plex again" in browser.get("/history").content.decode()


def test_a_dead_token_is_tried_again_after_a_quarter_of_an_hour_by_the_sync_alone(
    browser: Client, plex: DemoPlex
) -> None:
    plex.renew("ana")
    job("sync")
    plex.requests.clear()
    Connection.objects.update(checked_at=timezone.now() - QUARTER)
    everybody(browser)
    assert plex.requests.shown()["refused"] <= 2
    plex.requests.clear()
    everybody(browser)
    assert calls(plex) == 0


def test_a_token_that_is_taken_again_is_noticed_by_the_sync(house: User, plex: DemoPlex) -> None:
    plex.faults.set({"status": 422})
    assert job("sync").result == {"retry": False}
    plex.faults.clear()
    Connection.objects.update(checked_at=timezone.now() - QUARTER)
    assert job("sync").state == "succeeded"
    assert job("stars").result["sent"] == 1


def test_a_poster_that_alone_is_refused_costs_no_link(browser: Client, plex: DemoPlex) -> None:
    plex.faults.set({"status": 401, "only_path": "/photo"})
    for item in MediaItem.objects.on_offer()[:10]:
        look(browser, f"/posters/{item.pk}/300")
    assert Connection.objects.get().state == "ok"
    assert plex.requests.kinds["photo"] == 1


def test_a_token_that_was_replaced_meanwhile_is_not_called_dead(
    house: User, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Connection.objects.get()
    old.token = "dead"

    def relinked(row: Connection) -> None:
        Connection.objects.filter(pk=row.pk).update(token=plex.token)
        reaching.reach(row)

    old.save()
    monkeypatch.setattr(sync, "reach", relinked)
    job("sync")
    assert Connection.objects.get().state == "ok"


def test_a_viewer_whose_token_is_refused_has_it_taken_away_and_is_asked_for_no_more(
    house: User, plex: DemoPlex
) -> None:
    ben = builders.viewer("Ben")
    ben.plex_token, ben.plex_id = "dead", 4_711_002
    ben.save()
    log.said(ben, MediaItem.objects.get(rating_key="1002"), {"rating": 3})
    job("stars")
    ben.refresh_from_db()
    assert (ben.plex_token, "refused" in ben.plex_problem) == ("", True)
    plex.requests.clear()
    job("stars")
    assert calls(plex) == 0


# --- 503 while it starts ------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["html", "json"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_starts_is_asked_again_after_half_a_minute(
    house: User, plex: DemoPlex, settings: Settings, kind: str, form: str
) -> None:
    settings.JOB_EVERY_HOURS = {kind: 6}
    plex.faults.set({"maintenance": form})
    failed = job(kind)
    assert failed.state == "failed"
    assert "503" in failed.detail
    assert MediaItem.objects.on_offer().count() == 300
    assert queue.request_due() == []
    Job.objects.update(finished_at=timezone.now() - timedelta(seconds=30))
    plex.faults.clear()
    assert [each.kind for each in queue.request_due()] == [kind]
    assert job(kind).state == "succeeded"


@pytest.mark.parametrize(("failures", "minutes"), [(1, 0.5), (2, 1), (5, 8), (6, 10), (12, 10)])
def test_a_server_that_starts_for_long_is_asked_every_ten_minutes(
    db: None, settings: Settings, failures: int, minutes: float
) -> None:
    settings.JOB_EVERY_HOURS = {"sync": 6}
    for _ in range(failures):
        builders.job("sync", state=Job.State.FAILED, result={"soon": True})
    ended = timezone.now() - timedelta(minutes=minutes)
    Job.objects.update(finished_at=ended + timedelta(seconds=5))
    assert queue.request_due() == []
    Job.objects.update(finished_at=ended)
    assert len(queue.request_due()) == 1


def test_posters_leave_a_server_that_starts_alone(browser: Client, plex: DemoPlex) -> None:
    plex.faults.set({"maintenance": "html"})
    for item in MediaItem.objects.on_offer()[:10]:
        look(browser, f"/posters/{item.pk}/300")
    assert calls(plex) == 1


def test_one_picture_that_plex_cannot_scale_says_nothing_of_the_others(
    browser: Client, plex: DemoPlex
) -> None:
    plex.faults.set({"status": 500, "only_path": "/photo", "times": 1})
    items = list(MediaItem.objects.on_offer()[:2])
    kinds = [browser.get(f"/posters/{each.pk}/300")["Content-Type"] for each in items]
    assert kinds == ["image/svg+xml", "image/jpeg"]


# --- 429 of plex.tv -----------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [{"maintenance": "html"}, {"reset": True}])
def test_plex_tv_is_left_alone_while_the_server_is_away(
    house: User, plex: DemoPlex, plex_tv: DemoPlexTv, fault: dict[str, Any]
) -> None:
    row = Connection.objects.get()
    row.account_token, row.account_id = plex_tv.token_of("ana"), 4_711_001
    row.save()
    plex.faults.set(fault)
    plex_tv.requests.clear()
    for _again in range(5):
        assert job("plays").state == "failed"
    assert plex_tv.requests.shown()["total"] == 0


# --- libraries of other kinds and names ---------------------------------------------------------


def test_home_videos_are_titles_without_ids_of_the_world(
    connected: Connection, plex: DemoPlex
) -> None:
    moved = [plex.library.titles[key] for key in (1001, 1002)]
    plex.change(add_section={"key": 5, "title": "Home videos", "kind": "movie"})
    plex.library.sections[5].agent = "com.plexapp.agents.none"
    for video in moved:
        video.section, video.imdb, video.tmdb = 5, "", None
        video.raw = {"guid": f"com.plexapp.agents.none://{video.key}?lang=xn"}
    sync.run()
    videos = Library.objects.get(key="5").items.all()
    assert [video.external_ids for video in videos] == [[], []]


def test_videos_of_two_servers_that_bear_the_same_local_number_are_two(
    synced: Connection, plex: DemoPlex
) -> None:
    old = MediaItem.objects.get(rating_key="1001")
    MediaItem.objects.filter(pk=old.pk).update(guid="local://7", title="Our wedding")
    with DemoPlex(generated_library(5, seed=2), token="t") as other:
        other.library.titles[1001].raw = {"guid": "local://7"}
        sync.connect(other.url, other.token)
        sync.run()
        assert MediaItem.objects.filter(guid="local://7").count() == 2
        old.refresh_from_db()
        assert (old.title, old.library.connection_id) == ("Our wedding", synced.pk)


def test_libraries_of_the_same_name_are_told_apart(connected: Connection, plex: DemoPlex) -> None:
    plex.change(add_section={"key": 7, "title": "Films", "kind": "movie", "copies": [1001, 1002]})
    sync.run()
    films = Library.objects.filter(title="Films").order_by("key")
    assert [library.items.count() for library in films] == [270, 2]
    plex.change(remove_section=7)
    sync.run()
    offered = MediaItem.objects.on_offer()
    assert [offered.filter(library=library).count() for library in films] == [270, 0]


# --- watched states -----------------------------------------------------------------------------


def test_watched_at_no_known_time_is_very_old_and_never_now(house: User, plex: DemoPlex) -> None:
    job("plays")
    before = Play.objects.count()
    plex.change(marked={"account": "ana", "keys": [1010], "seen": True})
    film = plex.library.titles[1010]
    film.raw = {"lastViewedAt": None}
    job("sync")
    job("plays")
    row = MediaItem.objects.get(rating_key="1010")
    assert (row.view_count > 0, row.last_viewed_at) == (True, None)
    assert Play.objects.count() == before


# --- slow writes --------------------------------------------------------------------------------


def test_a_star_that_takes_plex_too_long_is_sent_again_and_stands_once(
    house: User, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plexsync.client.server.READ_SECONDS", 0.2)
    plex.faults.set({"slow_ms": 600, "only_path": "/:/rate"})
    failed = job("stars")
    assert (failed.state, failed.result) == ("failed", {})
    assert "in time" in failed.detail
    plex.faults.clear()
    monkeypatch.undo()
    assert job("stars").result["sent"] == 1
    assert plex.watching.of(1).of(1001).rating == 8
    assert job("stars").result["sent"] == 0


@pytest.mark.parametrize("fault", [{}, {"cap_page": 100}, {"ignore_paging": True}])
def test_a_playlist_of_more_than_a_thousand_titles_is_written_and_read_in_full(
    fault: dict[str, Any],
) -> None:
    with DemoPlex(generated_library(1_400), token="t") as plex:
        keys = [str(key) for key in plex.library.titles][:1_100]
        lists = Playlists(PlexClient(plex.url, "t", "client-1"))
        key = lists.create("Long", keys)
        assert max(len(asked.target) for asked in plex.requests.asked) < 4_000
        plex.faults.set(fault)
        assert [entry.rating_key for entry in lists.held(key)] == keys


# --- F01, F02: away, and slow -------------------------------------------------------------------


def titles() -> list[Any]:
    return list(MediaItem.objects.order_by("pk").values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_plex_that_is_off_changes_no_title_and_every_page_works(
    browser: Client, plex: DemoPlex, kind: str
) -> None:
    before = titles()
    plex.stop()
    failed = job(kind)
    assert (failed.state, failed.result) == ("failed", {})
    assert "not reachable" in failed.detail
    assert titles() == before
    job("sync")
    for name, address in ROUTES:
        if name != "welcome":
            assert browser.get(address).status_code < 500, address
    assert "Plex does not answer" in browser.get("/history").content.decode()
    asked = browser.post("/", {"vibe": "funny", "minutes": "120"})
    assert asked.status_code == 302
    assert browser.get(asked["Location"]).status_code == 200


def test_no_page_asks_plex_but_those_where_somebody_waits_for_just_that(
    browser: Client, plex: DemoPlex
) -> None:
    plex.faults.set({"slow_ms": 30_000})
    for name, address in ROUTES:
        if name not in {"welcome", "play", "play-suggestion", "trailer", "poster", "art"}:
            browser.get(address)
    browser.post("/", {"vibe": "funny", "minutes": "120"}, follow=True)
    assert calls(plex) == 0
