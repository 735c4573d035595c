"""From a wish to rows of the shelf in order: every filter is a mask, as when an ask is answered."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from mlmodel import scoring
from mlmodel.matrix import Catalogue
from mlmodel.moods import MOODS
from mlmodel.records import Moment
from plexsync.models import Viewer
from recommender import candidates
from recommender.library.index import Index, Match
from recommender.library.wish import LENGTHS, Wish

Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, and when."""

    viewers: list[Viewer]
    """The viewer they are; empty for somebody who is none."""
    moment: Moment
    visible: Flags
    """Which titles they may see."""


@dataclass(frozen=True, slots=True)
class Found:
    """What fits a wish, best first, and which of all titles the reader has seen."""

    rows: Rows
    seen: Flags


def find(shelf: Catalogue, index: Index, wish: Wish, reader: Reader) -> Found:
    """Return the titles that pass every filter, one copy of each, in the order wished for."""
    seen = candidates.seen_by(shelf, reader.viewers)
    anybody: Flags = np.logical_or.reduce(seen, axis=0)
    match = index.search(wish.q)
    passing = match.rows & reader.visible
    for mask in masks(shelf, index, wish, anybody).values():
        passing &= mask
    rows = _one_copy_each(shelf, np.flatnonzero(passing))
    return Found(rows[_order(shelf, index, wish, reader, match, seen)(rows)], anybody)


def masks(shelf: Catalogue, index: Index, wish: Wish, seen: Flags) -> dict[str, Flags]:
    """Return for each filter that is set which titles pass it."""
    made: dict[str, Callable[[], Flags]] = {
        "type": lambda: shelf.is_show == (wish.type == "show"),
        "mood": lambda: shelf.titles.moods[:, MOODS.index(wish.mood)] >= candidates.FITS_MOOD,
        "genre": lambda: _of_genre(index, wish.genre),
        "decade": lambda: np.floor(shelf.year / 10) * 10 == int(wish.decade),
        "length": lambda: _long(shelf, *LENGTHS[wish.length]),
        "age": lambda: shelf.age <= int(wish.age),
        "seen": lambda: seen == (wish.seen == "again"),
        "library": lambda: index.library == int(wish.library),
    }
    return {name: make() for name, make in made.items() if getattr(wish, name)}


def decades(shelf: Catalogue) -> list[int]:
    """Return the decades of the shelf, the latest first."""
    years = shelf.year[np.isfinite(shelf.year)]
    return sorted({int(decade) for decade in np.unique(np.floor(years / 10) * 10)}, reverse=True)


def _of_genre(index: Index, genre: str) -> Flags:
    flags = np.zeros(len(index.ids), dtype=bool)
    flags[index.genres.get(genre, [])] = True
    return flags


def _long(shelf: Catalogue, least: float, most: float) -> Flags:
    runtime = shelf.titles.runtime
    found: Flags = (runtime > least) & (runtime <= most)
    return found


def _one_copy_each(shelf: Catalogue, rows: Rows) -> Rows:
    by_preference = rows[np.argsort(shelf.preference[rows], kind="stable")]
    _twin, best = np.unique(shelf.twin[by_preference], return_index=True)
    return by_preference[best]


def _order(
    shelf: Catalogue, index: Index, wish: Wish, reader: Reader, match: Match, seen: Flags
) -> Callable[[Rows], Rows]:
    """Return what puts rows in order; equals stand as in the alphabet."""
    keys: dict[str, Callable[[], npt.NDArray[np.float64]]] = {
        "fit": lambda: -_expected(shelf, wish, reader, seen),
        "newest": lambda: -index.added,
        "rating": lambda: -np.nan_to_num(index.rating, nan=-1.0),
        "year": lambda: -np.nan_to_num(shelf.year, nan=0.0),
    }
    key = keys[wish.sort]() if wish.sort else match.order.astype(float)
    return lambda rows: np.lexsort((index.by_title[rows], key[rows]))


def _expected(shelf: Catalogue, wish: Wish, reader: Reader, seen: Flags) -> npt.NDArray[np.float64]:
    """Return how likely the reader enjoys each title now, in the mood that is looked for."""
    moods = ((wish.mood, 1.0),) if wish.mood else ()
    moment = replace(reader.moment, moods=moods)
    slugs = [viewer.slug for viewer in reader.viewers]
    return scoring.score(shelf, moment, slugs, seen).scores
