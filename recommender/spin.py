"""Why an ask is spun again, as narrower answers."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mlmodel.matrix import Catalogue
from recommender import candidates
from recommender.moment import Answers


def narrow(answers: Answers, spin: str, shelf: Catalogue, shown: Sequence[int]) -> Answers:
    """Return the answers without what was wrong with the titles shown: shorter, lighter, heavier or new.

    ``spin``: one of `recommender.moment.SPINS`; some narrow nothing. ``shown``: rows of the catalogue.
    """
    rows = candidates.among(shelf, shown)
    if not rows.any():
        return answers
    if spin == "too_long":
        runtimes = shelf.titles.runtime[rows]
        known = runtimes[np.isfinite(runtimes)]
        return replace(answers, shorter_than=int(np.median(known))) if len(known) else answers
    heaviness = float(np.median(candidates.heaviness(shelf)[rows]))
    if spin == "too_heavy":
        return replace(answers, lighter_than=heaviness)
    if spin == "too_light":
        return replace(answers, heavier_than=heaviness)
    return replace(answers, seen="new") if spin == "seen_it" else answers
