"""Trains on parts of one log, only to see how they predict the rest.

The same fit as `training.train`, without what only a model in use needs. What all parts share is made once: the
vocabulary, the rows of features, the people of the shelf. A name that only later answers know is 0 in every row that
a part learns from, those drawn for the prior too, so its weight stays 0: to a part it is as if nobody had met it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator

from mlmodel.config import Kind, TrainingConfig
from mlmodel.features import Features
from mlmodel.fitting import fitted
from mlmodel.records import Candidate, Example, Title
from mlmodel.training import pseudo_examples, taught, told
from mlmodel.traits import FIXED, shelf_of

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trial:
    """What was learnt from a part of the log."""

    classifier: BaseEstimator
    trials: "Trials"

    def predict(self, candidates: Sequence[Candidate]) -> Floats:
        """Probability of enjoying; raises KeyError for a candidate that is not of the log."""
        found: Floats = self.classifier.predict_proba(self.trials.rows_of(candidates))[:, 1]
        return found


class Trials:
    """A way of training on parts of these examples, over these titles."""

    def __init__(
        self,
        examples: Sequence[Example],
        titles: Sequence[Title],
        *,
        kind: Kind = "logistic",
        seed: int = 0,
        config: TrainingConfig = TrainingConfig(),
    ) -> None:
        candidates = [example.candidate for example in examples]
        self._kind, self._seed, self._config = kind, seed, told(config, kind)
        self._features = Features(self._config.features, shelf_of(titles)).fit(candidates)
        self._rows = self._features.transform(candidates)
        self._place = {id(candidate): row for row, candidate in enumerate(candidates)}

    def __call__(self, known: Sequence[Example], titles: Sequence[Title]) -> Trial:
        """Learn from these examples alone."""
        rng = np.random.default_rng(self._seed)
        drawn = pseudo_examples(known, titles, self._config, rng)
        said = self.rows_of(example.candidate for example in known)
        asked = self._features.transform([example.candidate for example in drawn])
        rows = [asked @ sparse.diags(self._met(said)), said]
        label, weight = taught(drawn, known, self._config)
        pipeline = fitted(
            self._features,
            sparse.vstack(rows, format="csr"),
            label,
            weight,
            self._kind,
            self._seed,
            self._config,
        )
        return Trial(pipeline["classifier"], self)

    def _met(self, said: sparse.csr_matrix) -> Floats:
        """1 for each column that a part of the log knows, 0 for a name that nobody in it has met."""
        household = self._features.slices()[
            "household"
        ]  # nobody in particular speaks for the prior
        names = slice(household.start + len(FIXED), household.stop)
        found = np.ones(said.shape[1])
        found[names] = said[:, names].getnnz(axis=0) > 0
        return found

    def rows_of(self, candidates: Iterable[Candidate]) -> sparse.csr_matrix:
        """The rows of candidates of the log."""
        return self._rows[[self._place[id(candidate)] for candidate in candidates]]
