"""The mirror: rows equal to what Plex says, read again only where something changed."""

from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

import pytest

from feedback.models import Feedback
from moodrec.tests import builders
from plexsync import catalogue, sync
from plexsync.catalogue import mirror
from plexsync.client import PlexClient
from plexsync.demo.media import file_of
from plexsync.demo.server import DemoPlex
from plexsync.demo.titles import Title
from plexsync.models import Connection, Library, MediaItem, watched
from plexsync.parts import in_parts

pytestmark = pytest.mark.django_db
LISTING = "/library/sections/1/all"


def row(key: int) -> MediaItem:
    return MediaItem.objects.get(rating_key=str(key))


def contents() -> list[dict[str, Any]]:
    """Every column of every title but the time it was looked at."""
    rows = MediaItem.objects.order_by("pk").values()
    return [{name: v for name, v in row.items() if name != "synced_at"} for row in rows]


def named_after_its_file(plex: DemoPlex, key: int) -> str:
    return PurePosixPath(file_of(plex.library.titles[key])).stem


def told(title: Title) -> dict[str, Any]:
    """What Plex says of a title, as columns."""
    ids = (("imdb", title.imdb), ("tmdb", title.tmdb), ("tvdb", title.tvdb))
    return {
        "type": title.kind,
        "guid": title.guid,
        "external_ids": [f"{source}://{value}" for source, value in ids if value],
        "title": title.title,
        "sort_title": title.sort_title,
        "year": title.year,
        "summary": title.summary,
        "runtime_minutes": title.minutes,
        "genres": list(title.genres),
        "directors": list(title.directors),
        "writers": list(title.writers),
        "cast": list(dict.fromkeys(title.cast)),
        "countries": list(title.countries),
        "collections": list(title.collections),
        "studio": title.studio,
        "content_rating": title.content_rating or "",
        "audience_rating": title.audience_rating,
        "critic_rating": title.critic_rating,
        "season_count": len(title.seasons) or None,
        "episode_count": sum(title.seasons) or None,
        "thumb": f"/library/metadata/{title.key}/thumb/{title.updated_at}",
        "added_at": datetime.fromtimestamp(title.added_at, tz=UTC),
    }


def test_the_mirror_equals_what_plex_says(synced: Connection, plex: DemoPlex) -> None:
    titles = plex.library.titles
    rows = {int(item.rating_key): item for item in MediaItem.objects.all()}
    assert rows.keys() == titles.keys()
    for key, title in titles.items():
        expected = told(title)
        assert {name: getattr(rows[key], name) for name in expected} == expected
    # listings cut genres to two and cast to three: the mirror must not
    assert max(len(item.genres) for item in rows.values()) == 4
    assert max(len(item.cast) for item in rows.values()) == 16


def test_what_the_owner_has_watched_comes_along(synced: Connection, plex: DemoPlex) -> None:
    diary = plex.watching.of(1)
    for item in MediaItem.objects.all():
        title = plex.library.titles[int(item.rating_key)]
        assert item.view_count == diary.summed(title).count
        assert item.watched_episodes == (diary.seen(title.leaf_keys) if title.seasons else 0)
        assert item.user_rating == diary.summed(title).rating


def test_an_unchanged_library_costs_only_its_listing(
    synced: Connection, plex: DemoPlex, small_pages: None
) -> None:
    before = contents()
    done = sync.run()
    kinds = plex.requests.kinds
    assert (kinds["listing"], kinds["metadata batch"], kinds["single item"]) == (4, 0, 0)
    assert (done["created"], done["updated"], done["missing"]) == (0, 0, 0)
    assert contents() == before


def test_an_unchanged_library_is_not_touched(synced: Connection) -> None:
    before = list(Library.objects.values_list("revision", flat=True))
    sync.run()
    assert list(Library.objects.values_list("revision", flat=True)) == before


def test_full_reads_every_title_again(synced: Connection, plex: DemoPlex) -> None:
    assert sync.run(full=True)["updated"] == 300
    assert plex.requests.kinds["metadata batch"] == 3


def test_a_changed_title_is_read_again_alone(synced: Connection, plex: DemoPlex) -> None:
    plex.library.rename(plex.library.titles[1001], "The Renamed", 1_800_000_000)
    revision = Library.objects.get(key="1").revision
    done = sync.run()
    assert (done["created"], done["updated"]) == (0, 1)
    assert (row(1001).title, row(1001).sort_title) == ("The Renamed", "Renamed")
    assert (plex.requests.kinds["single item"], plex.requests.kinds["metadata batch"]) == (1, 0)
    assert Library.objects.get(key="1").revision == revision + 1


