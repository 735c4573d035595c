"""Playing a title: on a player in the house, through the server, or by a link."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import plexapi
import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from plexsync.demo.plextv import DemoPlexTv
from plexsync.demo.routes_server import TELEVISION
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, Episode, MediaItem, Viewer, WatchedEpisode
from plexsync.playing import address_for_players

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _television(plex: DemoPlex) -> None:
    """The television in the living room is on."""
    plex.television = True


def film() -> MediaItem:
    return MediaItem.objects.get(rating_key="1001")


def shown(browser: Client, item: MediaItem) -> str:
    return " ".join(browser.get(f"/titles/{item.pk}/play").content.decode().split())


def play(browser: Client, item: MediaItem, player: str = TELEVISION) -> str:
    """Play it there; return what is said of it."""
    answer = browser.post(f"/titles/{item.pk}/play", {"player": player}, follow=True)
    return str(next(iter(answer.context["messages"])))


def command(plex: DemoPlex) -> dict[str, str]:
    """What the player was told."""
    told = next(a for a in plex.requests.asked if a.target.startswith("/player/"))
    return {name: values[0] for name, values in parse_qs(urlsplit(told.target).query).items()}


def playing(plex: DemoPlex) -> list[tuple[str, int]]:
    return [(s.user, s.item.key) for s in plex.sessions.playing.values()]


def test_a_film_starts_on_the_television(
    browser: Client, synced: Connection, plex: DemoPlex
) -> None:
    assert "Living room TV" in shown(browser, film())
    assert play(browser, film()) == f"{film().title} starts on Living room TV."
    assert playing(plex) == [("ana", 1001)]


def test_the_television_never_sees_our_token(
    browser: Client, synced: Connection, plex: DemoPlex
) -> None:
    play(browser, film())
    assert command(plex)["token"].startswith("transient-")
    assert not [asked for asked in plex.requests.asked if plex.token in asked.target]


def test_nothing_of_a_player_stays_in_later_requests(
    browser: Client, synced: Connection, plex: DemoPlex
) -> None:
    """plexapi's own way writes the token and the player into what every later request carries."""
    play(browser, film())
    assert not {"X-Plex-Token", "X-Plex-Target-Client-Identifier"} & set(plexapi.BASE_HEADERS)
    told = next(a for a in plex.requests.asked if a.target.startswith("/player/"))
    assert told.headers["X-Plex-Target-Client-Identifier"] == TELEVISION


def test_a_series_starts_with_its_next_episode(
    browser: Client, synced: Connection, plex: DemoPlex
) -> None:
    series = MediaItem.objects.filter(type="show").order_by("pk").first()
    assert series is not None
    wanted = Episode.objects.get(item=series, season=1, number=3)
    WatchedEpisode.objects.all().delete()
    viewer = Viewer.objects.get(owns_plex_state=True)
    for earlier in Episode.objects.filter(item=series, season=1, number__lt=3):
        WatchedEpisode.objects.create(viewer=viewer, episode=earlier)
    page = shown(browser, series)
    assert "Next for you: S01E03" in page
    assert f"metadata%2F{wanted.rating_key}" in page
    play(browser, series)
    assert playing(plex) == [("ana", int(wanted.rating_key))]


def test_a_viewer_with_an_account_plays_as_themselves(
    ben: User, synced: Connection, plex: DemoPlex
) -> None:
    viewer = Viewer.objects.get(user=ben)
    viewer.plex_token = plex.ben_token
    viewer.save()
    browser = Client()
    browser.force_login(ben)
    play(browser, film())
    assert playing(plex) == [("ben", 1001)]


def test_where_nothing_is_open_the_links_are_left(
    browser: Client, synced: Connection, plex: DemoPlex
) -> None:
    plex.television = False
    page = shown(browser, film())
    assert "No Plex app is open that can be controlled." in page
    assert "https://app.plex.tv/desktop/#!/server/" in page
    assert "plex://preplay/?metadataKey=%2Flibrary%2Fmetadata%2F1001&amp;metadataType=1" in page


