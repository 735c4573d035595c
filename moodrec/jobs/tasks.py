"""What Celery calls: one task that runs a job row, and the tick that keeps the rows moving."""

import logging

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError

from moodrec.jobs import queue
from moodrec.jobs import run as runner
from moodrec.jobs.models import Heartbeat

logger = logging.getLogger(__name__)


@shared_task(name="moodrec.jobs.run_job")
def run_job(job_id: int) -> None:
    runner.run(job_id)


@shared_task(name="moodrec.jobs.tick")
def tick() -> None:
    """Keep the rows moving. A database that is away or busy is no error: the next tick comes soon."""
    try:
        _tick()
    except OperationalError as error:
        logger.warning("This tick was left out: %s", " ".join(str(error).split()))


def _tick() -> None:
    Heartbeat.beat("tick")
    queue.revive()
    queue.request_due()
    SessionStore.clear_expired()  # else each visit of a stranger who asked to sign in stays for ever
