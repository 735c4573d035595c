"""Shelves in Plex: updated in place, with few requests, and nothing touched that is not ours."""

from typing import Any

import pytest

from moodrec.tests import builders
from plexsync import shelving
from plexsync.client import PlexClient, PlexError
from plexsync.client.shelves import Playlists
from plexsync.demo.playlists import Playlist
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, Shelf

pytestmark = pytest.mark.django_db
FILMS = [str(key) for key in range(1001, 1041)]


@pytest.fixture
def shelf(connected: Connection) -> Shelf:
    return Shelf(connection=connected, kind="playlist", slug="funny", title="Funny · MoodRec")


@pytest.fixture
def collection(connected: Connection) -> Shelf:
    library = connected.libraries.get(type="movie")
    return Shelf(
        connection=connected,
        kind="collection",
        slug="funny",
        title="Funny · MoodRec",
        library=library,
    )


def in_plex(plex: DemoPlex, shelf: Shelf) -> list[str]:
    return [str(key) for _place, key in playlist(plex, shelf).entries]


def playlist(plex: DemoPlex, shelf: Shelf) -> Playlist:
    return plex.playlists.by_key[int(shelf.rating_key)]


def members(plex: DemoPlex, shelf: Shelf) -> set[str]:
    return {str(key) for key in plex.library.collections[int(shelf.rating_key)].members}


def writes(plex: DemoPlex) -> list[str]:
    """What was changed in Plex, in order."""
    return [
        f"{a.method} {a.target.partition('?')[0]}" for a in plex.requests.asked if a.method != "GET"
    ]


def test_a_new_playlist_says_whose_it_is(shelf: Shelf, plex: DemoPlex, client: PlexClient) -> None:
    assert shelving.settle(shelf, FILMS[:3], client)
    assert in_plex(plex, shelf) == FILMS[:3]
    assert playlist(plex, shelf).title == "Funny · MoodRec"
    assert "MoodRec" in playlist(plex, shelf).summary
    assert Shelf.objects.get().keys == FILMS[:3]


def test_what_is_unchanged_is_not_written(shelf: Shelf, plex: DemoPlex, client: PlexClient) -> None:
    shelving.settle(shelf, FILMS[:25], client)
    plex.requests.clear()
    assert not shelving.settle(shelf, FILMS[:25], client)
    assert writes(plex) == []
    assert len(plex.requests.asked) == 1


def test_a_few_changes_are_made_one_by_one_under_the_same_key(
    shelf: Shelf, plex: DemoPlex, client: PlexClient
) -> None:
    shelving.settle(shelf, FILMS[:10], client)
    key = shelf.rating_key
    plex.requests.clear()
    assert shelving.settle(shelf, [*FILMS[:8], *FILMS[20:22]], client)
    assert in_plex(plex, shelf) == [*FILMS[:8], *FILMS[20:22]]
    assert shelf.rating_key == key
    assert [line.split("/")[0] for line in writes(plex)] == ["PUT ", "DELETE ", "DELETE "]


def test_many_changes_empty_the_playlist_and_fill_it_again(
    shelf: Shelf, plex: DemoPlex, client: PlexClient
) -> None:
    shelving.settle(shelf, FILMS[:25], client)
    key, plex.requests.asked = shelf.rating_key, type(plex.requests.asked)()
    shelving.settle(shelf, [*FILMS[30:33], *FILMS[:10]], client)
    assert in_plex(plex, shelf) == [*FILMS[30:33], *FILMS[:10]]
    assert writes(plex) == [f"DELETE /playlists/{key}/items", f"PUT /playlists/{key}/items"]


def test_titles_go_in_at_most_two_hundred_a_request(
    shelf: Shelf, plex: DemoPlex, client: PlexClient
) -> None:
    many = [str(key) for key in range(1001, 1251)]
    shelving.settle(shelf, many, client)
    assert in_plex(plex, shelf) == many
    assert max(len(a.target) for a in plex.requests.asked) < 2_500


def test_what_somebody_added_to_our_playlist_stays(
    shelf: Shelf, plex: DemoPlex, client: PlexClient
) -> None:
    shelving.settle(shelf, FILMS[:10], client)
    plex.playlists.append(playlist(plex, shelf), [1100], 0)
    shelving.settle(shelf, FILMS[20:30], client)
    assert in_plex(plex, shelf) == ["1100", *FILMS[20:30]]


