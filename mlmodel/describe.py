"""The only code that turns a title's row into the record the model sees."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from mlmodel.moods import BUILT_IN, Table
from mlmodel.moodtable import rules as mood_rules
from mlmodel.records import Candidate, Title
from plexsync.models import MediaItem

# What `MediaItem.facts` reads; nothing else is fetched when the whole catalogue is described.
COLUMNS = (
    "title", "year", "type", "genres", "runtime_minutes", "summary", "directors", "cast",
    "content_rating", "audience_rating", "critic_rating", "studio", "countries", "collections",
)  # fmt: skip
ROWS = 2000


def describe(item: MediaItem, table: Table | None = None) -> Title:
    """Return the record of a row: the same whether it is scored, stored or learnt from.

    Its mood profile is by today's table; who describes many rows reads that once (`mood_rules.table`).
    """
    return _profiled(Title.from_json(item.facts()), table or mood_rules.table())


def recalled(stored: Mapping[str, Any], table: Table | None = None) -> Candidate:
    """Return a candidate of the log as it was shown, its mood profile by today's table."""
    candidate = Candidate.from_json(stored)
    return replace(candidate, title=_profiled(candidate.title, table or mood_rules.table()))


def on_offer() -> Iterator[Title]:
    """Yield the record of every title that can be watched tonight, in the order of their numbers."""
    rows = MediaItem.objects.on_offer().only(*COLUMNS).order_by("pk")
    table = mood_rules.table()
    return (describe(item, table) for item in rows.iterator(chunk_size=ROWS))


def _profiled(title: Title, table: Table) -> Title:
    """Give a title its profile where the built-in table, which needs no telling, is not the one."""
    if table is BUILT_IN:
        return title
    return replace(title, moods=tuple(table.profiles([title])[0].tolist()))
