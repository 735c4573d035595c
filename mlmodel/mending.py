"""Ask the worker for a training in place of a version that can't be used.

Many processes notice at once, each again and again; one training comes of it.
"""

import logging
import math
import time
from datetime import timedelta

from django.db import DatabaseError
from django.utils import timezone

from mlmodel.models import ModelVersion
from moodrec.jobs import queue
from moodrec.jobs.models import Job

logger = logging.getLogger(__name__)

ASK_AGAIN = timedelta(hours=1)  # so long a training that was asked for stays the only one, ...
MOST_ASKED = 3  # ... or one of these, where each made a version that went bad, too
LOOK_AGAIN_SECONDS = 60.0  # so often a process looks whether it is time for another

_asked_at: dict[int, float] = {}
"""When this process last looked, by version and by the monotonic clock."""


def ask_for_training(row: ModelVersion) -> None:
    """Ask for a training unless there was one for it, or this process looked a moment ago.

    It is asked for again while the trouble lasts: the worker may have been away, or at the old code.
    """
    now = time.monotonic()
    if now - _asked_at.get(row.pk, -math.inf) < LOOK_AGAIN_SECONDS:
        return
    _asked_at[row.pk] = now
    try:
        if not _was_asked(row):
            queue.request("train", asked=True)
    except DatabaseError as problem:  # a full disk, say: whoever looks at a page still gets it
        logger.warning("No training is asked for in place of %s: %s", row, problem)


def forget() -> None:
    """Forget when this process looked."""
    _asked_at.clear()


def _was_asked(row: ModelVersion) -> bool:
    """Tell whether there was, or is, a training in place of this version.

    Neither what the schedule trained lately counts nor what was trained before the version was.
    """
    since = timezone.now() - ASK_AGAIN
    asked = Job.objects.filter(kind="train", arguments__asked=True, created_at__gt=since)
    times = list(asked.values_list("created_at", flat=True)[:MOST_ASKED])
    return len(times) == MOST_ASKED or any(at > row.trained_at for at in times)
