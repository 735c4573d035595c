"""Feedback follows the title: find a title again that Plex knows under another key by now.

Plex gives a title a new key whenever it is taken out and scanned in again, moved to another
library or another server. What stays is its guid, with its edition.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import ManyToManyRel, Model, Q, QuerySet
from django.utils import timezone

from plexsync.client import PlexClient
from plexsync.models import Library, MediaItem
from plexsync.records import TitleRecord

Identity = tuple[str, str, str]
_OF_ONE_SERVER = "local://"  # with a number that on another server is another title's
_COMPARED = ("pk", "rating_key", "guid", "external_ids", "title", "runtime_minutes", "added_at")


class Known(NamedTuple):
    """What a row of ours says of who it is."""

    pk: int
    rating_key: str
    guid: str
    external_ids: list[str]
    title: str
    runtime_minutes: int | None
    added_at: datetime | None


def identity(guid: str, edition: str, kind: str) -> Identity:
    return guid, edition, kind


def rows_of(library: Library, keys: Iterable[str]) -> dict[str, Known]:
    """Return the rows that the library has under these keys."""
    rows = library.items.filter(rating_key__in=list(keys)).values_list(*_COMPARED)
    return {row.rating_key: row for row in map(Known._make, rows)}


def is_another(row: Known, record: TitleRecord) -> bool:
    """Tell whether Plex gave the row's key to a title that shares nothing with it.

    A title that was only matched anew keeps its name, its length, or when it was added.
    """
    told = record.fields
    if not row.guid or not told["guid"] or row.guid == told["guid"]:
        return False
    return not (
        set(row.external_ids) & set(told["external_ids"])
        or row.title == told["title"]
        or (row.added_at and row.added_at == told["added_at"])
        or _as_long(row.runtime_minutes, told["runtime_minutes"])
    )


def _as_long(mine: int | None, theirs: int | None) -> bool:
    return mine is not None and theirs is not None and abs(mine - theirs) <= 1


def retire(pks: list[int]) -> None:
    """Take these rows' keys away: what was said of them stays, under a key that no Plex has."""
    for row in MediaItem.objects.filter(pk__in=pks):
        row.rating_key, row.available, row.missing_since = f"gone-{row.pk}", False, timezone.now()
        row.save(update_fields=["rating_key", "available", "missing_since"])


def found_again(
    library: Library, client: PlexClient, records: list[TitleRecord], seen: dict[str, int]
) -> dict[str, MediaItem]:
    """Return, for new keys, the row of ours that is the same title, where Plex has its old key no more.

    ``seen``: the keys of this library that the present sweep has met.
    """
    wanted = {_of_record(record): record.rating_key for record in reversed(records)}
    rows = [
        row
        for row in _candidates(library, wanted)
        if not (row.library_id == library.pk and row.rating_key in seen and row.available)
    ]
    asked = [row.rating_key for row in rows if _may_live(row, library)]
    alive = client.alive(asked) if asked else set()
    found: dict[str, MediaItem] = {}
    for row in sorted(rows, key=lambda row: _distance(row, library)):
        if not (_may_live(row, library) and row.rating_key in alive):
            found.setdefault(wanted[_of_row(row)], row)
    return found


def _candidates(library: Library, wanted: dict[Identity, str]) -> list[MediaItem]:
    guids = {guid for guid, _edition, _kind in wanted if guid}
    ours = library.connection
    left = Q(library__connection__active=False, library__connection__is_demo=False)
    left &= ~Q(guid__startswith=_OF_ONE_SERVER)
    where = Q(library__connection=ours) if ours.is_demo else Q(library__connection=ours) | left
    rows: QuerySet[MediaItem] = MediaItem.objects.filter(where, guid__in=guids)
    found = rows.select_related("library").only(
        "library", "library__connection", "rating_key", "guid", "edition", "type", "available"
    )
    return [row for row in found if _of_row(row) in wanted]


def _may_live(row: MediaItem, library: Library) -> bool:
    """Tell whether Plex may still have the title under the row's key: not if it is known to be gone."""
    return row.available and row.library.connection_id == library.connection_id


def _distance(row: MediaItem, library: Library) -> tuple[bool, bool, int]:
    return (
        row.library_id != library.pk,
        row.library.connection_id != library.connection_id,
        -row.pk,
    )


def _of_record(record: TitleRecord) -> Identity:
    told = record.fields
    return identity(told["guid"], told["edition"], told["type"])


def _of_row(row: MediaItem) -> Identity:
    return identity(row.guid, row.edition, row.type)


def readdress(rows: dict[str, MediaItem], library: Library) -> None:
    """Give these rows their new keys in this library."""
    for key, row in rows.items():
        left = row.library
        MediaItem.objects.filter(pk=row.pk).update(library=library, rating_key=key)
        if left.pk != library.pk:
            left.touch()


def reunite(library: Library, gone: list[int], newer_than: int) -> int:
    """Make one row of two where a title vanished after its successor had been stored as new.

    ``gone``: rows that were just found missing; successors have numbers above ``newer_than``.
    Returns how many were reunited.
    """
    new = MediaItem.objects.filter(
        pk__gt=newer_than, library__connection=library.connection_id, available=True
    ).exclude(guid="")
    successors = {_of_row(row): row for row in new} if gone else {}
    merged = 0
    for row in MediaItem.objects.filter(pk__in=gone if successors else []):
        successor = successors.pop(_of_row(row), None)
        if successor is not None:
            merge(row, successor)
            merged += 1
    return merged


def merge(old: MediaItem, new: MediaItem) -> None:
    """Let the old row live on as the new one, with what was said of either."""
    with transaction.atomic():
        for model, field in _pointing_here():
            for row in model._base_manager.filter(**{field: new}):  # noqa: SLF001
                _move(row, field, old)
        number = old.pk
        new.delete()
        new.pk, new.rating_key = number, new.rating_key
        new.save(force_update=True)
        new.library.touch()


def _pointing_here() -> Iterator[tuple[Any, str]]:
    """Yield each model with a column that names a title, and that column; of a set its rows of pairs."""
    for relation in MediaItem._meta.related_objects:  # noqa: SLF001 (public by its documentation)
        field: Any = relation.field
        if isinstance(relation, ManyToManyRel):
            yield relation.through, field.m2m_reverse_field_name()
        else:
            yield relation.related_model, field.name


def _move(row: Model, field: str, old: MediaItem) -> None:
    """Point the row at the old title; where that has such a row already, the older one counts."""
    setattr(row, field, old)
    try:
        with transaction.atomic():
            row.save(update_fields=[field])
    except IntegrityError:
        row.delete()
