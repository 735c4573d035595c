"""The titles on offer, kept in memory for the library page: found by any part of a word in a blink.

One long text with a line for each title is searched in C; every filter is an array beside it.
"""

import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from mlmodel.matrix import Catalogue
from plexsync.models import Library, MediaItem
from recommender.library.folding import fold

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Revision = tuple[tuple[int, int, str], ...]

MOST_WORDS = 8  # of a search; nobody types more to find a film
MOST_CAST = 12  # names of a title that are searched
SHORT = 2  # letters; so few must begin a word
_FIELD = "\t "
_BEGIN = ("\n", "\t")  # stand before a field
_BREAKS = re.compile(r"[\n\t]")
_COLUMNS = (
    "pk", "title", "original_title", "sort_title", "directors", "cast", "genres", "library_id",
    "added_at", "audience_rating", "critic_rating",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Match:
    """What a search found."""

    rows: Flags
    """Which titles have all the words, in their titles or people."""
    order: Ints
    """How well: 0 the title begins so, 1 it stands in the title, 2 anywhere."""


@dataclass(frozen=True, slots=True)
class Index:
    """Titles in the order of ``ids``; which of them somebody may see is not its business."""

    ids: Ints
    text: str
    """A line for each title: its titles, and after a tab its people."""
    starts: Ints
    """Where each line begins."""
    people: Ints
    """Where in the text the people of each title begin."""
    by_title: Ints
    """The place of each title in the alphabet."""
    added: Floats
    """Seconds; 0 where unknown."""
    rating: Floats
    """Of audiences, else critics, 0 to 10; NaN where nobody rated."""
    library: Ints
    genres: Mapping[str, Ints]
    """The rows of each genre, by its name in Plex."""
    libraries: Mapping[int, str]

    @classmethod
    def of_rows(
        cls, rows: Iterable[Mapping[str, Any]], libraries: Mapping[int, str] | None = None
    ) -> Self:
        """Build the index of rows with the columns of a title, in one pass."""
        lines, ends, facts, names = [], [], [], []
        genres: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(rows):
            line, people = _line(row)
            lines.append(line)
            ends.append(people)
            names.append(fold(row["sort_title"] or row["title"]))
            facts.append((row["pk"], *_facts(row)))
            for genre in dict.fromkeys(row["genres"]):
                genres[genre].append(number)
        lengths = np.array([len(line) for line in lines], dtype=np.int64)
        starts = np.cumsum(lengths) - lengths
        columns = np.array(facts, dtype=float).reshape(-1, 4)
        return cls(
            ids=columns[:, 0].astype(np.int64),
            text="".join(lines),
            starts=starts,
            people=starts + np.array(ends, dtype=np.int64),
            by_title=_places(names),
            added=columns[:, 1],
            rating=columns[:, 2],
            library=columns[:, 3].astype(np.int64),
            genres={name: np.array(numbers) for name, numbers in sorted(genres.items())},
            libraries=libraries or {},
        )

    def genres_of(self, visible: Flags) -> list[str]:
        """Return the genres of these titles."""
        return [name for name, rows in self.genres.items() if visible[rows].any()]

    def libraries_of(self, visible: Flags) -> dict[int, str]:
        """Return the libraries of these titles: of others, somebody is not to know the name."""
        there = set(np.unique(self.library[visible]).tolist())
        return {pk: title for pk, title in self.libraries.items() if pk in there}

    def search(self, text: str) -> Match:
        """Find the titles with every word of a text; a word may be part of one."""
        whole = fold(text)
        order = np.full(len(self.ids), 2, dtype=np.int64)
        found = np.ones(len(self.ids), dtype=bool)
        for word in whole.split()[:MOST_WORDS]:
            found &= self._flags(self._places(word))
        places = self._places(f" {whole}")
        rows = self._rows(places)
        begins = np.array([self.text[place - 1] in _BEGIN for place in places.tolist()], dtype=bool)
        in_title = places < self.people[rows]
        order[rows[in_title]] = 1
        order[rows[in_title & begins]] = 0
        return Match(found, order)

    def _flags(self, places: Ints) -> Flags:
        flags = np.zeros(len(self.ids), dtype=bool)
        flags[self._rows(places)] = True
        return flags

    def _places(self, word: str) -> Ints:
        begins = len(word) <= SHORT and word.isascii()
        return np.fromiter(self._finds(f" {word}" if begins else word), dtype=np.int64)

    def _finds(self, word: str) -> Iterator[int]:
        place = self.text.find(word)
        while place >= 0:
            yield place
            place = self.text.find(word, place + 1)

    def _rows(self, places: Ints) -> Ints:
        return np.searchsorted(self.starts, places, side="right") - 1


_NAME = "library index"
_lock = threading.Lock()
_last: tuple[Revision, Index] | None = None


def index(shelf: Catalogue) -> Index:
    """Return the index of exactly the shelf's titles; a change of a library costs one pass over them."""
    with _lock:
        if _NAME not in shelf.beside:
            shelf.beside[_NAME] = _of(shelf)
        found: Index = shelf.beside[_NAME]
        return found


def renew(shelf: Catalogue) -> None:
    """Build it for a new shelf before anybody waits for it, where this process was asked for one."""
    if _last is not None:
        index(shelf)


def _of(shelf: Catalogue) -> Index:
    """Build the index, unless only something else of the shelf changed: the model, say."""
    global _last  # noqa: PLW0603 (what belongs together is put in its place at once)
    now = _revision()
    if _last is None or _last[0] != now or not np.array_equal(_last[1].ids, shelf.ids):
        titles = {pk: title for pk, _, title in now}
        _last = now, Index.of_rows(_rows_of(shelf.ids), titles)
    return _last[1]


def forget() -> None:
    """Drop what is kept: the next call builds the index anew."""
    global _last  # noqa: PLW0603 (one value put in the place of another)
    _last = None


def _revision() -> Revision:
    rows = Library.objects.filter(enabled=True, connection__active=True).order_by("title", "pk")
    return tuple(rows.values_list("pk", "revision", "title"))


def _places(names: list[str]) -> Ints:
    """Return the place of each name among all of them."""
    places = np.empty(len(names), dtype=np.int64)
    places[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    return places


def _rows_of(ids: Ints) -> Iterator[dict[str, Any]]:
    """Yield a row for every title of the shelf; one that went since is blank."""
    rows = MediaItem.objects.on_offer().order_by("pk").values(*_COLUMNS).iterator(chunk_size=2000)
    row = next(rows, None)
    for pk in ids.tolist():
        while row is not None and row["pk"] < pk:
            row = next(rows, None)
        yield row if row is not None and row["pk"] == pk else _blank(pk)


def _blank(pk: int) -> dict[str, Any]:
    gone: dict[str, Any] = dict.fromkeys(_COLUMNS)
    texts = {"title": "", "original_title": "", "sort_title": ""}
    return {**gone, **texts, "pk": pk, "directors": [], "cast": [], "genres": [], "library_id": 0}


def _line(row: Mapping[str, Any]) -> tuple[str, int]:
    """Return a title's line, and where in it the people begin. Each field begins with a space."""
    named = [row["title"], row["original_title"], row["sort_title"]]
    folded = [_BREAKS.sub(" ", fold(each)) for each in dict.fromkeys(named) if each]
    titles = f" {_FIELD.join(dict.fromkeys(folded))}"
    people = [_BREAKS.sub(" ", fold(name)) for name in _people(row)]
    return f"\n{titles}\t {_FIELD.join(dict.fromkeys(people))}", len(titles) + 1


def _people(row: Mapping[str, Any]) -> list[str]:
    return [*row["directors"], *row["cast"][:MOST_CAST]]


def _facts(row: Mapping[str, Any]) -> tuple[float, float, int]:
    rating = row["audience_rating"] or row["critic_rating"] or np.nan
    return row["added_at"].timestamp() if row["added_at"] else 0.0, rating, row["library_id"]
