"""What a title is, as numbers: the columns of its own row, whoever asks and whenever."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from mlmodel import prior
from mlmodel.config import FeatureConfig
from mlmodel.moods import GENRES, MOODS, genres_of
from mlmodel.records import Title
from mlmodel.series_names import stem

Floats = npt.NDArray[np.float64]

LOG_OF_ONE = math.log1p(1)
RUNTIME_KNOTS = (20.0, 60.0, 90.0, 105.0, 125.0, 160.0)
DECADES = tuple(float(year) for year in range(1925, 2035, 10))

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


def dense(
    titles: Sequence[Title], moods: Floats, config: FeatureConfig, shelf: Shelf
) -> sparse.csr_matrix:
    """The numbers of each title; what is unknown is 0, which here means neutral."""
    usual = prior.USUAL_RATING
    columns = [
        np.full((len(titles), 1), config.base),
        moods * config.moods,
        hats(_numbers([t.runtime_minutes for t in titles]), RUNTIME_KNOTS) * config.length,
        np.nan_to_num(_numbers([t.audience_rating for t in titles])[:, None] - usual)
        * config.rating,
        np.nan_to_num(_numbers([t.critic_rating for t in titles])[:, None] - usual) * config.rating,
        _genres(titles) * config.genres,
        _familiar(titles, shelf) * config.familiar,
        hats(_numbers([t.year for t in titles]), DECADES) * config.decades,
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


def hats(values: Floats, knots: Sequence[float]) -> Floats:
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
    yield f"franchise {stem(title.title)}"
    yield from (f"country {country}" for country in title.countries)
    yield f"type {title.type}"
    if title.studio:
        yield f"studio {title.studio}"
    if title.content_rating:
        yield f"rated {title.content_rating}"
