"""Train on the log: enough and changed? fit, judge on the newest answers, publish if not worse."""

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from mlmodel import lessons, registry, serving
from mlmodel.artifact import BadArtifact
from mlmodel.config import KINDS
from mlmodel.describe import on_offer
from mlmodel.evaluation import MEANT, Train
from mlmodel.examples import digest, examples
from mlmodel.judging.hits import hits
from mlmodel.judging.judgement import Judgement, judge
from mlmodel.models import ModelVersion
from mlmodel.moodtable import rules as mood_rules
from mlmodel.records import Example, Title
from moodrec.jobs.run import JobFailed, JobSkipped, Report, silent
from moodrec.phrases import phrase, phrases

if TYPE_CHECKING:
    from mlmodel.training import Model

Terms = tuple[lessons.Terms, mood_rules.Revision]

LEAST_ANSWERS = 5  # fewer say nothing that the prior does not
SEED = 7


def run(*, force: bool = False, asked: bool = False, report: Report = silent) -> dict[str, Any]:
    """Train and return what the contract's job result holds.

    Raises JobSkipped where there are too few answers, or nothing new to learn. Somebody who
    `asked` for it may have a version anew that is not in use; `force` even a copy of the active.
    """
    report(0.05, phrase("Reading the log"))
    terms = _terms()
    rows = examples()
    # what was passed over teaches along, but is no reason to train
    inputs = digest(row for row in rows if row.source != "passed")
    answers = _answers(rows)
    try:
        _enough(answers)
        if not force:
            _something_new(inputs, asked=asked)
    except JobSkipped:
        registry.settle()  # no version comes in place of one that can't be used
        raise
    return _fit_and_publish(rows, answers, inputs, terms, report)


def evaluate_log() -> dict[str, Any]:
    """Judge the learner on the log without publishing anything. Raises JobSkipped as `run`."""
    rows = examples()
    _enough(_answers(rows))
    found = _judged(rows, list(on_offer()))
    return {**found.metrics, "verdict": found.verdict}


def _terms() -> Terms:
    """Return all by which the answers of today are read, to be compared with later."""
    return lessons.terms(), mood_rules.revision()


def _answers(rows: list[Example]) -> int:
    """Return how many examples somebody meant: answers given here, and stars in Plex."""
    return sum(row.source in MEANT for row in rows)


def _enough(answers: int) -> None:
    if answers < LEAST_ANSWERS:
        raise JobSkipped(
            phrases(
                "%(count)s answer so far; training starts with %(least)s.",
                "%(count)s answers so far; training starts with %(least)s.",
                answers,
                least=LEAST_ANSWERS,
            )
        )


def _something_new(inputs: str, *, asked: bool) -> None:
    """Pass if no version kept learnt just this, used or not: a verdict or rollback stays.

    While the version in use can't be loaded, only one that can counts.
    """
    kind = settings.MODEL_KIND
    known = ModelVersion.objects.filter(Q(kind=kind) | Q(metrics__wanted=kind), inputs=inputs)
    if asked:
        known = known.filter(active=True)
    broken = serving.broken()
    row = next((row for row in known if not broken or serving.loads(row)), None)
    if row is not None:
        registry.learnt_right(row)
        raise JobSkipped(
            phrase("Nothing new was said since version %(number)s was trained.", number=row.number)
        )


def _fit_and_publish(
    rows: list[Example], answers: int, inputs: str, terms: Terms, report: Report
) -> dict[str, Any]:
    titles = list(on_offer())
    report(0.2, phrase("Judging on the newest of %(examples)s examples", examples=len(rows)))
    found = _judged(rows, titles)
    model, beliefs = _fitted(rows, titles, found, report)
    fields = {"answers": answers, "inputs": inputs, "insight": beliefs}
    row = _published(model, found, terms, **fields)
    if row is None or _terms() != terms:  # taken back meanwhile: it must not be learnt
        return run(asked=True, report=report)
    if not found.good and registry.withdrawn():
        registry.reset()  # what was taken back scores no more, whatever comes instead
    elif not found.good:
        registry.settle()  # where the one in use can't be loaded, on the page stands what is true
    told = phrase("Version %(number)s %(verdict)s.", number=row.number, verdict=found.verdict)
    return {
        "version": row.number,
        "examples": row.examples,
        "metrics": found.metrics,
        "active": found.good,
        "detail": told,
    }


def _fitted(
    rows: list[Example], titles: list[Title], found: Judgement, report: Report
) -> tuple["Model", dict[str, Any]]:
    """Fit the kind that was judged best to all examples; return it with what it believes."""
    from mlmodel import insight, training  # noqa: PLC0415 (scikit-learn loads in a second)

    report(0.7, phrase("Fitting all of them"))
    kind = next(kind for kind in KINDS if kind == found.kind)
    model = training.train(rows, titles, kind=kind, seed=SEED)
    report(0.9, phrase("Writing down what it believes"))
    return model, insight.of(model, rows, titles)


def _published(
    model: "Model", found: Judgement, terms: Terms, **fields: Any
) -> ModelVersion | None:
    """Store the new version; None where a lesson was taken back since. Raises JobFailed."""
    fields |= {"metrics": found.metrics, "verdict": found.verdict, "activate_it": found.good}
    try:
        with transaction.atomic():  # between question and answer nobody takes a lesson back
            return registry.publish(model, **fields) if _terms() == terms else None
    except BadArtifact as problem:
        raise JobFailed(
            phrase(
                "The new model is not stored, what scored stays in use: %(problem)s.",
                problem=str(problem),
            )
        ) from problem


def _judged(rows: list[Example], titles: list[Title]) -> Judgement:
    """Judge the configured kind, and the one that it must not be worse than."""
    from mlmodel.judging.trials import Trials  # noqa: PLC0415 (as above)

    learners: dict[str, Train] = {
        kind: Trials(rows, titles, kind=kind, seed=SEED) for kind in KINDS
    }
    active = serving.active()
    withdrawn = registry.withdrawn()
    model = active.model if active and not withdrawn else None
    found = judge(learners, settings.MODEL_KIND, rows, titles, model)
    if withdrawn and not found.good:
        found = replace(found, verdict=_out(found.verdict))
    sources = dict(Counter(row.source for row in rows))
    return replace(found, metrics={**found.metrics, "sources": sources, "hits": hits()})


def _out(verdict: str) -> str:
    return phrase(
        "%(verdict)s, and the version before learnt an answer that was taken back: "
        "the house rules score",
        verdict=verdict,
    )
