"""Episodes: mirrored in one sweep, and which of them comes next."""

from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from moodrec.tests import builders
from plexsync import sync
from plexsync.client import Page, PlexClient
from plexsync.demo.changes import made
from plexsync.demo.server import DemoPlex
from plexsync.demo.titles import episodes_of
from plexsync.models import Connection, Episode, MediaItem, Viewer, WatchedEpisode
from plexsync.next_episode import next_episode, next_episodes
from plexsync.tests.test_catalogue import row

pytestmark = pytest.mark.django_db
SHOW = 200_001


def asked_for_episodes(plex: DemoPlex) -> int:
    return sum("type=4" in asked.target for asked in plex.requests.asked)


def mirrored() -> dict[str, tuple[Any, ...]]:
    rows = Episode.objects.values_list("rating_key", "item__rating_key", "season", "number")
    return {key: tuple(rest) for key, *rest in rows}


def listed(plex: DemoPlex) -> dict[str, tuple[Any, ...]]:
    shows = [title for title in plex.library.titles.values() if title.kind == "show"]
    return {
        str(e.key): (str(show.key), e.season, e.index) for show in shows for e in episodes_of(show)
    }


def test_all_episodes_are_mirrored_in_one_sweep(connected: Connection, plex: DemoPlex) -> None:
    sync.run()
    assert mirrored() == listed(plex)
    assert asked_for_episodes(plex) == 1
    assert plex.requests.kinds["leaves"] == plex.requests.kinds["children"] == 0


def test_unchanged_series_cost_no_second_sweep(synced: Connection, plex: DemoPlex) -> None:
    sync.run()
    assert asked_for_episodes(plex) == 0
    sync.run(full=True)
    assert asked_for_episodes(plex) == 1


def test_a_new_season_is_noticed_and_a_lost_series_too(synced: Connection, plex: DemoPlex) -> None:
    show = plex.library.titles[SHOW]
    gone = made(plex, {"readd": [SHOW]})["readded"][
        SHOW
    ]  # with keys of its own for one more season
    show.seasons = (*show.seasons, 3)
    sync.run()
    assert mirrored() == listed(plex)
    assert row(gone).season_count == len(show.seasons)


def test_a_walk_that_breaks_off_removes_no_episode(synced: Connection, plex: DemoPlex) -> None:
    before = mirrored()
    plex.watching.play(1, next(episodes_of(plex.library.titles[SHOW])), 1_800_000_000)
    plex.faults.set({"shrink": 0.5, "cap_page": 50, "only_path": "/library/sections/2/all"})
    sync.run()
    assert mirrored() == before


def test_a_server_that_suddenly_lists_no_episode_is_not_believed(
    synced: Connection, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = mirrored()
    plex.watching.play(1, next(episodes_of(plex.library.titles[SHOW])), 1_800_000_000)
    monkeypatch.setattr(PlexClient, "episodes", lambda *_told: iter([Page([], 0)]))
    assert sync.run()["complete"]
    assert mirrored() == before


def test_episodes_that_could_not_be_read_are_read_by_the_next_sync(
    connected: Connection, plex: DemoPlex
) -> None:
    plex.faults.set({"status": 500, "only_path": "/library/sections/2/all", "after_requests": 2})
    assert not sync.run()["complete"]
    assert mirrored() == {}
    plex.faults.clear()
    sync.run()
    assert mirrored() == listed(plex)


def test_a_series_without_a_length_has_that_of_its_usual_episode(
    synced: Connection, plex: DemoPlex
) -> None:
    show = plex.library.titles[SHOW]
    show.raw = {"duration": None}
    plex.library.changed(show, now=1_800_000_000)
    sync.run()
    lengths = [episode.runtime_minutes or 0 for episode in row(SHOW).episodes.all()]
    assert min(lengths) <= (row(SHOW).runtime_minutes or 0) <= max(lengths)


def test_what_the_connected_account_watched_is_its_viewer_s(
    connected: Connection, plex: DemoPlex
) -> None:
    viewer = builders.viewer("Ana", owns_plex_state=True)
    sync.run()
    diary = plex.watching.of(1)

    def watched() -> set[str]:
        rows = WatchedEpisode.objects.filter(viewer=viewer)
        return set(rows.values_list("episode__rating_key", flat=True))

    assert watched() == {key for key in listed(plex) if diary.of(int(key)).count}
    first = next(episodes_of(plex.library.titles[SHOW]))
    was = str(first.key) in watched()
    if was:
        diary.unscrobble([first.key])
    else:
        plex.watching.play(1, first, 1_800_000_000)
    sync.run()
    assert (str(first.key) in watched()) != was
    assert watched() == {key for key in listed(plex) if diary.of(int(key)).count}


def series_of(*places: tuple[int, int]) -> tuple[MediaItem, dict[tuple[int, int], Episode]]:
    """A series with these episodes, as (season, number)."""
    item = builders.series()
    rows = {
        (season, number): Episode.objects.create(
            item=item, rating_key=f"{season}0{number}", season=season, number=number
        )
        for season, number in places
    }
    return item, rows


STORY = ((0, 1), (1, 1), (1, 2), (2, 1))


@pytest.mark.parametrize(
    ("seen", "following"),
    [
        ((), (1, 1)),
        (((1, 1),), (1, 2)),
        (((1, 2),), (2, 1)),
        (((0, 1),), (1, 1)),
        (((1, 1), (1, 2)), (2, 1)),
        (((2, 1),), (1, 1)),
        (((1, 1), (1, 2), (2, 1)), (0, 1)),
        (STORY, None),
    ],
)
def test_what_comes_next(
    seen: tuple[tuple[int, int], ...], following: tuple[int, int] | None
) -> None:
    item, rows = series_of(*STORY)
    viewer = builders.viewer("Ana")
    for place in seen:
        WatchedEpisode.objects.create(viewer=viewer, episode=rows[place])
    assert next_episode(viewer, item) == (rows[following] if following else None)


def test_a_film_has_no_next_episode_and_nobody_begins_at_the_beginning() -> None:
    item, rows = series_of(*STORY)
    assert next_episode(None, item) == rows[1, 1]
    assert next_episode(builders.viewer(), builders.title()) is None


def test_several_series_for_several_viewers_cost_two_queries() -> None:
    item, rows = series_of(*STORY)
    other = builders.series("Other")
    viewers: list[Viewer] = [builders.viewer("Ana"), builders.viewer("Ben")]
    WatchedEpisode.objects.create(viewer=viewers[1], episode=rows[1, 1])
    with CaptureQueriesContext(database) as queries:
        found = next_episodes(viewers, [item, other])
    assert len(queries) == 2
    assert found == {
        (viewers[0].pk, item.pk): rows[1, 1],
        (viewers[1].pk, item.pk): rows[1, 2],
        (viewers[0].pk, other.pk): None,
        (viewers[1].pk, other.pk): None,
    }
