"""What each viewer watched: read from their own account, light, and taken back when it is so no more."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection as db
from django.utils import timezone

from feedback import memory
from moodrec.tests import builders
from plexsync import people, reading, states
from plexsync.client import PlexClient, PlexError, history
from plexsync.demo.server import DemoPlex
from plexsync.models import (
    Connection,
    Episode,
    MediaItem,
    TitleState,
    Viewer,
    WatchedEpisode,
    watched,
)

pytestmark = pytest.mark.django_db
FILM, OTHER = 1005, 1006
SHOW = 200_001


@pytest.fixture
def ben(synced: Connection, plex: DemoPlex) -> Viewer:
    """Ben, of whom Plex knows nothing yet, and who has a token."""
    plex.watching.diaries[4_711_002].watches.clear()
    viewer = builders.viewer("Ben")
    viewer.plex_id = viewer.history_id = 4_711_002
    viewer.plex_token = plex.ben_token
    viewer.save()
    return viewer


@pytest.fixture
def ada(synced: Connection) -> Viewer:
    return builders.viewer("Ada", owns_plex_state=True)


def diary(plex: DemoPlex, number: int = 4_711_002):  # type: ignore[no-untyped-def]
    return plex.watching.of(number)


def read(viewer: Viewer, *, full: bool = True) -> int:
    current = Connection.current()
    assert current is not None
    found = reading.read(viewer, current, people.client_of(viewer, current), full=full)
    viewer.refresh_from_db()
    return found


def item(key: int) -> MediaItem:
    return MediaItem.objects.get(rating_key=str(key))


def episodes(plex: DemoPlex, key: int = SHOW) -> list[int]:
    """Give the series its episodes' rows and return their keys, in order."""
    show = plex.library.titles[key]
    keys = [leaf.key for leaf in plex.library.leaves(show)]
    known = set(Episode.objects.values_list("rating_key", flat=True))
    for number, leaf in enumerate(keys):
        if str(leaf) not in known:
            Episode.objects.create(item=item(key), rating_key=str(leaf), season=1, number=number)
    return keys


def test_what_an_account_watched_and_rated_is_kept_with_its_viewer(
    ben: Viewer, plex: DemoPlex
) -> None:
    diary(plex).scrobble([FILM], 1_790_000_000)
    diary(plex).rate(FILM, 7.0, 1_790_000_500)
    diary(plex).entry(OTHER).offset = 600_000
    assert read(ben) == 2
    state = ben.states.get(item=item(FILM))
    assert (state.view_count, state.user_rating) == (1, 7.0)
    assert state.last_viewed_at == datetime.fromtimestamp(1_790_000_000, tz=UTC)
    assert state.rated_at == datetime.fromtimestamp(1_790_000_500, tz=UTC)
    assert ben.states.get(item=item(OTHER)).view_offset == 600
    assert ben.state_read_at is not None


def test_a_second_reading_changes_nothing(ben: Viewer, plex: DemoPlex) -> None:
    diary(plex).scrobble([FILM], 1_790_000_000)
    read(ben)
    assert read(ben) == 0


def test_what_was_unwatched_is_so_here_too_after_a_full_reading(
    ben: Viewer, plex: DemoPlex
) -> None:
    diary(plex).scrobble([FILM], 1_780_000_000)
    diary(plex).scrobble(list(range(1_101, 1_161)), 1_790_000_000)
    read(ben)
    diary(plex).unscrobble([FILM])
    assert read(ben, full=False) == 0  # it is not among the newest
    assert read(ben) == 1
    assert not ben.states.filter(item=item(FILM)).exists()
    assert ben.states.count() == 60


