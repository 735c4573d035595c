"""Titles that Plex lists no more: gone, or only away with a drive that is not mounted.

Nothing is deleted, ever. A few are believed at once. Many are marked and stay on offer until a later
sweep, an hour on, still lacks them, or until the owner says so.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from plexsync.models import Library, MediaItem
from plexsync.parts import in_parts

MANY = 50  # titles that vanish at once are not believed
SOME = 5  # nor are so many where they are …
SHARE = 0.2  # … more than this part of the library
WAIT = timedelta(hours=1)


def settle(library: Library, gone: set[str], offered: int, *, refreshing: bool) -> list[int]:
    """Believe of the vanished titles what can be believed; return the rows now unavailable.

    ``gone``: the keys that a complete sweep lacked, of ``offered`` titles. While the library is
    being scanned (``refreshing``) a second look proves nothing.
    """
    rows = _rows(library, gone)
    if _too_many(len(rows), offered):
        _mark(library, [pk for pk, marked in rows if marked is None])
        due = timezone.now() - WAIT
        believed = [pk for pk, marked in rows if marked and marked <= due and not refreshing]
    else:
        believed = [pk for pk, _marked in rows]
    take_off_offer(library, believed)
    remember_hold(library)
    return believed


def believe(library: Library) -> int:
    """Take what is held off offer, because the owner says that it is gone; return how many."""
    held = library.items.filter(available=True, missing_since__isnull=False)
    pks = list(held.values_list("pk", flat=True))
    take_off_offer(library, pks)
    remember_hold(library)
    return len(pks)


def back_again(library: Library, keys: Iterable[str]) -> None:
    """Take the mark off titles that Plex lists again."""
    for part in in_parts(iter(sorted(keys))):
        library.items.filter(rating_key__in=part, available=True).update(missing_since=None)


def take_off_offer(library: Library, pks: list[int]) -> None:
    """Call these titles missing; a mark that stands keeps its date."""
    for part in in_parts(iter(pks)):
        with transaction.atomic():
            rows = MediaItem.objects.filter(pk__in=part)
            rows.filter(missing_since=None).update(missing_since=timezone.now())
            rows.update(available=False)
            library.touch()


def remember_hold(library: Library) -> None:
    """Keep with the library since when, and how many of, its titles are held."""
    held = library.items.filter(available=True, missing_since__isnull=False)
    since = held.order_by("missing_since").values_list("missing_since", flat=True).first()
    library.held_since, library.held_count = since, held.count() if since else 0
    library.save(update_fields=["held_since", "held_count"])


def _rows(library: Library, keys: set[str]) -> list[tuple[int, datetime | None]]:
    found: list[tuple[int, datetime | None]] = []
    for part in in_parts(iter(sorted(keys))):
        rows = library.items.filter(rating_key__in=part, available=True)
        found += rows.values_list("pk", "missing_since")
    return found


def _too_many(gone: int, offered: int) -> bool:
    if not gone:
        return False
    return gone > MANY or gone >= offered or (gone >= SOME and gone > SHARE * offered)


def _mark(library: Library, pks: list[int]) -> None:
    now = timezone.now()
    for part in in_parts(iter(pks)):
        library.items.filter(pk__in=part).update(missing_since=now)
