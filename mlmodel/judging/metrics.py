"""How good scores are: ranking, calibration and loss against what was said.

Ties in the score are no order: each metric is then what it would be on average over the orders there could be.
So a constant score gets exactly what chance gets.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]
Metrics = dict[str, float | None]

ENJOYED = 0.5  # a label from here on counts as enjoyed where a metric knows only yes and no
TOP = 3  # as many titles as MoodRec shows
BINS = 5
# Järvelin & Kekäläinen 2002: doi.org/10.1145/582415.582418
DISCOUNT = 1 / np.log2(np.arange(2, TOP + 2))
SURE = 1e-6  # no score is taken to be surer than this
LOSS_TOLERANCE = 0.005  # log loss; less is noise on a household's few answers
AUC_TOLERANCE = 0.01


def auc(liked: Flags, score: Floats, weight: Floats | None = None) -> float | None:
    """The chance that something liked is scored above something not; ties count half; None with one class."""
    weights = np.ones(len(score)) if weight is None else weight
    values, place = np.unique(score, return_inverse=True)
    good = np.bincount(place, weights * liked, len(values))
    bad = np.bincount(place, weights * ~liked, len(values))
    pairs = good.sum() * bad.sum()
    if pairs == 0:
        return None
    below = np.cumsum(bad) - bad
    found = float((good * (below + bad / 2)).sum() / pairs)
    return min(found, 1.0)  # sums of weights may end a hair above


def precision_at(liked: Flags, score: Floats, top: int = TOP) -> float | None:
    """The share liked among those ranked first."""
    return float(ranked(liked, score)[:top].mean()) if len(score) else None


def ndcg_at(liked: Flags, score: Floats, top: int = TOP) -> float | None:
    """The same, the first place counting most, against the best order there could be; None if none is liked."""
    discount = DISCOUNT[: min(top, len(liked))]
    best = np.sort(liked)[::-1][:top] @ discount
    return float(ranked(liked, score)[:top] @ discount / best) if best else None


def ranked(liked: Flags, score: Floats) -> Floats:
    """How far each place of the ranking is liked, best first: 0 or 1, a share where scores are tied."""
    values, place = np.unique(-score, return_inverse=True)
    share = np.bincount(place, liked, len(values)) / np.bincount(place, minlength=len(values))
    found: Floats = share[np.sort(place)]
    return found


def log_loss(label: Floats, score: Floats, weight: Floats | None = None) -> float | None:
    """The weighted mean surprise at soft labels, in nats; lower is better, None without any."""
    weights = np.ones(len(score)) if weight is None else weight
    if weights.sum() <= 0:
        return None
    return float(weights @ surprise(label, score) / weights.sum())


def standard_error(
    label: Floats, score: Floats, other: Floats, weight: Floats | None = None
) -> float:
    """Of the difference in log loss between two sets of scores of the same answers; 0 without any."""
    weights = np.ones(len(score)) if weight is None else weight
    if weights.sum() <= 0:
        return 0.0
    apart = surprise(label, score) - surprise(label, other)
    around = apart - np.average(apart, weights=weights)
    return float(np.sqrt(np.sum((weights * around) ** 2)) / weights.sum())


def surprise(label: Floats, score: Floats) -> Floats:
    """The surprise at each label, in nats."""
    chance = np.clip(score, SURE, 1 - SURE)
    found: Floats = -(label * np.log(chance) + (1 - label) * np.log(1 - chance))
    return found


def calibration(
    label: Floats, score: Floats, weight: Floats | None = None, bins: int = BINS
) -> list[dict[str, float]]:
    """Of titles scored alike, how many were enjoyed: one entry for each bin of the score that holds any."""
    weights = np.ones(len(score)) if weight is None else weight
    place = np.clip((score * bins).astype(int), 0, bins - 1)
    rows = [(place == found) & (weights > 0) for found in range(bins)]
    return [
        {
            "from": found / bins,
            "score": float(np.average(score[row], weights=weights[row])),
            "enjoyed": float(np.average(label[row], weights=weights[row])),
            "answers": float(row.sum()),
        }
        for found, row in enumerate(rows)
        if row.any()
    ]


def measure(
    label: Floats, score: Floats, weight: Floats | None = None, fold: Places | None = None
) -> Metrics:
    """Every metric of one set of probabilities.

    Where several models predicted, `fold` numbers them, and each ranks only its own answers: after a run of good
    films a model expects more of all, so that across models a good learner would look worse than none.
    """
    liked, weights = label >= ENJOYED, np.ones(len(score)) if weight is None else weight
    lists = [(liked[part], score[part], weights[part]) for part in parts_of(fold, len(score))]
    return {
        "auc": _mean([(auc(*found), pairs(found[0], found[2])) for found in lists]),
        "ndcg3": _mean([(ndcg_at(good, score), 1.0) for good, score, _ in lists]),
        "p3": _mean([(precision_at(good, score), 1.0) for good, score, _ in lists]),
        "log_loss": log_loss(label, score, weight),
    }


def parts_of(fold: Places | None, size: int) -> list[Flags]:
    """Which answers each fold holds; one of all where there is no more to tell."""
    if fold is None or not size:
        return [np.ones(size, dtype=bool)]
    return [fold == number for number in np.unique(fold)]


def pairs(liked: Flags, weight: Floats) -> float:
    """How many pairs of something liked and something not there are, by weight."""
    return float(weight[liked].sum() * weight[~liked].sum())


def _mean(values: Sequence[tuple[float | None, float]]) -> float | None:
    """The weighted mean of what is known; None of nothing."""
    known = [(value, weight) for value, weight in values if value is not None]
    total = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / total if total else None


def worse(
    new: Mapping[str, float | None], old: Mapping[str, float | None], noise: float = 0.0
) -> bool:
    """Whether metrics are worse beyond noise: by loss, else by ranking; unknown is not worse.

    `noise`: standard error of the difference in loss, where it is known.
    """
    loss, loss_before = new.get("log_loss"), old.get("log_loss")
    if loss is not None and loss_before is not None:
        return loss > loss_before + max(LOSS_TOLERANCE, noise)
    rank, rank_before = new.get("auc"), old.get("auc")
    return rank is not None and rank_before is not None and rank < rank_before - AUC_TOLERANCE
