"""How much of each mood a title has: what its genres, words, length, age and rating say, added up.

The numbers stand in `moodtable.table` and `moodtable.words`; a household may put its own in their place (`Rule`).
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from mlmodel.moodtable.table import (
    AGE,
    BASE,
    COLLECTIONS,
    GENRES,
    MOODS,
    MOST_WORDS,
    PAIRS,
    RATING,
    RUNTIME,
    SAME_GENRE,
    YEAR,
)
from mlmodel.moodtable.words import WORDS
from mlmodel.records import Title
from plexsync.content_ratings import age_of

__all__ = [
    "BUILT_IN", "GENRES", "MOODS", "Rule", "Said", "Table", "forms", "genres_of", "plain",
    "profile", "profiles",
]  # fmt: skip

Floats = npt.NDArray[np.float64]
Weights = Mapping[str, float]
"""What a sign says: logits by mood."""
Groups = Mapping[str, tuple[tuple[float, str], ...]]
Row = tuple[tuple[int, float], ...]
"""The same by the mood's place, quick to add up."""

ENDINGS = ("", "s", "es", "d", "ed", "ing", "ly")
_WORD = re.compile(r"\w+")
_PLACE = {mood: place for place, mood in enumerate(MOODS)}


class Rule(NamedTuple):
    """The household's own number for what a sign says of a mood."""

    sign: str
    """`genre`, `word` or `collection`."""
    name: str
    mood: str
    evidence: float
    """Logits, -5 to 5."""


class Said(NamedTuple):
    """What one sign of a title says."""

    sign: str
    name: str
    row: Row

    @property
    def weights(self) -> dict[str, float]:
        """Logits by mood."""
        return {MOODS[place]: weight for place, weight in self.row}


@dataclass(frozen=True, slots=True)
class Table:
    """What each sign says of each mood: the built-in numbers, and the household's own in their place."""

    genres: Mapping[str, Weights]
    words: Mapping[str, Weights]
    """By every form of a word, of the title or the summary."""
    collections: Mapping[str, Weights]
    """By a phrase of a collection's name."""
    digest: str
    """Differs where any number does."""
    _rows: Mapping[str, Mapping[str, Row]]
    _other_names: frozenset[str]
    """Other names of genres of which the household says something: it is added to what the genre says."""

    @classmethod
    def of(cls, rules: Iterable[Rule] = ()) -> Self:
        """Return the built-in table with these rules in it; of two for the same the last holds."""
        own = list(rules)
        genres, collections = _with(GENRES, own, "genre"), _with(COLLECTIONS, own, "collection")
        words = _with(_by_form(WORDS), own, "word")
        found = {"genre": genres, "word": words, "collection": collections}
        rows = {
            sign: {name: _row(said) for name, said in table.items()}
            for sign, table in found.items()
        }
        other_names = frozenset(genres.keys() & SAME_GENRE.keys())
        return cls(genres, words, collections, _digest(found), rows, other_names)

    def said(self, sign: str, name: str, mood: str) -> float:
        """Return what `genre`, `word` or `collection` of this name says of a mood; nothing is 0."""
        named = {"genre": self.genres, "word": self.words, "collection": self.collections}[sign]
        return named.get(plain(name), {}).get(mood, 0.0)

    def profiles(self, titles: Sequence[Title]) -> Floats:
        """One row a title, one column a mood, 0..1."""
        evidence = np.array([self._evidence(title) for title in titles]).reshape(-1, len(MOODS))
        shares: Floats = 1 / (1 + np.exp(-_BASES - evidence))
        return shares

    def said_of(self, title: Title) -> list[Said]:
        """Return what each sign of a title says; what its words say is yet to be kept within bounds."""
        words = self._rows["word"]
        return [
            Said("start", "", _BASE_ROW),
            *(Said("word", word, words[word]) for word in sorted(self._words_of(title))),
            *(Said(*said) for said in self._facts_of(title)),
        ]

    def _evidence(self, title: Title) -> list[float]:
        """The evidence of a title's signs for each mood, added up."""
        sums = self._worded(title)
        for _, _, row in self._facts_of(title):
            for place, weight in row:
                sums[place] += weight
        return sums

    def _worded(self, title: Title) -> list[float]:
        """What the words say together, kept within bounds."""
        found = self._rows["word"]
        # In one order, so that sums are the same everywhere.
        rows = [found[word] for word in sorted(self._words_of(title))]
        sums = [0.0] * len(MOODS)
        for row in rows:
            for place, weight in row:
                sums[place] += weight
        if max(sums) > MOST_WORDS or min(sums) < -MOST_WORDS:
            return _bounded(sums, rows)
        return sums

    def _words_of(self, title: Title) -> set[str]:
        """The known words of title and summary; each counts once."""
        return self._rows["word"].keys() & _WORD.findall(f"{title.title} {title.summary}".lower())

    def _facts_of(self, title: Title) -> Iterator[tuple[str, str, Row]]:
        """Sign, name and row of everything but the words."""
        genres = genres_of(title.genres)
        rows = self._rows["genre"]
        called = self._called(title.genres) if self._other_names else ()
        for genre in (*genres, *called):
            if genre in rows:
                yield "genre", genre, rows[genre]
        for pair, row in _pairs(genres):
            yield "genres", " + ".join(pair), row
        for sign, value, steps in _measures(title):
            if value is not None and (row := _step(value, steps)):
                yield sign, f"{value:g}", row
        if title.collections:
            yield from self._collected(title.collections)

    def _called(self, listed: tuple[str, ...]) -> list[str]:
        return sorted(self._other_names.intersection(map(plain, listed)))

    def _collected(self, collections: tuple[str, ...]) -> Iterator[tuple[str, str, Row]]:
        """Each phrase once, whichever collections it stands in."""
        names = [f" {plain(name)} " for name in collections]
        for phrase, row in self._rows["collection"].items():
            if any(f" {phrase} " in name for name in names):
                yield "collection", phrase, row


