"""What a card does in Plex: playing, the Tonight playlist, the trailer; and what it says when Plex is away."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from feedback.models import Suggestion
from moodrec.tests import builders
from plexsync.demo.routes_server import TELEVISION
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, MediaItem, Shelf, Viewer

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def shown(synced: Connection, ada: User) -> Suggestion:
    film = MediaItem.objects.filter(type="movie").earliest("pk")
    viewer = Viewer.objects.get(user=ada)
    return builders.suggestion(film, ask=builders.ask(viewers=[viewer]))


def put(browser: Client, shown: Suggestion) -> str:
    answer = browser.post(f"/suggestions/{shown.pk}/list", headers=HTMX)
    return str(answer.content.decode())


def test_switched_off_it_says_how_to_switch_it_on(browser: Client, shown: Suggestion) -> None:
    assert "/giving-back" in put(browser, shown)
    assert not Shelf.objects.exists()


def test_a_title_stands_first_on_the_playlist_once(browser: Client, shown: Suggestion) -> None:
    Connection.objects.update(tonight_playlist=True)
    other = MediaItem.objects.filter(type="movie").latest("pk")
    assert "is in Plex on “Tonight · MoodRec”" in put(browser, shown)
    put(browser, builders.suggestion(other, ask=shown.ask, rank=2))
    put(browser, shown)
    [shelf] = Shelf.objects.all()
    assert shelf.keys == [shown.item.rating_key, other.rating_key]
    assert shelf.rating_key


def test_a_list_that_is_still_to_be_renamed_is_told_as_it_is_called(
    browser: Client, shown: Suggestion
) -> None:
    Connection.objects.update(tonight_playlist=True)
    put(browser, shown)
    Connection.objects.update(shelf_language="de")
    assert "is in Plex on “Tonight · MoodRec”" in put(browser, shown)


def test_while_plex_is_away_it_says_so_and_can_be_tapped_again(
    browser: Client, shown: Suggestion, plex: DemoPlex
) -> None:
    Connection.objects.update(tonight_playlist=True, url="http://127.0.0.1:9")
    said = put(browser, shown)
    assert "is not on the playlist yet" in said
    assert "not reachable" in said
    Connection.objects.update(url=plex.url)
    assert "is in Plex on “Tonight · MoodRec”" in put(browser, shown)


def test_the_details_lead_to_the_trailer_where_plex_has_one(
    browser: Client, shown: Suggestion
) -> None:
    told = set()
    for film in MediaItem.objects.filter(type="movie")[:12]:
        page = browser.get(f"/titles/{film.pk}/trailer", headers=HTMX).content.decode()
        told.add("app.plex.tv" in page)
        assert ("app.plex.tv" in page) != ("no trailer" in page)
    assert told == {True, False}
    Connection.objects.update(url="http://127.0.0.1:9")
    page = browser.get(f"/titles/{shown.item_id}/trailer").content.decode()
    assert "could not say" in page


def test_playing_it_on_a_tv_is_choosing_it(
    browser: Client, shown: Suggestion, plex: DemoPlex
) -> None:
    plex.television = True
    assert browser.get(f"/suggestions/{shown.pk}/play").status_code == 200
    browser.post(f"/suggestions/{shown.pk}/play", {"player": "nobody's"})
    assert not Suggestion.objects.exclude(chosen_at=None).exists()
    browser.post(f"/suggestions/{shown.pk}/play", {"player": TELEVISION})
    assert Suggestion.objects.exclude(chosen_at=None).get() == shown