def test_a_player_that_only_plex_tv_knows_of_is_offered(
    browser: Client, synced: Connection, plex: DemoPlex, settings: Settings
) -> None:
    plex.television = False
    with DemoPlexTv(plex) as tv:
        settings.PLEX_TV_URL = tv.url
        synced.account_token = tv.token_of("ana")
        synced.save()
        assert "Living room TV" in shown(browser, film())
        tv.players = False
        assert "No Plex app is open" in shown(browser, film())
        tv.revoke("ana")
        assert "No Plex app is open" in shown(browser, film())


@pytest.mark.parametrize("fault", [{"status": 503}, {"html": True}, {"status": 401}])
def test_a_server_that_can_t_say_what_is_open_leaves_the_links(
    browser: Client, synced: Connection, plex: DemoPlex, fault: dict[str, Any]
) -> None:
    plex.faults.set({**fault, "only_path": "/clients"})
    page = shown(browser, film())
    assert "Plex could not say which players are on." in page
    assert "plex://preplay/" in page


def test_an_answer_in_broken_xml_is_a_yes(
    browser: Client, synced: Connection, plex: DemoPlex
) -> None:
    """As Samsung televisions and Android phones give it."""
    plex.faults.set({"truncate": True, "only_path": "/player/"})
    assert "starts on" in play(browser, film())


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_player_that_does_not_take_it_is_said(
    browser: Client, synced: Connection, plex: DemoPlex, status: int
) -> None:
    plex.faults.set({"status": status, "only_path": "/player/"})
    assert "did not take it" in play(browser, film())


def test_a_player_that_was_closed_is_said(browser: Client, synced: Connection) -> None:
    assert "not open any more" in play(browser, film(), "somebody-else")


def test_a_title_that_is_not_on_offer_can_t_be_played(browser: Client, synced: Connection) -> None:
    item = film()
    MediaItem.objects.update(available=False)
    assert browser.get(f"/titles/{item.pk}/play").status_code == 404


@pytest.mark.parametrize(
    ("ways", "url", "host", "expected"),
    [
        ([], "http://192.168.1.20:32400", "nas.local:5000", "http://192.168.1.20:32400"),
        ([], "http://127.0.0.1:32400", "192.168.1.5:5000", "http://192.168.1.5:32400"),
        ([], "http://localhost:32400", "nas.local", "http://nas.local:32400"),
        ([], "http://[::1]:32400", "192.168.1.5:5000", "http://192.168.1.5:32400"),
        ([], "http://127.0.0.1:32400", "[fd00::5]:5000", "http://[fd00::5]:32400"),
        (
            [
                {"uri": "https://1-2-3-4.x.plex.direct:32400", "local": False},
                {"uri": "https://192-168-1-20.x.plex.direct:32400", "local": True},
            ],
            "http://plex:32400",
            "nas.local",
            "https://192-168-1-20.x.plex.direct:32400",
        ),
    ],
)
def test_a_television_is_given_an_address_that_it_can_reach(
    ways: list[dict[str, Any]], url: str, host: str, expected: str
) -> None:
    assert address_for_players(Connection(addresses=ways, url=url), host) == expected


def test_a_friend_whom_the_server_is_shared_with_neither_sees_nor_starts_our_players(
    browser: Client, synced: Connection, plex: DemoPlex, ben: User
) -> None:
    Viewer.objects.filter(user=ben).update(plex_id=4_711_002, plex_kind="shared")
    browser.force_login(ben)
    assert "Living room TV" not in shown(browser, film())
    assert "for those who live there" in shown(browser, film())
    play(browser, film())
    assert playing(plex) == []
    Viewer.objects.filter(user=ben).update(plex_kind="home")
    assert "Living room TV" in shown(browser, film())
