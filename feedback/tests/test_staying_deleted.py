"""What somebody had deleted does not come back from Plex; what they watch from then on does."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from feedback.erasing import erase
from feedback.mine import counted
from mlmodel.taste import from_plex, stars_in_plex
from moodrec.tests import builders
from plexsync import people, plays, reading
from plexsync.client import PlexClient
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, Episode, MediaItem, Viewer, WatchedEpisode, watched
from plexsync.records import UNTOUCHED

pytestmark = pytest.mark.django_db
FILM, OTHER, SHOW, BEN = 1005, 1006, 200_001, 4_711_002
AGO = timedelta(days=3)
SOON = timedelta(minutes=5)  # clocks differ, and Plex tells whole seconds


@pytest.fixture
def ben(synced: Connection, plex: DemoPlex) -> Viewer:
    """Ben, whose own account tells what he watches."""
    plex.watching.plays.clear()
    plex.watching.of(BEN).watches.clear()
    viewer = builders.viewer("Ben")
    viewer.plex_id = viewer.history_id = BEN
    viewer.plex_token = plex.ben_token
    viewer.save()
    return viewer


def watch(plex: DemoPlex, key: int, ago: timedelta, account: int = BEN) -> None:
    """Watch it to the end, and give it eight points."""
    found, at = plex.library.find(key), int((timezone.now() - ago).timestamp())
    assert found is not None
    plex.watching.play(account, found, at)  # type: ignore[arg-type]
    plex.watching.of(account).rate(key, 8.0, at)


def read(viewer: Viewer) -> None:
    """Read all that Plex tells of a viewer, as on the first day."""
    Connection.objects.update(history_read_to=None)
    current = Connection.current()
    assert current is not None
    viewer.refresh_from_db()
    reading.read(viewer, current, people.client_of(viewer, current), full=True)
    plays.from_states(viewer, timezone.now() - 2 * AGO)
    plays.from_history(current, PlexClient.of(current))


def stored(viewer: Viewer) -> dict[str, int]:
    return {name: count for name, _words, count in counted(viewer) if count}


def an_episode(plex: DemoPlex) -> int:
    key = next(leaf.key for leaf in plex.library.leaves(plex.library.titles[SHOW]))
    show = MediaItem.objects.get(rating_key=str(SHOW))
    Episode.objects.get_or_create(
        rating_key=str(key), defaults={"item": show, "season": 1, "number": 1}
    )
    return int(key)


def test_nothing_of_the_time_before_comes_back(ben: Viewer, plex: DemoPlex) -> None:
    for key in (FILM, an_episode(plex)):
        watch(plex, key, AGO)
    read(ben)
    assert stored(ben) == {"plays": 2, "states": 2, "watched_episodes": 1}
    erase(ben)
    read(ben)
    assert stored(ben) == {}
    assert not list(from_plex())


def test_what_is_watched_from_then_on_is_read(ben: Viewer, plex: DemoPlex) -> None:
    watch(plex, FILM, AGO)
    erase(ben)
    watch(plex, OTHER, -SOON)
    read(ben)
    assert stored(ben) == {"plays": 1, "states": 1}
    assert ben.states.get().item.rating_key == str(OTHER)


def test_stars_from_before_do_not_come_back_with_a_second_look(ben: Viewer, plex: DemoPlex) -> None:
    watch(plex, FILM, AGO)
    erase(ben)
    plex.watching.of(BEN).scrobble([FILM], int((timezone.now() + SOON).timestamp()))
    read(ben)
    assert ben.states.get().user_rating is None


def test_what_the_connected_account_watched_stays_with_the_library_and_teaches_nothing(
    synced: Connection, plex: DemoPlex
) -> None:
    ada = builders.viewer("Ada", owns_plex_state=True)
    film = MediaItem.objects.filter(type="movie").first()
    MediaItem.objects.update(**UNTOUCHED._asdict())
    MediaItem.objects.filter(pk=film.pk if film else 0).update(
        view_count=1, user_rating=8.0, last_viewed_at=timezone.now() - AGO
    )
    episode = Episode.objects.get(rating_key=str(an_episode(plex)))
    WatchedEpisode.objects.create(viewer=ada, episode=episode)
    assert (stars_in_plex(), len(list(from_plex()))) == (1, 1)
    erase(ada)
    assert (stars_in_plex(), len(list(from_plex()))) == (0, 0)
    assert film is not None
    assert list(MediaItem.objects.filter(watched())) == [film]
    assert WatchedEpisode.objects.filter(viewer=ada).exists()


@pytest.mark.parametrize("again", ["viewed", "rated"])
def test_what_the_connected_account_did_before_teaches_nothing_after_a_second_look(
    synced: Connection, again: str
) -> None:
    ada, now = builders.viewer("Ada", owns_plex_state=True), timezone.now()
    film = MediaItem.objects.filter(type="movie").first()
    assert film is not None
    MediaItem.objects.update(**UNTOUCHED._asdict())
    before = {"view_count": 2, "user_rating": 8.0, "rated_at": now - AGO}
    MediaItem.objects.filter(pk=film.pk).update(last_viewed_at=now - AGO, **before)
    erase(ada)
    lately = {"last_viewed_at": timezone.now()} if again == "viewed" else {}
    lately |= {"rated_at": timezone.now()} if again == "rated" else {}
    MediaItem.objects.filter(pk=film.pk).update(**lately)
    assert stars_in_plex() == (again == "rated")
    [example] = from_plex()
    assert example.source == ("plex" if again == "rated" else "watched")


@pytest.mark.parametrize("linked", [True, False])
def test_the_page_says_what_plex_still_tells_and_how_to_stop_that(
    client: Client, ben: Viewer, linked: bool
) -> None:
    if not linked:
        Viewer.objects.update(plex_token="", history_id=None, plex_id=None)
    ben.user = builders.member()
    Viewer.objects.filter(pk=ben.pk).update(user=ben.user)
    client.force_login(ben.user)
    for page in ("/my-data", "/my-data/delete"):
        assert ("Plex tells" in client.get(page).content.decode()) == linked
