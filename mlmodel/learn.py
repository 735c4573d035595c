"""Train on the log: enough and changed? fit, judge on the newest answers, publish if not worse."""

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings

from mlmodel import registry
from mlmodel.describe import on_offer
from mlmodel.examples import digest, examples
from mlmodel.models import ModelVersion
from mlmodel.records import Example, Title
from moodrec.jobs.run import JobSkipped, Report, silent

if TYPE_CHECKING:
    from mlmodel.evaluation import Train

LEAST_ANSWERS = 5  # fewer say nothing that the prior does not
MEANT = {"feedback", "plex"}
SEED = 7


def run(*, force: bool = False, asked: bool = False, report: Report = silent) -> dict[str, Any]:
    """Train and return what the contract's job result holds.

    Raises JobSkipped where there are too few answers, or nothing new to learn. Somebody who
    `asked` for it may have a version anew that is not in use; `force` even a copy of the active.
    """
    report(0.05, "Reading the log")
    rows = examples()
    # what was passed over teaches along, but is no reason to train
    inputs = digest(row for row in rows if row.source != "passed")
    answers = _answers(rows)
    _enough(answers)
    if not force:
        _something_new(inputs, asked=asked)
    return _fit_and_publish(rows, answers, inputs, report)


def evaluate_log() -> dict[str, Any]:
    """Judge the learner on the log without publishing anything. Raises JobSkipped as `run`."""
    rows = examples()
    _enough(_answers(rows))
    return _judge(_learner(), rows, list(on_offer()))


def _learner() -> "Train":
    from mlmodel.training import train  # noqa: PLC0415 (scikit-learn loads in a second)

    return partial(train, kind=cast("Any", settings.MODEL_KIND), seed=SEED)


def _answers(rows: list[Example]) -> int:
    """Return how many examples somebody meant: answers given here, and stars in Plex."""
    return sum(row.source in MEANT for row in rows)


def _enough(answers: int) -> None:
    if answers < LEAST_ANSWERS:
        raise JobSkipped(f"{answers} answers so far; training starts with {LEAST_ANSWERS}.")


def _something_new(inputs: str, *, asked: bool) -> None:
    """Pass if no version kept learnt just this, used or not: a verdict or rollback stays.

    While the version in use can't be loaded, only one that can counts.
    """
    known = ModelVersion.objects.filter(inputs=inputs, kind=settings.MODEL_KIND)
    if asked:
        known = known.filter(active=True)
    broken = registry.broken()
    row = next((row for row in known if not broken or registry.loads(row)), None)
    if row is not None:
        raise JobSkipped(f"Nothing new was said since {row} was trained.")


def _fit_and_publish(
    rows: list[Example], answers: int, inputs: str, report: Report
) -> dict[str, Any]:
    fit = _learner()
    titles = list(on_offer())
    report(0.2, f"Judging on the newest of {len(rows)} examples")
    metrics = _judge(fit, rows, titles)
    metrics["sources"] = Counter(row.source for row in rows)
    report(0.7, "Fitting all of them")
    good, verdict = _verdict(metrics)
    row = registry.publish(
        fit(rows, titles),
        answers=answers,
        inputs=inputs,
        metrics=metrics,
        activate_it=good,
        verdict=verdict,
    )
    if not good and registry.broken():
        registry.reset()  # neither scores: on the page stands what is true
    return {
        "version": row.number,
        "examples": row.examples,
        "metrics": metrics,
        "active": good,
        "detail": f"Version {row.number} {verdict}.",
    }


def _judge(fit: "Train", rows: list[Example], titles: list[Title]) -> dict[str, Any]:
    """Measure on the newest answers, each predicted before it is learnt.

    Against the prior on the newest quarter; against the active version on what was said since
    it was trained, for on anything older it would only repeat what it was told.
    """
    from mlmodel.evaluation import evaluate, judged  # noqa: PLC0415 (as above)

    metrics = evaluate(fit, rows, titles)
    active = registry.active()
    newest = active.model.newest_answer if active else None
    fair = [rows[place] for place in judged(rows)]
    since = [row for row in fair if newest is not None and row.at > newest]
    if active is not None and len(since) >= LEAST_ANSWERS:
        share = len(since) / len(fair)
        against = evaluate(fit, rows, titles, other=active.model, share=share, folds=1)
        metrics["since_active"] = {"model": against["model"], "active": against["other"]}
    return metrics


def _verdict(metrics: dict[str, Any]) -> tuple[bool, str]:
    """Tell whether the new model is to be used, and why in a few words."""
    from mlmodel.evaluation import worse  # noqa: PLC0415 (as above)

    if worse(metrics["model"], metrics["prior"]):
        return False, "is not used: on the newest answers it was worse than no learning"
    since = metrics.get("since_active")
    if since and worse(since["model"], since["active"]):
        return False, "is not used: on the newest answers it was worse than the version in use"
    return True, "is in use: on the newest answers it was no worse than what it replaces"
