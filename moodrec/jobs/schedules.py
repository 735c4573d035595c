"""When each kind of job runs by itself: as the settings say, or as the household chose."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from django.conf import settings
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from moodrec.jobs.models import Job, Schedule

FIRST_RETRY = timedelta(minutes=5)  # of a scheduled job that failed; doubled with each failure
SOON = timedelta(seconds=30)  # the same where the trouble passes by itself, …
SOON_AT_MOST = timedelta(
    minutes=10
)  # … and how long it is doubled: a server that starts is awaited
LOOK_BACK = 12  # failures in a row that count: 5 minutes doubled so often is more than a week


def hours() -> dict[str, float]:
    """Return how often each kind runs, in hours; 0: only when somebody asks."""
    configured: dict[str, float] = settings.JOB_EVERY_HOURS
    chosen = dict(Schedule.objects.values_list("kind", "every_hours"))
    return {kind: chosen.get(kind, every) for kind, every in configured.items()}


def choose(kind: str, every_hours: float | None) -> None:
    """Let a kind run so often from now on; None: as the settings say."""
    if every_hours is None:
        Schedule.objects.filter(kind=kind).delete()
    else:
        Schedule.objects.update_or_create(kind=kind, defaults={"every_hours": every_hours})


def newest() -> dict[str, list[Job]]:
    """Return the newest jobs of each kind, the newest first; without their logs."""
    nth = Window(RowNumber(), partition_by=F("kind"), order_by=F("pk").desc())
    jobs = Job.objects.defer("log").annotate(nth=nth).filter(nth__lte=LOOK_BACK)
    found: dict[str, list[Job]] = defaultdict(list)
    for job in jobs.order_by("-pk"):
        found[job.kind].append(job)
    return found


def due_at(jobs: Sequence[Job], every_hours: float) -> datetime | None:
    """Return when a kind runs next, given its newest jobs: now, where it never did.

    None: when somebody asks. After a failure that passes by itself, sooner than by its period.
    """
    if not every_hours:
        return None
    if not jobs:
        return timezone.now()
    period, last = timedelta(hours=every_hours), jobs[0]
    if last.state != Job.State.FAILED or last.result.get("retry") is False:
        return last.created_at + period
    failures = len(list(takewhile(lambda job: job.state == Job.State.FAILED, jobs)))
    soon = last.result.get("soon") is True
    first, most = (SOON, min(SOON_AT_MOST, period)) if soon else (FIRST_RETRY, period)
    wait: timedelta = min(first * 2 ** (failures - 1), most)
    return (last.finished_at or last.created_at) + wait


def due() -> list[str]:
    """Return the kinds whose time has come."""
    jobs = newest()
    times = {kind: due_at(jobs[kind], every) for kind, every in hours().items()}
    now = timezone.now()
    return [kind for kind, at in times.items() if at is not None and at <= now]
