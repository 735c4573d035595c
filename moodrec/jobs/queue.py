"""Ask for a job: store the row, then tell the broker; the row alone is enough to be run later."""

import logging
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from moodrec.jobs import cancelling, schedules
from moodrec.jobs.models import Job
from moodrec.phrases import phrase

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
FORGOTTEN_AFTER = timedelta(seconds=20)  # a queued row this old may have lost its message
ASKED_FOR = timedelta(minutes=30)  # so long may somebody ask what came of a skipped job
KEPT = 200  # ended jobs of a kind, …
YOUNG = timedelta(days=2)  # … and all that were made since: whether a day's work was done is asked
MESSAGE_SECONDS = 60  # then the message is dropped: the row is sent again, so none pile up


def request(kind: str, **arguments: Any) -> Job:
    """Return the active job of this kind, or queue a new one and tell the broker on commit."""
    job = None
    while job is None:  # the active one may end between the two questions
        job = _queued(kind, arguments) or _active(kind)
    return job


def _queued(kind: str, arguments: dict[str, Any]) -> Job | None:
    try:
        with transaction.atomic():
            job = Job.objects.create(kind=kind, arguments=arguments)
    except IntegrityError:
        return None
    transaction.on_commit(lambda: send(job.pk))
    return job


def _active(kind: str) -> Job | None:
    return Job.objects.filter(kind=kind, state__in=Job.ACTIVE).first()


def send(job_id: int) -> None:
    """Hand the job's number to the broker. A broker that is away is no error: see `revive`."""
    from moodrec.jobs.tasks import run_job  # noqa: PLC0415 (tasks import the runner)

    try:
        run_job.apply_async(args=(job_id,), retry=False, expires=MESSAGE_SECONDS)
    except (OperationalError, ConnectionError, OSError) as error:
        logger.warning("Job %s waits: the broker is away (%s).", job_id, error)


def tidy(job: Job) -> None:
    """Forget rows that tell nothing any more: old ones, and those skipped for the reason of this one.

    Not while whoever asked for them may still be asking how they went.
    """
    asked_for = timezone.now() - ASKED_FOR
    rows = Job.objects.filter(kind=job.kind).exclude(state__in=Job.ACTIVE)
    for skipped in rows.filter(pk=job.pk, state=Job.State.SKIPPED):
        alike = rows.filter(state=skipped.state, detail=skipped.detail, pk__lt=job.pk)
        alike.filter(created_at__lt=asked_for).delete()
    for last in list(rows.values_list("pk", flat=True)[KEPT - 1 : KEPT]):
        rows.filter(pk__lt=last, created_at__lt=timezone.now() - YOUNG).delete()


def revive() -> int:
    """Send queued jobs again and take back running ones whose worker is gone; return how many."""
    now = timezone.now()
    lost = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=now)
    for job in lost.filter(cancelled=True):
        cancelling.end(job)
    died = phrase("The worker died %(times)s times.", times=MAX_ATTEMPTS)
    lost.filter(attempt__gte=MAX_ATTEMPTS).update(
        state=Job.State.FAILED, finished_at=now, detail=died
    )
    lost.filter(attempt__lt=MAX_ATTEMPTS).update(
        state=Job.State.QUEUED, queued_at=now - FORGOTTEN_AFTER, lease_until=None
    )
    waiting = Job.objects.filter(state=Job.State.QUEUED, queued_at__lte=now - FORGOTTEN_AFTER)
    jobs = list(waiting.values_list("pk", flat=True))
    for job_id in jobs:
        send(job_id)
    return len(jobs)


def request_due() -> list[Job]:
    """Queue each scheduled kind whose newest job is older than its period, or failed a while ago."""
    return [request(kind) for kind in schedules.due()]
