"""The demo Plex server, asked by the real plexapi: it must not be able to tell."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from PIL import Image
from plexapi.exceptions import BadRequest, NotFound, Unauthorized
from plexapi.playqueue import PlayQueue
from plexapi.server import PlexServer

from plexsync.demo.generated import generated_library
from plexsync.demo.library import Library, read_library
from plexsync.demo.people import named
from plexsync.demo.server import DemoPlex
from plexsync.demo.titles import Title

Plex: Any = PlexServer  # plexapi carries no types
Queue: Any = PlayQueue
CAST = tuple(f"Actor {n}" for n in range(20))


def small_library() -> Library:
    films = [
        Title(
            1001 + n,
            "movie",
            f"{'The ' if n % 2 else ''}Film {n:03d}",
            year=1990 + n % 30,
            genres=("Comedy", "Drama", "Romance", "Music") if n % 2 else ("Action",),
            minutes=90 + n,
            directors=("Ann", "Bob", "Cid"),
            writers=("Dee", "Eve", "Fay"),
            cast=CAST,
            countries=("France", "Italy"),
            content_rating="PG",
            studio="House & Sons",
            audience_rating=7.5,
            critic_rating=6.0,
            imdb=f"tt{7_000_000 + n}",
            tmdb=5_000 + n,
            collections=("Saga",) if n < 3 else (),
            released="1999-05-06",
            summary='Words with <marks> & "quotes"\nover two lines.',
        )
        for n in range(250)
    ]
    show = Title(
        200_001,
        "show",
        "Long Show",
        year=2001,
        genres=("Drama",),
        minutes=45,
        seasons=(6, 4),
        released="2001-01-02",
    )
    other = Title(show.key + show.block, "show", "Short Show", seasons=(3,))
    bare = Title(1900, "movie", "Bare")
    return Library("Small", [*films, bare, show, other])


@pytest.fixture
def demo() -> Iterator[DemoPlex]:
    with DemoPlex(small_library(), token="owner-token", seeded=False) as plex:
        yield plex


@pytest.fixture
def plex(demo: DemoPlex) -> Any:
    server = Plex(demo.url, demo.token)
    demo.requests.clear()
    return server


@pytest.fixture
def films(plex: Any) -> Any:
    return plex.library.section("Films")


def get(demo: DemoPlex, path: str, **headers: str) -> requests.Response:
    return requests.get(
        demo.url + path, headers={"X-Plex-Token": demo.token, **headers}, timeout=10
    )


def ask(demo: DemoPlex, method: str, path: str, told: dict[str, Any] | None = None) -> Any:
    headers = {"X-Plex-Token": demo.token}
    return requests.request(method, demo.url + path, json=told, headers=headers, timeout=10).json()


# Who may ask


def test_identity_is_open_and_everything_else_needs_a_token(demo: DemoPlex) -> None:
    assert "machineIdentifier" in requests.get(demo.url + "/identity", timeout=5).text
    refused = requests.get(demo.url + "/library/sections", timeout=5)
    assert refused.status_code == 401
    assert "<html>" in refused.text
    with pytest.raises(Unauthorized):
        Plex(demo.url, "wrong")


def test_a_token_is_taken_from_the_query_too(demo: DemoPlex) -> None:
    assert requests.get(f"{demo.url}/?X-Plex-Token={demo.token}", timeout=5).status_code == 200


def test_the_same_library_is_the_same_server(demo: DemoPlex, plex: Any) -> None:
    assert plex.machineIdentifier == small_library().machine_identifier
    assert plex.friendlyName == "Small"


def test_a_shared_user_sees_the_library_but_not_what_is_the_owners(demo: DemoPlex) -> None:
    ben = Plex(demo.url, demo.ben_token)
    assert ben.library.section("Films").totalSize == 251
    with pytest.raises(BadRequest, match="403"):
        ben.systemAccounts()


def test_everybody_sees_what_is_shared_with_them(demo: DemoPlex) -> None:
    seen = {
        name: [section.title for section in Plex(demo.url, demo.token_of(name)).library.sections()]
        for name in ("ana", "ben", "cleo", "dora")
    }
    both = ["Films", "Series"]
    assert seen == {"ana": both, "ben": both, "cleo": both, "dora": ["Films"]}


def test_what_is_not_shared_is_not_there(demo: DemoPlex, plex: Any) -> None:
    dora = Plex(demo.url, demo.token_of("dora"))
    show = plex.library.section("Series").get("Long Show")
    for path in (
        "/library/sections/2/all",
        f"/library/metadata/{show.ratingKey}",
        f"/library/metadata/{show.episodes()[0].ratingKey}",
        f"/library/metadata/{show.ratingKey}/allLeaves",
    ):
        with pytest.raises(NotFound):
            dora.query(path)
    assert dora.search("long show") == []
    assert dora.library.section("Films").totalSize == 251


def test_an_account_that_lost_its_access_is_nobody(demo: DemoPlex) -> None:
    token = demo.token_of("ben")
    demo.withdraw("ben")
    with pytest.raises(Unauthorized):
        Plex(demo.url, token)


def test_the_owner_sees_all_accounts(plex: Any) -> None:
    assert [account.name for account in plex.systemAccounts()] == ["", "ana", "ben", "cleo", "dora"]


# Reading


def test_sections_have_what_a_sync_asks_of_them(plex: Any) -> None:
    films, series = plex.library.sections()
    assert (films.type, films.agent, series.type) == ("movie", "tv.plex.agents.movie", "show")
    assert films._data.attrib["contentChangedAt"]
    assert films.locations == ["/data/films"]


def test_all_walks_every_page(demo: DemoPlex, films: Any) -> None:
    titles = films.all()
    assert len({title.ratingKey for title in titles}) == 251
    assert demo.requests.kinds["listing"] == 3


def test_a_listing_truncates_tags_as_plex_does(films: Any) -> None:
    film = films.get("The Film 001")
    film._autoReload = False
    assert [genre.tag for genre in film.genres] == ["Comedy", "Drama"]
    assert (len(film.countries), len(film.directors), len(film.writers), len(film.roles)) == (
        1,
        2,
        2,
        3,
    )
    assert [tag.tag for tag in film.collections] == ["Saga"]
    assert (
        film.media[0].parts[0].file
        == "/data/films/The Film 001 (1991)/The Film 001 (1991).mkv"[:-3] + film.media[0].container
    )
    assert not film.media[0].parts[0].streams
    assert [guid.id for guid in film.guids] == ["imdb://tt7000001", "tmdb://5001"]


def test_guids_come_only_when_asked_for(demo: DemoPlex) -> None:
    page = "/library/sections/1/all?X-Plex-Container-Size=5&X-Plex-Container-Start=0"
    assert "<Guid " not in get(demo, page).text
    assert "<Guid " in get(demo, page + "&includeGuids=1").text


def test_a_single_item_comes_in_full(films: Any) -> None:
    film = films.get("The Film 001").reload()
    assert [genre.tag for genre in film.genres] == ["Comedy", "Drama", "Romance", "Music"]
    assert len(film.roles) == 16
    assert film.chapters
    assert len(film.ratings) == 2
    assert film.media[0].parts[0].streams
    assert film.librarySectionTitle == "Films"


def test_text_survives_the_way_through_xml(films: Any) -> None:
    film = films.get("Film 000")
    assert film.summary == 'Words with <marks> & "quotes"\nover two lines.'
    assert film.studio == "House & Sons"


def test_what_a_title_lacks_is_missing_not_empty(demo: DemoPlex) -> None:
    text = get(demo, "/library/metadata/1900").text
    assert not any(
        f" {name}=" in text for name in ("year", "studio", "duration", "viewCount", "contentRating")
    )


def test_a_batch_passes_over_unknown_keys_and_fails_when_all_are(demo: DemoPlex, plex: Any) -> None:
    assert [film.ratingKey for film in plex.fetchItems([1003, 9999, 1001])] == [1003, 1001]
    assert demo.requests.kinds == {"metadata batch": 1}
    with pytest.raises(NotFound):
        plex.fetchItem(9999)


def test_pages_can_be_asked_by_header_and_are_counted(demo: DemoPlex) -> None:
    answer = get(
        demo,
        "/library/sections/1/all?type=1",
        **{"X-Plex-Container-Start": "240", "X-Plex-Container-Size": "100"},
    )
    assert ' size="11" totalSize="251" offset="240"' in answer.text
    assert answer.headers["X-Plex-Container-Total-Size"] == "251"
    assert answer.headers["Content-Type"] == "text/xml;charset=utf-8"


def test_size_zero_only_counts(films: Any) -> None:
    assert films.totalSize == 251


def test_elements_and_fields_can_be_left_out(demo: DemoPlex) -> None:
    text = get(
        demo, "/library/sections/1/all?excludeElements=Media,Image,Genre&excludeFields=summary,art"
    ).text
    assert not any(part in text for part in ("<Media ", "<Image ", "<Genre ", " summary=", " art="))
    assert "<Director " in text


def test_titles_are_filed_without_their_article(films: Any) -> None:
    listed = [film.title for film in films.all()]
    assert listed[:4] == ["Bare", "Film 000", "The Film 001", "Film 002"]


def test_sorts_go_both_ways(films: Any) -> None:
    keys = [film.ratingKey for film in films.search(sort="id:desc", maxresults=3)]
    assert keys == [1900, 1250, 1249]
    added = [film.addedAt for film in films.search(sort="addedAt:desc")]
    assert added == sorted(added, reverse=True)


def test_filters_narrow_as_plexapi_means_them(films: Any) -> None:
    assert len(films.search(genre="Comedy")) == 125
    assert len(films.search(year=1990)) == 9
    assert len(films.search(title="film 01")) == 10
    assert len(films.search(guid=films.get("Bare").guid)) == 1
    assert {film.year // 10 for film in films.search(decade=2010)} == {201}
    middle = films.get("Film 100").addedAt
    assert all(film.addedAt > middle for film in films.search(filters={"addedAt>>": middle}))


def test_what_was_watched_lately_comes_first(demo: DemoPlex) -> None:
    demo.change(watched={"account": "ben", "keys": [1003], "at": 1_700_000_000})
    demo.change(watched={"account": "ben", "keys": [1002], "at": 1_710_000_000})
    demo.change(begun={"account": "ben", "keys": [1004], "at": 1_705_000_000})
    films = Plex(demo.url, demo.token_of("ben")).library.section("Films")
    newest = films.search(sort="lastViewedAt:desc", maxresults=3)
    assert [film.ratingKey for film in newest] == [1002, 1004, 1003]
    path = "/library/sections/1/all?type=1&sort=lastViewedAt:desc&{}"
    since = films._server.query(path.format("lastViewedAt%3E%3E=1700000001"))
    assert [film.get("ratingKey") for film in since] == ["1002", "1004"]
    limited = films._server.query(path.format("limit=2"))
    assert [film.get("ratingKey") for film in limited] == ["1002", "1004"]
    assert films._server.query(path.format("unwatched=1")).get("totalSize") == "249"


def test_soundtracks_are_named_in_the_full_entry_only(demo: DemoPlex) -> None:
    demo.library.titles[1001].languages = ("fr", "en")
    full = get(demo, "/library/metadata/1001").text
    assert full.count('streamType="2"') == 2
    assert 'language="Français"' in full
    assert "<Stream " not in get(demo, "/library/sections/1/all").text


def test_labels_and_all_genres_stand_in_the_full_entry_only(demo: DemoPlex) -> None:
    demo.library.titles[1002].labels = ("Christmas", "Kids")
    assert get(demo, "/library/metadata/1002").text.count("<Label ") == 2
    assert "<Label " not in get(demo, "/library/sections/1/all").text


def test_nested_filters_are_refused_rather_than_misread(films: Any) -> None:
    with pytest.raises(BadRequest, match="400"):
        films.search(filters={"or": [{"genre": "Comedy"}, {"genre": "Action"}]})


def test_filters_on_dates_reach_the_server_raw(demo: DemoPlex) -> None:
    ask(demo, "POST", "/demo/library", {"touch": [1005, 1006]})
    text = get(demo, "/library/sections/1/all?type=1&updatedAt%3E%3E=1793000000").text
    assert 'totalSize="2"' in text


def test_choices_of_a_filter_lead_to_its_titles(films: Any) -> None:
    choices = {choice.title: choice for choice in films.listFilterChoices("genre")}
    assert set(choices) == {"Action", "Comedy", "Drama", "Music", "Romance"}
    assert len(choices["Action"].items()) == 125


def test_a_show_opens_into_seasons_and_episodes(plex: Any) -> None:
    show = plex.library.section("Series").get("Long Show")
    assert (show.leafCount, show.childCount, show.duration // 60_000) == (10, 2, 45)
    assert [len(season.episodes()) for season in show.seasons()] == [6, 4]
    last = show.episodes()[-1]
    assert (last.title, last.seasonEpisode, last.grandparentTitle) == (
        "Episode 4",
        "s02e04",
        "Long Show",
    )
    assert plex.fetchItem(last.ratingKey).guid == last.guid
    assert last.show() == show


def test_all_episodes_come_in_one_sweep(plex: Any) -> None:
    episodes = plex.library.section("Series").search(libtype="episode")
    assert len({episode.ratingKey for episode in episodes}) == 13


def test_a_vanished_key_is_found_again_by_its_guid(demo: DemoPlex, plex: Any, films: Any) -> None:
    film = films.get("Film 000").markPlayed()
    moved = ask(demo, "POST", "/demo/library", {"readd": [film.ratingKey]})["readded"]
    with pytest.raises(NotFound):
        plex.fetchItem(film.ratingKey)
    again = plex.fetchItems(f"/library/all?guid={film.guid}")
    assert [found.ratingKey for found in again] == [moved[str(film.ratingKey)]]
    assert again[0].viewCount == 1


def test_the_server_can_be_searched(plex: Any) -> None:
    assert [hit.title for hit in plex.search("long show")] == ["Long Show"]


# State


def test_a_rating_is_kept_and_cleared(films: Any) -> None:
    film = films.get("Film 000")
    film.rate(7.5)
    assert film.reload().userRating == 7.5
    assert film.lastRatedAt
    film.rate(None)
    assert film.reload().userRating is None


def test_marking_as_played_leaves_no_history(plex: Any, films: Any) -> None:
    film = films.get("Film 000").markPlayed().reload()
    assert (film.viewCount, film.isPlayed) == (1, True)
    assert isinstance(film.lastViewedAt, datetime)
    assert plex.history() == []
    assert film.ratingKey not in {unseen.ratingKey for unseen in films.search(unwatched=True)}
    assert film.markUnplayed().reload().viewCount == 0


def test_each_account_has_its_own_state(demo: DemoPlex, films: Any) -> None:
    films.get("Film 000").markPlayed()
    ben = Plex(demo.url, demo.ben_token)
    assert ben.library.section("Films").get("Film 000").viewCount == 0


def test_a_show_counts_its_watched_episodes(plex: Any) -> None:
    series = plex.library.section("Series")
    series.get("Long Show").season(1).markPlayed()
    show = series.get("Long Show")
    assert (show.viewedLeafCount, show.viewCount) == (6, 6)
    assert [found.title for found in series.search(unwatchedLeaves=True)] == [
        "Long Show",
        "Short Show",
    ]
    show.markPlayed()
    assert [found.title for found in series.search(unwatchedLeaves=True)] == ["Short Show"]


def test_progress_is_kept_and_stands_on_deck(plex: Any, films: Any) -> None:
    film = films.get("Film 000")
    film.updateProgress(600_000)
    assert film.reload().viewOffset == 600_000
    assert [begun.title for begun in plex.library.onDeck()] == ["Film 000"]


def test_playing_to_the_end_is_a_view_with_history(plex: Any, films: Any) -> None:
    film = films.get("Film 000")
    film.updateTimeline(1_000, state="playing", duration=film.duration)
    session = plex.sessions()[0]
    assert (session.title, session.usernames, session.player.state) == (
        "Film 000",
        ["ana"],
        "playing",
    )
    film.updateTimeline(film.duration - 1_000, state="stopped", duration=film.duration)
    assert plex.sessions() == []
    assert [(play.title, play.accountID) for play in plex.history()] == [("Film 000", 1)]
    assert film.reload().viewOffset == 0


def test_history_is_filtered_by_date_and_account_and_outlives_its_title(
    demo: DemoPlex, plex: Any
) -> None:
    for account, at in (("ben", 1_700_000_000), ("ana", 1_710_000_000)):
        ask(
            demo,
            "POST",
            "/demo/library",
            {"watched": {"account": account, "keys": [1001], "at": at}},
        )
    assert [play.accountID for play in plex.history()] == [1, 4_711_002]
    assert len(plex.history(mindate=datetime.fromtimestamp(1_705_000_000, UTC))) == 1
    assert len(plex.history(accountID=4_711_002)) == 1
    assert len(Plex(demo.url, demo.ben_token).history()) == 1
    ask(demo, "POST", "/demo/library", {"remove": [1001]})
    assert plex.history()[0].source() is None


def test_a_seeded_household_has_watched_and_rated() -> None:
    with DemoPlex(small_library(), seeded=True) as demo:
        plex = Plex(demo.url, demo.token)
        plays = plex.history()
        assert len(plays) > 80
        assert [play.viewedAt for play in plays] == sorted(
            (play.viewedAt for play in plays), reverse=True
        )
        assert {play.accountID for play in plays} == {1, 4_711_002, 4_711_003, 4_711_004}
        assert any(
            film.userRating
            for film in plex.library.section("Films").search(sort="userRating:desc", maxresults=5)
        )


def test_nobody_has_watched_what_is_not_shared_with_them() -> None:
    with DemoPlex(generated_library(300), seeded=True) as demo:
        plays = Plex(demo.url, demo.token).history()
        kinds = {
            name: {play.type for play in plays if play.accountID == named(name).number}
            for name in ("ana", "dora")
        }
        assert kinds == {"ana": {"movie", "episode"}, "dora": {"movie"}}


# Playlists, collections, playing


def test_a_playlist_is_made_filled_emptied_and_removed(
    demo: DemoPlex, plex: Any, films: Any
) -> None:
    one, two, three = films.search(sort="id", maxresults=3)
    playlist = plex.createPlaylist("Tonight", items=[one])
    playlist.addItems([two, one, three])
    playlist.reload()
    assert [item.ratingKey for item in playlist.items()] == [1001, 1002, 1001, 1003]
    assert len({item.playlistItemID for item in playlist.items()}) == 4
    playlist.removeItems(two)
    playlist.editTitle("Tomorrow")
    assert [item.ratingKey for item in plex.playlist("Tomorrow").items()] == [1001, 1001, 1003]
    plex.query(f"/playlists/{playlist.ratingKey}/items", method=plex._session.delete)
    assert plex.playlist("Tomorrow").items() == []
    assert Plex(demo.url, demo.ben_token).playlists() == []
    playlist.delete()
    assert plex.playlists() == []


def test_a_playlist_can_be_reordered(plex: Any, films: Any) -> None:
    one, two, three = films.search(sort="id", maxresults=3)
    playlist = plex.createPlaylist("Order", items=[one, two, three])
    playlist.moveItem(three)
    playlist.moveItem(one, after=two)
    assert [item.ratingKey for item in playlist.reload().items()] == [1003, 1002, 1001]


def test_a_smart_playlist_follows_its_query(plex: Any, films: Any) -> None:
    playlist = plex.createPlaylist("Comedies", smart=True, section=films, limit=5, genre="Comedy")
    assert len(playlist.items()) == 5
    assert playlist.smart


def test_a_show_in_a_playlist_becomes_its_episodes(plex: Any) -> None:
    show = plex.library.section("Series").get("Long Show")
    assert len(plex.createPlaylist("Marathon", items=show).items()) == 10


def test_collections_are_items_of_their_own(films: Any) -> None:
    saga = films.collection("Saga")
    assert (saga.childCount, saga.subtype) == (3, "movie")
    assert [film.ratingKey for film in saga.items()] == [1001, 1002, 1003]
    assert len(films.search(collection="Saga")) == 3


def test_a_collection_is_made_changed_and_removed(demo: DemoPlex, plex: Any, films: Any) -> None:
    one, two, three = films.search(sort="id", maxresults=13)[10:]
    made = films.createCollection("Ours", items=[one, two])
    made.addItems(three)
    made.removeItems(one)
    made.editTitle("Yours")
    assert [film.ratingKey for film in films.collection("Yours").items()] == [
        two.ratingKey,
        three.ratingKey,
    ]
    assert "Yours" in [tag.tag for tag in two.reload().collections]
    made.delete()
    assert "Yours" not in [tag.tag for tag in two.reload().collections]
    ben = Plex(demo.url, demo.ben_token)
    with pytest.raises(BadRequest, match="403"):
        ben.library.section("Films").createCollection("Mine", items=[one])


def test_nothing_can_be_told_to_play_until_the_television_is_on(demo: DemoPlex, plex: Any) -> None:
    target = {"X-Plex-Target-Client-Identifier": "demo-living-room-tv"}
    assert plex.clients() == []
    assert (
        get(demo, "/player/playback/playMedia?key=/library/metadata/1001", **target).status_code
        == 404
    )
    assert ask(demo, "POST", "/demo/television", {"on": True}) == {"on": True, "played": []}
    assert [client.title for client in plex.clients()] == ["Living room TV"]


def test_a_collection_is_in_order_of_date_until_it_is_arranged(demo: DemoPlex, films: Any) -> None:
    one, two = films.search(sort="id", maxresults=2)
    demo.library.titles[1002].released = "2005-01-01"
    made = films.createCollection("Ours", items=[two, one])
    assert [film.ratingKey for film in made.items()] == [1001, 1002]
    made.sortUpdate("alpha")
    assert [film.ratingKey for film in made.reload().items()] == [1001, 1002]
    made.sortUpdate("custom")
    assert [film.ratingKey for film in made.reload().items()] == [1002, 1001]
    made.moveItem(one)
    assert [film.ratingKey for film in made.reload().items()] == [1001, 1002]


def test_what_cannot_stand_together_is_refused(demo: DemoPlex, plex: Any, films: Any) -> None:
    show = plex.library.section("Series").get("Long Show")
    uri = f"server://{plex.machineIdentifier}/com.plexapp.plugins.library/library/metadata/{{}}"
    make = f"/library/collections?type=1&sectionId=1&title=Mixed&smart=0&uri={uri}"
    post = plex._session.post
    with pytest.raises(BadRequest, match="400"):
        plex.query(make.format(f"1001,{show.ratingKey}"), method=post)
    elsewhere = "server://other/com.plexapp.plugins.library/library/metadata/1001"
    with pytest.raises(BadRequest, match="400"):
        plex.query(f"/playlists?type=video&title=Elsewhere&smart=0&uri={elsewhere}", method=post)
    assert plex.playlists() == []


def test_a_player_may_answer_no_more_than_ok(demo: DemoPlex, plex: Any, films: Any) -> None:
    demo.television = True
    demo.faults.set({"plain_ok": True, "only_path": "/player"})
    where = "/player/playback/playMedia?key=/library/metadata/1001"
    target = {"X-Plex-Target-Client-Identifier": "demo-living-room-tv"}
    assert get(demo, where, **target).text == "OK"
    assert [told.key for told in demo.played] == [1001]
    assert get(demo, where).status_code == 200
    assert len(demo.played) == 1


def test_the_television_plays_what_it_is_sent(demo: DemoPlex, plex: Any, films: Any) -> None:
    demo.television = True
    television = plex.client("Living room TV")
    television.proxyThroughServer()
    television.playMedia(films.get("Film 000"))
    assert [session.title for session in plex.sessions()] == ["Film 000"]
    (told,) = ask(demo, "POST", "/demo/television")["played"]
    assert (told["account"], told["key"]) == ("ana", 1001)
    assert told["query"]["containerKey"].startswith("/playQueues/")
    television.createPlayQueue(plex, films.get("Film 002"))
    assert [session.title for session in plex.sessions()] == ["Film 002"]
    television.stop(mtype="video")
    assert plex.sessions() == []


def test_a_play_queue_keeps_its_order_and_selection(plex: Any, films: Any) -> None:
    one, two, three = films.search(sort="id", maxresults=3)
    queue = Queue.create(plex, [one, two, three], startItem=two)
    assert [item.ratingKey for item in queue.items] == [1001, 1002, 1003]
    assert queue.selectedItem.ratingKey == 1002
    assert Queue.get(plex, queue.playQueueID).playQueueTotalCount == 3


# Pictures


def picture(demo: DemoPlex, path: str) -> Image.Image:
    answer = get(demo, path)
    assert answer.status_code == 200
    return Image.open(io.BytesIO(answer.content))


def test_the_transcoder_draws_the_size_asked_for(demo: DemoPlex, films: Any) -> None:
    film = films.get("Film 000")
    path = f"/photo/:/transcode?url={film.thumb}&width=300&height=450&minSize=1&upscale=0"
    drawn = picture(demo, path)
    assert (drawn.size, drawn.format) == ((300, 450), "JPEG")
    assert get(demo, path).content == get(demo, path).content
    art = picture(demo, f"/photo/:/transcode?url={film.art}&width=640&height=360&minSize=1")
    assert art.size == (640, 360)


def test_the_transcoder_keeps_the_shape_and_does_not_enlarge(demo: DemoPlex) -> None:
    where = "/photo/:/transcode?url=/library/metadata/1001/thumb/1&width={}&height={}"
    assert picture(demo, where.format(300, 300)).size == (200, 300)
    assert picture(demo, where.format(300, 300) + "&minSize=1").size == (300, 450)
    assert picture(demo, where.format(2000, 2000) + "&minSize=1&upscale=0").size == (1000, 1500)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/x.jpg", "//evil.example/x", "/etc/passwd", "/library/metadata/../1"]
)
def test_the_transcoder_takes_only_its_own_paths(demo: DemoPlex, url: str) -> None:
    answer = get(demo, f"/photo/:/transcode?url={url}&width=300&height=450")
    assert answer.status_code == 400


def test_pictures_need_a_token_and_plexapi_can_fetch_them(
    demo: DemoPlex, plex: Any, films: Any
) -> None:
    film = films.get("Film 000")
    assert requests.get(demo.url + film.thumb, timeout=5).status_code == 401
    assert Image.open(io.BytesIO(requests.get(film.thumbUrl, timeout=5).content)).size == (
        1000,
        1500,
    )
    url = plex.transcodeImage(film.thumb, height=150, width=100)
    assert Image.open(io.BytesIO(requests.get(url, timeout=5).content)).size == (100, 150)


# A library of any size


def test_a_generated_library_is_the_same_for_the_same_seed() -> None:
    one, two = generated_library(500), generated_library(500)
    assert [title.guid for title in one.titles.values()] == [
        title.guid for title in two.titles.values()
    ]
    assert (
        one.machine_identifier
        == two.machine_identifier
        != generated_library(500, seed=2).machine_identifier
    )


def test_a_generated_library_is_walked_in_few_requests() -> None:
    with DemoPlex(generated_library(500), seeded=False) as demo:
        plex = Plex(demo.url, demo.token)
        demo.requests.clear()
        films = plex.library.section("Films").all(container_size=200)
        shows = plex.library.section("Series").all()
        assert (len(films), len(shows)) == (450, 50)
        assert demo.requests.kinds["listing"] == 4
        assert demo.requests.kinds["single item"] == 0
        assert len({film.guid for film in films}) == 450


def test_a_listed_title_weighs_what_a_real_one_does() -> None:
    with DemoPlex(generated_library(500), seeded=False) as demo:
        page = "/library/sections/1/all?includeGuids=1&X-Plex-Container-Start=0&X-Plex-Container-Size=100"
        assert 1_700 < len(get(demo, page).content) / 100 < 2_700
        full = f"/library/metadata/{','.join(str(1001 + n) for n in range(50))}?includeChapters=1"
        assert 7_500 < len(get(demo, full).content) / 50 < 11_000


# The command


def test_the_command_says_where_it_is_and_stops_when_told() -> None:
    command = [
        sys.executable,
        "-m",
        "plexsync.demo",
        "--port",
        "0",
        "--titles",
        "50",
        "--token",
        "secret",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    line = process.stdout.readline()
    assert line.startswith('Demo Plex server "Generated library of 50 titles" on http://127.0.0.1:')
    url = line.split(" on ")[1].split(" ")[0]
    answer = requests.get(f"{url}/library/sections?X-Plex-Token=secret", timeout=10)
    assert "Films" in answer.text
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(timeout=10) == 0
    process.stdout.close()


def test_the_command_starts_a_plextv_beside_it_and_says_where() -> None:
    command = [sys.executable, "-m", "plexsync.demo", "--port=0", "--hostile", "--plex-tv"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline().startswith('Demo Plex server "Hostile ')
    line = process.stdout.readline()
    assert line.startswith("Demo plex.tv on http://127.0.0.1:")
    answer = requests.get(f"{line.split(' on ')[1].strip()}/link", timeout=10)
    assert "four characters" in answer.text
    process.terminate()
    assert process.wait(timeout=10) == 0
    process.stdout.close()


def test_the_demo_needs_neither_django_nor_plexapi() -> None:
    code = "import sys, plexsync.demo.__main__; print({'django', 'plexapi', 'rest_framework'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_shipped_library_reads_and_serves() -> None:
    with DemoPlex(read_library()) as demo:
        plex = Plex(demo.url, demo.token)
        for section in plex.library.sections():
            assert len({title.guid for title in section.all()}) == section.totalSize > 0
        assert json.dumps(ask(demo, "GET", "/demo/library"))
