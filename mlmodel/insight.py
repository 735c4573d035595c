"""What a fitted model believes, read from its own weights.

A belief is how far a trait moves the score beyond what the house rules (the prior) say: the weight times the trait
as a title has it, in logits, against the usual title of the catalogue. What the score does not use is not told.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from mlmodel import prior
from mlmodel.influence import moved
from mlmodel.records import Example, Moment, Title
from mlmodel.training import Model
from mlmodel.traits import FIXED

Floats = npt.NDArray[np.float64]
Belief = dict[str, Any]

MOST_TITLES = 2_000  # of the catalogue, that say what is usual
MOST_BELIEFS = 8  # of one viewer, and of moments
MOST_A_MOMENT = 3
MOST_QUESTIONS = 5
LEAST_LOGIT = 0.05  # odds times 1.05; less is not worth a sentence
LEAST_ANSWERS = 2  # that speak of somebody or something by name: one film has a dozen actors
SAID = {"feedback", "plex"}
OF_ALL = ("audience rating", "critic rating", "familiar ")  # numbers that every title has
NUMBERS = ("mood ", *OF_ALL)
TINY = 1e-12
SHARED = ("decade ", "length ")  # the columns of one kind share every title between them


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The catalogue and the answered titles, as the columns of a title's row see them."""

    names: list[str]
    titles: list[Title]
    matrix: sparse.csc_matrix
    told: sparse.csc_matrix
    """One row an answer."""
    has: Floats
    """What a title that has the trait has in its column; of a number, two standard deviations more."""
    enough: Floats
    """From what on an answer's title speaks of the trait."""
    usual: Floats
    """What the usual title has, of a kind of which each has something."""


def of(model: Model, examples: Sequence[Example], titles: Sequence[Title]) -> dict[str, Any]:
    """What the model believes and which answers moved it, as JSON.

    `examples` is what it learnt from, `titles` the catalogue. A belief names its `trait` (a column of a title's row),
    `logit`, `odds` (e to the logit) and the `answers` that speak of it; one of a moment says `when`. `rules` is the
    share that the house rules still have in what sets titles apart, 0 to 1.
    """
    said = [example for example in examples if example.source in SAID]
    if model.kind == "tree" or not said:  # a tree corrects leaf by leaf and has no weights to tell
        nothing: dict[str, Any] = {"household": [], "viewers": {}, "moments": [], "moved": []}
        return {"kind": model.kind, **nothing, "questions": _questions(model)}
    shelf = _shelf(model, said, titles)
    return {
        "kind": model.kind,
        "rules": _rules(model, shelf),
        "household": _beliefs(model, shelf, said, None),
        "viewers": {viewer: _beliefs(model, shelf, said, viewer) for viewer in model.viewers},
        "moments": _moments(model, shelf, said),
        "moved": moved(model, examples),
    }


def _questions(model: Model) -> list[str]:
    """The columns that a tree asks about first, each once: context and trait, as `Features.column_names`."""
    if model.kind != "tree":
        return []
    asked = model.pipeline["classifier"].tree_.tree_.feature
    columns = dict.fromkeys(int(column) for column in asked if column >= 0)
    return model.features.column_names(list(columns)[:MOST_QUESTIONS])


