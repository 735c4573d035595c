"""Which titles belong to one story told in order, and which of them comes before which.

Told by the names alone: by numbered sequels ("Toy Story 2" follows "Toy Story"), and by the library's
collections where they are the entries of one series and no list of favourites.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mlmodel.moods import GENRES, MOODS
from mlmodel.series_names import Name, bears, collection_name, read

Ints = npt.NDArray[np.int64]

FARTHEST = 2  # places back to the nearest entry: "Super 8" does not follow "Super"
ALWAYS_NEXT = 10  # from here on a number is more often a name ("Apollo 13") and follows its very predecessor only
MOST_ENTRIES = 12  # of a series that anybody watches in order
THEMES = frozenset({*MOODS, *GENRES, "christmas", "love", "best", "marvel", "disney"})


class Entry(NamedTuple):
    """What is read of a title."""

    title: str
    year: int | None
    type: str
    collections: Sequence[str] = ()


class _Place(NamedTuple):
    """A title among those it may follow. An unknown year sorts nowhere: it neither follows nor precedes by year."""

    row: int
    year: int | None
    name: Name


class Stories(NamedTuple):
    """One entry a title."""

    before: Ints
    """The place of the one that must be seen first; -1 where there is none."""
    number: Ints
    """Equal for the titles of one story: of one franchise, in whatever order."""


def stories(entries: Iterable[Entry]) -> Stories:
    """Tell which titles are one story, and which of them must be seen before which.

    Before a title comes the nearest earlier entry that is on the shelf:

    - A numbered sequel follows the highest lower number of its name; of several with that number (a remake)
      the newest that is older than itself. Episodes follow each other by year, however they are numbered.
    - In a collection that is one series an entry follows the newest that is older. A collection is a series
      where at least half of its entries, and two, bear its name or one common name, and it has no more than
      MOST_ENTRIES. So a loosely ordered series such as James Bond, whose films bear other names, may be
      seen in any order, and so may "Oscar winners" and the lists of a studio, an actor, a mood.
    - A remake, which bears the plain name anew, follows nothing.

    Films follow films only, series series. One pass; a series has few entries.
    """
    before: list[int] = []
    names: list[str] = []
    by_name: dict[tuple[str, str], list[_Place]] = defaultdict(list)
    by_collection: dict[tuple[str, str], list[_Place]] = defaultdict(list)
    for row, entry in enumerate(entries):
        before.append(-1)
        place = _Place(row, entry.year, read(entry.title))
        names.append(place.name.stem)
        by_name[entry.type, place.name.shared].append(place)
        for collection in entry.collections:
            by_collection[entry.type, collection].append(place)
    for places in by_name.values():
        if len(places) > 1:
            _link(before, places, _before_by_number)
    told = [c for c in by_collection.items() if _is_series(c[0][1], c[1])]
    for _collection, places in told:
        _link(before, places, _before_by_year)
    return Stories(np.array(before, dtype=np.int64), _numbered([p for _c, p in told], names))


def _numbered(told: Iterable[Sequence[_Place]], names: Sequence[str]) -> Ints:
    """Number the stories: titles of one stem are one, and so are those of one series."""
    joined: dict[str, str] = {}
    for places in told:
        for place in places[1:]:
            joined[_root(joined, place.name.stem)] = _root(joined, places[0].name.stem)
    numbers: dict[str, int] = {}
    roots = (_root(joined, name) or f"\n{row}" for row, name in enumerate(names))
    return np.array([numbers.setdefault(root, len(numbers)) for root in roots], dtype=np.int64)


def _root(joined: dict[str, str], name: str) -> str:
    while joined.get(name, name) != name:
        name = joined[name]
    return name


def _link(
    found: list[int],
    places: Sequence[_Place],
    before: Callable[[_Place, Sequence[_Place]], _Place | None],
) -> None:
    """Note for each of these places which is before it; a number says more than a collection."""
    for place in places:
        if found[place.row] >= 0 or (earlier := before(place, places)) is None:
            continue
        if not _follows(found, earlier.row, place.row):
            found[place.row] = earlier.row


def _follows(found: Sequence[int], row: int, other: int) -> bool:
    """Tell whether a title comes after another already: numbers and years may contradict each other."""
    while row >= 0 and row != other:
        row = found[row]
    return row == other


def _before_by_number(place: _Place, places: Sequence[_Place]) -> _Place | None:
    if place.name.is_episode:
        return _before_by_year(place, [other for other in places if other.name.number is not None])
    if place.name.number is None or place.name.number == 1:
        return None
    farthest = 1 if place.name.number >= ALWAYS_NEXT else FARTHEST
    lower = [
        other
        for other in places
        if other.name.number is not None
        and 1 <= place.name.number - other.name.number <= farthest
        and _is_no_newer(other, place)
    ]
    return max(lower, key=lambda other: (other.name.number or 0, other.year or 0), default=None)


def _before_by_year(place: _Place, places: Sequence[_Place]) -> _Place | None:
    older = [other for other in places if _is_older(other, place)]
    if place.name.is_plain and any(
        other.name.is_plain and other.name.stem == place.name.stem for other in older
    ):
        return None  # a remake
    return max(older, key=lambda other: (other.year or 0, other.name.number or 0), default=None)


def _is_no_newer(other: _Place, place: _Place) -> bool:
    return other.year is None or place.year is None or other.year <= place.year


def _is_older(other: _Place, place: _Place) -> bool:
    """Tell by the year; of one year by the numbers, where both have one."""
    if other.year is None or place.year is None:
        return False
    if other.year == place.year and other.name.number and place.name.number:
        return other.name.number < place.name.number
    return other.year < place.year


def _is_series(collection: str, places: Sequence[_Place]) -> bool:
    if not 2 <= len(places) <= MOST_ENTRIES:
        return False
    name = collection_name(collection)
    enough = max(2, (len(places) + 1) // 2)
    if name in THEMES or not name:
        return False
    bearing = sum(bears(place.name, name) for place in places)
    return bearing >= enough or _most_common([place.name.stem for place in places]) >= enough


def _most_common(names: Sequence[str]) -> int:
    return max(names.count(name) for name in set(names))
