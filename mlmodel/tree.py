"""The decision tree that may stand in for logistic regression: it corrects the prior leaf by leaf."""

from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.tree import DecisionTreeRegressor

from mlmodel import prior

Floats = npt.NDArray[np.float64]


class PriorTree(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A decision tree over the prior: it splits where answers differ from the prior and corrects it leaf by leaf."""

    def __init__(
        self, prior_scale: float = 1.0, depth: int = 4, spread: float = 0.7, seed: int = 0
    ) -> None:
        self.prior_scale = prior_scale
        self.depth = depth
        self.spread = spread
        self.seed = seed

    def fit(self, rows: sparse.csr_matrix, y: Floats, sample_weight: Floats) -> Self:
        """One Newton step from the prior's logit: a tree of the residuals, leaves shrunk by the spread."""
        self.classes_ = np.array([0, 1])
        expected = prior.chance(self._prior(rows))
        slope = expected * (1 - expected)
        self.tree_ = DecisionTreeRegressor(
            max_depth=self.depth, min_samples_leaf=8, random_state=self.seed
        ).fit(rows, (y - expected) / slope, sample_weight=sample_weight * slope)
        leaves, size = self.tree_.apply(rows), self.tree_.tree_.node_count
        pull = np.bincount(leaves, sample_weight * (y - expected), size)
        hold = np.bincount(leaves, sample_weight * slope, size)
        self.corrections_ = pull / (hold + self.spread**-2)
        return self

    def decision_function(self, rows: sparse.csr_matrix) -> Floats:
        """The prior's logit plus the correction of the leaf."""
        found: Floats = self._prior(rows) + self.corrections_[self.tree_.apply(rows)]
        return found

    def predict_proba(self, rows: sparse.csr_matrix) -> Floats:
        """Probability of not enjoying and of enjoying."""
        chance = prior.chance(self.decision_function(rows))
        return np.column_stack([1 - chance, chance])

    def _prior(self, rows: sparse.csr_matrix) -> Floats:
        found: Floats = rows[:, [0]].toarray().ravel() / self.prior_scale
        return found
