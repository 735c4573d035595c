"""Learns a household's taste from its answers, starting from the prior and leaving it only as evidence grows.

The prior enters twice: its logit is the first column of every row, and pseudo-examples drawn over the catalogue
say "here the prior is right". With no answers the best fit is the prior itself; every answer moves it a little.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

from mlmodel import prior
from mlmodel.config import Kind, TrainingConfig
from mlmodel.doubt import Doubt, measured, spread
from mlmodel.features import Features
from mlmodel.fitting import fitted
from mlmodel.met import KINDS as TOLD
from mlmodel.met import NOTHING, Met, met
from mlmodel.records import Candidate, Example, Moment, Title
from mlmodel.traits import shelf_of

Floats = npt.NDArray[np.float64]


LEAST_TOLD = 0.03  # logits: a trait that moves the score less is never spoken of
STAND_INS = tuple(Title(f"stand-in {r}", "", audience_rating=r / 2) for r in range(8, 20))


@dataclass(frozen=True, slots=True)
class Model:
    """A household's learnt taste: candidates in, probability of enjoying out. Picklable."""

    pipeline: Pipeline
    kind: Kind
    config: TrainingConfig
    n_examples: int
    viewers: tuple[str, ...]
    newest_answer: datetime | None
    doubt: Doubt
    """How unsure its weights are."""
    known: Mapping[tuple[str, str], Met]
    """What was said of the named traits that matter, by viewer and trait."""

    @property
    def features(self) -> Features:
        """The fitted first step."""
        found: Features = self.pipeline["features"]
        return found

    def predict(self, candidates: Sequence[Candidate]) -> Floats:
        """Probability of enjoying, one a candidate."""
        if not candidates:
            return np.zeros(0)
        found: Floats = self.pipeline.predict_proba(candidates)[:, 1]
        return found

    def terms(self, candidate: Candidate) -> list[tuple[str, float]]:
        """What the score is made of: named contributions in logits that sum to the score's logit."""
        rows = self.features.transform([candidate])
        if self.kind == "tree":
            known = list(prior.terms(candidate).items())
            correction = self.pipeline["classifier"].decision_function(rows)[0] - sum(
                v for _, v in known
            )
            return [
                *((f"prior:{name}", value) for name, value in known),
                ("tree", float(correction)),
            ]
        coef = self._coef
        of_title, fit = self.features.trust(coef).tolist()
        said = [
            (f"prior:{name}", (fit if name in prior.FITS else of_title) * value)
            for name, value in prior.terms(candidate).items()
        ]
        learnt = rows.indices >= len(prior.PARTS)
        names = self.features.column_names(rows.indices[learnt].tolist())
        worth = rows.data[learnt] * coef[rows.indices[learnt]]
        return [*said, *zip(names, worth.tolist(), strict=True)]

    def met(self, viewer: str, trait: str) -> Met:
        """What this viewer said of titles with a trait such as `director Bong Joon-ho`."""
        return self.known.get((viewer, trait), NOTHING)

    def uncertainty(
        self, title_matrix: sparse.csr_matrix, moment: Moment, viewer: str | None = None
    ) -> Floats:
        """Standard deviation of each title's logit: large where little was learnt. Meant for a few hundred titles."""
        if self.kind == "tree":
            return np.full(title_matrix.shape[0], self.config.tree_spread)
        return spread(self.doubt, self.features, title_matrix, moment, viewer)

    def title_matrix(self, titles: Sequence[Title]) -> sparse.csr_matrix:
        """The titles' own columns, to be cached for `score_titles`."""
        return self.features.title_matrix(titles)

    def score_titles(
        self,
        title_matrix: sparse.csr_matrix,
        title_arrays: prior.TitleArrays,
        moment: Moment,
        viewer: str | None = None,
        seen: npt.ArrayLike = 0,
    ) -> Floats:
        """Probability of enjoying for the whole catalogue: one sparse product, no loop over titles."""
        parts = prior.parts(title_arrays, prior.moment_arrays([moment]), seen)
        if self.kind == "tree":
            return self._score_by_tree(title_matrix, parts, moment, viewer, seen)
        weights, trust, for_seen = self.features.effective_weights(self._coef, moment, viewer)
        total = title_matrix @ weights + parts @ trust
        if for_seen:
            total += for_seen * np.asarray(seen, dtype=float)
        return prior.chance(total)

    def _score_by_tree(
        self,
        title_matrix: sparse.csr_matrix,
        parts: Floats,
        moment: Moment,
        viewer: str | None,
        seen: npt.ArrayLike,
    ) -> Floats:
        size = len(parts)
        active = np.tile(self.features.activations(moment, viewer), (size, 1))
        flags = np.broadcast_to(np.asarray(seen, dtype=bool), (size,))
        rows = self.features.assemble(title_matrix, parts, flags, active)
        found: Floats = self.pipeline["classifier"].predict_proba(rows)[:, 1]
        return found

    @property
    def _coef(self) -> Floats:
        found: Floats = self.pipeline["classifier"].coef_[0]
        return found


