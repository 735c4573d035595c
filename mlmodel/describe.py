"""The only code that turns a title's row into the record the model sees."""

from collections.abc import Iterator

from mlmodel.records import Title
from plexsync.models import MediaItem

# What `MediaItem.facts` reads; nothing else is fetched when the whole catalogue is described.
COLUMNS = (
    "title", "year", "type", "genres", "runtime_minutes", "summary", "directors", "cast",
    "content_rating", "audience_rating", "critic_rating", "studio", "countries", "collections",
)  # fmt: skip
ROWS = 2000


def describe(item: MediaItem) -> Title:
    """Return the record of a row: the same whether it is scored, stored or learnt from."""
    return Title.from_json(item.facts())


def on_offer() -> Iterator[Title]:
    """Yield the record of every title that can be watched tonight, in the order of their numbers."""
    rows = MediaItem.objects.on_offer().only(*COLUMNS).order_by("pk")
    return (describe(item) for item in rows.iterator(chunk_size=ROWS))
