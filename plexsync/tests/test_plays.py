"""Who watched what: each play once, whoever tells of it."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from moodrec.tests import builders
from plexsync import people, plays, reading
from plexsync.client import PlexClient, PlexError, history
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, Episode, MediaItem, Play, Viewer

pytestmark = pytest.mark.django_db
FILM, OTHER, SHOW = 1_005, 1_006, 200_001
BEN = 4_711_002


@pytest.fixture
def house(synced: Connection, plex: DemoPlex) -> Connection:
    """Ada, who owns the server, and Ben; nobody has watched anything."""
    plex.watching.plays.clear()
    for diary in plex.watching.diaries.values():
        diary.watches.clear()
    MediaItem.objects.update(view_count=0, watched_episodes=0, view_offset=0, last_viewed_at=None)
    ada = builders.viewer("Ada", owns_plex_state=True)
    ben = builders.viewer("Ben")
    Viewer.objects.filter(pk=ada.pk).update(history_id=1)
    Viewer.objects.filter(pk=ben.pk).update(plex_id=BEN, history_id=BEN, plex_token=plex.ben_token)
    return synced


def watch(plex: DemoPlex, account: int, key: int, at: datetime) -> None:
    found = plex.library.find(key)
    assert found is not None
    plex.watching.play(account, found, int(at.timestamp()))  # type: ignore[arg-type]


def from_history(house: Connection) -> int:
    house.refresh_from_db()
    return plays.from_history(house, PlexClient.of(house))


def known() -> list[tuple[str, str, str]]:
    rows = Play.objects.order_by("played_at").select_related("viewer")
    return [(play.viewer.name, play.rating_key, play.source) for play in rows]


def test_the_history_tells_who_watched_what(house: Connection, plex: DemoPlex) -> None:
    now = timezone.now()
    watch(plex, 1, FILM, now - timedelta(days=2))
    watch(plex, BEN, OTHER, now - timedelta(days=1))
    assert from_history(house) == 2
    assert known() == [("Ada", "1005", "history"), ("Ben", "1006", "history")]


def test_reading_again_finds_nothing_new_and_asks_for_the_newest_only(
    house: Connection, plex: DemoPlex
) -> None:
    now = timezone.now()
    for day in range(1, 101):
        watch(plex, 1, 1_000 + day, now - timedelta(days=101 - day))
    assert from_history(house) == 100
    assert house.history_read_to is not None
    assert abs(house.history_read_to - (now - timedelta(days=1))) < timedelta(seconds=2)
    assert from_history(house) == 0
    assert Play.objects.count() == 100
    watch(plex, 1, FILM, now)
    assert from_history(house) == 1


def test_an_episode_is_a_play_of_its_series(house: Connection, plex: DemoPlex) -> None:
    episode = plex.library.leaves(plex.library.titles[SHOW])[0]
    watch(plex, 1, episode.key, timezone.now())
    from_history(house)
    play = Play.objects.get()
    assert (play.item.rating_key, play.rating_key) == (str(SHOW), str(episode.key))


def test_strangers_and_titles_that_are_gone_are_passed_over(
    house: Connection, plex: DemoPlex
) -> None:
    watch(plex, 4_711_003, FILM, timezone.now())  # Cleo is no viewer here
    watch(plex, 1, OTHER, timezone.now())
    plex.library.remove(OTHER)
    assert from_history(house) == 0


def test_who_is_switched_off_is_not_read(house: Connection, plex: DemoPlex) -> None:
    Viewer.objects.filter(name="Ben").update(enabled=False)
    watch(plex, BEN, FILM, timezone.now())
    assert from_history(house) == 0


def test_the_same_film_within_its_runtime_is_the_same_play(
    house: Connection, plex: DemoPlex
) -> None:
    now = timezone.now() - timedelta(days=1)
    watch(plex, 1, FILM, now)
    watch(plex, 1, FILM, now + timedelta(minutes=90))
    watch(plex, 1, FILM, now + timedelta(hours=9))
    assert from_history(house) == 2


def test_a_page_at_a_time_is_read_whatever_the_server_caps(
    house: Connection, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAGE", 30)
    now = timezone.now()
    for day in range(1, 101):
        watch(plex, 1, 1_000 + day, now - timedelta(days=101 - day))
    assert from_history(house) == 100


def test_a_reading_that_breaks_is_taken_up_again(
    house: Connection, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAGE", 30)
    now = timezone.now()
    for day in range(1, 101):
        watch(plex, 1, 1_000 + day, now - timedelta(days=101 - day))
    plex.faults.set({"reset": True, "only_path": "/status", "after_requests": 2, "times": 99})
    with pytest.raises(PlexError):
        from_history(house)
    plex.faults.clear()
    from_history(house)
    assert Play.objects.count() == 100


def read(viewer: Viewer, house: Connection, *, full: bool = True) -> int:
    viewer.refresh_from_db()
    before = viewer.state_read_at
    reading.read(viewer, house, people.client_of(viewer, house), full=full)
    return plays.from_states(viewer, before - plays.OVERLAP) if before else 0


def test_what_is_marked_as_watched_by_hand_is_a_play_without_history(
    house: Connection, plex: DemoPlex
) -> None:
    ben = Viewer.objects.get(name="Ben")
    read(ben, house)
    plex.watching.of(BEN).scrobble([FILM], int(timezone.now().timestamp()))
    assert read(ben, house) == 1
    assert from_history(house) == 0
    assert known() == [("Ben", "1005", "state")]


def test_what_was_watched_before_the_first_reading_is_no_play(
    house: Connection, plex: DemoPlex
) -> None:
    plex.watching.of(BEN).scrobble([FILM], int(timezone.now().timestamp()))
    assert read(Viewer.objects.get(name="Ben"), house) == 0


def test_history_and_state_tell_of_one_play(house: Connection, plex: DemoPlex) -> None:
    for name in ("Ada", "Ben"):
        read(Viewer.objects.get(name=name), house, full=False)
    now = timezone.now()
    watch(plex, 1, FILM, now)
    watch(plex, BEN, FILM, now - timedelta(minutes=5))
    assert from_history(house) == 2
    for name in ("Ada", "Ben"):
        assert read(Viewer.objects.get(name=name), house, full=False) == 0


def test_a_film_that_is_begun_again_is_no_play(house: Connection, plex: DemoPlex) -> None:
    ben = Viewer.objects.get(name="Ben")
    with time_machine.travel(timezone.now() - timedelta(days=3), tick=True):
        plex.watching.of(BEN).scrobble([FILM], int(timezone.now().timestamp()))
        read(ben, house)
    entry = plex.watching.of(BEN).entry(FILM)
    entry.offset, entry.viewed_at = 900_000, int(timezone.now().timestamp())
    assert read(ben, house) == 0


def test_an_episode_marked_by_hand_is_a_play_too(house: Connection, plex: DemoPlex) -> None:
    ben = Viewer.objects.get(name="Ben")
    key = plex.library.leaves(plex.library.titles[SHOW])[0].key
    show = MediaItem.objects.get(rating_key=str(SHOW))
    Episode.objects.get_or_create(item=show, rating_key=str(key))
    read(ben, house)
    plex.watching.of(BEN).scrobble([key], int(timezone.now().timestamp()))
    assert read(ben, house) == 1
    assert Play.objects.get().item == show


def test_a_view_without_a_date_is_no_play_of_today(house: Connection, plex: DemoPlex) -> None:
    ben = Viewer.objects.get(name="Ben")
    read(ben, house)
    plex.watching.of(BEN).entry(FILM).count = 1
    assert read(ben, house) == 0