def _shelf(model: Model, said: Sequence[Example], titles: Sequence[Title]) -> _Shelf:
    answered = [example.candidate.title for example in said]
    some = list(titles[:: max(1, len(titles) // MOST_TITLES)]) or answered
    matrix = sparse.csc_matrix(model.title_matrix(some))
    told = sparse.csc_matrix(model.title_matrix(answered))
    names = list(model.features.columns_)
    most = np.asarray(sparse.vstack([matrix, told]).max(axis=0).toarray()).ravel()
    usual = np.asarray(matrix.mean(axis=0)).ravel()
    spread = np.sqrt(np.maximum(np.asarray(matrix.power(2).mean(axis=0)).ravel() - usual**2, 0))
    has = np.where([name.startswith(NUMBERS) for name in names], 2 * spread, most)
    for alike in _shared(names):  # a title of nothing else; where the usual one lies between them
        has[alike] = has[alike].max()
        usual[alike] *= has[alike] / max(usual[alike].sum(), TINY)
    enough = np.where([name.startswith(OF_ALL) for name in names], -np.inf, most / 2)
    return _Shelf(names, some, matrix, told, has, enough, usual)


def _rules(model: Model, shelf: _Shelf) -> float:
    """The spread of the prior's part over the catalogue, against that of the learnt part: variances, of all viewers."""
    folds = [
        model.features.effective_weights(_coef(model), Moment(), v)
        for v in model.viewers or (None,)
    ]
    rules = np.var(prior.moment_logits(prior.title_arrays(shelf.titles), Moment()))
    led = sum(trust[0] ** 2 * rules for _, trust, _ in folds)  # nothing is asked, so nothing fits
    learnt = sum(np.var(shelf.matrix @ folded) for folded, _, _ in folds)
    return round(float(led / (led + learnt)), 3) if led + learnt > 0 else 1.0


def _beliefs(
    model: Model, shelf: _Shelf, said: Sequence[Example], viewer: str | None
) -> list[Belief]:
    """The strongest beliefs about a viewer; of everybody, where it is nobody in particular."""
    theirs = np.array([viewer in (None, e.candidate.viewer) for e in said], dtype=bool)
    folded, _, for_seen = model.features.effective_weights(_coef(model), Moment(), viewer)
    worth, answers = _worth(shelf, folded), _answers(shelf, theirs)
    again = sum(e.candidate.seen for e, mine in zip(said, theirs, strict=True) if mine)
    found = [
        _belief(name, logit, count)
        for name, logit, count in zip(shelf.names, worth.tolist(), answers.tolist(), strict=True)
        if count >= (1 if name in FIXED else LEAST_ANSWERS)
    ]
    return _strongest([*found, *([_belief("seen", for_seen, again)] if again else [])])


def _moments(model: Model, shelf: _Shelf, said: Sequence[Example]) -> list[Belief]:
    """Which traits count more, or less, when something is asked, in company, or on some days."""
    places = {context.name: place for place, context in enumerate(model.features.contexts_)}
    active = [model.features.activations(e.candidate.moment, None) for e in said]
    on = np.array(active).reshape(len(said), len(places)) >= 0.5
    answers: Mapping[str, int] = dict(zip(places, on.sum(axis=0).tolist(), strict=True))
    found = []
    for name, block in model.features.slices().items():
        bends = not name.startswith(("household", "viewer:"))
        if bends and answers[name] >= LEAST_ANSWERS:
            scale = model.features.contexts_[places[name]].scale
            worth = _worth(shelf, _coef(model)[block] * scale)
            # without the base, which is no trait of any title
            rows = zip(shelf.names[1:], worth[1:].tolist(), strict=False)
            beliefs = [_belief(trait, logit, answers[name]) for trait, logit in rows]
            found += [{"when": name, **each} for each in _strongest(beliefs, MOST_A_MOMENT)]
    return _strongest(found)


def _worth(shelf: _Shelf, weights: Floats) -> Floats:
    """What having each trait is worth, in logits, of the first columns that there are weights for.

    A title lies in some decade and is of some length: such a column is told against the others of its kind.
    """
    size = len(weights)
    worth: Floats = weights * shelf.has[:size]
    for alike in _shared(shelf.names[:size]):
        worth[alike] -= float(shelf.usual[:size][alike] @ weights[alike])
    return worth


def _shared(names: Sequence[str]) -> list[npt.NDArray[np.bool_]]:
    """Which columns are decades, and which are lengths."""
    kinds = (np.array([name.startswith(kind) for name in names]) for kind in SHARED)
    return [kind for kind in kinds if kind.any()]


def _answers(shelf: _Shelf, theirs: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """How many of their answers speak of each trait: those of titles that have it."""
    told = shelf.told.tocoo()
    speaks = theirs[told.row] & (told.data >= shelf.enough[told.col])
    return np.bincount(told.col[speaks], minlength=len(shelf.names))


def _belief(trait: str, logit: float, answers: int) -> Belief:
    found = round(float(logit), 3)
    return {"trait": trait, "logit": found, "odds": round(math.exp(found), 2), "answers": answers}


def _strongest(beliefs: Sequence[Belief], most: int = MOST_BELIEFS) -> list[Belief]:
    loud = [belief for belief in beliefs if abs(belief["logit"]) >= LEAST_LOGIT]
    return sorted(loud, key=lambda belief: -abs(belief["logit"]))[:most]


def _coef(model: Model) -> Floats:
    found: Floats = model.pipeline["classifier"].coef_[0]
    return found