def genres_of(listed: Iterable[str]) -> tuple[str, ...]:
    """Genre names in lower case, each under the one name the table knows it by."""
    found: dict[str, None] = {}
    for name in listed:
        lower = name.strip().lower()
        found.update(dict.fromkeys(SAME_GENRE.get(lower, (lower,))))
    return tuple(found)


def profile(title: Title) -> dict[str, float]:
    """Each mood of the vocabulary, 0..1."""
    return dict(zip(MOODS, profiles([title])[0].tolist(), strict=True))


def profiles(titles: Sequence[Title]) -> Floats:
    """One row a title, one column a mood, 0..1; a title that brings its own profile keeps it."""
    bare = [place for place, title in enumerate(titles) if not title.moods]
    if len(bare) == len(titles):
        return BUILT_IN.profiles(titles)
    found = np.array([title.moods or (0.0,) * len(MOODS) for title in titles])
    found[bare] = BUILT_IN.profiles([titles[place] for place in bare])
    return found


def forms(word: str) -> Iterable[str]:
    """A word of the table with its regular endings."""
    stem = word[:-1] if word.endswith(("e", "y")) else word
    plural = [stem + "ies"] if word.endswith("y") else []
    return [*(word + ending for ending in ENDINGS), stem + "ing", stem + "ed", *plural]


def plain(name: str) -> str:
    """A name as the table writes it: lower case, single spaces."""
    return " ".join(name.lower().split())


def _by_form(table: Groups) -> dict[str, dict[str, float]]:
    """For each form of each word, what it says of each mood; a word listed twice counts its strongest."""
    rows: dict[str, dict[str, float]] = {}
    for mood, groups in table.items():
        for weight, words in groups:
            for form in (form for word in words.split() for form in forms(word)):
                held = rows.setdefault(form, {})
                held[mood] = max(held.get(mood, 0.0), weight, key=abs)
    return rows


def _with(table: Mapping[str, Weights], rules: Iterable[Rule], sign: str) -> dict[str, Weights]:
    found: dict[str, Weights] = dict(table)
    for rule in rules:
        if rule.sign == sign:
            name = plain(rule.name)
            for form in forms(name) if sign == "word" else (name,):
                found[form] = {**found.get(form, {}), rule.mood: rule.evidence}
    return found


def _digest(found: Mapping[str, Mapping[str, Weights]]) -> str:
    """Of all numbers, whatever their order."""
    numbers = sorted(
        (sign, name, sorted(said.items()))
        for sign, table in found.items()
        for name, said in table.items()
    )
    whole = repr((numbers, BASE, PAIRS, SAME_GENRE, RUNTIME, YEAR, RATING, AGE, MOST_WORDS))
    return hashlib.sha256(whole.encode()).hexdigest()


def _row(weights: Weights) -> Row:
    return tuple((_PLACE[mood], weight) for mood, weight in weights.items())


def _bounded(sums: list[float], rows: Iterable[Row]) -> list[float]:
    """Sums of words within MOST_WORDS; a single word that says more widens the bounds of its mood."""
    least, most = [-MOST_WORDS] * len(MOODS), [MOST_WORDS] * len(MOODS)
    for place, weight in chain.from_iterable(rows):
        least[place], most[place] = min(least[place], weight), max(most[place], weight)
    return [min(max(said, low), high) for said, low, high in zip(sums, least, most, strict=True)]


Steps = tuple[tuple[float, Row], ...]


def _step(value: float, steps: Steps) -> Row:
    """The weights of the last step that the value reaches."""
    reached: Row = ()
    for start, row in steps:
        if value < start:
            break
        reached = row
    return reached


def _measures(title: Title) -> Iterable[tuple[str, float | None, Steps]]:
    return (
        ("runtime", title.runtime_minutes, _RUNTIME_ROWS),
        ("year", title.year, _YEAR_ROWS),
        ("rating", title.audience_rating or title.critic_rating, _RATING_ROWS),
        ("age", age_of(title.content_rating), _AGE_ROWS),
    )


def _pairs(genres: tuple[str, ...]) -> Iterator[tuple[tuple[str, str], Row]]:
    """The pairs of the table among a title's genres, in their order."""
    for place, first in enumerate(genres):
        for second in genres[place + 1 :]:
            pair = (first, second) if first < second else (second, first)
            if pair in _PAIR_ROWS:
                yield pair, _PAIR_ROWS[pair]


def _steps(steps: Sequence[tuple[float, Weights]]) -> Steps:
    return tuple((start, _row(weights)) for start, weights in steps)


_BASES = np.array([BASE[mood] for mood in MOODS])
_BASE_ROW = tuple((place, BASE[mood]) for place, mood in enumerate(MOODS))
_PAIR_ROWS = {pair: _row(weights) for pair, weights in PAIRS.items()}
_RUNTIME_ROWS, _YEAR_ROWS, _RATING_ROWS, _AGE_ROWS = map(_steps, (RUNTIME, YEAR, RATING, AGE))
BUILT_IN = Table.of()
