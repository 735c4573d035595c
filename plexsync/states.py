"""What each viewer has watched, begun and rated in Plex, as `reading` kept it.

The connected account's state stands with the titles themselves; everybody else's in TitleState.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest

from plexsync.models import MediaItem, TitleState, Viewer
from plexsync.records import State

COLUMNS = State._fields
_TOUCHED = Q(view_count__gt=0) | Q(watched_episodes__gt=0) | Q(view_offset__gt=0)


@dataclass(frozen=True, slots=True)
class StateRow:
    """What a viewer did with a title. Offset in seconds, rating 0 to 10."""

    item_id: int
    view_count: int
    watched_episodes: int
    episode_count: int | None
    runtime_minutes: int | None
    last_viewed_at: datetime | None
    view_offset: int
    user_rating: float | None
    rated_at: datetime | None


def of(viewer: Viewer) -> Iterator[StateRow]:
    """Yield the state of every title of the connected server with which the viewer did something."""
    rows = _rows(viewer).order_by("pk")
    if viewer.owns_plex_state:
        names = ["pk", *COLUMNS[:2], "episode_count", "runtime_minutes", *COLUMNS[2:]]
    else:
        facts = ["item__episode_count", "item__runtime_minutes"]
        names = ["item", *COLUMNS[:2], *facts, *COLUMNS[2:]]
    found = (StateRow(*row) for row in rows.values_list(*names).iterator(chunk_size=2000))
    return (_remembered(viewer, row) for row in found)


def _remembered(viewer: Viewer, row: StateRow) -> StateRow:
    """Return the row without what is forgotten: of the connected account it stays with the titles."""
    if viewer.forgotten_to is None:
        return row
    state = State(*(getattr(row, name) for name in COLUMNS))
    return replace(row, **since_forgotten(viewer, state)._asdict())


def since_forgotten(viewer: Viewer, state: State) -> State:
    """Return the state without what is of the time of which the viewer had everything deleted."""
    if viewer.forgotten_to is None:
        return state
    since = viewer.forgotten_to
    rated = state.rated_at or state.last_viewed_at  # older servers don't say when
    if rated is None or rated < since:
        state = state._replace(user_rating=None, rated_at=None)
    if state.last_viewed_at is None or state.last_viewed_at < since:
        return State(user_rating=state.user_rating, rated_at=state.rated_at)
    return state


def starred(viewers: Iterable[Viewer], since: datetime | None = None) -> int:
    """Return how often these gave a title of the connected server stars, ever or since."""
    viewers = list(viewers)
    others = TitleState.objects.filter(viewer__in=_others(viewers), user_rating__gt=0)
    found = [others.filter(_rated(since), item__library__connection__active=True)]
    for owner in (viewer for viewer in viewers if viewer.owns_plex_state):
        rows = _rows(owner).filter(user_rating__gt=0)
        found.append(rows.filter(_rated(since), _rated(owner.forgotten_to)))
    first, *rest = (rows.values_list("pk") for rows in found)
    return int(first.union(*rest, all=True).count())


def _rated(since: datetime | None) -> Q:
    """Return what finds stars of this time; older servers don't say when they were given."""
    if since is None:
        return Q()
    return Q(rated_at__gte=since) | Q(rated_at__isnull=True, last_viewed_at__gte=since)


def _rows(viewer: Viewer) -> Any:
    """Return the rows that hold what the viewer did: titles, or states."""
    if viewer.owns_plex_state:
        rows = MediaItem.objects.filter(library__connection__active=True)
        return rows.filter(_TOUCHED | Q(user_rating__gt=0), _not_forgotten(viewer))
    return viewer.states.filter(item__library__connection__active=True)


def _not_forgotten(viewer: Viewer) -> Q:
    """Leave out the time of which the viewer had everything deleted: it stays with the titles only."""
    since = viewer.forgotten_to
    return Q(last_viewed_at__gte=since) | Q(rated_at__gte=since) if since else Q()


def progress(viewers: Iterable[Viewer]) -> "QuerySet[Any, Any]":
    """Return rows of a viewer, a title, whether they have seen it, and the episodes left of one begun.

    Seen is a film viewed, a series to its last episode. Not what the connected account did: that
    stands with the titles (`models.watched`).
    """
    is_show = Q(item__type="show")
    to_the_end = Q(item__episode_count__gt=0, watched_episodes__gte=F("item__episode_count"))
    done = Case(
        When(is_show & to_the_end | ~is_show & Q(view_count__gt=0), then=True), default=False
    )
    left = Greatest(Coalesce("item__episode_count", 0) - F("watched_episodes"), 0)
    begun = Q(watched_episodes__gt=0)
    rows = TitleState.objects.filter(begun | Q(view_count__gt=0), viewer__in=_others(viewers))
    return rows.values_list("viewer", "item", done, Case(When(begun, then=left)))


def viewed_since(viewers: Iterable[Viewer], since: datetime) -> "Iterator[QuerySet[Any, Any]]":
    """Yield rows of a viewer, a title they played lately, and when: of other accounts, and the connected one."""
    viewers = list(viewers)
    others = TitleState.objects.filter(viewer__in=_others(viewers), last_viewed_at__gte=since)
    yield others.values_list("viewer", "item", "last_viewed_at")
    for owner in (viewer for viewer in viewers if viewer.owns_plex_state):
        rows = MediaItem.objects.filter(library__connection__active=True, last_viewed_at__gte=since)
        yield rows.values_list(Value(owner.pk), "pk", "last_viewed_at")


def left(
    viewer: Viewer, share: tuple[float, float], since: datetime, until: datetime
) -> Iterator[tuple[MediaItem, datetime]]:
    """Yield the films left in the middle in this time: at a share of their runtime, and when."""
    rows: Any
    if viewer.owns_plex_state:
        rows = MediaItem.objects.filter(library__connection__active=True)
        rows = rows.filter(view_offset__gt=0, last_viewed_at__range=(since, until))
        found = [(row, row) for row in rows]
    else:
        rows = viewer.states.filter(item__library__connection__active=True)
        rows = rows.filter(view_offset__gt=0, last_viewed_at__range=(since, until))
        found = [(row.item, row) for row in rows.select_related("item")]
    for item, state in found:
        if is_left(state.view_offset, item.runtime_minutes, share):
            yield item, state.last_viewed_at


def is_left(offset: int, runtime_minutes: int | None, share: tuple[float, float]) -> bool:
    """Tell whether an offset of so many seconds lies between these shares of the runtime."""
    least, most = share
    return least <= offset / ((runtime_minutes or 0) * 60 or math.inf) <= most


def _others(viewers: Iterable[Viewer]) -> list[Viewer]:
    return [viewer for viewer in viewers if not viewer.owns_plex_state]
