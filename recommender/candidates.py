"""Which titles fit the answers: one mask an answer, so that it can be said which of them blocks."""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from feedback import memory
from mlmodel.matrix import Catalogue
from mlmodel.moods import MOODS
from plexsync.content_ratings import age_of
from plexsync.models import Viewer
from recommender.moment import MOST_MINUTES, Answers
from recommender.wishes import ruled_out

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

FITS_MOOD = 0.45  # a profile of 0.5 says "most people would say so"; a little less still fits
FITS_STRONGLY = 0.6  # what is wanted very much must be plain to see
SHORT_MINUTES = 60
BINGE_EPISODES = 3
BINGE_AT_ONCE = 2  # episodes that must fit into the time there is
ENOUGH = 3  # titles that a loosened answer should bring
HEAVY = ("dark", "dramatic", "tense", "thoughtful")
OPEN: dict[str, Any] = {
    "vibe": [],
    "strong": [],
    "avoid": [],
    "guests": [],
    "session": "any",
    "minutes": None,
    "seen": "any",
    "type": "any",
    "max_content_rating": None,
    "spin": None,
    "order": "any",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the catalogue for those present, one entry a title."""

    seen: Flags
    """One row for each of those present; a single one where nobody in particular asks."""
    ahead: Ints
    """Episodes that a binge could be made of."""
    free: Flags
    """Neither shown for this ask already nor never to be shown."""
    visible: Flags
    """Kept from nobody present: by Plex or by an age cap."""


def fitting(catalogue: Catalogue, answers: Answers, known: Known) -> Flags:
    """Return which titles pass everything; of a title's copies the best that does."""
    passing = masks(catalogue, answers, known)
    found: Flags = np.logical_and.reduce([known.free, *passing.values()])
    return _one_copy_each(catalogue, found)


def _one_copy_each(catalogue: Catalogue, flags: Flags) -> Flags:
    copies = np.flatnonzero(flags & catalogue.is_copied)
    by_title = copies[np.lexsort((catalogue.preference[copies], catalogue.twin[copies]))]
    _twin, best = np.unique(catalogue.twin[by_title], return_index=True)
    found = flags & ~catalogue.is_copied
    found[by_title[best]] = True
    return found


def masks(catalogue: Catalogue, answers: Answers, known: Known) -> dict[str, Flags]:
    """Return for each answer that filters which titles pass it; `spin` is what spins narrowed."""
    out = ruled_out(answers.guests)
    made: dict[str, Callable[[], Flags]] = {
        "vibe": lambda: _least(catalogue, answers.vibe) >= FITS_MOOD,
        "strong": lambda: _least(catalogue, answers.strong) >= FITS_STRONGLY,
        "avoid": lambda: ~_any(catalogue, answers.avoid),
        "guests": lambda: ~_any(catalogue, out),
        "session": lambda: _session(catalogue, answers.session, known.ahead),
        "minutes": lambda: needed_minutes(catalogue, answers) <= (answers.minutes or 0),
        "seen": lambda: known.seen.any(axis=0) == (answers.seen == "again"),
        "type": lambda: catalogue.is_show == (answers.type == "show"),
        "max_content_rating": lambda: catalogue.age <= (age_of(answers.max_content_rating) or 0),
        "spin": lambda: narrowed(catalogue, answers),
        "order": lambda: in_order(catalogue, known.seen),
    }
    given = {**answers.to_json(), "spin": answers.is_narrowed or None, "guests": list(out)}
    return {name: make() for name, make in made.items() if given[name] != OPEN[name]}


def in_order(catalogue: Catalogue, seen: Flags) -> Flags:
    """Return which titles spoil nobody the story: all seen that comes before, or seen themselves.

    What is only begun is not seen: its story is not at its end.
    """
    passing = np.ones(len(catalogue), dtype=bool)
    for theirs in seen:
        known = np.zeros(len(catalogue.copies.ids) + 1, dtype=bool)
        known[catalogue.twin[theirs]] = True
        known[-1] = True  # where nothing comes before
        passing &= known[catalogue.predecessor] | theirs
    return passing


def seen_by(catalogue: Catalogue, viewers: Sequence[Viewer]) -> Flags:
    """Return what each of these viewers has seen, one row each: by their word, or in their Plex.

    Without viewers one row, the connected account's: what it has seen stands on the shelf.
    """
    if not viewers:
        return catalogue.watched[None, :].copy()
    seen = memory.seen_by(viewers)
    rows = np.stack([among(catalogue, seen[viewer.pk]) for viewer in viewers])
    rows |= np.array([[viewer.owns_plex_state] for viewer in viewers]) & catalogue.watched
    return rows


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
    """Return which titles these rows are: with every copy, on offer or not, of each of them."""
    found = np.zeros(len(catalogue.copies.ids), dtype=bool)  # no title's number is higher
    found[catalogue.copies.of(items)] = True
    return found[catalogue.twin]


def ahead(catalogue: Catalogue, left: Ints, viewers: Iterable[Viewer]) -> Ints:
    """Return the episodes left where anyone of these, of other accounts, is further in a series."""
    fewest = left.copy()
    for item, episodes in memory.episodes_left(viewers).items():
        if (row := catalogue.row_of(item)) is not None:
            fewest[row] = min(fewest[row], episodes)
    return fewest


def relaxations(catalogue: Catalogue, answers: Answers, known: Known) -> list[dict[str, Any]]:
    """Return, best first, what loosening each single answer would bring."""
    found = []
    for name in masks(catalogue, answers, known):
        rest = fitting(catalogue, answers.without(name), known)
        value, matches = _loosened(catalogue, answers, name, rest)
        if matches:
            found.append({"answer": name, "value": value, "matches": matches})
    return sorted(found, key=lambda way: -int(way["matches"]))


def _loosened(catalogue: Catalogue, answers: Answers, name: str, rest: Flags) -> tuple[Any, int]:
    """Return the least loosening of one answer, and how many titles it brings."""
    if name != "minutes":
        return OPEN[name], int(rest.sum())
    needed = np.sort(needed_minutes(catalogue, answers)[rest])
    within = needed[needed <= MOST_MINUTES]
    if not len(within):
        return None, int(rest.sum())
    value = math.ceil(within[min(ENOUGH, len(within)) - 1] / 10) * 10
    return value, int((needed <= value).sum())


def _least(catalogue: Catalogue, moods: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return how much each title has of that of these moods which it has least of."""
    least: npt.NDArray[np.float64] = catalogue.titles.moods[:, _columns(moods)].min(axis=1)
    return least


def _any(catalogue: Catalogue, moods: Sequence[str]) -> Flags:
    """Return which titles most people would say have one of these moods."""
    found: Flags = catalogue.titles.moods[:, _columns(moods)].max(axis=1) >= FITS_MOOD
    return found


def _columns(moods: Sequence[str]) -> list[int]:
    return [MOODS.index(mood) for mood in moods]


def _session(catalogue: Catalogue, session: str, ahead: Ints) -> Flags:
    if session == "binge":
        return catalogue.is_show & (ahead >= BINGE_EPISODES)
    if session == "episode":
        return catalogue.is_show & (ahead >= 1)
    if session == "movie":
        return ~catalogue.is_show
    short: Flags = catalogue.titles.runtime <= SHORT_MINUTES
    return short
