"""Reads what each viewer has watched, begun and rated in Plex, from their own account, and keeps it.

The connected account's state is kept with the titles themselves; everybody else's in TitleState.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Manager, QuerySet
from django.utils import timezone

from plexsync import sight
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
from plexsync.parts import in_parts
from plexsync.records import UNTOUCHED, State
from plexsync.states import since_forgotten

NEWEST = 50  # titles a library that a hint looks at: an evening never holds more
ROWS = 200  # in one transaction
_COUNTS = ("view_count", "watched_episodes", "last_viewed_at")


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


def _ids(rows: "QuerySet[Any]", keys: Iterable[str]) -> dict[str, int]:
    """Return which rows have these keys; by parts, for a statement takes so many values only."""
    found: dict[str, int] = {}
    for part in in_parts(iter(keys), ROWS):
        found.update(rows.filter(rating_key__in=part).values_list("rating_key", "pk"))
    return found


def _keep(viewer: Viewer, library: Library, swept: Swept) -> tuple[int, bool]:
    """Store what differs; return how many titles that were, and whether counts were among it."""
    items = _ids(library.items.all(), swept.seen)
    told = {
        items[key]: state
        for key, swept_state in swept.states.items()
        if key in items and (state := since_forgotten(viewer, swept_state)) != UNTOUCHED
    }
    known = {row.item_id: row for row in viewer.states.filter(item__library=library)}
    changed = [item for item, state in told.items() if _differs(known.get(item), state)]
    counted = any(_differs(known.get(item), told[item], _COUNTS) for item in changed)
    gone = _untouched_now(set(known), set(told), set(items.values()), swept)
    rows = (TitleState(viewer=viewer, item_id=item, **told[item]._asdict()) for item in changed)
    _write(TitleState.objects, rows, "item", State._fields)
    for part in in_parts(iter(gone), ROWS):
        viewer.states.filter(item__in=part).delete()
    return len(changed) + len(gone), counted or bool(gone)


def _write(kept: "Manager[Any]", rows: Iterable[Any], key: str, columns: Sequence[str]) -> None:
    """Store rows of a viewer and what ``key`` names, in place of those that are there."""
    for part in in_parts(iter(rows), ROWS):
        kept.bulk_create(
            part,
            update_conflicts=True,
            unique_fields=["viewer", key],
            update_fields=columns,
        )


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
        moved = [row for key, row in rows.items() if _differs(row, swept.states[key])]
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
        MediaItem.objects.bulk_update(rows, State._fields)
        library.touch()


def _differs(row: Any, state: State, names: Sequence[str] = State._fields) -> bool:
    return row is None or any(getattr(row, name) != getattr(state, name) for name in names)


def _keep_episodes(viewer: Viewer, library: Library, swept: Swept, *, full: bool) -> None:
    """Store which episodes were watched; take back, after a full walk, what is so no more."""
    told = {
        key: state
        for key, state in swept.states.items()
        if since_forgotten(viewer, state).view_count
    }
    known = dict(
        WatchedEpisode.objects.filter(viewer=viewer, episode__item__library=library).values_list(
            "episode", "last_viewed_at"
        )
    )
    ids = _ids(Episode.objects.filter(item__library=library), told)
    new = {ids[key]: state.last_viewed_at for key, state in told.items() if key in ids}
    rows = (
        WatchedEpisode(viewer=viewer, episode_id=episode, last_viewed_at=at)
        for episode, at in new.items()
        if episode not in known or known[episode] != at
    )
    _write(WatchedEpisode.objects, rows, "episode", ["last_viewed_at"])
    if full and swept.complete and len(told) >= _promised(viewer, library):
        for gone in in_parts(iter(set(known) - set(new)), ROWS):
            WatchedEpisode.objects.filter(viewer=viewer, episode__in=gone).delete()


def _promised(viewer: Viewer, library: Library) -> int:
    """Return how many episodes the series themselves say were watched.

    A server that understands the filter otherwise lists fewer; then nothing is taken back.
    """
    rows = viewer.states.filter(item__library=library)
    return sum(rows.values_list("watched_episodes", flat=True))
