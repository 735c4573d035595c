"""Score the catalogue for a moment: by the active model, else by the prior."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mlmodel import prior
from mlmodel.matrix import Catalogue
from mlmodel.records import Candidate, Moment

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MISERY = 0.5  # how much the least pleased of a group counts beside the group's mean


@dataclass(frozen=True, slots=True)
class Scores:
    """The probability of enjoying each title of a catalogue, and the same before any answer."""

    scores: Floats
    priors: Floats


def score(catalogue: Catalogue, moment: Moment, viewers: Sequence[str], seen: Flags) -> Scores:
    """Score every title for these viewers: one sparse product a viewer, no loop over titles."""
    priors = prior.chance(prior.moment_logits(catalogue.titles, moment, seen))
    active, matrix = catalogue.active, catalogue.matrix
    if active is None or matrix is None:
        return Scores(priors, priors)
    everybody: list[str | None] = [*viewers] or [None]
    each = [
        active.model.score_titles(matrix, catalogue.titles, moment, viewer, seen)
        for viewer in everybody
    ]
    return Scores(_together(each), priors)


def _together(each: Sequence[Floats]) -> Floats:
    """Return a group's score: between the mean and the least pleased (average without misery)."""
    stacked = np.vstack(each)
    both: Floats = (1 - MISERY) * stacked.mean(axis=0) + MISERY * stacked.min(axis=0)
    return both


def terms(catalogue: Catalogue, candidate: Candidate) -> list[tuple[str, float]]:
    """Return the named contributions, in logits, that the candidate's score is the sum of."""
    if catalogue.active is None:
        return [(f"prior:{name}", value) for name, value in prior.terms(candidate).items()]
    return catalogue.active.model.terms(candidate)
