"""Titles that vanish: a few are believed, many only when a later look says the same."""

from datetime import timedelta

import pytest
from django.utils import timezone

from plexsync import sync, vanishing
from plexsync.demo.changes import made
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, Library, MediaItem
from plexsync.vanishing import believe

pytestmark = pytest.mark.django_db


def films() -> Library:
    return Library.objects.get(key="1")


def an_hour_passes() -> None:
    for library in Library.objects.all():
        marked = library.items.filter(missing_since__isnull=False, available=True)
        marked.update(missing_since=timezone.now() - vanishing.WAIT - timedelta(seconds=1))


def test_a_drive_that_is_not_mounted_takes_nothing_off_offer(
    synced: Connection, plex: DemoPlex
) -> None:
    made(plex, {"unmount": {"1": 0.6}})
    done = sync.run()
    assert (done["titles"], done["missing"], done["held"], done["complete"]) == (300, 0, 162, True)
    assert (films().held_count, films().held_since is not None) == (162, True)
    assert "162 vanished at once and are kept" in done["detail"]
    # a second look at once proves nothing
    assert sync.run()["missing"] == 0


def test_an_empty_library_is_not_believed(synced: Connection, plex: DemoPlex) -> None:
    made(plex, {"unmount": {"2": 1.0}})
    done = sync.run()
    assert (done["titles"], done["held"]) == (300, 30)


def test_what_is_still_away_an_hour_later_is_gone(synced: Connection, plex: DemoPlex) -> None:
    made(plex, {"unmount": {"1": 0.6}})
    sync.run()
    first = films().held_since
    an_hour_passes()
    done = sync.run()
    assert (done["titles"], done["missing"], done["held"]) == (138, 162, 0)
    assert first is not None
    assert (films().held_since, films().held_count) == (None, 0)


def test_while_plex_scans_a_second_look_proves_nothing(synced: Connection, plex: DemoPlex) -> None:
    made(plex, {"unmount": {"1": 0.6}})
    sync.run()
    an_hour_passes()
    made(plex, {"refreshing": {"1": True}})
    assert sync.run()["missing"] == 0
    made(plex, {"refreshing": {"1": False}})
    assert sync.run()["missing"] == 162


def test_titles_that_come_back_lose_their_mark(synced: Connection, plex: DemoPlex) -> None:
    made(plex, {"unmount": {"1": 0.6}})
    sync.run()
    made(plex, {"remount": True})
    done = sync.run()
    assert (done["titles"], done["held"]) == (300, 0)
    assert not MediaItem.objects.filter(missing_since__isnull=False).exists()
    assert (films().held_since, films().held_count) == (None, 0)
    assert plex.requests.kinds["metadata batch"] == 0  # and nothing had to be read again


def test_titles_that_were_believed_gone_come_back_as_they_were(
    synced: Connection, plex: DemoPlex
) -> None:
    rows = set(MediaItem.objects.values_list("pk", "rating_key"))
    made(plex, {"unmount": {"1": 0.6}})
    sync.run()
    an_hour_passes()
    sync.run()
    made(plex, {"remount": True})
    assert sync.run()["titles"] == 300
    assert set(MediaItem.objects.values_list("pk", "rating_key")) == rows


def test_the_owner_can_say_that_they_are_gone(synced: Connection, plex: DemoPlex) -> None:
    made(plex, {"unmount": {"1": 0.6}})
    sync.run()
    revision = films().revision
    assert believe(films()) == 162
    assert MediaItem.objects.on_offer().count() == 138
    assert (films().held_since, films().held_count) == (None, 0)
    assert films().revision > revision


@pytest.mark.parametrize(
    ("gone", "missing"), [(50, 50), (51, 0)], ids=["fifty are believed", "more are not"]
)
def test_how_many_are_believed_at_once(
    synced: Connection, plex: DemoPlex, gone: int, missing: int
) -> None:
    made(plex, {"remove": list(range(1001, 1001 + gone))})
    assert sync.run()["missing"] == missing


@pytest.mark.parametrize(
    ("gone", "missing"), [(6, 6), (7, 0)], ids=["a fifth is believed", "more is not"]
)
def test_what_share_is_believed_at_once(
    synced: Connection, plex: DemoPlex, gone: int, missing: int
) -> None:
    shows = [key for key in plex.library.titles if key > 200_000]
    made(plex, {"remove": shows[:gone]})
    assert sync.run()["missing"] == missing


def test_titles_in_plex_s_trash_are_not_on_offer_until_restored(
    synced: Connection, plex: DemoPlex
) -> None:
    made(plex, {"trash": [1001, 1002]})
    done = sync.run()
    assert (done["titles"], done["complete"]) == (298, True)
    plex.requests.clear()
    sync.run()
    assert plex.requests.kinds["metadata batch"] == 0  # they are not read again and again
    made(plex, {"restore": [1001, 1002]})
    assert sync.run()["titles"] == 300
