"""Take lessons back, and give them again: one answer, or all that was said so far.

Nothing is deleted. Each change asks for a training, so that the next evening goes by it.
"""

from django.contrib.auth.models import User
from django.db import transaction

from feedback.models import Feedback
from mlmodel import lessons, registry
from mlmodel.learn import LEAST_ANSWERS
from mlmodel.models import FreshStart, ModelVersion
from mlmodel.taste import stars_in_plex
from moodrec.jobs import queue


def put_aside(row: Feedback) -> None:
    """Learn from this answer no more; it stays in the history."""
    _teach(row, teaches=False)


def take_up(row: Feedback) -> None:
    """Learn from this answer again."""
    _teach(row, teaches=True)


def begin_anew(user: User) -> FreshStart:
    """Let nothing said so far teach any more, and no version score. The history stays."""
    with transaction.atomic():
        registry.reset()
        ModelVersion.objects.update(accepted=False)  # no rollback returns to what is forgotten
        return FreshStart.objects.create(by=user)


def take_back() -> FreshStart | None:
    """Let teach again what the newest fresh start had forgotten; None where there was none."""
    row = FreshStart.objects.first()
    if row is not None:
        row.delete()
        _learn_again()
    return row


def _teach(row: Feedback, *, teaches: bool) -> None:
    """Write one column only: the answer itself is no newer than it was."""
    Feedback.objects.filter(pk=row.pk).update(teaches=teaches)
    _learn_again()


def _learn_again() -> None:
    """Train by what may teach now; where that is too little, let no version score that learnt more."""
    if lessons.said().count() + stars_in_plex() < LEAST_ANSWERS:
        registry.reset()
    else:
        queue.request("train", asked=True)
