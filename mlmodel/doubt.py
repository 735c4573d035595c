"""How unsure a score is: the spread of the weights after the answers (Laplace's approximation).

What a title's common traits (genre, mood, length, age …) mean to household and viewers is known together, with the
covariance of their weights: after ten thrillers the eleventh is no news. Of people and of what a moment bends, each
weight is known by itself, for they are too many (diagonal, as Chapelle & Li 2011, algorithm 3).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from mlmodel.features import Features
from mlmodel.records import Moment
from mlmodel.traits import FIXED

Floats = npt.NDArray[np.float64]

LEAST = 1e-3  # squared logits: nobody's taste is known better than that
COMMON = len(FIXED)


@dataclass(frozen=True, slots=True)
class Doubt:
    """The spread of a model's weights; before any answer each has variance 1."""

    covariance: Floats
    """Of the common traits: those of the household, then those of each viewer."""
    precision: Floats
    """Of every weight by itself."""


def measured(features: Features, rows: sparse.csr_matrix, curve: Floats) -> Doubt:
    """The doubt that is left by rows of answers; ``curve``: weight times p (1 - p) of each."""
    common = rows[:, _common(features)]
    weighted = common.multiply(curve[:, None]).tocsr()
    curvature = (common.T @ weighted).toarray() + np.eye(common.shape[1])
    squared = rows.multiply(rows)
    return Doubt(np.linalg.inv(curvature), 1.0 + squared.T @ curve)


def spread(
    doubt: Doubt, features: Features, titles: sparse.csr_matrix, moment: Moment, viewer: str | None
) -> Floats:
    """Standard deviation of the logit of each title, given as its own row of traits."""
    common = titles[:, :COMMON].toarray()
    together = ((common @ _together(doubt, features, viewer)) * common).sum(axis=1)
    apart = titles.multiply(titles) @ _apart(doubt, features, moment, viewer)
    unnamed = features.config.unnamed_variance(known=viewer is not None)
    found: Floats = np.sqrt(np.maximum(together + apart + unnamed, LEAST))
    return found


def _sharing(features: Features) -> list[str]:
    """The contexts that know every trait: the household, then the viewers."""
    names = [context.name for context in features.contexts_]
    return [name for name in names if name == "household" or name.startswith("viewer:")]


def _common(features: Features) -> npt.NDArray[np.intp]:
    blocks = features.slices()
    starts = [blocks[name].start for name in _sharing(features)]
    return np.concatenate([np.arange(start, start + COMMON) for start in starts])


def _together(doubt: Doubt, features: Features, viewer: str | None) -> Floats:
    """Covariance of what the common traits add up to for this viewer: the household's part and their own."""
    config, names = features.config, _sharing(features)
    found = config.household**2 * _part(doubt, 0, 0)
    if viewer is None:
        return found
    if f"viewer:{viewer}" not in names:  # of whom nothing is known but the household
        return found + config.viewer**2 * np.eye(COMMON)
    place = names.index(f"viewer:{viewer}")
    both = config.household * config.viewer * _part(doubt, 0, place)
    return found + both + both.T + config.viewer**2 * _part(doubt, place, place)


def _part(doubt: Doubt, one: int, other: int) -> Floats:
    rows, columns = (slice(place * COMMON, (place + 1) * COMMON) for place in (one, other))
    found: Floats = doubt.covariance[rows, columns]
    return found


def _apart(doubt: Doubt, features: Features, moment: Moment, viewer: str | None) -> Floats:
    """Variance of what each trait adds beside that: people and the like, and what the moment bends.

    The names that the log has not met are as unsure as before any answer, and every title has about as many of
    them; so a name that was met is told as how much less unsure it is.
    """
    found, blocks, sharing = np.zeros(len(features.columns_)), features.slices(), _sharing(features)
    shares = features.activations(moment, viewer)
    for context, share in zip(features.contexts_, shares, strict=True):
        variance = (share * context.scale) ** 2 / doubt.precision[blocks[context.name]]
        if context.name in sharing:
            found[COMMON:] += variance[COMMON:] - (share * context.scale) ** 2
        else:
            found[: context.width] += variance
    return found
