"""Which rows are copies of one title: in two libraries, two editions, on this server and the last."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

TELLING = ("imdb://", "tmdb://", "tvdb://")  # whose numbers name one title, whatever the edition


class Copy(NamedTuple):
    """A row of the catalogue, and what names the title it is a copy of."""

    id: int
    type: str
    guid: str
    external_ids: Collection[str]


@dataclass(frozen=True, slots=True)
class Twins:
    """For every row the number of its title."""

    ids: Ints
    """Rows, ascending."""
    numbers: Ints
    """Equal for copies of the same title: 0, 1, 2, … without a gap."""

    def of(self, items: Collection[int]) -> Ints:
        """Return the numbers of these rows' titles; of a row that is unknown, none."""
        asked = np.fromiter(items, dtype=np.int64, count=len(items))
        places = np.searchsorted(self.ids, asked[self.know(asked)])
        return self.numbers[places]

    def know(self, asked: Ints) -> Flags:
        """Return which of these rows are known."""
        below = np.searchsorted(self.ids, asked, side="left")
        known: Flags = below < np.searchsorted(self.ids, asked, side="right")
        return known


def twins(copies: Iterable[Copy]) -> Twins:
    """Number the titles: copies that share a name are one, and so are the copies of those.

    Depends on nothing but the copies, neither on their order nor on this process.
    """
    ordered = sorted({copy.id: copy for copy in copies}.values())
    ids = np.array([copy.id for copy in ordered], dtype=np.int64)
    return Twins(ids, _connected(ordered) if ordered else ids)


def _connected(copies: list[Copy]) -> Ints:
    """Return the parts of the graph whose points are the copies and their names."""
    nodes: dict[tuple[str, str], int] = {}
    rows, columns = [], []
    for row, copy in enumerate(copies):
        for name in _names(copy):
            rows.append(row)
            columns.append(nodes.setdefault((copy.type, name), len(copies) + len(nodes)))
    size = len(copies) + len(nodes)
    graph = sparse.coo_matrix((np.ones(len(rows), dtype=np.int8), (rows, columns)), (size, size))
    _count, labels = connected_components(graph, directed=False)
    return np.asarray(labels[: len(copies)], dtype=np.int64)


def _names(copy: Copy) -> Iterator[str]:
    """Yield what names the title; `imdb://` without a number names none."""
    if copy.guid:
        yield copy.guid
    for name in copy.external_ids:
        if name.startswith(TELLING) and not name.endswith("://"):
            yield name
