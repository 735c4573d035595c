"""Train on the log: enough and changed? fit, judge on the newest answers, publish if not worse."""

from collections import Counter
from dataclasses import replace
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Q

from mlmodel import lessons, registry
from mlmodel.artifact import BadArtifact
from mlmodel.describe import on_offer
from mlmodel.evaluation import MEANT, Train
from mlmodel.examples import digest, examples
from mlmodel.judging.hits import hits
from mlmodel.judging.judgement import Judgement, judge
from mlmodel.models import ModelVersion
from mlmodel.records import Example, Title
from moodrec.jobs.run import JobFailed, JobSkipped, Report, silent

LEAST_ANSWERS = 5  # fewer say nothing that the prior does not
SEED = 7


def run(*, force: bool = False, asked: bool = False, report: Report = silent) -> dict[str, Any]:
    """Train and return what the contract's job result holds.

    Raises JobSkipped where there are too few answers, or nothing new to learn. Somebody who
    `asked` for it may have a version anew that is not in use; `force` even a copy of the active.
    """
    report(0.05, "Reading the log")
    terms = lessons.terms()
    rows = examples()
    # what was passed over teaches along, but is no reason to train
    inputs = digest(row for row in rows if row.source != "passed")
    answers = _answers(rows)
    _enough(answers)
    if not force:
        _something_new(inputs, asked=asked)
    return _fit_and_publish(rows, answers, inputs, terms, report)


def evaluate_log() -> dict[str, Any]:
    """Judge the learner on the log without publishing anything. Raises JobSkipped as `run`."""
    rows = examples()
    _enough(_answers(rows))
    found = _judged(rows, list(on_offer()))
    return {**found.metrics, "verdict": found.verdict}


def _learners() -> dict[str, Train]:
    """Return a way of training for the configured kind, and for the one it must not be worse than."""
    from mlmodel.training import KINDS, train  # noqa: PLC0415 (as below)

    return {kind: partial(train, kind=kind, seed=SEED) for kind in KINDS}


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
    kind = settings.MODEL_KIND
    known = ModelVersion.objects.filter(Q(kind=kind) | Q(metrics__wanted=kind), inputs=inputs)
    if asked:
        known = known.filter(active=True)
    broken = registry.broken()
    row = next((row for row in known if not broken or registry.loads(row)), None)
    if row is not None:
        raise JobSkipped(f"Nothing new was said since {row} was trained.")


def _fit_and_publish(
    rows: list[Example], answers: int, inputs: str, terms: lessons.Terms, report: Report
) -> dict[str, Any]:
    from mlmodel import insight  # noqa: PLC0415 (scikit-learn loads in a second)

    titles = list(on_offer())
    report(0.2, f"Judging on the newest of {len(rows)} examples")
    found = _judged(rows, titles)
    report(0.7, "Fitting all of them")
    model = _learners()[found.kind](rows, titles)
    report(0.9, "Writing down what it believes")
    beliefs = insight.of(model, rows, titles)
    if lessons.terms() != terms:  # somebody took a lesson back meanwhile: it must not be learnt
        return run(asked=True, report=report)
    try:
        row = registry.publish(
            model,
            answers=answers,
            inputs=inputs,
            metrics=found.metrics,
            insight=beliefs,
            activate_it=found.good,
            verdict=found.verdict,
        )
    except BadArtifact as problem:
        raise JobFailed(
            f"The new model is not stored, what scored stays in use: {problem}."
        ) from problem
    if not found.good:
        registry.settle()  # where the one in use can't be loaded, on the page stands what is true
    return {
        "version": row.number,
        "examples": row.examples,
        "metrics": found.metrics,
        "active": found.good,
        "detail": f"Version {row.number} {found.verdict}.",
    }


def _judged(rows: list[Example], titles: list[Title]) -> Judgement:
    active = registry.active()
    model = active.model if active else None
    found = judge(_learners(), settings.MODEL_KIND, rows, titles, model)
    sources = dict(Counter(row.source for row in rows))
    return replace(found, metrics={**found.metrics, "sources": sources, "hits": hits()})
