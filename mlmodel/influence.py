"""Which answers moved a fitted model most: how it would score their titles had they not been given."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from mlmodel import prior
from mlmodel.records import Example
from mlmodel.training import Model, aged

Floats = npt.NDArray[np.float64]

MOST = 8
LOOKED_AT = 24  # of the answers, by the quick estimate, that are then worked out
MOST_LEVERAGE = 0.9  # of one answer on its own score; beyond it one step says nothing
MOST_ROUNDS = 15
TINY = 1e-30


def moved(model: Model, examples: Sequence[Example], most: int = MOST) -> list[dict[str, Any]]:
    """The answers that moved the model most, strongest first, as JSON; a tree has no such thing.

    One Newton step from the fit instead of fitting again without the answer: Cook and Weisberg, Residuals and
    Influence in Regression (1982), ch. 5; Koh and Liang, Understanding Black-box Predictions via Influence
    Functions (2017). The step, in logits, is w (y - p) h / (1 - w p (1 - p) h) with the leverage h = x' H⁻¹ x,
    where H = 1 + X' C X is the curvature of the penalised loss.
    """
    if model.kind != "logistic" or not examples:
        return []
    found = steps(model, examples)
    places = sorted(found, key=lambda place: (-abs(found[place]), place))
    return [_told(model, examples[place], found[place]) for place in places[:most]]


def steps(
    model: Model, examples: Sequence[Example], looked_at: int = LOOKED_AT
) -> dict[int, float]:
    """How far answers moved the score of their own title, in logits, by their place: of those that stand out.

    Which do is estimated with the diagonal of H alone; they are then worked out with H itself.
    """
    candidates = [example.candidate for example in examples]
    rows = sparse.csr_matrix(model.features.transform(candidates))
    chance, weight = model.predict(candidates), aged(examples, model.config)
    curve = weight * chance * (1 - chance)
    pull = weight * (np.array([example.label for example in examples]) - chance)
    squared = rows.power(2)
    quick = np.abs(pull) * (squared @ (1 / (1 + squared.T @ curve)))
    quick *= [example.origin is not None for example in examples]  # else nobody can take it back
    places = np.argsort(-quick, kind="stable")[:looked_at]
    places = places[quick[places] > 0]
    leverage = _leverage(rows, curve, places)
    held = np.minimum(curve[places] * leverage, MOST_LEVERAGE)
    found = pull[places] * leverage / (1 - held)
    return dict(zip(places.tolist(), found.tolist(), strict=True))


def _leverage(rows: sparse.csr_matrix, curve: Floats, places: npt.NDArray[np.intp]) -> Floats:
    """The leverage x' H⁻¹ x of these rows.

    H has a column for every person met, so by Woodbury it is turned into one row an answer:
    x' H⁻¹ x = x' x - b' (1 + C½ X X' C½)⁻¹ b with b = C½ X x.
    """
    root = np.sqrt(curve)[:, None]
    chosen = rows[places]
    sides = root * (rows @ chosen.T).toarray()

    def times(vectors: Floats) -> Floats:
        found: Floats = vectors + root * (rows @ (rows.T @ (root * vectors)))
        return found

    squares = np.asarray(chosen.power(2).sum(axis=1)).ravel()
    found: Floats = squares - (sides * _solved(times, sides)).sum(axis=0)
    return found


def _solved(times: Callable[[Floats], Floats], target: Floats) -> Floats:
    """The columns that `times` turns into those of `target`: conjugate gradients, all columns at once.

    Hestenes and Stiefel, Methods of Conjugate Gradients for Solving Linear Systems (1952).
    """
    found, rest, way = np.zeros_like(target), target, target
    size = (rest**2).sum(axis=0)
    for _ in range(MOST_ROUNDS):
        ahead = times(way)
        far = size / np.maximum((way * ahead).sum(axis=0), TINY)
        found, rest = found + far * way, rest - far * ahead
        before, size = size, (rest**2).sum(axis=0)
        way = rest + size / np.maximum(before, TINY) * way
    return found


def _told(model: Model, example: Example, step: float) -> dict[str, Any]:
    """The answer, the score of its title now, and what it would be without the answer (0 to 1)."""
    candidate = example.candidate
    score = float(model.predict([candidate])[0])
    without = prior.chance(np.array(math.log(score / (1 - score)) - step))
    return {
        "origin": example.origin,
        "viewer": candidate.viewer,
        "title": candidate.title.title,
        "year": candidate.title.year,
        "score": round(score, 3),
        "without": round(float(without), 3),
        "logit": round(step, 3),
    }