def test_what_was_watched_elsewhere_is_seen(synced: Connection, plex: DemoPlex) -> None:
    film = next(int(i.rating_key) for i in MediaItem.objects.filter(type="movie", view_count=0))
    show = plex.library.titles[200_001]
    for item in (plex.library.titles[film], *plex.library.leaves(show)):
        plex.watching.play(1, item, 1_800_000_000)
    sync.run()
    seen = set(MediaItem.objects.filter(watched()).values_list("rating_key", flat=True))
    assert {str(film), str(show.key)} <= seen
    assert row(film).last_viewed_at == datetime.fromtimestamp(1_800_000_000, tz=UTC)


def test_an_evening_s_watching_is_read_from_the_listing_alone(
    synced: Connection, plex: DemoPlex
) -> None:
    revision = Library.objects.get(key="1").revision
    diary, titles = plex.watching.of(1), plex.library.titles
    untouched = [int(i.rating_key) for i in MediaItem.objects.filter(type="movie", view_count=0)]
    seen, begun, rated = untouched[:3]
    plex.watching.play(1, titles[seen], 1_800_000_000)
    diary.entry(begun).offset = 1_234_567
    diary.rate(rated, 7.0, 1_800_000_100)
    diary.unscrobble([key for key, watch in diary.watches.items() if watch.count and key < 200_000])
    plex.watching.play(1, titles[seen], 1_800_000_000)
    plex.requests.clear()
    sync.run()
    assert plex.requests.kinds["metadata batch"] == plex.requests.kinds["single item"] == 0
    assert (row(seen).view_count, row(begun).view_offset) == (1, 1_234)
    assert (row(rated).user_rating, row(rated).rated_at) == (
        7.0,
        datetime.fromtimestamp(1_800_000_100, tz=UTC),
    )
    assert MediaItem.objects.filter(type="movie", view_count__gt=0).count() == 1
    assert Library.objects.get(key="1").revision > revision
    before = contents()
    sync.run()
    assert contents() == before


def test_a_star_taken_back_is_news_once_even_where_its_date_stays(
    synced: Connection, plex: DemoPlex
) -> None:
    film = next(i for i in MediaItem.objects.filter(type="movie", view_count=0))
    plex.library.titles[int(film.rating_key)].raw = {
        "userRating": "8",
        "lastRatedAt": "1700000000",
    }
    assert sync.run()["updated"] == 1
    plex.library.titles[int(film.rating_key)].raw = {"userRating": "0", "lastRatedAt": "1700000000"}
    assert [sync.run()["updated"] for _ in range(3)] == [1, 0, 0]
    film.refresh_from_db()
    assert (film.user_rating, film.rated_at) == (None, None)


def test_a_title_that_joins_a_collection_is_read_again(synced: Connection, plex: DemoPlex) -> None:
    plex.library.titles[1001].collections = ("Rainy days",)
    assert sync.run()["updated"] == 1
    assert row(1001).collections == ["Rainy days"]


def test_a_server_that_trims_no_listing_is_mirrored_all_the_same(
    synced: Connection, plex: DemoPlex
) -> None:
    before = contents()
    plex.faults.set({"ignore_excludes": True})
    assert sync.run()["updated"] == 0
    assert contents() == before
    assert sync.run(full=True)["updated"] == 300
    assert contents() == before


def test_the_languages_of_the_sound_come_along(synced: Connection) -> None:
    assert row(1001).languages == ["English"]


def test_garbage_in_place_of_numbers_is_nothing(connected: Connection, plex: DemoPlex) -> None:
    plex.faults.set({"garbage_numbers": True})
    assert sync.run()["titles"] == 300


def test_a_new_title_is_created_and_only_it(synced: Connection, plex: DemoPlex) -> None:
    plex.library.add(Title(4_000_000, "movie", "Brand New", year=2026, genres=("Drama",)))
    assert sync.run()["created"] == 1
    assert row(4_000_000).genres == ["Drama"]


