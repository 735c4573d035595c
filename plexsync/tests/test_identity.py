"""Feedback follows the title: to a new key, another library, another server, never to a stranger."""

import pytest

from feedback.models import Feedback
from moodrec.tests import builders
from plexsync import sync
from plexsync.demo.changes import made
from plexsync.demo.generated import generated_library
from plexsync.demo.server import DemoPlex
from plexsync.demo.titles import Title
from plexsync.identity import merge
from plexsync.models import Connection, Library, MediaItem, Sight
from plexsync.tests.test_catalogue import row

pytestmark = pytest.mark.django_db


def test_a_title_that_was_scanned_in_again_keeps_its_row(
    synced: Connection, plex: DemoPlex
) -> None:
    said = builders.feedback(row(1001), rating=5)
    new = made(plex, {"readd": [1001]})["readded"][1001]
    done = sync.run()
    assert (done["titles"], done["created"], done["missing"]) == (300, 0, 0)
    assert row(new).pk == said.item_id
    assert (row(new).available, row(new).missing_since) == (True, None)
    assert not MediaItem.objects.filter(rating_key="1001").exists()


def test_a_hundred_titles_scanned_in_again_keep_their_rows_and_none_is_held(
    synced: Connection, plex: DemoPlex
) -> None:
    rows = set(MediaItem.objects.values_list("pk", "guid"))
    made(plex, {"readd": list(range(1001, 1101))})
    done = sync.run()
    assert (done["titles"], done["created"], done["missing"], done["held"]) == (300, 0, 0, 0)
    assert set(MediaItem.objects.values_list("pk", "guid")) == rows
    assert plex.requests.kinds["single item"] == 0


def test_a_title_that_moved_to_another_library_keeps_its_row(
    synced: Connection, plex: DemoPlex
) -> None:
    pk = row(1001).pk
    added = made(plex, {"add_section": {"key": 3, "title": "Classics", "copies": [1001]}})
    new = added["add_section"]["1001"]
    made(plex, {"remove": [1001]})
    assert sync.run()["titles"] == 300
    assert (row(new).pk, row(new).library.title) == (pk, "Classics")


def test_the_same_film_in_two_libraries_is_two_rows(synced: Connection, plex: DemoPlex) -> None:
    made(plex, {"add_section": {"key": 3, "title": "Films 4K", "copies": list(range(1001, 1011))}})
    done = sync.run()
    assert (done["titles"], done["created"]) == (310, 10)
    assert MediaItem.objects.filter(guid=row(1001).guid).count() == 2
    assert sync.run()["created"] == 0


def test_editions_are_two_rows_and_each_keeps_its_own(synced: Connection, plex: DemoPlex) -> None:
    new = made(plex, {"edition": {"1001": "Director's Cut"}})["edition"]["1001"]
    assert sync.run()["created"] == 1
    pk = row(new).pk
    assert row(new).edition == "Director's Cut"
    again = made(plex, {"readd": [new]})["readded"][new]
    sync.run()
    assert (row(again).pk, row(1001).edition) == (pk, "")


def test_a_library_made_anew_under_another_number_keeps_all_rows(
    synced: Connection, plex: DemoPlex
) -> None:
    rows = set(MediaItem.objects.filter(type="movie").values_list("pk", "guid"))
    keys = [key for key in plex.library.titles if key < 200_000]
    made(plex, {"add_section": {"key": 3, "title": "Films", "copies": keys}})
    made(plex, {"remove_section": 1})
    done = sync.run()
    assert done["titles"] == 300
    offered = MediaItem.objects.on_offer().filter(type="movie")
    assert set(offered.values_list("pk", "guid")) == rows


def test_a_server_installed_anew_keeps_all_rows(synced: Connection, plex: DemoPlex) -> None:
    said = builders.feedback(row(1001), rating=5)
    library = generated_library(300)
    for key in list(library.titles):
        library.readd(key, 1_790_000_000)
    library.machine_identifier = "another"
    with DemoPlex(library, token="other") as other:
        sync.connect(other.url, other.token)
        done = sync.run()
    assert (done["titles"], done["created"]) == (300, 0)
    assert MediaItem.objects.count() == 300
    said.refresh_from_db()
    assert said.item.library.connection == Connection.current()