def test_a_namesake_that_is_not_ours_is_left_alone(
    shelf: Shelf, plex: DemoPlex, client: PlexClient
) -> None:
    theirs = plex.playlists.create(999_000, 1, "Funny · MoodRec", 0)
    plex.playlists.append(theirs, [1100], 0)
    shelving.settle(shelf, FILMS[:3], client)
    shelving.remove(shelf, client)
    assert [p.key for p in plex.playlists.by_key.values()] == [999_000]
    assert [key for _place, key in theirs.entries] == [1100]


def test_a_playlist_that_somebody_deleted_is_made_anew(
    shelf: Shelf, plex: DemoPlex, client: PlexClient
) -> None:
    shelving.settle(shelf, FILMS[:3], client)
    old = shelf.rating_key
    plex.playlists.by_key.clear()
    assert shelving.settle(shelf, FILMS[:3], client)
    assert shelf.rating_key != old
    assert in_plex(plex, shelf) == FILMS[:3]
    assert Shelf.objects.count() == 1


def test_a_title_that_stands_twice_is_put_right(
    shelf: Shelf, plex: DemoPlex, client: PlexClient
) -> None:
    """As after an answer that got lost: the write was done, and is done again."""
    shelving.settle(shelf, FILMS[:3], client)
    plex.playlists.append(playlist(plex, shelf), [1001, 1002], 0)
    shelving.settle(shelf, FILMS[:3], client)
    assert in_plex(plex, shelf) == FILMS[:3]


@pytest.mark.parametrize("fault", [{"status": 503}, {"reset": True}])
def test_a_change_that_breaks_in_the_middle_is_finished_next_time(
    shelf: Shelf, plex: DemoPlex, client: PlexClient, fault: dict[str, Any]
) -> None:
    shelving.settle(shelf, FILMS[:4], client)
    # the list is read, the new titles are put in, and then taking the old ones away fails
    path = f"/playlists/{shelf.rating_key}/items"
    plex.faults.set({**fault, "only_path": path, "after_requests": 3})
    with pytest.raises(PlexError):
        shelving.settle(shelf, FILMS[3:6], client)
    plex.faults.clear()
    assert FILMS[5] in in_plex(plex, shelf)
    shelving.settle(Shelf.objects.get(), FILMS[8:10], client)
    assert in_plex(plex, shelf) == FILMS[8:10]


def test_a_collection_is_kept_in_place_and_never_empty(
    collection: Shelf, plex: DemoPlex, client: PlexClient
) -> None:
    shelving.settle(collection, FILMS[:5], client)
    key = collection.rating_key
    plex.requests.clear()
    assert not shelving.settle(collection, list(reversed(FILMS[:5])), client)
    assert shelving.settle(collection, FILMS[10:20], client)
    assert members(plex, collection) == set(FILMS[10:20])
    assert collection.rating_key == key
    assert writes(plex)[0].startswith("PUT")
    assert "MoodRec" in plex.library.collections[int(key)].summary


def test_a_collection_shows_in_the_library_and_goes_with_its_shelf(
    collection: Shelf, plex: DemoPlex, client: PlexClient
) -> None:
    shelving.settle(collection, FILMS[:5], client)
    assert "Funny · MoodRec" in plex.library.titles[1001].collections
    shelving.remove(collection, client)
    assert "Funny · MoodRec" not in plex.library.titles[1001].collections
    assert not Shelf.objects.exists()


def test_removing_what_is_gone_already_is_no_error(
    shelf: Shelf, plex: DemoPlex, client: PlexClient
) -> None:
    shelving.settle(shelf, FILMS[:5], client)
    plex.playlists.by_key.clear()
    shelving.remove(shelf, client)
    assert not Shelf.objects.exists()


def test_a_shelf_that_can_t_be_removed_is_not_forgotten(
    shelf: Shelf, plex: DemoPlex, client: PlexClient
) -> None:
    shelving.settle(shelf, FILMS[:5], client)
    plex.faults.set({"status": 503, "only_path": "/playlists"})
    with pytest.raises(PlexError):
        shelving.remove(shelf, client)
    assert Shelf.objects.exists()


def test_no_token_of_ours_stands_in_an_address(
    shelf: Shelf, plex: DemoPlex, client: PlexClient
) -> None:
    shelving.settle(shelf, FILMS[:5], client)
    assert not [a for a in plex.requests.asked if plex.token in a.target]
    assert builders.connection().token == plex.token


def test_a_server_that_promises_titles_without_end_is_not_listened_to_for_ever(
    shelf: Shelf, plex: DemoPlex, client: PlexClient
) -> None:
    shelving.settle(shelf, ["1001", "1002"], client)
    plex.faults.set({"ignore_paging": True, "grow": 1_000_000, "after_requests": 1})
    assert [e.rating_key for e in Playlists(client).held(shelf.rating_key)] == ["1001", "1002"]
