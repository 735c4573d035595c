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
    """Learn from this answer no more; it stays in the history.

    The versions that learnt it are accepted no more: no rollback returns to them, and the one in use
    stays only until the next training (see `registry.withdrawn`).
    """
    with transaction.atomic():
        ModelVersion.objects.filter(trained_at__gte=row.said_at).update(accepted=False)
        _teach(row, teaches=False)


def take_up(row: Feedback) -> None:
    """Learn from this answer again."""
    _teach(row, teaches=True)


def begin_anew(user: User) -> FreshStart:
    """Let nothing said so far teach any more, and no version score. The history stays.

    Pressed twice it is one fresh start, or taking it back once would seem to do nothing.
    """
    with transaction.atomic():
        newest = FreshStart.objects.first()
        if newest is not None and not _taught_since_newest():
            return newest
        registry.reset()
        ModelVersion.objects.update(accepted=False)  # no rollback returns to what is forgotten
        return FreshStart.objects.create(by=user)


def _taught_since_newest() -> bool:
    """Tell whether there is anything since the newest fresh start that another would forget."""
    in_use = ModelVersion.objects.filter(active=True)
    return in_use.exists() or lessons.heard().exists() or stars_in_plex() > 0


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
