"""Score the catalogue for a moment: by the active model, else by the prior."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mlmodel import prior
from mlmodel.matrix import Catalogue
from mlmodel.met import NOTHING, Met
from mlmodel.records import Candidate, Moment

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MISERY = 0.5  # how much the least pleased of a group counts beside the group's mean
CLEARLY_LESS = 1.0  # logits below somebody's usual: odds of about a third of it
PRIOR_DOUBT = 1.0  # logits: before any answer a stranger's guess is as unsure of every title


@dataclass(frozen=True, slots=True)
class Scores:
    """The probability of enjoying each title of a catalogue, and the same before any answer."""

    scores: Floats
    """Of all who are present together."""
    priors: Floats
    each: Floats
    """One row a person, one column a title."""
    misery: Flags
    """Whether somebody in a group would clearly dislike the title."""


def score(catalogue: Catalogue, moment: Moment, viewers: Sequence[str], seen: Flags) -> Scores:
    """Score every title for these viewers: one sparse product a viewer, no loop over titles.

    ``seen``: one row a viewer, a single one where nobody in particular asks. A group's score is an
    average without misery (Masthoff 2004, Group modeling: selecting a sequence of television items
    to suit a group of viewers): mean and least pleased mixed, and what somebody would clearly
    dislike is marked, so that it is shown only where nothing else is left.
    """
    priors = np.stack(
        [
            prior.chance(prior.moment_logits(catalogue.titles, moment, theirs))
            for theirs in _distinct(seen)
        ]
    )
    active, matrix = catalogue.active, catalogue.matrix
    each = np.broadcast_to(priors, seen.shape)
    if active is not None and matrix is not None:
        each = np.stack(
            [
                active.model.score_titles(matrix, catalogue.titles, moment, viewer, theirs)
                for viewer, theirs in zip(_everybody(viewers), seen, strict=True)
            ]
        )
    return Scores(_together(each), _together(priors), each, _misery(each))


def doubts(
    catalogue: Catalogue, moment: Moment, viewers: Sequence[str], rows: npt.NDArray[np.intp]
) -> Floats:
    """Return how unsure the score of each of these titles is: standard deviation of its logit."""
    active, matrix = catalogue.active, catalogue.matrix
    if active is None or matrix is None:
        return np.full(len(rows), PRIOR_DOUBT)
    part = matrix[rows]
    each = [active.model.uncertainty(part, moment, viewer) for viewer in _everybody(viewers)]
    mean: Floats = np.mean(each, axis=0)
    return mean


def terms(catalogue: Catalogue, candidate: Candidate) -> list[tuple[str, float]]:
    """Return the named contributions, in logits, that the candidate's score is the sum of."""
    if catalogue.active is None:
        return [(f"prior:{name}", value) for name, value in prior.terms(candidate).items()]
    return catalogue.active.model.terms(candidate)


def met(catalogue: Catalogue, viewer: str, trait: str) -> Met:
    """Return what the active model knows this viewer said of titles with a trait."""
    return catalogue.active.model.met(viewer, trait) if catalogue.active else NOTHING


def _everybody(viewers: Sequence[str]) -> list[str | None]:
    return [*viewers] or [None]


def _distinct(seen: Flags) -> Flags:
    """Return a single row where all have seen the same: the prior then scores but once."""
    return seen[:1] if np.array_equal(seen, np.broadcast_to(seen[0], seen.shape)) else seen


def _together(each: Floats) -> Floats:
    """Return a group's score: between the mean and the least pleased."""
    both: Floats = (1 - MISERY) * each.mean(axis=0) + MISERY * each.min(axis=0)
    return both


def _misery(each: Floats) -> Flags:
    """Return which titles are clearly below what somebody usually enjoys on this evening."""
    if len(each) == 1 or not each.shape[1]:
        return np.zeros(each.shape[1], dtype=bool)
    usual = np.median(each, axis=1, keepdims=True)
    floor = prior.chance(np.log(usual / (1 - usual)) - CLEARLY_LESS)
    found: Flags = np.any(each < floor, axis=0)
    return found
