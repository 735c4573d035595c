"""How often a suggestion that was taken up was enjoyed: picked by a learnt version, or by the prior.

Mind the selection: only what somebody took up and spoke of is counted, so the rates are higher than those of
titles in general; and the prior's picks are mostly older than the learnt ones. It is the plain record of what was
promised and what came of it, not a fair contest: that is the evaluation's.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from feedback.models import Feedback
from mlmodel import lessons
from mlmodel.examples import not_ours
from mlmodel.judging.metrics import ENJOYED
from mlmodel.labels import label_of

Taken = tuple[bool, int, float]
"""Whether a learnt version picked it, its rank, and how far those who spoke of it enjoyed it."""


def hits() -> dict[str, Any]:
    """Return by who picked: how many suggestions were taken up, and how many of those were enjoyed.

    `first` holds the same for those that stood first.
    """
    taken = list(_taken())
    picked = {"learned": True, "prior": False}
    return {name: _rates([row for row in taken if row[0] is by]) for name, by in picked.items()}


def _taken() -> Iterable[Taken]:
    """Each suggestion that somebody spoke of; several viewers' words on it count together as one."""
    said: dict[tuple[int, bool, int], list[float]] = defaultdict(list)
    for row in _rows().iterator(chunk_size=2000):
        shown = row.suggestion
        label = label_of(row.rating, row.completed, row.would_watch_again)
        if shown is not None and label is not None:
            learnt = shown.ask.model_version is not None
            said[shown.pk, learnt, shown.rank].append(label[0])
    for (_, learnt, rank), labels in said.items():
        yield learnt, rank, sum(labels) / len(labels)


def _rows() -> QuerySet[Feedback]:
    rows = lessons.said().filter(suggestion__isnull=False).exclude(source__in=not_ours())
    fields = "rating", "completed", "would_watch_again", "suggestion__rank"
    return rows.select_related("suggestion__ask").only(*fields, "suggestion__ask__model_version")


def _rates(taken: list[Taken]) -> dict[str, Any]:
    return {**_rate(taken), "first": _rate([row for row in taken if row[1] == 1])}


def _rate(taken: list[Taken]) -> dict[str, Any]:
    enjoyed = sum(row[2] >= ENJOYED for row in taken)
    rate = enjoyed / len(taken) if taken else None
    return {"picked": len(taken), "enjoyed": enjoyed, "rate": rate}
