"""Which titles fit the answers: one mask an answer, so that it can be said which of them blocks."""

import math
from collections.abc import Callable, Collection
from typing import Any

import numpy as np
import numpy.typing as npt

from mlmodel.matrix import Catalogue
from mlmodel.moods import MOODS
from plexsync.content_ratings import age_of
from recommender.moment import Answers

Flags = npt.NDArray[np.bool_]

FITS_MOOD = 0.45  # a profile of 0.5 says "most people would say so"; a little less still fits
SHORT_MINUTES = 60
BINGE_EPISODES = 3
BINGE_AT_ONCE = 2  # episodes that must fit into the time there is
ENOUGH = 3  # titles that a loosened answer should bring
HEAVY = ("dark", "dramatic", "tense", "thoughtful")
OPEN: dict[str, Any] = {
    "vibe": [],
    "session": "any",
    "minutes": None,
    "seen": "any",
    "type": "any",
    "max_content_rating": None,
}


def masks(catalogue: Catalogue, answers: Answers, seen: Flags) -> dict[str, Flags]:
    """Return for each answer that filters which titles pass it."""
    made: dict[str, Callable[[], Flags]] = {
        "vibe": lambda: _vibe(catalogue, answers.vibe),
        "session": lambda: _session(catalogue, answers.session),
        "minutes": lambda: needed_minutes(catalogue, answers) <= (answers.minutes or 0),
        "seen": lambda: seen if answers.seen == "again" else ~seen,
        "type": lambda: catalogue.is_show == (answers.type == "show"),
        "max_content_rating": lambda: catalogue.age <= (age_of(answers.max_content_rating) or 0),
    }
    given = answers.to_json()
    return {name: make() for name, make in made.items() if given[name] != OPEN[name]}


def narrowed(catalogue: Catalogue, answers: Answers) -> Flags:
    """Return which titles pass what spins have narrowed."""
    passing = np.ones(len(catalogue), dtype=bool)
    if answers.shorter_than is not None:
        passing &= catalogue.titles.runtime < answers.shorter_than
    if answers.lighter_than is not None:
        passing &= heaviness(catalogue) < answers.lighter_than
    if answers.heavier_than is not None:
        passing &= heaviness(catalogue) > answers.heavier_than
    return passing


def heaviness(catalogue: Catalogue) -> npt.NDArray[np.float64]:
    """Return how heavy each title is, 0..1: the mean of its dark, dramatic, tense, thoughtful."""
    columns = [MOODS.index(mood) for mood in HEAVY]
    mean: npt.NDArray[np.float64] = catalogue.titles.moods[:, columns].mean(axis=1)
    return mean


def needed_minutes(catalogue: Catalogue, answers: Answers) -> npt.NDArray[np.float64]:
    """Return the time a sitting with each title takes; infinite where its length is unknown."""
    at_once = np.where(catalogue.is_show & (answers.session == "binge"), BINGE_AT_ONCE, 1)
    return np.nan_to_num(catalogue.titles.runtime * at_once, nan=math.inf)


def among(catalogue: Catalogue, items: Collection[int]) -> Flags:
    """Return which titles are among these rows."""
    found: Flags = np.isin(catalogue.ids, np.fromiter(items, dtype=np.int64, count=len(items)))
    return found


def relaxations(
    catalogue: Catalogue, answers: Answers, passing: dict[str, Flags], others: Flags
) -> list[dict[str, Any]]:
    """Return, best first, what loosening each single answer would bring; ``others`` always hold."""
    found = []
    for name in passing:
        rest = others.copy()
        for mask in (mask for other, mask in passing.items() if other != name):
            rest &= mask
        value, matches = _loosened(catalogue, answers, name, rest)
        if matches:
            found.append({"answer": name, "value": value, "matches": matches})
    return sorted(found, key=lambda way: -int(way["matches"]))


def _loosened(catalogue: Catalogue, answers: Answers, name: str, rest: Flags) -> tuple[Any, int]:
    """Return the least loosening of one answer, and how many titles it brings."""
    if name != "minutes":
        return OPEN[name], int(rest.sum())
    needed = np.sort(needed_minutes(catalogue, answers)[rest])
    needed = needed[np.isfinite(needed)]
    if not len(needed):
        return None, int(rest.sum())
    value = math.ceil(needed[min(ENOUGH, len(needed)) - 1] / 10) * 10
    return value, int((needed <= value).sum())


def _vibe(catalogue: Catalogue, vibe: tuple[str, ...]) -> Flags:
    columns = [MOODS.index(mood) for mood in vibe]
    least: npt.NDArray[np.float64] = catalogue.titles.moods[:, columns].min(axis=1)
    return least >= FITS_MOOD


def _session(catalogue: Catalogue, session: str) -> Flags:
    if session == "binge":
        return catalogue.is_show & (catalogue.episodes_left >= BINGE_EPISODES)
    if session == "movie":
        return ~catalogue.is_show
    short: Flags = catalogue.titles.runtime <= SHORT_MINUTES
    return short
