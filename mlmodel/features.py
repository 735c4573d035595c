"""From candidates to a sparse matrix: what a title is, crossed with who asks and in which moment.

A row is laid out in blocks. Every block is the front part of the title's own row (its slice) times how active one
context is: the household (always 1), a viewer, an asked mood, company, the time there is, the daypart, the weekend.
So for one viewer in one moment the weights of all blocks fold into one vector over the title's columns, and scoring
the whole catalogue is a single product of a cached matrix with that vector (`effective_weights`).
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin

from mlmodel import prior
from mlmodel.moods import GENRES, MOODS, genres_of, profiles
from mlmodel.records import DAYPARTS, Candidate, Moment, Title

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FeatureConfig:
    """How far each kind of evidence may move the score: the spread of its weights before any answer, in logits."""

    prior: float = 10.0
    """Scale of the prior's logit; large, so that its weight is hardly drawn to 0."""
    base: float = 1.0
    """How generous a household or viewer is in general."""
    rating: float = 0.35
    """How much more or less than usual a point of audience or critic rating matters."""
    moods: float = 0.5
    """Taste for each mood of a title."""
    length: float = 0.2
    """Taste for short or long."""
    decades: float = 0.8
    """Taste for each decade; wide, for households differ in nothing more than in old and new."""
    familiar: float = 0.3
    """Taste for the much-filmed against the little-known, by how often their people are on the shelf."""
    genres: float = 0.3
    """Taste for each genre, beside the moods it brings."""
    directors: float = 0.7
    """Each director met in the log."""
    actors: float = 0.5
    """Each actor met in the log."""
    collections: float = 0.6
    """Each collection or franchise met in the log."""
    kinds: float = 0.25
    """Shows, content ratings, countries, studios."""
    household: float = 0.7
    """Share of taste that the whole household has in common."""
    viewer: float = 0.7
    """Share that is a viewer's own."""
    moment: float = 0.4
    """How much the asked mood, company and time bend taste."""
    clock: float = 0.3
    """How much daypart and weekend bend it, before the cap."""

    def of(self, trait: str) -> float:
        """How far a named trait may move the score."""
        return {
            "genre": self.genres,
            "director": self.directors,
            "actor": self.actors,
            "collection": self.collections,
        }.get(trait.partition(" ")[0], self.kinds)

    def unnamed_variance(self, *, known: bool) -> float:
        """Doubt, in squared logits, about the usual title's people of whom nothing is known.

        One director, three leading actors, and four kinds, as the household and a viewer who is known may like them.
        """
        names = self.directors**2 + 3 * self.actors**2 + 4 * self.kinds**2
        return names * (self.household**2 + (self.viewer**2 if known else 0.0))


@dataclass(frozen=True, slots=True)
class Context:
    """One block of a row: the front part of the title's row, times how active this context is."""

    name: str
    width: int
    scale: float


LOG_OF_ONE = math.log1p(1)
FIRST_COLUMNS = 2  # the prior's logit, and whether it was seen
RUNTIME_KNOTS = (20.0, 60.0, 90.0, 105.0, 125.0, 160.0)
DECADES = tuple(float(year) for year in range(1925, 2035, 10))
MINUTES_KNOTS = (60.0, 100.0, 150.0)

# The columns of every title's row, whatever the log holds. What daypart and weekend may bend comes first, then what
# else a moment may bend, then what is bent by household and viewer alone; columns named by the log follow.
CLOCK = (
    "base",
    *(f"mood {mood}" for mood in MOODS),
    *(f"length {knot:g}" for knot in RUNTIME_KNOTS),
)
CROSSED = (*CLOCK, "audience rating", "critic rating", *(f"genre {genre}" for genre in GENRES))
FIXED = (
    *CROSSED,
    "familiar directors",
    "familiar actors",
    *(f"decade {decade:g}" for decade in DECADES),
)


@dataclass(frozen=True, slots=True)
class Shelf:
    """How often each person is on the shelf, and how often the usual title's people are (logarithms)."""

    counts: Mapping[str, int]
    """By name, those with several titles; anybody else counts 1."""
    directors: float
    actors: float


