"""Who watched what, and when: from the server's history and from states. Each play once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from plexsync.client import PlexClient, history
from plexsync.client.history import Played
from plexsync.models import Connection, Episode, MediaItem, Play, Viewer, WatchedEpisode
from plexsync.parts import in_parts

FIRST_LOOK = timedelta(days=730)  # back, when the history is read for the first time
OVERLAP = timedelta(hours=1)  # a player that was offline reports late; clocks differ
SAME_PLAY = timedelta(hours=2)  # or the runtime, if that is longer
ROWS = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """A viewer watched this film or this episode of a series."""

    viewer_id: int
    item_id: int
    rating_key: str
    played_at: datetime
    runtime_minutes: int | None = None

    @property
    def window(self) -> timedelta:
        return max(SAME_PLAY, timedelta(minutes=self.runtime_minutes or 0))


def record(seen: Iterable[Seen], source: str) -> int:
    """Store these plays but those that are known; return how many were new."""
    return sum(_record(part, source) for part in in_parts(_not_forgotten(seen), ROWS))


def _not_forgotten(seen: Iterable[Seen]) -> Iterator[Seen]:
    """Yield the plays but those of a time of which a viewer had everything deleted."""
    rows = Viewer.objects.exclude(forgotten_to=None)
    since: dict[int, Any] = dict(rows.values_list("pk", "forgotten_to"))
    return (one for one in seen if one.played_at >= since.get(one.viewer_id, one.played_at))


def _record(seen: list[Seen], source: str) -> int:
    known = _known(seen)
    rows = []
    for one in sorted(seen, key=lambda one: one.played_at):
        times = known.setdefault((one.viewer_id, one.rating_key), [])
        if all(abs(at - one.played_at) > one.window for at in times):
            times.append(one.played_at)
            rows.append(one)
    Play.objects.bulk_create(
        (
            Play(
                viewer_id=one.viewer_id,
                item_id=one.item_id,
                rating_key=one.rating_key,
                played_at=one.played_at,
                source=source,
            )
            for one in rows
        ),
        ignore_conflicts=True,
    )
    return len(rows)


def _known(seen: list[Seen]) -> dict[tuple[int, str], list[datetime]]:
    """Return when each of these films and episodes was played before, about that time."""
    margin = max(one.window for one in seen)
    first, last = min(o.played_at for o in seen), max(o.played_at for o in seen)
    rows = Play.objects.filter(
        viewer__in={one.viewer_id for one in seen},
        rating_key__in={one.rating_key for one in seen},
        played_at__range=(first - margin, last + margin),
    )
    known: dict[tuple[int, str], list[datetime]] = {}
    for viewer, key, at in rows.values_list("viewer", "rating_key", "played_at"):
        known.setdefault((viewer, key), []).append(at)
    return known


def from_history(connection: Connection, client: PlexClient) -> int:
    """Read the history since the last time and store its plays; return how many were new.

    Accounts that are no viewer here are passed over, so are titles that are gone. Raises PlexError,
    `forbidden` where this account may not read it.
    """
    known = Viewer.objects.filter(enabled=True, history_id__isnull=False)
    viewers = {viewer.history_id or 0: viewer.pk for viewer in known}
    now = timezone.now()
    since = connection.history_read_to or now - FIRST_LOOK
    newest, new = since, 0
    for page in history.plays(client, since - OVERLAP):
        mine = [played for played in page if played.account_id in viewers]
        new += record(_placed(connection, mine, viewers), Play.Source.HISTORY)
        newest = max([newest, *(played.played_at for played in page)])
    connection.history_read_to = min(newest, now)
    connection.save(update_fields=["history_read_to"])
    return new


def _placed(
    connection: Connection, played: list[Played], viewers: dict[int, int]
) -> Iterator[Seen]:
    """Yield the plays of films and episodes whose title the catalogue holds."""
    titles = _titles(connection, {one.show_key or one.rating_key for one in played})
    episodes = _episodes_of(connection, {one.rating_key for one in played if not one.show_key})
    for one in played:
        place = titles.get(one.show_key or one.rating_key) or episodes.get(one.rating_key)
        if place is not None:
            item, runtime = place
            yield Seen(viewers[one.account_id], item, one.rating_key, one.played_at, runtime)


def _titles(connection: Connection, keys: set[str]) -> dict[str, tuple[int, int | None]]:
    found: dict[str, tuple[int, int | None]] = {}
    for part in in_parts(iter(keys), ROWS):
        rows = MediaItem.objects.filter(library__connection=connection, rating_key__in=part)
        for key, pk, runtime in rows.values_list("rating_key", "pk", "runtime_minutes"):
            found[key] = (pk, runtime)
    return found


def _episodes_of(connection: Connection, keys: set[str]) -> dict[str, tuple[int, int | None]]:
    found: dict[str, tuple[int, int | None]] = {}
    for part in in_parts(iter(keys), ROWS):
        rows = Episode.objects.filter(item__library__connection=connection, rating_key__in=part)
        for key, item, runtime in rows.values_list("rating_key", "item", "runtime_minutes"):
            found[key] = (item, runtime)
    return found


def from_states(viewer: Viewer, since: datetime) -> int:
    """Store as plays what the viewer's states say was watched since; return how many were new.

    What somebody marks as watched by hand stands in no history.
    """
    return record([*_films(viewer, since), *_episodes(viewer, since)], Play.Source.STATE)


def _films(viewer: Viewer, since: datetime) -> Iterator[Seen]:
    """Yield films watched to the end; one that is begun again has an offset."""
    ended: dict[str, Any] = {"view_count__gt": 0, "view_offset": 0, "last_viewed_at__gte": since}
    rows: Any
    if viewer.owns_plex_state:
        rows = MediaItem.objects.filter(type="movie", library__connection__active=True, **ended)
        names = ["pk", "rating_key", "last_viewed_at", "runtime_minutes"]
    else:
        active = {"item__type": "movie", "item__library__connection__active": True}
        rows = viewer.states.filter(**active, **ended)
        names = ["item", "item__rating_key", "last_viewed_at", "item__runtime_minutes"]
    return (Seen(viewer.pk, *row) for row in rows.values_list(*names))


def _episodes(viewer: Viewer, since: datetime) -> Iterator[Seen]:
    rows = WatchedEpisode.objects.filter(
        viewer=viewer,
        last_viewed_at__gte=since,
        episode__item__library__connection__active=True,
    )
    names = ["episode__item", "episode__rating_key", "last_viewed_at", "episode__runtime_minutes"]
    return (Seen(viewer.pk, *row) for row in rows.values_list(*names))