def test_a_broken_walk_takes_nothing_back(
    ben: Viewer, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAGE", 100)
    diary(plex).scrobble([FILM, 1_250], 1_790_000_000)
    read(ben)
    diary(plex).unscrobble([1_250])
    plex.faults.set({"shrink": 0.5, "only_path": "/library/sections/1/all"})
    read(ben)
    assert ben.states.count() == 2


def test_the_episodes_of_a_series_are_read_only_where_a_count_changed(
    ben: Viewer, plex: DemoPlex
) -> None:
    first, second, *_ = episodes(plex)
    diary(plex).scrobble([first, second], 1_790_000_000)
    read(ben)
    assert ben.states.get(item=item(SHOW)).watched_episodes == 2
    assert ben.watched_episodes.count() == 2
    plex.requests.clear()
    read(ben)
    assert plex.requests.kinds["listing"] == 2  # films and series, no episodes
    diary(plex).unscrobble([second])
    read(ben)
    assert [seen.episode.rating_key for seen in ben.watched_episodes.all()] == [str(first)]


def test_titles_are_never_asked_for_one_by_one(ben: Viewer, plex: DemoPlex) -> None:
    diary(plex).scrobble(list(range(1_001, 1_200)), 1_790_000_000)
    plex.requests.clear()
    read(ben)
    assert ben.states.count() == 199
    assert plex.requests.kinds["single item"] == plex.requests.kinds["metadata batch"] == 0


def test_a_hint_reads_the_newest_only(ben: Viewer, plex: DemoPlex) -> None:
    first, *_ = episodes(plex)
    diary(plex).scrobble([FILM, first], 1_790_000_000)
    plex.requests.clear()
    assert read(ben, full=False) == 2
    assert plex.requests.kinds["listing"] == 3  # films, series, the newest episodes
    assert ben.watched_episodes.count() == 1


def test_the_connected_account_s_state_stands_with_the_titles(ada: Viewer, plex: DemoPlex) -> None:
    before = item(FILM).library.revision
    diary(plex, 1).scrobble([FILM], 1_794_800_000)
    read(ada, full=False)
    film = item(FILM)
    assert film.view_count == diary(plex, 1).of(FILM).count
    assert film.library.revision > before  # whoever computed from it starts anew
    assert not TitleState.objects.exists()


def test_one_may_not_see_every_library(ben: Viewer, plex: DemoPlex) -> None:
    read(ben)
    dora = builders.viewer("Dora")
    dora.plex_token = plex.token_of("dora")
    diary(plex, 4_711_004).watches.clear()
    diary(plex, 4_711_004).scrobble([FILM, episodes(plex)[0]], 1_790_000_000)
    read(dora)
    assert [state.item for state in dora.states.all()] == [item(FILM)]


def test_a_refused_token_is_said_and_nothing_is_lost(ben: Viewer, plex: DemoPlex) -> None:
    diary(plex).scrobble([FILM], 1_790_000_000)
    read(ben)
    plex.withdraw("ben")
    with pytest.raises(PlexError) as caught:
        read(ben)
    assert caught.value.kind == "denied"
    assert ben.states.count() == 1


def test_all_states_are_asked_for_by_one_function(ada: Viewer, ben: Viewer, plex: DemoPlex) -> None:
    MediaItem.objects.update(view_count=0, watched_episodes=0, view_offset=0, user_rating=None)
    MediaItem.objects.filter(rating_key=str(FILM)).update(view_count=2, user_rating=8)
    diary(plex).scrobble([OTHER], 1_790_000_000)
    read(ben)
    [mine], [theirs] = list(states.of(ada)), list(states.of(ben))
    assert (mine.item_id, mine.view_count, mine.user_rating) == (item(FILM).pk, 2, 8)
    assert (theirs.item_id, theirs.view_count) == (item(OTHER).pk, 1)


def test_each_has_seen_what_their_own_account_tells(ada: Viewer, ben: Viewer) -> None:
    MediaItem.objects.update(view_count=0, watched_episodes=0)
    MediaItem.objects.filter(rating_key=str(FILM)).update(view_count=1)
    TitleState.objects.create(viewer=ben, item=item(OTHER), view_count=1)
    assert list(states.progress([ada, ben])) == [(ben.pk, item(OTHER).pk, True, None)]
    assert [row.pk for row in MediaItem.objects.filter(watched())] == [item(FILM).pk]  # ada's
    assert not list(states.progress([ada]))
    assert not list(states.progress([]))


def test_a_series_is_seen_to_its_last_episode_or_not_at_all(ben: Viewer) -> None:
    show = item(SHOW)
    state = TitleState.objects.create(
        viewer=ben, item=show, view_count=3, watched_episodes=(show.episode_count or 0) - 1
    )
    assert list(states.progress([ben])) == [(ben.pk, show.pk, False, 1)]
    state.watched_episodes = show.episode_count or 0
    state.save()
    assert list(states.progress([ben])) == [(ben.pk, show.pk, True, 0)]


def test_of_a_series_the_group_has_left_what_the_furthest_of_it_has(
    ada: Viewer, ben: Viewer
) -> None:
    MediaItem.objects.update(watched_episodes=0)
    show = item(SHOW)
    cleo = Viewer.add("Cleo")
    TitleState.objects.create(viewer=cleo, item=show, watched_episodes=1)
    TitleState.objects.create(viewer=ben, item=show, watched_episodes=3)
    assert memory.episodes_left([ada, ben, cleo]) == {show.pk: (show.episode_count or 0) - 3}


def test_what_is_left_in_the_middle_lies_between_the_shares(ben: Viewer) -> None:
    assert states.is_left(3_000, 100, (0.05, 0.8))
    assert not states.is_left(200, 100, (0.05, 0.8))
    assert not states.is_left(5_500, 100, (0.05, 0.8))
    assert not states.is_left(3_000, None, (0.05, 0.8))
    now = timezone.now()
    film = item(FILM)
    half = (film.runtime_minutes or 0) * 30
    TitleState.objects.create(viewer=ben, item=film, view_offset=half, last_viewed_at=now)
    assert [title for title, _at in states.left(ben, (0.05, 0.8), now, now)] == [film]


def test_a_client_of_a_viewer_speaks_with_their_token(ben: Viewer, plex: DemoPlex) -> None:
    current = Connection.current()
    assert current is not None
    assert isinstance(people.client_of(ben, current), PlexClient)
    current.refresh_from_db()
    assert current.token == plex.token
    assert WatchedEpisode.objects.filter(viewer=ben).count() == 0


def test_a_server_that_ignores_paging_makes_no_endless_statement(
    ada: Viewer, plex: DemoPlex
) -> None:
    films = [key for key in plex.library.titles if key < SHOW]
    diary(plex, 1).scrobble(films, 1_790_000_000)
    plex.faults.set({"ignore_paging": True})
    longest = 0

    def measured(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        nonlocal longest
        if sql.startswith("SELECT"):
            longest = max(longest, len(values or ()))
        return execute(sql, values, many, context)

    with db.execute_wrapper(measured):
        assert read(ada, full=False) > reading.ROWS
    assert len(films) > reading.ROWS
    assert longest <= reading.ROWS + 10
