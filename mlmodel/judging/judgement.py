"""Which kind of model serves this household, whether it is put to use, and why, in plain words.

The configured kind is trained. A tree is kept only where it is not worse than the logistic regression on the
household's own newest answers; and no model is put to use that is worse there than no learning, or worse than
the version in use on what that one has not learnt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlmodel.evaluation import Train, curve, newest, predict, report, said_after
from mlmodel.judging.metrics import Metrics, standard_error, worse
from mlmodel.records import Example, Title
from moodrec.phrasing import phrase

if TYPE_CHECKING:
    from mlmodel.training import Model

DEFAULT = "logistic"
NAMES = {"logistic": phrase("logistic regression"), "tree": phrase("decision tree")}
TOLD = {"log_loss": phrase("log loss"), "auc": "AUC"}  # the loss first: it is what decides
NO_NUMBERS = phrase("is not used: some of its scores are no numbers")
NORMAL_95 = 1.96  # standard errors on each side of a 95 % interval
LEAST_SINCE = 5  # answers that the version in use has not learnt; fewer can't tell the two apart


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the newest answers say of a way of training."""

    kind: str
    """The kind that serves: the wanted one, unless another did better."""
    good: bool
    """Whether it may be put to use."""
    verdict: str
    """Why, to be read after "Version 3"."""
    metrics: dict[str, Any]
    """JSON without NaN."""


def judge(
    learners: Mapping[str, Train],
    wanted: str,
    examples: Sequence[Example],
    titles: Sequence[Title],
    active: "Model | None" = None,
) -> Judgement:
    """Judge every kind on the newest answers, and the best suited against the version in use.

    `learners` has a way of training for each kind; it holds `wanted` and the default.
    """
    held = newest(examples)
    chances = {kind: predict(learn, held, titles) for kind, learn in learners.items()}
    kinds = {k: held.measure(found) for k, found in chances.items() if np.isfinite(found).all()}
    if not kinds:
        counted = {"examples": float(len(examples)), "held_out": float(len(held.places))}
        return Judgement(kind=wanted, good=False, verdict=NO_NUMBERS, metrics=counted)
    kind = chosen(kinds, wanted)
    metrics = {
        **report(held, chances[kind]),
        "curve": curve(learners[kind], held, titles),
        "kind": kind,
        "wanted": wanted,
        "kinds": kinds,
    }
    if active is not None and active.newest_answer is not None:
        metrics |= _since(learners[kind], examples, titles, active)
    good, verdict = _verdict(metrics)
    return Judgement(kind, good, verdict, metrics)


def chosen(kinds: Mapping[str, Metrics], wanted: str) -> str:
    """The kind to train: the wanted one, unless the default did better on the same answers."""
    if wanted not in kinds:  # its scores are no numbers
        return next(iter(kinds))
    return DEFAULT if worse(kinds[wanted], kinds.get(DEFAULT, {})) else wanted


def _since(
    learn: Train, examples: Sequence[Example], titles: Sequence[Title], active: "Model"
) -> dict[str, Any]:
    """Both on what was said since the version in use was trained: on older answers it repeats what it was told."""
    if active.newest_answer is None:
        return {}
    held = said_after(examples, active.newest_answer)
    if len(held.places) < LEAST_SINCE:
        return {}
    new, old = predict(learn, held, titles), active.predict(held.candidates)
    pair = {
        "model": held.measure(new),
        "active": held.measure(old),
        "answers": len(held.places),
        "noise": standard_error(held.label, new, old, held.weight),
    }
    return {"since_active": pair}


def _verdict(metrics: Mapping[str, Any]) -> tuple[bool, str]:
    """Whether the model is to be used, and why in a few words."""
    model, before, since = metrics["model"], metrics["prior"], metrics.get("since_active")
    if worse(model, before, _noise(metrics["intervals"]["gain"])):
        return False, phrase(
            "is not used: on the %(answers)s newest answers it was worse than no learning",
            answers=round(metrics["held_out"]),
        )
    if since and worse(since["model"], since["active"], since["noise"]):
        return False, phrase(
            "is not used: on the %(answers)s newest answers it was worse than the version in use",
            answers=round(since["answers"]),
        )
    return True, _other_kind(metrics, _in_use(metrics))


def _noise(gain: Mapping[str, list[float] | None]) -> float:
    """The standard error of the gain in loss: on twenty answers luck alone refuses many a better model.

    Of 32 public viewers with 40 answers each, 34 % were refused without it and 16 % with it, and what the
    household lost by refusals fell by two thirds.
    """
    found = gain.get("log_loss")
    return 0.0 if found is None else (found[1] - found[0]) / (2 * NORMAL_95)


def _in_use(metrics: Mapping[str, Any]) -> str:
    """How the model did beside no learning; "better" only where luck alone would hardly do that."""
    answers, figures = round(metrics["held_out"]), _figures(metrics)
    if surely_better(metrics["intervals"]["gain"]):
        told = phrase(
            "is in use: on the %(answers)s newest answers it was better than no learning",
            answers=answers,
        )
    else:
        told = phrase(
            "is in use: on the %(answers)s newest answers it was no worse than no learning",
            answers=answers,
        )
    return phrase("%(clause)s (%(figures)s)", clause=told, figures=figures) if figures else told


def _figures(metrics: Mapping[str, Any]) -> str:
    pairs = [(name, metrics["model"][key], metrics["prior"][key]) for key, name in TOLD.items()]
    told = [
        phrase(  # numbers, not text: each reader has a decimal sign of their own
            "%(name)s %(ours)s against %(theirs)s", name=name, ours=round(a, 2), theirs=round(b, 2)
        )
        for name, a, b in pairs
        if None not in (a, b)
    ]
    return (
        phrase("%(first)s, %(second)s", first=told[0], second=told[1])
        if len(told) == 2
        else "".join(told)
    )


def surely_better(gain: Mapping[str, list[float] | None]) -> bool:
    """Whether the whole interval of a gain is one: a higher AUC, or a lower log loss."""
    rank, loss = gain.get("auc"), gain.get("log_loss")
    return bool((rank and rank[0] > 0) or (loss and loss[1] < 0))


def _other_kind(metrics: Mapping[str, Any], told: str) -> str:
    """Where two kinds were compared and the wanted one lost, say so."""
    kind, wanted = metrics["kind"], metrics["wanted"]
    if kind == wanted:
        return told
    return phrase(
        "%(clause)s; as %(kind)s, for the %(wanted)s did worse",
        clause=told,
        kind=NAMES[kind],
        wanted=NAMES[wanted],
    )