@pytest.mark.parametrize("first", [True, False], ids=["demo to real", "real to demo"])
def test_the_demo_s_titles_never_become_the_household_s(plex: DemoPlex, first: bool) -> None:
    sync.connect(plex.url, plex.token, is_demo=first)
    sync.run()
    library = generated_library(300)
    library.machine_identifier = "another"
    with DemoPlex(library, token="other") as other:
        sync.connect(other.url, other.token, is_demo=not first)
        assert sync.run()["created"] == 300
    assert MediaItem.objects.count() == 600


def test_a_successor_stored_before_its_forerunner_vanished_is_made_one_with_it(
    synced: Connection, plex: DemoPlex, small_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the new one has the lower key, and the old one goes while the sync is on its way
    old = row(1200)
    said = builders.feedback(old, rating=5)
    shown = builders.suggestion(row(1001))
    title = plex.library.titles[1200]
    twin = Title(7, "movie", title.title, year=title.year, imdb=title.imdb, minutes=title.minutes)
    plex.library.add(twin)

    def vanishing(progress: float, detail: str = "") -> None:
        if "100 of" in detail and MediaItem.objects.filter(rating_key="7").exists():
            new = row(7)
            if not Feedback.objects.filter(item=new).exists():
                builders.feedback(new, on=None, viewer=builders.viewer("Zoe"), rating=2)
                builders.feedback(new, viewer=said.viewer, rating=1)  # in the way: the older counts
            if 1200 in plex.library.titles:  # on a page not asked for yet
                plex.library.remove(1200)

    monkeypatch.setattr("plexsync.catalogue.BATCH", 1)
    done = sync.run(report=vanishing)
    assert (done["titles"], done["missing"]) == (300, 0)
    assert (row(7).pk, row(7).available) == (old.pk, True)
    assert list(old.feedback.order_by("pk").values_list("rating", flat=True)) == [5, 2]
    assert not MediaItem.objects.filter(rating_key="1200").exists()
    assert shown.item_id == row(1001).pk


def test_a_title_matched_anew_stays_what_it_was(synced: Connection, plex: DemoPlex) -> None:
    pk = row(1001).pk
    made(plex, {"rematch": {"1001": "com.plexapp.agents.imdb://tt1?lang=en"}})
    done = sync.run()
    assert (done["created"], done["updated"]) == (0, 1)
    assert (row(1001).pk, row(1001).guid) == (pk, "com.plexapp.agents.imdb://tt1?lang=en")


def test_a_key_that_another_title_has_now_keeps_their_feedback_apart(
    synced: Connection, plex: DemoPlex
) -> None:
    said = builders.feedback(row(1001), rating=5)
    plex.library.remove(1001)
    other = Title(1001, "movie", "Nothing Like It", year=1950, imdb="tt999999", minutes=240)
    plex.library.add(other)
    done = sync.run()
    assert (done["titles"], done["created"], done["missing"]) == (300, 1, 1)
    assert row(1001).title == "Nothing Like It"
    assert row(1001).pk != said.item_id
    said.refresh_from_db()
    assert (said.item.available, said.item.rating_key) == (False, f"gone-{said.item_id}")


def test_titles_without_a_guid_are_followed_nowhere(synced: Connection, plex: DemoPlex) -> None:
    for key in (1001, 1002):
        plex.library.titles[key].guid = ""
    Library.objects.get(key="1").items.filter(rating_key__in=["1001", "1002"]).update(guid="")
    made(plex, {"readd": [1001]})
    assert sync.run()["created"] == 1


def test_two_rows_made_one_keep_what_was_said_and_what_is_hidden(db: None) -> None:
    """While a sync runs, an account may be read that does not see the title's new row."""
    old, new = builders.title(), builders.title()
    said, ben = builders.feedback(new, rating=5), builders.viewer("Ben")
    sight = Sight.objects.create(viewer=ben, connection=old.library.connection)
    sight.hidden.add(new)
    merge(old, new)
    said.refresh_from_db()
    assert said.item == old
    assert list(sight.hidden.all()) == [old]
    assert not MediaItem.objects.exclude(pk=old.pk).exists()