def train(
    examples: Sequence[Example],
    titles: Sequence[Title],
    *,
    kind: Kind = "logistic",
    seed: int = 0,
    config: TrainingConfig = TrainingConfig(),
) -> Model:
    """Fit one household.

    1. Draw pseudo-examples over the catalogue; their label is the prior's own probability.
    2. Weigh each answer by its age.
    3. Give every soft label as two weighted rows, one for each outcome, and fit the pipeline.
    4. Hold what daypart and weekend may do within its cap; a tree, which has no such handle, does not see them.
    """
    config = told(config, kind)
    drawn = pseudo_examples(examples, titles, config, np.random.default_rng(seed))
    candidates = [example.candidate for example in (*drawn, *examples)]
    features = Features(config.features, shelf_of(titles)).fit(candidates)
    matrix = features.transform(candidates)
    label, weight = taught(drawn, examples, config)
    pipeline = fitted(features, matrix, label, weight, kind, seed, config)
    chance = pipeline["classifier"].predict_proba(matrix)[:, 1]
    return Model(
        pipeline=pipeline,
        kind=kind,
        config=config,
        n_examples=len(examples),
        viewers=tuple(
            sorted({e.candidate.viewer for e in examples if e.candidate.viewer is not None})
        ),
        newest_answer=max((example.at for example in examples), default=None),
        doubt=measured(features, matrix, weight * chance * (1 - chance)),
        known=met(sorted(examples, key=lambda example: example.at), _telling(pipeline, kind)),
    )


def told(config: TrainingConfig, kind: Kind) -> TrainingConfig:
    """What a kind is told: a tree does not see the clock."""
    if kind == "tree":
        return replace(config, features=replace(config.features, clock=0.0))
    return config


def pseudo_examples(
    examples: Sequence[Example],
    titles: Sequence[Title],
    config: TrainingConfig,
    rng: np.random.Generator,
) -> list[Example]:
    """Titles of the catalogue in moments of the log, labelled by the prior; nobody in particular is asked."""
    shelf = titles or STAND_INS
    size = min(config.pseudo_examples, len(shelf))
    moments = [example.candidate.moment for example in examples] or [Moment()]
    chosen = [shelf[row] for row in rng.choice(len(shelf), size, replace=False)]
    drawn = [moments[row] for row in rng.integers(len(moments), size=size)]
    logits = prior.logits(prior.title_arrays(chosen), prior.moment_arrays(drawn))
    weight = config.pseudo_weight / size
    when = datetime.fromtimestamp(0).astimezone()
    return [
        Example(Candidate(title, moment), float(label), weight, when, "prior")
        for title, moment, label in zip(chosen, drawn, prior.chance(logits), strict=True)
    ]


def taught(
    drawn: Sequence[Example], examples: Sequence[Example], config: TrainingConfig
) -> tuple[Floats, Floats]:
    """Labels and weights of the pseudo-examples and the answers that a model learns from."""
    label = np.array([example.label for example in (*drawn, *examples)])
    weight = [example.weight for example in drawn]
    return label, np.concatenate([weight, aged(examples, config)])


def aged(examples: Sequence[Example], config: TrainingConfig) -> Floats:
    """The weight of each answer: less the older it is; the newest keeps its own."""
    newest = max((example.at for example in examples), default=None)
    days = [(newest - example.at).total_seconds() / 86_400 for example in examples if newest]
    weight = np.array([example.weight for example in examples], dtype=float)
    found: Floats = weight * 0.5 ** (np.array(days) / config.half_life_days)
    return found


def _telling(pipeline: Pipeline, kind: Kind) -> frozenset[str]:
    """The named traits that are spoken of: every director (who was not met is news), else what moves a score."""
    features = pipeline["features"]
    directors = frozenset(name for name in features.columns_ if name.startswith("director "))
    return directors if kind == "tree" else directors | _moving(features, pipeline["classifier"])


def _moving(features: Features, classifier: BaseEstimator) -> frozenset[str]:
    """The named traits that move some viewer's score far enough to be spoken of."""
    coef = classifier.coef_[0]
    columns = {name: place for name, place in features.columns_.items() if name.startswith(TOLD)}
    places = np.fromiter(columns.values(), dtype=np.intp, count=len(columns))
    scales = {context.name: context.scale for context in features.contexts_}
    moves = np.zeros(len(places))
    for context, where in features.slices().items():
        if context == "household" or context.startswith("viewer:"):
            moves = np.maximum(moves, np.abs(coef[where][places]) * scales[context])
    return frozenset(
        name
        for name, move in zip(columns, moves.tolist(), strict=True)
        if move * features.config.of(name) >= LEAST_TOLD
    )
