"""What each viewer has watched, begun and rated in Plex: read from their own account, kept, asked.

The connected account's state stands with the titles themselves; everybody else's in TitleState.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from plexsync import sight
from plexsync.catalogue import in_parts
from plexsync.client import PlexClient, history
from plexsync.client.history import Swept
from plexsync.client.server import EPISODES
from plexsync.models import (
    Connection,
    Episode,
    Library,
    MediaItem,
    TitleState,
    Viewer,
    WatchedEpisode,
)
from plexsync.records import UNTOUCHED, State

NEWEST = 50  # titles a library that a hint looks at: an evening never holds more
ROWS = 200  # in one transaction
COLUMNS = State._fields
_COUNTS = ("view_count", "watched_episodes", "last_viewed_at")
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
    return (StateRow(*row) for row in rows.values_list(*names).iterator(chunk_size=2000))


def starred(viewers: Iterable[Viewer], since: datetime | None = None) -> int:
    """Return how often these gave a title of the connected server stars, ever or since."""
    viewers, lately = list(viewers), Q(user_rating__gt=0)
    if since is not None:
        lately &= Q(rated_at__gte=since) | Q(rated_at__isnull=True, last_viewed_at__gte=since)
    others = TitleState.objects.filter(viewer__in=_others(viewers))
    found = [others.filter(item__library__connection__active=True)]
    found += [_rows(viewer) for viewer in viewers if viewer.owns_plex_state]
    first, *rest = (rows.filter(lately).values_list("pk") for rows in found)
    return int(first.union(*rest, all=True).count())


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


def read(viewer: Viewer, connection: Connection, client: PlexClient, *, full: bool) -> int:
    """Read what the viewer's account says and keep it; return how many titles changed.

    ``client`` speaks as that account. ``full`` walks whole libraries, so that what was unwatched
    is seen too; else the newest of each. Libraries this account may not see are passed over.
    The connected account's libraries are walked by the sync, never here. Raises PlexError.
    """
    started = timezone.now()
    visible = {section.key for section in client.sections()}
    sight.learn(viewer, connection, visible)
    libraries = connection.libraries.filter(enabled=True, key__in=visible)
    full = full and not viewer.owns_plex_state
    changed = sum(_read_library(viewer, library, client, full=full) for library in libraries)
    Viewer.objects.filter(pk=viewer.pk).update(state_read_at=started, plex_problem="")
    return changed


def _read_library(viewer: Viewer, library: Library, client: PlexClient, *, full: bool) -> int:
    swept = (
        history.states(client, library) if full else history.newest_states(client, library, NEWEST)
    )
    if full and swept.complete:
        sight.learn_titles(viewer, library, swept.seen)
    keep = _keep_with_titles if viewer.owns_plex_state else _keep
    changed, counts_changed = keep(viewer, library, swept)
    if counts_changed and library.type == "show":
        _read_episodes(viewer, library, client, full=full)
    return changed


def _read_episodes(viewer: Viewer, library: Library, client: PlexClient, *, full: bool) -> None:
    if full:
        _keep_episodes(viewer, library, history.watched_episodes(client, library), full=True)
    else:
        newest = history.newest_states(client, library, NEWEST, EPISODES)
        _keep_episodes(viewer, library, newest, full=False)


def _items(library: Library, keys: Iterable[str]) -> dict[str, int]:
    """Return the rows of these keys; by parts, for a statement takes so many values only."""
    found: dict[str, int] = {}
    for part in in_parts(iter(keys), ROWS):
        rows = library.items.filter(rating_key__in=part)
        found.update(rows.values_list("rating_key", "pk"))
    return found


def _keep(viewer: Viewer, library: Library, swept: Swept) -> tuple[int, bool]:
    """Store what differs; return how many titles that were, and whether counts were among it."""
    items = _items(library, swept.seen)
    told = {
        items[key]: state
        for key, swept_state in swept.states.items()
        if key in items and (state := _since_forgotten(viewer, swept_state)) != UNTOUCHED
    }
    known = {row.item_id: row for row in viewer.states.filter(item__library=library)}
    changed = [item for item, state in told.items() if _differs(known.get(item), state, COLUMNS)]
    counted = any(_differs(known.get(item), told[item], _COUNTS) for item in changed)
    gone = _untouched_now(set(known), set(told), set(items.values()), swept)
    for part in in_parts(iter(changed), ROWS):
        rows = [TitleState(viewer=viewer, item_id=item, **told[item]._asdict()) for item in part]
        TitleState.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["viewer", "item"],
            update_fields=list(COLUMNS),
        )
    for part in in_parts(iter(gone), ROWS):
        viewer.states.filter(item__in=part).delete()
    return len(changed) + len(gone), counted or bool(gone)


def _since_forgotten(viewer: Viewer, state: State) -> State:
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


def _untouched_now(known: set[int], told: set[int], listed: set[int], swept: Swept) -> set[int]:
    """Return the titles whose state went back to nothing: listed without one, or not listed at all.

    Only a complete walk says anything of what it does not list.
    """
    return (known - told) if swept.complete else (known - told) & listed


def _keep_with_titles(_viewer: Viewer, library: Library, swept: Swept) -> tuple[int, bool]:
    """The same for the connected account, whose state stands with the titles.

    By parts: a server that ignores paging lists everything that was ever watched.
    """
    changed, counted = 0, False
    for part in in_parts(iter(swept.states), ROWS):
        rows = {row.rating_key: row for row in library.items.filter(rating_key__in=part)}
        moved = [row for key, row in rows.items() if _differs(row, swept.states[key], COLUMNS)]
        counted |= any(_differs(row, swept.states[row.rating_key], _COUNTS) for row in moved)
        changed += len(moved)
        if moved:
            _write_with_titles(library, moved, swept)
    return changed, counted


def _write_with_titles(library: Library, rows: list[MediaItem], swept: Swept) -> None:
    for row in rows:
        for name, value in swept.states[row.rating_key]._asdict().items():
            setattr(row, name, value)
    with transaction.atomic():
        MediaItem.objects.bulk_update(rows, COLUMNS)
        library.touch()


def _differs(row: Any, state: State, names: tuple[str, ...]) -> bool:
    return row is None or any(getattr(row, name) != getattr(state, name) for name in names)


def _keep_episodes(viewer: Viewer, library: Library, swept: Swept, *, full: bool) -> None:
    """Store which episodes were watched; take back, after a full walk, what is so no more."""
    told = {
        key: state
        for key, state in swept.states.items()
        if _since_forgotten(viewer, state).view_count
    }
    known = dict(
        WatchedEpisode.objects.filter(viewer=viewer, episode__item__library=library).values_list(
            "episode", "last_viewed_at"
        )
    )
    ids = _episodes(library, told)
    new = {ids[key]: state.last_viewed_at for key, state in told.items() if key in ids}
    rows = [
        WatchedEpisode(viewer=viewer, episode_id=episode, last_viewed_at=at)
        for episode, at in new.items()
        if episode not in known or known[episode] != at
    ]
    for part in in_parts(iter(rows), ROWS):
        WatchedEpisode.objects.bulk_create(
            part,
            update_conflicts=True,
            unique_fields=["viewer", "episode"],
            update_fields=["last_viewed_at"],
        )
    if full and swept.complete and len(told) >= _promised(viewer, library):
        for gone in in_parts(iter(set(known) - set(new)), ROWS):
            WatchedEpisode.objects.filter(viewer=viewer, episode__in=gone).delete()


def _promised(viewer: Viewer, library: Library) -> int:
    """Return how many episodes the series themselves say were watched.

    A server that understands the filter otherwise lists fewer; then nothing is taken back.
    """
    rows = viewer.states.filter(item__library=library)
    return sum(rows.values_list("watched_episodes", flat=True))


def _episodes(library: Library, keys: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in in_parts(iter(keys), ROWS):
        rows = Episode.objects.filter(item__library=library, rating_key__in=part)
        found.update(rows.values_list("rating_key", "pk"))
    return found
