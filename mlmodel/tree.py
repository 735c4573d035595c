"""The decision tree that may stand in for logistic regression: it corrects the prior leaf by leaf."""

from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.tree import DecisionTreeRegressor

from mlmodel import prior

Floats = npt.NDArray[np.float64]

BASE_SPREAD = 1.2  # logits: how generous a household may be
LEAST_IN_LEAF = 8  # rows


class PriorTree(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A decision tree over the prior: it splits where answers differ from the prior and corrects it leaf by leaf."""

    def __init__(
        self, prior_scale: float = 1.0, depth: int = 3, spread: float = 0.5, seed: int = 0
    ) -> None:
        self.prior_scale = prior_scale
        self.depth = depth
        self.spread = spread
        self.seed = seed

    def fit(self, rows: sparse.csr_matrix, y: Floats, sample_weight: Floats) -> Self:
        """Two Newton steps from the prior's logit: one for all alike, then a tree of what is left."""
        self.classes_ = np.array([0, 1])
        before = self._prior(rows)
        everywhere = np.zeros(len(y), dtype=np.intp)
        self.base_ = float(_step(before, y, sample_weight, everywhere, BASE_SPREAD)[0])
        before = before + self.base_
        expected = prior.chance(before)
        slope = expected * (1 - expected)
        self.tree_ = DecisionTreeRegressor(
            max_depth=self.depth, min_samples_leaf=LEAST_IN_LEAF, random_state=self.seed
        ).fit(self._seen(rows), (y - expected) / slope, sample_weight=sample_weight * slope)
        leaves = self.tree_.apply(self._seen(rows))
        self.corrections_ = _step(before, y, sample_weight, leaves, self.spread)
        return self

    def decision_function(self, rows: sparse.csr_matrix) -> Floats:
        """The prior's logit plus the correction for all and that of the leaf."""
        leaves = self.tree_.apply(self._seen(rows))
        found: Floats = self._prior(rows) + self.base_ + self.corrections_[leaves]
        return found

    def predict_proba(self, rows: sparse.csr_matrix) -> Floats:
        """Probability of not enjoying and of enjoying."""
        chance = prior.chance(self.decision_function(rows))
        return np.column_stack([1 - chance, chance])

    def _seen(self, rows: sparse.csr_matrix) -> sparse.csr_matrix:
        """The rows that the tree asks about: their first column is the whole prior, not one part of it."""
        whole = self._prior(rows)[:, None] * self.prior_scale
        return sparse.hstack([sparse.csr_matrix(whole), rows[:, 1:]], format="csr")

    def _prior(self, rows: sparse.csr_matrix) -> Floats:
        found: Floats = rows[:, : len(prior.PARTS)].toarray().sum(axis=1) / self.prior_scale
        return found


def _step(
    before: Floats, y: Floats, weight: Floats, group: npt.NDArray[np.intp], spread: float
) -> Floats:
    """For each group the correction, in logits, that its answers ask for; shrunk, for few say little."""
    expected = prior.chance(before)
    pull = np.bincount(group, weight * (y - expected))
    hold = np.bincount(group, weight * expected * (1 - expected))
    found: Floats = pull / (hold + spread**-2)
    return found
