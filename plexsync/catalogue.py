"""Mirror a library into the database: sweep the listing, read what changed in full, store it.

Transactions are short (at most 200 rows, no network inside), so that whoever answers a question
meanwhile never waits. Each raises the library's revision with what it stores: a sync that breaks
off later has told of it. Only a complete sweep may call titles missing, and nothing is deleted.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from moodrec.jobs.run import Report, silent
from moodrec.phrases import phrase
from plexsync.client import BATCH, PlexClient, Skipped
from plexsync.identity import found_again, is_another, readdress, retire, reunite, rows_of
from plexsync.models import Library, MediaItem
from plexsync.parts import in_parts
from plexsync.records import UNTOUCHED, State, TitleRecord
from plexsync.sweep import NAMED, Look, Sweep
from plexsync.vanishing import back_again, remember_hold, settle, take_off_offer

UNTOLD = phrase("it is listed, but Plex tells nothing of it")
WALKS = 2  # where a library changed under the first, once more
UPDATED = [
    column.name
    for column in MediaItem._meta.concrete_fields  # noqa: SLF001 (Django's public name for it)
    if column.name not in {"id", "library", "rating_key"}
]


@dataclass(slots=True)
class Mirrored:
    """What one pass over a library found."""

    created: int = 0
    updated: int = 0
    missing: int = 0
    held: int = 0
    complete: bool = False
    skipped: list[Skipped] = field(default_factory=list)
    problem: str = ""
    changed: bool = False
    """Whether any title or what was done with it did."""


@dataclass(slots=True)
class _Shelf:
    """The library's rows as the sweep needs them."""

    library: Library
    client: PlexClient
    full: bool
    prints: dict[str, str]
    """The fingerprint of each title; one that was missing has none, so that it is read again."""
    states: dict[str, State]
    """Of titles with which something was done."""
    marked: set[str]
    """Keys of titles that vanished and are held."""
    offered: set[str]
    elsewhere: bool
    """Whether there are rows that a new key may belong to."""
    done: Mirrored = field(default_factory=Mirrored)
    sweep: Sweep = field(default_factory=Sweep)


def mirror(
    library: Library,
    client: PlexClient,
    *,
    full: bool = False,
    refreshing: bool = False,
    newer_than: int | None = None,
    report: Report = silent,
) -> Mirrored:
    """Make the library's rows equal to Plex's; ``full`` reads every title again, changed or not.

    ``refreshing``: Plex scans the library. ``newer_than``: the `newest()` row before the sync.
    """
    first = newest() if newer_than is None else newer_than
    shelf = _shelf(library, client, full=full)
    for _walk_number in range(WALKS):
        shelf.sweep = Sweep()
        _walk(shelf, report)
        if shelf.sweep.complete:
            _finish(shelf, first, refreshing=refreshing)
            break
    shelf.done.skipped = (shelf.done.skipped + shelf.sweep.skipped)[:NAMED]
    shelf.done.held = library.held_count
    return shelf.done


def newest() -> int:
    """Return the number of the newest row: those above are made after this."""
    return MediaItem.objects.aggregate(newest=Max("pk"))["newest"] or 0


def withdraw(library: Library) -> Mirrored:
    """Call all titles missing of a library that the server no longer has."""
    pks = list(library.items.filter(available=True).values_list("pk", flat=True))
    take_off_offer(library, pks)
    remember_hold(library)
    return Mirrored(complete=True, missing=len(pks), changed=bool(pks))


def _shelf(library: Library, client: PlexClient, *, full: bool) -> _Shelf:
    prints, marked, offered = {}, set(), set()
    columns = library.items.values_list("rating_key", "fingerprint", "available", "missing_since")
    for key, value, available, missing_since in columns.iterator(chunk_size=5000):
        if available or missing_since is None:  # else gone, not only in Plex's trash
            prints[key] = value
        if available:
            offered.add(key)
            if missing_since is not None:
                marked.add(key)
    others = MediaItem.objects.exists()
    return _Shelf(
        library, client, full, prints, _states(library), marked, offered, elsewhere=others
    )


def _states(library: Library) -> dict[str, State]:
    touched = library.items.exclude(**_NOTHING)
    rows = touched.values_list("rating_key", *State._fields)
    return {key: State(*values) for key, *values in rows}


_NOTHING: dict[str, Any] = {
    f"{name}__isnull" if value is None else name: True if value is None else value
    for name, value in UNTOUCHED._asdict().items()
}


def _walk(shelf: _Shelf, report: Report) -> None:
    """Take every page: store what somebody did, read in full what changed."""
    stale: dict[str, str] = {}
    for page in shelf.client.listing(shelf.library):
        looks = shelf.sweep.take(page)
        stale |= _stale(shelf, looks)
        _store_states(shelf, [look for look in looks if look.key not in stale])
        _welcome_back(shelf, looks)
        _read_and_store(shelf, stale, least=BATCH)
        count = len(shelf.sweep.seen)
        detail = phrase(
            "%(library)s: %(count)s of %(total)s",
            library=shelf.library.title,
            count=count,
            total=page.total,
        )
        report(count / max(page.total, 1), detail)
    _read_and_store(shelf, stale, least=1)


