"""What on the shelf is like a title: the angle between what is known of both, and nothing learnt."""

import numpy as np
import numpy.typing as npt

from mlmodel.matrix import Catalogue

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

MOODS, GENRES, PEOPLE = 1.0, 0.8, 0.5  # how much each part of a title counts
LEAST = 0.35  # less like it than that is not like it


def similar(shelf: Catalogue, row: int, most: int) -> list[int]:
    """Return the rows most like one, the most alike first; no copy and no other part of its story."""
    free = (shelf.twin != shelf.twin[row]) & (shelf.story != shelf.story[row])
    free &= shelf.is_show == shelf.is_show[row]
    rows = np.flatnonzero(free)
    alike = likeness(shelf, row)[rows]
    order = np.lexsort((rows, -alike))[: 2 * most]
    best = [int(rows[place]) for place in order if alike[place] >= LEAST]
    return _once_each(shelf, best)[:most]


def likeness(shelf: Catalogue, row: int) -> Floats:
    """Return the cosine of each title's moods, genres and people with those of one."""
    moods = shelf.titles.moods - shelf.titles.moods.mean(axis=0)
    found: Floats = (
        MOODS * _cosine(moods, moods[row])
        + GENRES * _shared(np.bitwise_count(shelf.genres & shelf.genres[row]), shelf.genres, row)
        + PEOPLE * _people(shelf, row)
    ) / (MOODS + GENRES + PEOPLE)
    return found


def _cosine(vectors: Floats, one: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(one)
    found: Floats = np.divide(vectors @ one, lengths, out=np.zeros(len(vectors)), where=lengths > 0)
    return found


def _shared(both: npt.NDArray[np.int64], bits: npt.NDArray[np.int64], row: int) -> Floats:
    """Return the cosine of two sets: what they share by the root of their sizes."""
    sizes = np.bitwise_count(bits).astype(float)
    product = np.sqrt(sizes * sizes[row])
    found: Floats = np.divide(both, product, out=np.zeros(len(bits)), where=product > 0)
    return found


def _people(shelf: Catalogue, row: int) -> Floats:
    theirs = shelf.people[row][shelf.people[row] != 0]
    both = np.isin(shelf.people, theirs).sum(axis=1)
    sizes = (shelf.people != 0).sum(axis=1)
    product = np.sqrt(sizes * max(len(theirs), 1))
    found: Floats = np.divide(both, product, out=np.zeros(len(both)), where=product > 0)
    return found


def _once_each(shelf: Catalogue, rows: list[int]) -> list[int]:
    """Return the rows without further copies of the same title."""
    found = {int(shelf.twin[row]): row for row in reversed(rows)}
    return [row for row in rows if found[int(shelf.twin[row])] == row]


def story(shelf: Catalogue, row: int) -> list[int]:
    """Return the parts of the title's franchise in their order, itself among them; none where it is alone."""
    rows = np.flatnonzero(shelf.story == shelf.story[row])
    ordered = rows[np.lexsort((rows, np.nan_to_num(shelf.year[rows], nan=np.inf)))].tolist()
    parts = _once_each(shelf, ordered)
    return parts if len(parts) > 1 else []
