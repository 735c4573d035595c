"""What was shown or seen lately, and how far it has faded: nobody wants the same again so soon."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from feedback import memory
from feedback.memory import Happened
from mlmodel.matrix import Catalogue
from plexsync.models import Viewer
from recommender import ranking
from recommender.evening import Evening

Floats = npt.NDArray[np.float64]

PASSED_HALF_LIFE = timedelta(days=7)  # so long does what was passed over fade by half
SEEN_HALF_LIFE = timedelta(days=45)
FADED = 4  # half-lives after which it is forgotten


def happened(viewers: Iterable[Viewer], at: datetime) -> list[Happened]:
    """Return what happened to titles with these viewers, as far back as it counts at a time."""
    passed, seen = at - FADED * PASSED_HALF_LIFE, at - FADED * SEEN_HALF_LIFE
    return memory.lately(viewers, at, passed=passed, seen=seen)


def worth(evening: Evening, now: datetime) -> Floats:
    """Return what each title is ranked by, in logits."""
    found = evening.found
    behind = passed(evening, now), resting(evening, now)
    return ranking.worth(found.scores, *behind, found.misery)


def passed(evening: Evening, now: datetime) -> Floats:
    """Return how lately and often each title was shown to those present and passed over."""
    times = _times(evening, memory.PASSED)
    return _fading(evening.shelf, times, now, PASSED_HALF_LIFE)


def resting(evening: Evening, now: datetime) -> Floats:
    """Return how lately each title was seen; nothing rests where it is asked to be seen again."""
    if evening.answers.seen == "again":
        return np.zeros(len(evening.shelf))
    times = _times(evening, memory.SPOKEN, memory.PLAYED)
    freshness = _fading(evening.shelf, times, now, SEEN_HALF_LIFE)
    resting: Floats = np.minimum(freshness, 1.0) * evening.seen.any(axis=0)
    return resting


def _times(evening: Evening, *kinds: str) -> list[tuple[int, datetime]]:
    return [(each.item, each.at) for each in evening.happened if each.what in kinds]


def _fading(
    catalogue: Catalogue, times: Iterable[tuple[int, datetime]], now: datetime, half_life: timedelta
) -> Floats:
    """Return how fresh for each title is what happened to it: 1 each time just now, half of it after a half-life."""
    fresh: dict[int, float] = {}
    for item, at in times:
        fresh[item] = fresh.get(item, 0.0) + 0.5 ** max((now - at) / half_life, 0.0)
    return counts(catalogue, fresh)


def counts(catalogue: Catalogue, by_item: Mapping[int, float]) -> Floats:
    """Return a number for each title from a dict by row, its copies' added up."""
    items = np.fromiter(by_item, dtype=np.int64, count=len(by_item))
    numbers = np.fromiter(by_item.values(), dtype=float, count=len(by_item))
    total = np.zeros(len(catalogue.copies.ids))  # no title's number is higher
    known = catalogue.copies.know(items)
    np.add.at(total, catalogue.copies.of(items[known]), numbers[known])
    return total[catalogue.twin]
