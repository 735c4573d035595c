"""Mirror a library into the database: sweep the listing, read what changed in full, store it.

Transactions are short (at most 200 rows, no network inside), so that whoever answers a question
meanwhile never waits. Each raises the library's revision with what it stores: a sync that breaks
off later has told of it. Only a complete sweep may call titles missing, and nothing is deleted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from moodrec.jobs.run import Report, silent
from plexsync.client import PlexClient, fingerprint
from plexsync.models import Library, MediaItem
from plexsync.records import TitleRecord, rating_key

ROWS = 200  # in one transaction
UPDATED = [
    column.name
    for column in MediaItem._meta.concrete_fields  # noqa: SLF001 (Django's public name for it)
    if column.name not in {"id", "library", "rating_key"}
]
T = TypeVar("T")


@dataclass(slots=True)
class Mirrored:
    """What one pass over a library found."""

    created: int = 0
    updated: int = 0
    missing: int = 0
    complete: bool = False
    seen: set[str] = field(default_factory=set)


def mirror(
    library: Library, client: PlexClient, *, full: bool = False, report: Report = silent
) -> Mirrored:
    """Make the library's rows equal to Plex's; ``full`` reads every title again, changed or not."""
    known = _fingerprints(library)
    done = Mirrored()
    totals = set()
    for page in client.listing(library):
        prints = {
            key: fingerprint(entry)
            for entry in page.entries
            if (key := rating_key(entry)) and key not in done.seen  # servers repeat themselves
        }
        stale = [key for key, value in prints.items() if full or known.get(key) != value]
        _store_page(library, client, stale, prints, known, done)
        done.seen.update(prints)
        totals.add(page.total)
        detail = f"{library.title}: {len(done.seen)} of {page.total}"
        report(len(done.seen) / max(page.total, 1), detail)
    done.complete = totals == {len(done.seen)}  # not where the library changed under the walk
    if done.complete:
        done.missing = _mark_missing(library, set(known) - done.seen)
        Library.objects.filter(pk=library.pk).update(swept_at=timezone.now())
    return done


def withdraw(library: Library) -> Mirrored:
    """Call all titles missing of a library that the server no longer has."""
    done = Mirrored(complete=True)
    done.missing = _mark_missing(library, set(_fingerprints(library)))
    return done


def _fingerprints(library: Library) -> dict[str, str]:
    """Return the fingerprint of each title on offer; a missing one has none, so it is read again."""
    rows = library.items.filter(available=True)
    return dict(rows.values_list("rating_key", "fingerprint"))


def _store_page(
    library: Library,
    client: PlexClient,
    stale: list[str],
    prints: dict[str, str],
    known: dict[str, str],
    done: Mirrored,
) -> None:
    for records in in_parts(client.titles(stale), ROWS):
        _upsert(library, records, prints)
        updated = sum(record.rating_key in known for record in records)
        done.updated += updated
        done.created += len(records) - updated


def _upsert(library: Library, records: list[TitleRecord], prints: dict[str, str]) -> None:
    now = timezone.now()
    rows = [
        MediaItem(
            library=library,
            rating_key=record.rating_key,
            fingerprint=prints[record.rating_key],
            synced_at=now,
            **{**record.fields, "type": library.type},
        )
        for record in {r.rating_key: r for r in records if r.rating_key in prints}.values()
    ]
    with transaction.atomic():
        MediaItem.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["library", "rating_key"],
            update_fields=UPDATED,
        )
        library.touch()


def _mark_missing(library: Library, gone: set[str]) -> int:
    now = timezone.now()
    for keys in in_parts(iter(sorted(gone)), ROWS):
        with transaction.atomic():
            library.items.filter(rating_key__in=keys).update(available=False, missing_since=now)
            library.touch()
    return len(gone)


def in_parts(things: Iterator[T], size: int) -> Iterator[list[T]]:
    """Yield the things in lists of at most ``size``, reading no further than needed."""
    part: list[T] = []
    for thing in things:
        part.append(thing)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
