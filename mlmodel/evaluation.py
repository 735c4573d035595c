"""How good a model is: ranking, calibration and loss on answers it has not learnt, against the prior."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from mlmodel import prior
from mlmodel.records import Candidate, Example, Title
from mlmodel.training import Model

Floats = npt.NDArray[np.float64]
Train = Callable[[Sequence[Example], Sequence[Title]], Model]
Metrics = dict[str, float | None]

ENJOYED = 0.5  # a label from here on counts as enjoyed where a metric knows only yes and no
TOP = 3  # as many titles as MoodRec shows
BINS = 5
NEWEST_SHARE = 0.25  # of the answers, held out to judge a model on
FOLDS = 4
JUDGED = {"feedback", "passed"}  # the sources of what was answered here
LEAST_JUDGED = 20  # answers given here; with fewer the judgement is on stars from elsewhere too
LOSS_TOLERANCE = 0.005  # log loss; less is noise on a household's few answers
AUC_TOLERANCE = 0.01


def auc(liked: npt.NDArray[np.bool_], score: Floats, weight: Floats | None = None) -> float | None:
    """The chance that something liked is scored above something not; ties count half; None with one class."""
    weights = np.ones(len(score)) if weight is None else weight
    values, place = np.unique(score, return_inverse=True)
    good = np.bincount(place, weights * liked, len(values))
    bad = np.bincount(place, weights * ~liked, len(values))
    pairs = good.sum() * bad.sum()
    if pairs == 0:
        return None
    below = np.cumsum(bad) - bad
    return float((good * (below + bad / 2)).sum() / pairs)


def precision_at(liked: npt.NDArray[np.bool_], score: Floats, top: int = TOP) -> float | None:
    """The share liked among those ranked first."""
    return float(liked[_first(score, top)].mean()) if len(score) else None


def ndcg_at(liked: npt.NDArray[np.bool_], score: Floats, top: int = TOP) -> float | None:
    """The same, the first place counting most, against the best order there could be; None if none is liked."""
    discount = 1 / np.log2(np.arange(2, top + 2))
    best = (np.sort(liked)[::-1][:top] * discount[: len(liked)]).sum()
    return (
        float((liked[_first(score, top)] * discount[: len(liked)]).sum() / best) if best else None
    )


def log_loss(label: Floats, score: Floats, weight: Floats | None = None) -> float | None:
    """The weighted mean surprise at soft labels; lower is better, None without any."""
    weights = np.ones(len(score)) if weight is None else weight
    if weights.sum() <= 0:
        return None
    chance = np.clip(score, 1e-6, 1 - 1e-6)
    surprise = -(label * np.log(chance) + (1 - label) * np.log(1 - chance))
    return float((weights * surprise).sum() / weights.sum())


def calibration(label: Floats, score: Floats, bins: int = BINS) -> list[dict[str, float]]:
    """Of titles scored alike, how many were enjoyed: one entry for each bin of the score that holds any."""
    place = np.clip((score * bins).astype(int), 0, bins - 1)
    return [
        {
            "from": found / bins,
            "score": float(score[place == found].mean()),
            "enjoyed": float(label[place == found].mean()),
            "answers": float((place == found).sum()),
        }
        for found in range(bins)
        if (place == found).any()
    ]


def measure(label: Floats, score: Floats, weight: Floats | None = None) -> Metrics:
    """Every metric of one set of scores."""
    liked = label >= ENJOYED
    return {
        "auc": auc(liked, score, weight),
        "ndcg3": ndcg_at(liked, score),
        "p3": precision_at(liked, score),
        "log_loss": log_loss(label, score, weight),
    }


def evaluate(
    learn: Train,
    examples: Sequence[Example],
    titles: Sequence[Title],
    *,
    other: Model | None = None,
    share: float = NEWEST_SHARE,
    folds: int = FOLDS,
) -> dict[str, Any]:
    """Judge a way of training on the newest answers, each predicted before it is learnt.

    1. Put the answers in order of time and hold out the newest share, in a few folds; of answers
       given here, where there are enough: what Plex knew teaches, and is not what we are asked for.
    2. Before each fold, train on everything older and predict the fold.
    3. Measure these predictions, the prior's and another model's on the same answers.

    `other` must not have learnt the newest answers for its numbers to be fair; where it has, they flatter it.
    """
    ordered = sorted(examples, key=lambda example: example.at)
    places = judged(ordered)
    places = places[len(places) - math.ceil(len(places) * share) :]
    held = [ordered[place] for place in places]
    candidates = [example.candidate for example in held]
    label = np.array([example.label for example in held])
    weight = np.array([example.weight for example in held])
    learnt = np.concatenate([np.zeros(0), *_progressive(learn, ordered, places, titles, folds)])
    found: dict[str, Any] = {
        "examples": float(len(ordered)),
        "held_out": float(len(held)),
        "model": measure(label, learnt, weight),
        "prior": measure(label, by_prior(candidates), weight),
        "calibration": calibration(label, learnt),
    }
    if other is not None:
        found["other"] = measure(label, other.predict(candidates), weight)
    return found


def judged(ordered: Sequence[Example]) -> list[int]:
    """Return the places of the examples that a model may be judged on."""
    here = [place for place, example in enumerate(ordered) if example.source in JUDGED]
    answers = sum(ordered[place].source == "feedback" for place in here)
    return here if answers >= LEAST_JUDGED else list(range(len(ordered)))


def worse(new: Mapping[str, float | None], old: Mapping[str, float | None]) -> bool:
    """Whether metrics are worse beyond noise: by loss, else by ranking; unknown is not worse."""
    loss, loss_before = new.get("log_loss"), old.get("log_loss")
    if loss is not None and loss_before is not None:
        return loss > loss_before + LOSS_TOLERANCE
    rank, rank_before = new.get("auc"), old.get("auc")
    return rank is not None and rank_before is not None and rank < rank_before - AUC_TOLERANCE


def _progressive(
    learn: Train, ordered: Sequence[Example], held: list[int], titles: Sequence[Title], folds: int
) -> Iterator[Floats]:
    """Predictions of the examples at these places, fold by fold, each by a model of all older ones."""
    cuts = np.linspace(0, len(held), min(folds, max(len(held), 1)) + 1).round().astype(int).tolist()
    for low, high in pairwise(cuts):
        fold = [ordered[place].candidate for place in held[low:high]]
        if fold:
            yield learn(ordered[: held[low]], titles).predict(fold)


def by_prior(candidates: Sequence[Candidate]) -> Floats:
    """Return the prior's probability of each candidate."""
    arrays = prior.title_arrays([candidate.title for candidate in candidates])
    moments = prior.moment_arrays([candidate.moment for candidate in candidates])
    seen = [candidate.seen for candidate in candidates]
    return prior.chance(prior.logits(arrays, moments, np.array(seen, dtype=bool)))


def _first(score: Floats, top: int) -> npt.NDArray[np.intp]:
    return np.argsort(-score, kind="stable")[:top]
