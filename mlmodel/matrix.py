"""The catalogue as arrays, kept in memory until a library or the active model changes."""

import logging
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.db.models import Q
from scipy import sparse

from mlmodel import serving
from mlmodel.describe import COLUMNS, ROWS, describe
from mlmodel.franchises import Entry, stories
from mlmodel.moods import GENRES, Table, genres_of
from mlmodel.moodtable import rules as mood_rules
from mlmodel.prior import TitleArrays, title_arrays
from mlmodel.records import Title
from mlmodel.serving import Active
from mlmodel.twins import Copy, Twins, twins
from plexsync import content_ratings
from plexsync.models import Library, MediaItem, watched

logger = logging.getLogger(__name__)

Key = tuple[tuple[tuple[int, int], ...], int | None]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
MOST_ID = 2**63 - 1  # an address may name a title by any number
QUICK_SECONDS = 0.5  # a build that took no longer may be waited for again
UNKNOWN_AGE = content_ratings.UNKNOWN
PEOPLE = 4  # director and first actors: whom one would notice twice in an evening

_NAMES = ("pk", "type", "guid", "external_ids")
_FACTS = (
    *_NAMES, "edition", "added_at", "content_age", "episode_count", "watched_episodes",
)  # fmt: skip
_GENRE_BITS = {genre: 1 << place for place, genre in enumerate(sorted(GENRES))}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every title on offer, one entry each, in the order of ``ids``."""

    ids: Ints
    is_show: Flags
    year: npt.NDArray[np.float64]
    age: Ints
    """Least age by the content rating; UNKNOWN_AGE where there is none."""
    watched: Flags
    """By the connected Plex account, this copy of the title or another."""
    episodes: Ints
    episodes_left: Ints
    twin: Ints
    """The number of the title: equal for its copies in other libraries and editions."""
    is_copied: Flags
    """Whether another copy of the title is on offer."""
    preference: Ints
    """Of two copies the one with the lower number is shown."""
    story: Ints
    """Equal for the titles of one franchise."""
    predecessor: Ints
    """The number (`twin`) of the title on the shelf that must be seen before; -1 where there is none."""
    genres: Ints
    """The genres that the table of moods knows, one bit each."""
    people: Ints
    """Director and first actors, PEOPLE columns of numbers; 0 is nobody."""
    copies: Twins
    """What `twin` is read from: rows that are not on offer among them."""
    titles: TitleArrays
    """What the prior reads, mood profiles among it."""
    matrix: sparse.csr_matrix | None
    """What the active model reads; None where the prior scores."""
    active: Active | None
    beside: dict[str, Any] = field(default_factory=dict)
    """What others computed from it, which is old when it is."""

    def __len__(self) -> int:
        return len(self.ids)

    def row_of(self, item: int) -> int | None:
        """Return where a title stands; None where it is not on offer."""
        row = int(np.searchsorted(self.ids, min(item, MOST_ID)))
        return row if row < len(self) and int(self.ids[row]) == item else None


@dataclass(slots=True)
class _Kept:
    """The newest catalogue, and who builds the next."""

    key: Key | None = None
    catalogue: Catalogue | None = None
    seconds: float = 0.0
    """So long did its build take."""
    builder: threading.Thread | None = None


also: list[Callable[[Catalogue], None]] = []
"""What is computed beside a catalogue that a thread builds, before anybody is given it."""
_lock = threading.Lock()
_kept = _Kept()


def catalogue() -> Catalogue:
    """Return the catalogue for the libraries, the mood rules and the model as they are now.

    Costs two small queries; a change of any costs one pass over the titles. Where that takes
    long, a thread does it, and for these seconds the catalogue is the one from before the change.
    """
    active = serving.active()
    key = (_revision(), active.number if active else None)
    with _lock:
        kept = _kept
        if kept.catalogue is None or (kept.key != key and kept.seconds <= QUICK_SECONDS):
            return _rebuild(kept, key, active)
        if kept.key != key:
            _rebuild_aside(kept, key, active)
        return kept.catalogue


def forget() -> None:
    """Drop what is kept, a rebuild under way too: the next call builds the catalogue anew."""
    global _kept  # noqa: PLW0603 (a rebuild under way writes to the one it began with)
    with _lock:
        _kept = _Kept()


def _rebuild(kept: _Kept, key: Key, active: Active | None, *, aside: bool = False) -> Catalogue:
    begun = time.perf_counter()
    built = _build(active)
    seconds = time.perf_counter() - begun
    for each in also if aside else ():
        each(built)
    kept.catalogue, kept.seconds, kept.key = built, seconds, key  # the key last: now it is true
    return built


def _rebuild_aside(kept: _Kept, key: Key, active: Active | None) -> None:
    """Rebuild in a thread of its own, one at a time."""
    if kept.builder is not None and kept.builder.is_alive():
        return

    def build() -> None:
        try:
            _rebuild(kept, key, active, aside=True)
        except Exception:
            logger.exception("The catalogue stays as it was; the next request tries again.")
        finally:
            connection.close()

    kept.builder = threading.Thread(target=build, name="catalogue", daemon=True)
    kept.builder.start()


def _revision() -> tuple[tuple[int, int], ...]:
    return tuple((each.pk, each.revision) for each in Library.connected() if each.enabled)


def _build(active: Active | None) -> Catalogue:
    rows = MediaItem.objects.on_offer().only(*COLUMNS, *_FACTS).order_by("pk")
    rows = rows.annotate(is_watched=Q(pk__in=MediaItem.objects.filter(watched()).values("pk")))
    copies = list(_not_on_offer())
    table = mood_rules.table()
    parts = []
    for part in _chunks(rows):
        parts.append(_part(part, active, table))
        copies += [Copy(row.pk, row.type, row.guid, row.external_ids) for row in part]
    joined = _joined(parts or [_part([], active, table)])
    return Catalogue(**_in_order(_with_twins(joined, twins(copies))), active=active)


def _not_on_offer() -> Iterator[Copy]:
    """Yield copies gone, switched off, on an earlier server: what was said of them holds here."""
    rows = MediaItem.objects.exclude(pk__in=MediaItem.objects.on_offer().values("pk"))
    return (Copy(*row) for row in rows.values_list(*_NAMES).iterator(chunk_size=ROWS))


def _with_twins(joined: dict[str, Any], copies: Twins) -> dict[str, Any]:
    twin = copies.of(joined["ids"])
    is_plain, added = joined.pop("is_plain"), joined.pop("added")
    preference = np.empty(len(twin), dtype=np.int64)
    preference[np.lexsort((-added, ~is_plain))] = np.arange(len(twin))
    return {
        **joined,
        "twin": twin,
        "watched": np.isin(twin, twin[joined["watched"]]),
        "is_copied": (np.bincount(twin, minlength=1) > 1)[twin],
        "preference": preference,
        "copies": copies,
    }


def _in_order(joined: dict[str, Any]) -> dict[str, Any]:
    """Tell the franchises; a copy of a title does not come before it."""
    told, twin = stories(joined.pop("entries")), joined["twin"]
    before = np.where(told.before >= 0, twin[told.before], -1) if len(twin) else told.before
    return {**joined, "story": told.number, "predecessor": np.where(before == twin, -1, before)}


def _chunks(rows: Any) -> Iterator[list[Any]]:
    part: list[Any] = []
    for row in rows.iterator(chunk_size=ROWS):
        part.append(row)
        if len(part) == ROWS:
            yield part
            part = []
    if part:
        yield part


def _part(rows: list[Any], active: Active | None, table: Table) -> dict[str, Any]:
    titles = [describe(row, table) for row in rows]
    return {
        "ids": np.array([row.pk for row in rows], dtype=np.int64),
        "is_show": np.array([row.type == "show" for row in rows], dtype=bool),
        "year": np.array([row.year or np.nan for row in rows], dtype=float),
        "age": np.array(
            [UNKNOWN_AGE if row.content_age is None else row.content_age for row in rows],
            dtype=np.int64,
        ),
        "watched": np.array([row.is_watched for row in rows], dtype=bool),
        "episodes": np.array([row.episode_count or 0 for row in rows], dtype=np.int64),
        "episodes_left": np.array(
            [max((row.episode_count or 0) - row.watched_episodes, 0) for row in rows],
            dtype=np.int64,
        ),
        "is_plain": np.array([not row.edition for row in rows], dtype=bool),
        "added": np.array(
            [row.added_at.timestamp() if row.added_at else 0 for row in rows], dtype=float
        ),
        "genres": np.array([_genre_bits(title) for title in titles], dtype=np.int64),
        "people": np.array(list(map(_people, titles)), dtype=np.int64).reshape(-1, PEOPLE),
        "entries": [Entry(t.title, t.year, t.type, t.collections) for t in titles],
        "titles": title_arrays(titles),
        "matrix": active.model.title_matrix(titles) if active and titles else None,
    }


def _genre_bits(title: Title) -> int:
    return sum(_GENRE_BITS.get(genre, 0) for genre in set(genres_of(title.genres)))


def _people(title: Title) -> list[int]:
    """Return numbers of names, the same in every process."""
    names = [*title.directors[:1], *title.cast[: PEOPLE - 1]]
    return [*(zlib.crc32(name.casefold().encode()) for name in names), *[0] * (PEOPLE - len(names))]


def _joined(parts: list[dict[str, Any]]) -> dict[str, Any]:
    joined: dict[str, Any] = {
        name: np.concatenate([part[name] for part in parts])
        for name in parts[0]
        if name not in {"titles", "matrix", "entries"}
    }
    joined["entries"] = [entry for part in parts for entry in part["entries"]]
    joined["titles"] = TitleArrays(
        **{
            name: np.concatenate([getattr(part["titles"], name) for part in parts])
            for name in TitleArrays.__slots__
        }
    )
    matrices = [part["matrix"] for part in parts if part["matrix"] is not None]
    joined["matrix"] = sparse.vstack(matrices, format="csr") if matrices else None
    return joined