def shelf_of(titles: Sequence[Title]) -> Shelf:
    """Count the people of a catalogue."""
    directing = Counter(name for title in titles for name in title.directors)
    acting = Counter(name for title in titles for name in title.cast)
    both = [*directing.items(), *acting.items()]
    counts = {name: max(directing[name], acting[name]) for name, found in both if found > 1}
    rows = [_logs(title, counts) for title in titles] or [(LOG_OF_ONE, LOG_OF_ONE)]
    return Shelf(counts, *np.mean(rows, axis=0).tolist())


EMPTY_SHELF = Shelf({}, LOG_OF_ONE, LOG_OF_ONE)


class Features(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """First step of the pipeline: candidates in, sparse rows out; learns only its vocabulary."""

    def __init__(
        self,
        config: FeatureConfig = FeatureConfig(),
        shelf: Shelf = EMPTY_SHELF,
    ) -> None:
        self.config = config
        self.shelf = shelf
        self.columns_: dict[str, int] = {}
        self.contexts_: tuple[Context, ...] = ()

    def __sklearn_is_fitted__(self) -> bool:
        return bool(self.contexts_)

    def fit(self, candidates: Sequence[Candidate], _y: object = None) -> Self:
        """Learn which people, collections and kinds the answers met; an answer has a viewer, the rest is catalogue."""
        answered = _distinct(c.title for c in candidates if c.viewer is not None)
        traits = {name for title in answered for name in named(title)}
        names = [*FIXED, *sorted(traits - set(FIXED))]
        self.columns_ = {name: place for place, name in enumerate(names)}
        self.contexts_ = self._contexts(
            sorted({c.viewer for c in candidates if c.viewer is not None})
        )
        return self

    def transform(self, candidates: Sequence[Candidate]) -> sparse.csr_matrix:
        """One row a candidate: the prior's logit, seen, and the title's row once for each context."""
        titles = _distinct(c.title for c in candidates)
        place = {id(title): row for row, title in enumerate(titles)}
        rows = np.array([place[id(c.title)] for c in candidates], dtype=np.intp)
        moods = profiles(titles)
        seen = np.array([c.seen for c in candidates], dtype=bool)
        moments = prior.moment_arrays([c.moment for c in candidates])
        logits = prior.logits(prior.title_arrays(titles, moods).take(rows), moments, seen)
        block = self.title_matrix(titles, moods)[rows]
        active = self._activations([c.moment for c in candidates], [c.viewer for c in candidates])
        return self.assemble(block, logits, seen, active)

    def title_matrix(
        self, titles: Sequence[Title], moods: Floats | None = None
    ) -> sparse.csr_matrix:
        """The title's own columns, one row a title: cache it, it does not depend on who asks or when."""
        shares = profiles(titles) if moods is None else moods
        return sparse.hstack(
            [_dense(titles, shares, self.config, self.shelf), self._names(titles)], format="csr"
        )

    def assemble(
        self, block: sparse.csr_matrix, logits: Floats, seen: npt.NDArray[np.bool_], active: Floats
    ) -> sparse.csr_matrix:
        """Full rows from title rows, prior logits, seen flags and one column of activations a context."""
        first = np.column_stack([logits * self.config.prior, seen * self.config.base])
        parts = [sparse.csr_matrix(first)]
        for place, context in enumerate(self.contexts_):
            parts.append(_scaled(block, context.width, active[:, place] * context.scale))
        return sparse.hstack(parts, format="csr")

    def activations(self, moment: Moment, viewer: str | None) -> Floats:
        """How active each context is for one viewer in one moment."""
        active: Floats = self._activations([moment], [viewer])[0]
        return active

    def effective_weights(
        self, coef: Floats, moment: Moment, viewer: str | None
    ) -> tuple[Floats, float, float]:
        """(w, a, s): a title's logit is its row @ w + a * the prior's logit + s if it was seen."""
        folded = np.zeros(len(self.columns_))
        start = FIRST_COLUMNS
        for context, active in zip(self.contexts_, self.activations(moment, viewer), strict=True):
            if active:
                weights = coef[start : start + context.width]
                folded[: context.width] += active * context.scale * weights
            start += context.width
        return folded, float(coef[0] * self.config.prior), float(coef[1] * self.config.base)

    def effective_variance(self, precision: Floats, moment: Moment, viewer: str | None) -> Floats:
        """How unsure each of a title's columns is: a title's doubt is its squared row @ this.

        What the log has not named (other directors, a viewer not met) is as unsure as before any answer;
        every title has about as much of it, so a met name is told as less than that instead.
        """
        found = np.zeros(len(self.columns_))
        start = FIRST_COLUMNS
        for context, active in zip(self.contexts_, self.activations(moment, viewer), strict=True):
            if active:
                spread = (active * context.scale) ** 2
                part = slice(start, start + context.width)
                found[: context.width] += spread / precision[part]
                found[len(FIXED) : context.width] -= spread
            start += context.width
        if viewer is not None and f"viewer:{viewer}" not in self.slices():
            found[: len(FIXED)] += self.config.viewer**2
        return found

    def slices(self) -> dict[str, slice]:
        """Where in a full row each context's block lies."""
        found, start = {}, FIRST_COLUMNS
        for context in self.contexts_:
            found[context.name] = slice(start, start + context.width)
            start += context.width
        return found

    def column_names(self, columns: Iterable[int]) -> list[str]:
        """The names of these columns of a full row: the context, then the trait."""
        traits, blocks = list(self.columns_), self.slices()
        contexts, starts = list(blocks), [block.start for block in blocks.values()]
        names = []
        for column in columns:
            block = bisect_right(starts, column) - 1
            trait = ("prior", "seen")[column] if block < 0 else traits[column - starts[block]]
            names.append(trait if block < 0 else f"{contexts[block]}|{trait}")
        return names

    def _contexts(self, viewers: Iterable[str]) -> tuple[Context, ...]:
        config, full, cross = self.config, len(self.columns_), len(CROSSED)
        return (
            Context("household", full, config.household),
            *(Context(f"mood:{mood}", cross, config.moment) for mood in MOODS),
            Context("company:group", cross, config.moment),
            *(Context(f"minutes:{knot:g}", cross, config.moment) for knot in MINUTES_KNOTS),
            *(Context(f"daypart:{part}", len(CLOCK), config.clock) for part in DAYPARTS),
            Context("weekend", len(CLOCK), config.clock),
            *(Context(f"viewer:{viewer}", full, config.viewer) for viewer in viewers),
        )

    def _activations(self, moments: Sequence[Moment], viewers: Sequence[str | None]) -> Floats:
        """One row a candidate, one column a context."""
        place = {context.name: column for column, context in enumerate(self.contexts_)}
        active = np.zeros((len(moments), len(place)))
        for row, (moment, viewer) in enumerate(zip(moments, viewers, strict=True)):
            for name, value in _active(moment, viewer):
                if name in place:
                    active[row, place[name]] = value
        return active

    def _names(self, titles: Sequence[Title]) -> sparse.csr_matrix:
        """The columns that the vocabulary names, for each title those it has."""
        place, first = self.columns_, len(FIXED)
        data: list[float] = []
        indices: list[int] = []
        starts = [0]
        for title in titles:
            for name in named(title):
                column = place.get(name, 0)
                if column >= first:
                    indices.append(column - first)
                    data.append(self.config.of(name))
            starts.append(len(indices))
        shape = (len(titles), len(place) - first)
        return sparse.csr_matrix((data, indices, starts), shape=shape, dtype=float)


def clock_reach(weights: Floats, config: FeatureConfig) -> float:
    """How far one block of daypart or weekend weights can move any title's logit, either way."""
    base, moods, lengths = np.split(weights, [1, 1 + len(MOODS)])
    base, moods, lengths = base * config.base, moods * config.moods, lengths * config.length
    highest = base.sum() + np.maximum(moods, 0).sum() + max(lengths.max(), 0)
    lowest = base.sum() + np.minimum(moods, 0).sum() + min(lengths.min(), 0)
    return float(max(highest, -lowest) * config.clock)


def _scaled(block: sparse.csr_matrix, width: int, activity: Floats) -> sparse.csr_matrix:
    """The front part of title rows times an activity each; nothing stored where there is none."""
    if not activity.any():
        return sparse.csr_matrix((block.shape[0], width))
    part = sparse.csr_matrix(block[:, :width])
    part.data = part.data * np.repeat(activity, np.diff(part.indptr))
    part.eliminate_zeros()
    return part


def _active(moment: Moment, viewer: str | None) -> Iterable[tuple[str, float]]:
    """The contexts a moment and a viewer switch on, and how far."""
    yield "household", 1.0
    if viewer is not None:
        yield f"viewer:{viewer}", 1.0
    for mood, intensity in moment.moods:
        yield f"mood:{mood}", intensity
    if moment.company == "group":
        yield "company:group", 1.0
    if moment.minutes is not None:
        yield from _time_there_is(moment.minutes)
    if moment.daypart is not None:
        yield f"daypart:{moment.daypart}", 1.0
    if moment.weekend:
        yield "weekend", 1.0


@lru_cache(maxsize=2_000)
def _time_there_is(minutes: int) -> tuple[tuple[str, float], ...]:
    """How far each context of time is on; kept, for a log holds few different times and many rows."""
    shares = _hats(np.array([float(minutes)]), MINUTES_KNOTS)[0].tolist()
    return tuple(zip((f"minutes:{knot:g}" for knot in MINUTES_KNOTS), shares, strict=True))


def _dense(
    titles: Sequence[Title], moods: Floats, config: FeatureConfig, shelf: Shelf
) -> sparse.csr_matrix:
    """The numbers of each title; what is unknown is 0, which here means neutral."""
    usual = prior.USUAL_RATING
    columns = [
        np.full((len(titles), 1), config.base),
        moods * config.moods,
        _hats(_numbers([t.runtime_minutes for t in titles]), RUNTIME_KNOTS) * config.length,
        np.nan_to_num(_numbers([t.audience_rating for t in titles])[:, None] - usual)
        * config.rating,
        np.nan_to_num(_numbers([t.critic_rating for t in titles])[:, None] - usual) * config.rating,
        _genres(titles) * config.genres,
        _familiar(titles, shelf) * config.familiar,
        _hats(_numbers([t.year for t in titles]), DECADES) * config.decades,
    ]
    return sparse.csr_matrix(np.hstack(columns))


def _familiar(titles: Sequence[Title], shelf: Shelf) -> Floats:
    """How familiar the directors and actors of each title are, around the usual."""
    logs = np.array([_logs(title, shelf.counts) for title in titles]).reshape(len(titles), 2)
    found: Floats = logs - [shelf.directors, shelf.actors]
    return found


def _logs(title: Title, counts: Mapping[str, int]) -> tuple[float, float]:
    """Logarithms of the best known director's titles and of the cast's on average."""
    director = max((counts.get(name, 1) for name in title.directors), default=1)
    cast = [counts.get(name, 1) for name in title.cast] or [1]
    return math.log1p(director), math.log1p(sum(cast) / len(cast))


def _genres(titles: Sequence[Title]) -> Floats:
    """1 for each genre of a title that the table of moods knows."""
    place = {genre: column for column, genre in enumerate(GENRES)}
    found = np.zeros((len(titles), len(place)))
    for row, title in enumerate(titles):
        found[row, [place[name] for name in genres_of(title.genres) if name in place]] = 1.0
    return found


def _numbers(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def _hats(values: Floats, knots: Sequence[float]) -> Floats:
    """Each value shared between its two neighbouring knots, so that near values are alike; unknown is all 0."""
    corners = np.eye(len(knots))
    shares = np.column_stack([np.interp(values, knots, corner) for corner in corners])
    found: Floats = np.nan_to_num(shares, nan=0.0)
    return found


def named(title: Title) -> Iterator[str]:
    """The named traits of a title: its genres, people, collections and kinds."""
    yield from (f"genre {genre}" for genre in genres_of(title.genres))
    yield from (f"director {director}" for director in title.directors)
    yield from (f"actor {actor}" for actor in title.cast)
    yield from (f"collection {collection}" for collection in title.collections)
    yield from (f"country {country}" for country in title.countries)
    yield f"type {title.type}"
    if title.studio:
        yield f"studio {title.studio}"
    if title.content_rating:
        yield f"rated {title.content_rating}"


def _distinct(titles: Iterable[Title]) -> list[Title]:
    """Each title object once, in order."""
    return list({id(title): title for title in titles}.values())
