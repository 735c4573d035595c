"""Fits a model's weights to rows of features and their soft labels, within what each may do."""

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from mlmodel import prior
from mlmodel.config import Kind, TrainingConfig
from mlmodel.features import Features, clock_reach
from mlmodel.tree import PriorTree

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_BY_CLOCK = float(np.log(1.2))  # odds times 1.2 at most, so no score moves by more than a fifth


def fitted(
    features: Features,
    matrix: sparse.csr_matrix,
    label: Floats,
    weight: Floats,
    kind: Kind,
    seed: int,
    config: TrainingConfig,
) -> Pipeline:
    """Fit on rows of features and soft labels.

    Each row stands once as enjoyed and once as not, weighted by its label; both share one row of features.
    """
    pipeline = Pipeline([("features", features), ("classifier", _classifier(kind, seed, config))])
    outcome = np.repeat([1, 0], len(label))
    weights = np.concatenate([weight * label, weight * (1 - label)])
    both = sparse.vstack([matrix, matrix], format="csr")
    if kind == "logistic":
        both, outcome, weights = _anchored(features, both, outcome, weights)
    with threadpool_limits(1):  # on vectors this short threads only wait for one another
        pipeline["classifier"].fit(both, outcome, sample_weight=weights)
    if kind == "logistic":
        _cap_clock(pipeline)
    return pipeline


def _anchored(
    features: Features, rows: sparse.csr_matrix, outcome: Ints, weights: Floats
) -> tuple[sparse.csr_matrix, Ints, Floats]:
    """The rows, and four that hold what fits the ask at the weight that the prior gives it.

    What is shown nearly always fits, so answers tell little of that weight; it would go wherever ratings and moods
    that look alike take it. What an asked mood means to this household, its crosses learn.
    """
    config, fit = features.config, np.array([1.0, -1.0, 1.0, -1.0])
    columns = np.full(4, len(prior.PARTS) - 1)
    shape = (4, rows.shape[1])
    held = sparse.csr_matrix((fit * config.prior, (np.arange(4), columns)), shape=shape)
    sure = prior.chance(fit[:2])
    return (
        sparse.vstack([rows, held], format="csr"),
        np.concatenate([outcome, [1, 1, 0, 0]]),
        np.concatenate([weights, config.fit_weight / 2 * np.concatenate([sure, 1 - sure])]),
    )


def _classifier(kind: Kind, seed: int, config: TrainingConfig) -> BaseEstimator:
    """The last step; the base is an ordinary column, so there is no separate intercept."""
    if kind == "tree":
        return PriorTree(config.features.prior, config.tree_depth, config.tree_spread, seed)
    return LogisticRegression(C=1.0, fit_intercept=False, solver="newton-cg", tol=1e-7)


def _cap_clock(pipeline: Pipeline) -> None:
    """Shrink the weights of daypart and weekend together until no title's odds can move beyond the cap."""
    coef, features = pipeline["classifier"].coef_, pipeline["features"]
    blocks = {
        name: where
        for name, where in features.slices().items()
        if name.startswith(("daypart:", "weekend"))
    }
    reach = {name: clock_reach(coef[0, where], features.config) for name, where in blocks.items()}
    most = max(reach[name] for name in reach if name != "weekend") + reach["weekend"]
    for where in blocks.values():
        coef[0, where] *= min(1.0, MOST_BY_CLOCK / max(most, 1e-12))