def test_a_vanished_title_is_missing_and_keeps_what_was_said_of_it(
    synced: Connection, plex: DemoPlex
) -> None:
    said = builders.feedback(row(1001), rating=5)
    plex.library.remove(1001)
    assert sync.run()["missing"] == 1
    assert not row(1001).available
    assert row(1001).missing_since is not None
    assert row(1001) not in MediaItem.objects.on_offer()
    assert Feedback.objects.get().item == said.item


def test_a_title_that_returns_is_on_offer_again(synced: Connection, plex: DemoPlex) -> None:
    title, number = plex.library.remove(1001), row(1001).pk
    sync.run()
    plex.library.add(title)
    assert sync.run()["titles"] == 300
    assert (row(1001).pk, row(1001).available, row(1001).missing_since) == (number, True, None)


def test_a_title_stays_missing_and_is_counted_once(synced: Connection, plex: DemoPlex) -> None:
    plex.library.remove(1001)
    assert [sync.run()["missing"] for _ in range(2)] == [1, 0]


@pytest.mark.parametrize(
    "fault", [{"cap_page": 40}, {"ignore_paging": True}, {"duplicate_pages": True}]
)
def test_odd_paging_neither_loses_nor_doubles_a_title(
    connected: Connection, plex: DemoPlex, small_pages: None, fault: dict[str, Any]
) -> None:
    plex.faults.set({**fault, "only_path": "/library/sections/"})
    done = sync.run()
    assert (done["titles"], done["created"], done["updated"]) == (300, 300, 0)
    assert done["complete"]


def test_a_server_that_caps_full_answers_too_loses_no_title(
    connected: Connection, plex: DemoPlex
) -> None:
    plex.faults.set({"cap_page": 40, "only_path": "/library/"})
    done = sync.run()
    assert (done["titles"], done["complete"], done["skipped"]) == (300, True, [])
    assert MediaItem.objects.count() == 300


def test_a_title_that_is_listed_but_never_told_is_named(
    connected: Connection, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = plex.library.find
    monkeypatch.setattr(plex.library, "find", lambda key: None if key == 1001 else found(key))
    done = sync.run()
    assert (done["titles"], done["complete"]) == (299, True)
    assert done["skipped"] == [{"key": "1001", "reason": catalogue.UNTOLD}]


def test_a_library_that_shrinks_under_the_walk_marks_nothing_missing(
    synced: Connection, plex: DemoPlex, small_pages: None
) -> None:
    before = contents()
    plex.faults.set({"shrink": 0.6, "only_path": LISTING})
    done = sync.run()
    assert (done["complete"], done["missing"]) == (False, 0)
    assert contents() == before


def test_a_forbidden_character_costs_nothing_but_itself(
    connected: Connection, plex: DemoPlex
) -> None:
    plex.faults.set({"bad_char": True})
    assert sync.run()["titles"] == 300
    assert row(1001).summary == plex.library.titles[1001].summary


def test_titles_that_lack_what_is_usually_there_are_stored(
    connected: Connection, plex: DemoPlex
) -> None:
    plex.faults.set({"missing_attrs": True})
    assert sync.run()["titles"] == 300
    assert (row(1002).title, row(1002).year) == (named_after_its_file(plex, 1002), None)
    show = next(key for key in plex.library.titles if key > 200_000 and key % 3 == 0)
    assert row(show).title == f"Untitled ({show})"  # a series has no file of its own


def test_hostile_words_are_kept_as_words(connected: Connection, plex: DemoPlex) -> None:
    title = plex.library.titles[1001]
    title.title, title.genres = (
        "<script>alert(1)</script> 👽 \u202eشيء",
        tuple(f"Genre {n}" for n in range(10_000)),
    )
    sync.run()
    assert row(1001).title == title.title
    assert row(1001).genres == [f"Genre {n}" for n in range(30)]


def test_only_titles_of_the_library_asked_for_are_read(
    connected: Connection, client: PlexClient
) -> None:
    reports: list[tuple[float, str]] = []
    series = Library.objects.get(type="show")
    done = mirror(
        series, client, report=lambda progress, detail="": reports.append((progress, detail))
    )
    assert (done.created, done.complete) == (30, True)
    assert set(MediaItem.objects.values_list("library", flat=True)) == {series.pk}
    assert reports[-1] == (1.0, "Series: 30 of 30")


def test_parts_hold_everything_in_order() -> None:
    assert list(in_parts(iter(range(5)), 2)) == [[0, 1], [2, 3], [4]]
    assert list(in_parts(iter([]), 2)) == []
