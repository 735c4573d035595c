"""Series that were begun after a suggestion and left: what was watched of them was not enough to like."""

from datetime import datetime, timedelta

from django.db.models import Min
from django.utils import timezone

from feedback.models import Ask, Feedback
from plexsync.models import Episode, MediaItem, Play, Viewer, WatchedEpisode

LEFT_FOR = timedelta(days=30)  # untouched: people watch several at a time
LOOKED_AT_FOR = timedelta(days=60)  # after that: older ones were looked at every day for a month
ENOUGH = 0.5  # of the first season: who saw so much gave it its chance


def lapse(now: datetime | None = None) -> int:
    """Tell the log which suggested series were begun and left; return how many that were.

    Who goes on later takes that back, see `watching`.
    """
    now = now or timezone.now()
    begun = Feedback.objects.filter(
        viewer__enabled=True,
        item__type="show",
        source=Ask.Source.PLEX,
        completed=True,
        said_at__range=(now - LEFT_FOR - LOOKED_AT_FOR, now - LEFT_FOR),
    )
    return sum(_lapse(row, now) for row in begun.select_related("viewer", "item"))


def _lapse(row: Feedback, now: datetime) -> bool:
    if _goes_on(row.viewer, row.item, now - LEFT_FOR) or not _hardly_begun(row.viewer, row.item):
        return False
    row.completed = False
    row.save(update_fields=["completed", "updated_at"])
    return True


def _goes_on(viewer: Viewer, item: MediaItem, since: datetime) -> bool:
    return Play.objects.filter(viewer=viewer, item=item, played_at__gte=since).exists()


def _hardly_begun(viewer: Viewer, item: MediaItem) -> bool:
    """Tell whether less than half of the first season was watched; not where that is unknown."""
    story = Episode.objects.filter(item=item, season__gte=1)
    first = story.aggregate(season=Min("season"))["season"]
    episodes = story.filter(season=first).count()
    watched = WatchedEpisode.objects.filter(viewer=viewer, episode__item=item).count()
    return watched < ENOUGH * episodes
