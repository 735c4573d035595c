"""How far to trust a metric: 95 % intervals by drawing the evenings anew, many times.

Answers of one evening hang together (one mood, one film seen by two), so whole evenings are drawn and not
answers (block bootstrap: Künsch 1989, doi.org/10.1214/aos/1176347265). All draws are measured at once: a draw
only changes how often each answer counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, stdtrit

from mlmodel.judging.metrics import (
    DISCOUNT,
    ENJOYED,
    TOP,
    Flags,
    Floats,
    Places,
    parts_of,
    ranked,
    surprise,
)

DRAWS = 600
LEAST_EVENINGS = 5  # fewer, drawn anew, tell nothing of the next one
QUIET = timedelta(hours=6)  # after so long without a word another evening begins
MOST_AN_EVENING = (
    12  # who rates a hundred films in one sitting has said more than one evening's worth
)
OUTSIDE = 0.05  # of a 95 % interval
ALIKE = 1e-9

Counts = npt.NDArray[np.int64]
Interval = list[float] | None
Draws = dict[str, Floats]
"""By metric, its value in every draw; NaN where a draw leaves it undefined."""


def evenings(times: Sequence[datetime]) -> Places:
    """Number the evenings of answers that stand in order of time: one number an answer, from 0."""
    found, held = [0] * min(len(times), 1), 1
    for before, now in pairwise(times):
        same = now - before < QUIET and held < MOST_AN_EVENING
        held = held + 1 if same else 1
        found.append(found[-1] + (not same))
    return np.array(found, dtype=np.intp)


def intervals(
    scores: Mapping[str, Floats],
    label: Floats,
    weight: Floats,
    evening: Places,
    fold: Places | None = None,
    *,
    seed: int = 0,
) -> dict[str, dict[str, Interval]]:
    """The interval of each metric of each set of scores, of "random" orders, and of the gain of model over prior.

    Every set is measured on the same draws, and ranked fold by fold as in `metrics.measure`. None stands where there
    are too few evenings to tell, where most draws leave a metric undefined, and where all are alike (a few answers in
    perfect order prove no perfection).
    """
    rng = np.random.default_rng(seed)
    count = int(evening.max(initial=0)) + 1
    times = rng.multinomial(count, np.full(count, 1 / count), DRAWS)[:, evening]
    drawn = {name: draws(score, label, weight, times, fold) for name, score in scores.items()}
    drawn["random"] = shuffled(label, weight, rng, fold)
    if {"model", "prior"} <= drawn.keys():
        model, prior = drawn["model"], drawn["prior"]
        drawn["gain"] = {name: model[name] - prior[name] for name in model}
    enough = count >= LEAST_EVENINGS
    edges = _edges_of(count) if enough else ()
    return {
        name: {metric: _between(values, edges) for metric, values in found.items()}
        for name, found in drawn.items()
    }


def draws(
    score: Floats, label: Floats, weight: Floats, times: Counts, fold: Places | None = None
) -> Draws:
    """Every metric in every draw; `times` tells how often each answer (column) is in each draw (row)."""
    liked = label >= ENJOYED
    lists = [
        _Ranking.of(liked[part], score[part], weight[part], times[:, part])
        for part in parts_of(fold, len(label))
    ]
    with np.errstate(invalid="ignore", divide="ignore"):  # 0 of 0 is NaN, which is meant
        loss = times @ (weight * surprise(label, score)) / (times @ weight)
    return {**_together(lists), "log_loss": loss}


def shuffled(
    label: Floats, weight: Floats, rng: np.random.Generator, fold: Places | None = None
) -> Draws:
    """What luck alone gives: the same answers in random orders, by rank (no loss: an order is no probability)."""
    liked = label >= ENJOYED
    parts = parts_of(fold, len(label))
    return _together([_Ranking.by_luck(liked[part], weight[part], rng) for part in parts])


@dataclass(frozen=True, slots=True)
class _Ranking:
    """One list of answers in every draw (one entry each), ranked by one model."""

    right: Floats
    """Pairs of something liked and something not that are in the right order, by weight."""
    pairs: Floats
    ndcg: Floats
    precision: Floats

    @classmethod
    def of(cls, liked: Flags, score: Floats, weight: Floats, times: Counts) -> Self:
        """Measure one list; tied scores are no order."""
        rising, falling = (np.argsort(by, kind="stable") for by in (score, -score))
        runs = np.flatnonzero(np.diff(score[rising], prepend=-np.inf))  # of tied scores
        good, bad = ((times * weight * part)[:, rising] for part in (liked, ~liked))
        if len(runs):
            good, bad = (np.add.reduceat(part, runs, axis=1) for part in (good, bad))
        with np.errstate(invalid="ignore", divide="ignore"):  # 0 of 0 is NaN, which is meant
            firsts = _firsts(times[:, falling], ranked(liked, score), times @ liked)
        return cls(*_pairs(good, bad), *firsts)

    @classmethod
    def by_luck(cls, liked: Flags, weight: Floats, rng: np.random.Generator) -> Self:
        """The same list in random orders, one a draw."""
        orders = rng.random((DRAWS, len(liked))).argsort(axis=1)
        good, bad = ((weight * part)[orders] for part in (liked, ~liked))
        once, many = np.ones(orders.shape, dtype=np.int64), np.full(DRAWS, liked.sum())
        with np.errstate(invalid="ignore", divide="ignore"):
            firsts = _firsts(once, liked[orders].astype(float), many)
        return cls(*_pairs(good, bad), *firsts)


def _together(lists: Sequence[_Ranking]) -> Draws:
    with np.errstate(invalid="ignore", divide="ignore"):
        pairs = np.sum([found.pairs for found in lists], axis=0)
        return {
            "auc": np.sum([found.right for found in lists], axis=0) / pairs,
            "ndcg3": _mean([found.ndcg for found in lists]),
            "p3": _mean([found.precision for found in lists]),
        }


def _mean(values: Sequence[Floats]) -> Floats:
    """The mean over lists of what is known in each draw; NaN of nothing."""
    known = np.isfinite(values)
    found: Floats = np.where(known, values, 0).sum(axis=0) / known.sum(axis=0)
    return found


def _pairs(good: Floats, bad: Floats) -> tuple[Floats, Floats]:
    """Pairs in the right order and all pairs; columns stand in ascending order of score."""
    below = np.cumsum(bad, axis=1) - bad
    return (good * (below + bad / 2)).sum(axis=1), good.sum(axis=1) * bad.sum(axis=1)


def _firsts(counts: Counts, liked: Floats, many: Counts) -> tuple[Floats, Floats]:
    """NDCG and precision of the first places, best first; `many` tells how many are liked in each draw."""
    size = np.minimum(counts.sum(axis=1), TOP)
    best = _sums(DISCOUNT)[np.minimum(many, TOP)]
    return _worth(counts, liked, DISCOUNT) / best, _worth(counts, liked, np.ones(TOP)) / size


def _worth(counts: Counts, liked: Floats, worth: Floats) -> Floats:
    """The worth of the liked among the first places; an answer drawn thrice takes three places."""
    ends, sums = np.cumsum(counts, axis=1), _sums(worth)
    taken = sums[np.minimum(ends, TOP)] - sums[np.minimum(ends - counts, TOP)]
    found: Floats = (taken * liked).sum(axis=1)
    return found


def _sums(worth: Floats) -> Floats:
    return np.concatenate([[0.0], np.cumsum(worth)])


def _edges_of(evenings: int) -> tuple[float, ...]:
    """The quantiles that bound an interval: further out the fewer evenings, for draws of few differ too little.

    Hesterberg 2015, What teachers should know about the bootstrap, section 5.3 (doi.org/10.1080/00031305.2015.1089789).
    """
    reach = np.sqrt(evenings / (evenings - 1)) * stdtrit(evenings - 1, 1 - OUTSIDE / 2)
    low = float(ndtr(-reach))
    return low, 1 - low


def _between(values: Floats, edges: tuple[float, ...]) -> Interval:
    known = values[np.isfinite(values)]
    if not edges or len(known) * 2 < len(values) or not len(known):
        return None
    low, high = np.quantile(known, edges).tolist()
    return [low, high] if high - low > ALIKE else None
