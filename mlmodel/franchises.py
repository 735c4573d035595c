"""Which titles belong to one story told in order, and which of them comes before which.

Told by the names alone: by numbered sequels ("Toy Story 2" follows "Toy Story"), and by the library's
collections where they are the entries of one series and no list of favourites.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mlmodel.moods import GENRES, MOODS

Ints = npt.NDArray[np.int64]

HIGHEST = 20  # a higher number is a year, a street or a flight
FARTHEST = 2  # places back to the nearest entry: "Super 8" does not follow "Super"
ALWAYS_NEXT = 10  # from here on a number is more often a name ("Apollo 13") and follows its very predecessor only
MOST_ENTRIES = 12  # of a series that anybody watches in order
THEMES = frozenset({*MOODS, *GENRES, "christmas", "love", "best", "marvel", "disney"})

_WORDS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen",
)  # fmt: skip
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii")
_NUMBERS = {
    **{str(n): n for n in range(1, HIGHEST + 1)},
    **{word: n for n, word in enumerate(_WORDS, start=1)},
    **{word: n for n, word in enumerate(_ROMAN, start=1)},
    "deux": 2,
}
_NUMBERED = re.compile(
    r"^(?P<base>.*?[^\W_].*?)[\s:,–—-]+(?:(?P<kind>part|pt|vol|volume|chapter|episode)\b\.?\s*)?"
    rf"(?P<number>{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})(?:\s*½|\s1/2)?\s*(?=$|:|\s[–—-]\s|\()"
)
_MAYBE_NUMBERED = re.compile(r"[\s:,–—-](?:\d|[ivx]+\b|" + "|".join(_WORDS) + "|deux)")
_NO_NAME = re.compile(r"[^\w\s']|_|'(?=\s|$)")
_SUBTITLE = re.compile(r":\s|\s[–—-]\s")
_ARTICLES = frozenset({"the", "a", "an"})
_KIND_OF_LIST = re.compile(
    r"[\s\-–—:(]+(?:the\s+)?(?:complete\s+)?(?:collection|trilogy|saga|series|franchise|anthology|duology|"
    r"quadrilogy|tetralogy|pentalogy|hexalogy|movies|films|filmreihe|sammlung)\)?$"
)
_COLON_IN_NAME = ("mission: impossible",)  # whose colon begins no subtitle
_SUPERSCRIPTS = {ord("²"): " 2", ord("³"): " 3"}  # Alien³


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
    number: int | None
    """1 for the plain name where others of the name are numbered."""
    is_episode: bool
    is_plain: bool
    """Nothing but the name, neither number nor subtitle."""
    stem: str
    folded: str


class Stories(NamedTuple):
    """One entry a title."""

    before: Ints
    """The place of the one that must be seen first; -1 where there is none."""
    number: Ints
    """Equal for the titles of one story: of one franchise, in whatever order."""


def stem(title: str) -> str:
    """Return what the names of a series' titles have in common: lower case, without article, number, subtitle.

    "Terminator 2: Judgment Day" and "The Terminator" are `terminator`. A name that is nothing but a number
    or a title without letters stays as it is.
    """
    return _stem(_parsed(_folded(title))[0])


def _stem(base: str) -> str:
    for name in _COLON_IN_NAME:
        if base.startswith(name):
            return _bare(name)
    head = _bare(_SUBTITLE.split(base, maxsplit=1)[0])
    return head if re.search(r"[^\W\d]", head) else _bare(base)


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
        name, place = _read(row, entry)
        names.append(place.stem)
        by_name[entry.type, name].append(place)
        for collection in entry.collections:
            by_collection[entry.type, collection].append(place)
    for places in by_name.values():
        if len(places) > 1:
            _link(before, places, _before_by_number)
    told = [c for c in by_collection.items() if _is_series(c[0][1], c[1])]
    for _collection, places in told:
        _link(before, places, _before_by_year)
    return Stories(np.array(before, dtype=np.int64), _numbered([p for _c, p in told], names))


def predecessors(entries: Iterable[Entry]) -> Ints:
    """Return for each title the place of the one that must be seen before it; -1 where there is none."""
    return stories(entries).before


def _read(row: int, entry: Entry) -> tuple[str, _Place]:
    """Return the name that a title shares with its numbered sequels, and its place among them."""
    folded = _folded(entry.title)
    base, number, is_episode = _parsed(folded)
    name = _bare(base)
    shared = _stem(base) if _SUBTITLE.search(base) else name
    is_plain = number is None and shared == name
    first = number or (1 if is_plain else None)
    return name, _Place(row, entry.year, first, is_episode, is_plain, shared, folded)


def _numbered(told: Iterable[Sequence[_Place]], names: Sequence[str]) -> Ints:
    """Number the stories: titles of one stem are one, and so are those of one series."""
    joined: dict[str, str] = {}
    for places in told:
        for place in places[1:]:
            joined[_root(joined, place.stem)] = _root(joined, places[0].stem)
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
        if found[place.row] < 0 and (earlier := before(place, places)) is not None:
            found[place.row] = earlier.row


def _before_by_number(place: _Place, places: Sequence[_Place]) -> _Place | None:
    if place.is_episode:
        return _before_by_year(place, [other for other in places if other.number is not None])
    if place.number is None or place.number == 1:
        return None
    farthest = 1 if place.number >= ALWAYS_NEXT else FARTHEST
    lower = [
        other
        for other in places
        if other.number is not None
        and 1 <= place.number - other.number <= farthest
        and _is_no_newer(other, place)
    ]
    return max(lower, key=lambda other: (other.number or 0, other.year or 0), default=None)


def _before_by_year(place: _Place, places: Sequence[_Place]) -> _Place | None:
    older = [other for other in places if _is_older(other, place)]
    if place.is_plain and any(other.is_plain and other.stem == place.stem for other in older):
        return None  # a remake
    return max(older, key=lambda other: (other.year or 0, other.number or 0), default=None)


def _is_no_newer(other: _Place, place: _Place) -> bool:
    return other.year is None or place.year is None or other.year <= place.year


def _is_older(other: _Place, place: _Place) -> bool:
    """Tell by the year; of one year by the numbers, where both have one."""
    if other.year is None or place.year is None:
        return False
    if other.year == place.year and other.number and place.number:
        return other.number < place.number
    return other.year < place.year


def _is_series(collection: str, places: Sequence[_Place]) -> bool:
    if not 2 <= len(places) <= MOST_ENTRIES:
        return False
    name = _collection_name(collection)
    enough = max(2, (len(places) + 1) // 2)
    if name in THEMES or not name:
        return False
    bearing = sum(_bears(place.folded, name) for place in places)
    return bearing >= enough or _most_common([place.stem for place in places]) >= enough


def _bears(folded: str, name: str) -> bool:
    """Tell whether a title has the name in it, in the plural too: "Aliens" bears "alien"."""
    words = f" {_bare(folded)} "
    return f" {name} " in words or f" {name}s " in words


def _most_common(names: Sequence[str]) -> int:
    return max(names.count(name) for name in set(names))


def _collection_name(collection: str) -> str:
    folded = _folded(collection)
    shorter = _KIND_OF_LIST.sub("", folded)
    while shorter != folded:
        folded, shorter = shorter, _KIND_OF_LIST.sub("", shorter)
    return _bare(folded)


def _folded(title: str) -> str:
    """Return a title in lower case without accents, one kind of apostrophe, single spaces."""
    if not title.isascii():
        plain = title.translate(_SUPERSCRIPTS).replace("’", "'").replace("½", " 1/2")
        letters = unicodedata.normalize("NFKD", plain)
        title = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(title.casefold().split())


def _parsed(folded: str) -> tuple[str, int | None, bool]:
    """Return what stands before the number, the number, and whether it is an episode's."""
    match = _NUMBERED.match(folded) if _MAYBE_NUMBERED.search(folded) else None
    if match is None or not _bare(match["base"]):
        return folded, None, False
    return match["base"], _NUMBERS[match["number"]], match["kind"] == "episode"


def _bare(name: str) -> str:
    """Return the words of a folded name, without its article and punctuation."""
    words = name.split() if name.replace(" ", "").isalnum() else _NO_NAME.sub(" ", name).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)