def _stale(shelf: _Shelf, looks: list[Look]) -> dict[str, str]:
    prints, full = shelf.prints, shelf.full
    return {key: now for key, now, _state in looks if full or prints.get(key) != now}


def _welcome_back(shelf: _Shelf, looks: list[Look]) -> None:
    if shelf.marked:
        back = shelf.marked.intersection(look.key for look in looks)
        back_again(shelf.library, back)
        shelf.marked -= back


def _store_states(shelf: _Shelf, looks: list[Look]) -> None:
    """Store what was done with titles that else are as they were."""
    known = shelf.states
    moved = {look.key: look.state for look in looks if look.state != known.get(look.key, UNTOUCHED)}
    if moved:
        _call_unfinished(shelf)
    for keys in in_parts(iter(moved)):
        rows = list(shelf.library.items.filter(rating_key__in=keys).only("pk", "rating_key"))
        for row in rows:
            for name, value in moved[row.rating_key]._asdict().items():
                setattr(row, name, value)
        with transaction.atomic():
            MediaItem.objects.bulk_update(rows, State._fields)
            shelf.library.touch()
        shelf.done.updated += len(rows)
    known |= moved


def _read_and_store(shelf: _Shelf, stale: dict[str, str], *, least: int) -> None:
    """Read full entries, a request's worth at a time as long as there are ``least``; empties them."""
    count = len(stale) // least * least if least > 1 else len(stale)
    keys = list(stale)[:count]
    silent_on = dict.fromkeys(keys)
    for batch in shelf.client.batches(keys):
        shelf.done.skipped += batch.skipped
        wanted = {r.rating_key: r for r in batch.records if r.rating_key in stale}
        _store(shelf, list(wanted.values()), stale)
        for key in [*wanted, *(entry.key for entry in batch.skipped)]:
            silent_on.pop(key, None)
    shelf.done.skipped += [Skipped(key, UNTOLD) for key in silent_on]
    for key in keys:
        shelf.prints[key] = stale.pop(key)


def _store(shelf: _Shelf, records: list[TitleRecord], prints: dict[str, str]) -> None:
    library, now = shelf.library, timezone.now()
    for record in records:
        record.fields["type"] = library.type
    retired, moved = _who_is_who(shelf, records)
    rows = [
        MediaItem(
            library=library,
            rating_key=record.rating_key,
            fingerprint=prints[record.rating_key],
            synced_at=now,
            **record.fields,
        )
        for record in records
    ]
    _call_unfinished(shelf)
    with transaction.atomic():
        retire(retired)
        readdress(moved, library)
        MediaItem.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["library", "rating_key"],
            update_fields=UPDATED,
        )
        library.touch()
    _count(shelf, records, moved, len(retired))


def _who_is_who(
    shelf: _Shelf, records: list[TitleRecord]
) -> tuple[list[int], dict[str, MediaItem]]:
    """Return the rows whose key another title has now, and those whose title has another key now."""
    if not shelf.elsewhere:
        return [], {}
    rows = rows_of(shelf.library, (record.rating_key for record in records))
    retired = [
        rows.pop(record.rating_key).pk
        for record in records
        if record.rating_key in rows and is_another(rows[record.rating_key], record)
    ]
    new = [r for r in records if r.rating_key not in rows and r.fields["guid"]]
    moved = found_again(shelf.library, shelf.client, new, shelf.sweep.seen) if new else {}
    return [pk for pk in retired if pk not in {row.pk for row in moved.values()}], moved


def _count(
    shelf: _Shelf, records: list[TitleRecord], moved: dict[str, MediaItem], retired: int
) -> None:
    known = [r for r in records if r.rating_key in shelf.offered or r.rating_key in moved]
    shelf.done.updated += len(known) - retired
    shelf.done.created += len(records) - len(known) + retired
    shelf.done.missing += retired
    shelf.offered -= {row.rating_key for row in moved.values()}


def _finish(shelf: _Shelf, first: int, *, refreshing: bool) -> None:
    """After a complete sweep: what vanished, and whether something else took its place."""
    library, done = shelf.library, shelf.done
    gone = shelf.offered - shelf.sweep.seen.keys()
    done.complete = True
    if gone or library.held_count or library.held_since:
        believed = settle(library, gone, len(shelf.offered), refreshing=refreshing)
        done.missing += len(believed)
        done.changed |= bool(believed)
        reunited = reunite(library, believed, first)
        done.missing -= reunited
        done.created -= reunited
        done.updated += reunited
    if library.type != "show":  # whose episodes come after this
        call_complete(library)


def call_complete(library: Library) -> None:
    """Remember that the library's rows are all that Plex has."""
    library.swept_at = timezone.now()
    library.save(update_fields=["swept_at"])


def _call_unfinished(shelf: _Shelf) -> None:
    """Remember that something changed: who is killed before the episodes are read must go on there."""
    shelf.done.changed = True
    if shelf.library.type == "show" and shelf.library.swept_at is not None:
        shelf.library.swept_at = None
        shelf.library.save(update_fields=["swept_at"])
