"""A series that was begun after a suggestion and left for a month was not liked much."""

from datetime import timedelta

import pytest
from django.utils import timezone

from feedback import lapsing, watching
from feedback.models import Feedback
from moodrec.tests import builders
from plexsync.models import Episode, Play, Viewer, WatchedEpisode

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def ben() -> Viewer:
    return builders.viewer("Ben")


def begun(viewer: Viewer, days_ago: int, watched: int = 1, episodes: int = 8) -> Feedback:
    """A series of two seasons of which some episodes were watched on the evening it was suggested."""
    item, at = builders.series(), timezone.now() - days_ago * DAY
    builders.suggestion(item, ask=builders.ask(viewers=[viewer], asked_at=at - DAY / 24))
    for number in range(2 * episodes):
        season, key = 1 + number // episodes, f"{item.pk}{number:03}"
        row = Episode.objects.create(item=item, rating_key=key, season=season, number=number)
        if number < watched:
            WatchedEpisode.objects.create(viewer=viewer, episode=row, last_viewed_at=at)
    Play.objects.create(viewer=viewer, item=item, rating_key="1", played_at=at, source="history")
    watching.consider()
    return Feedback.objects.get(item=item)


def test_a_series_left_for_a_month_after_an_episode_was_given_up(ben: Viewer) -> None:
    row = begun(ben, days_ago=31)
    assert row.completed
    assert lapsing.lapse() == 1
    row.refresh_from_db()
    assert (row.source, row.completed) == ("plex", False)
    assert lapsing.lapse() == 0


@pytest.mark.parametrize(("days_ago", "watched"), [(29, 1), (31, 4), (95, 1)])
def test_lately_begun_half_a_season_seen_or_long_forgotten_is_not_given_up(
    ben: Viewer, days_ago: int, watched: int
) -> None:
    assert begun(ben, days_ago, watched).completed
    assert lapsing.lapse() == 0


def test_a_series_whose_episodes_are_unknown_is_not_given_up(ben: Viewer) -> None:
    begun(ben, days_ago=31, watched=0, episodes=0)
    assert lapsing.lapse() == 0


def test_a_series_that_is_still_watched_is_not_given_up(ben: Viewer) -> None:
    row = begun(ben, days_ago=40)
    at = timezone.now() - 3 * DAY
    Play.objects.create(viewer=ben, item=row.item, rating_key="2", played_at=at, source="history")
    assert lapsing.lapse() == 0


def test_who_goes_on_later_takes_it_back(ben: Viewer) -> None:
    row = begun(ben, days_ago=40)
    lapsing.lapse()
    now = timezone.now()
    Play.objects.create(viewer=ben, item=row.item, rating_key="2", played_at=now, source="state")
    assert watching.consider() == 1
    row.refresh_from_db()
    assert row.completed
    assert lapsing.lapse() == 0


def test_what_somebody_said_of_it_stays(ben: Viewer) -> None:
    row = begun(ben, days_ago=40)
    Feedback.objects.filter(pk=row.pk).update(source="web")
    assert lapsing.lapse() == 0
