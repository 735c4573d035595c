"""Run a queued job once: claim it, keep its lease, store how it ended."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Protocol

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string

from moodrec.jobs import cancelling, queue
from moodrec.jobs.models import Job
from moodrec.phrases import Phrase, phrase, to_json
from moodrec.security.redaction import redact

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)
HEARTBEAT_SECONDS = settings.JOB_LEASE_SECONDS / 4.5
MOST_STEPS = 200  # that a job's log keeps, the newest


class JobSkipped(Exception):
    """There was nothing to do; the message says why."""


class JobCancelled(JobSkipped):
    """Somebody asked the job to stop: what is done stays."""


class JobFailed(Exception):
    """The work could not be done; the message names the cause and the cure.

    Without ``retry`` a person must do something first: the schedule waits its whole period. With
    ``soon`` the trouble is one that passes: the schedule tries again within the minute.
    """

    def __init__(self, message: str, *, retry: bool = True, soon: bool = False) -> None:
        super().__init__(message)
        self.retry, self.soon = retry, soon

    @property
    def told(self) -> dict[str, bool]:
        """What the schedule is to know of it."""
        if not self.retry:
            return {"retry": False}
        return {"soon": True} if self.soon else {}


class LeaseLost(Exception):
    """Another worker took this job over: stop, and store nothing."""


class Report(Protocol):
    """Called by the work with how far it is (0..1) and what it does now."""

    def __call__(self, progress: float, detail: str = "") -> None: ...


def silent(progress: float, detail: str = "") -> None:
    """Report to nobody: the default of work that is called outside a job."""


def run(job_id: int) -> None:
    """Claim and run the job; a second message for the same row finds nothing to claim."""
    job = _claim(job_id)
    if job is None:
        return
    work: Callable[..., dict[str, Any]] = import_string(settings.JOB_KINDS[job.kind])
    try:
        with _heartbeat(job):
            result = work(report=_reporter(job), **job.arguments)
    except LeaseLost:
        logger.warning("%s was taken over by another worker.", job)
    except JobSkipped as reason:
        _finish(job, Job.State.SKIPPED, _words(reason))
    except JobFailed as reason:
        _finish(job, Job.State.FAILED, _words(reason), reason.told)
    except Exception as error:
        logger.exception("%s failed.", job)
        _finish(job, Job.State.FAILED, redact(f"{type(error).__name__}: {error}"))
    else:
        _finish(job, Job.State.SUCCEEDED, result.pop("detail", phrase("Done.")), result)
        for kind in settings.JOB_AFTER.get(job.kind, ()):
            queue.request(kind)
    queue.tidy(job)


def _claim(job_id: int) -> Job | None:
    now = timezone.now()
    claimed = Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING,
        attempt=F("attempt") + 1,
        lease_until=now + LEASE,
        started_at=now,
        progress=0,
        log=[],
    )
    return Job.objects.get(pk=job_id) if claimed else None


def _mine(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempt=job.attempt)


def _reporter(job: Job) -> Report:
    def report(progress: float, detail: str = "") -> None:
        told: dict[str, Any] = {"progress": progress, "detail": detail}
        if detail and detail != job.detail:
            told["log"] = _noted(job, detail)
        job.detail = detail
        lease = timezone.now() + LEASE
        if not _mine(job).filter(cancelled=False).update(**told, lease_until=lease):
            raise (
                JobCancelled(cancelling.words(cancelling.by(job)))
                if _mine(job).exists()
                else LeaseLost
            )

    return report


def _noted(job: Job, detail: str) -> list[Any]:
    """Return the job's log with one more step of it."""
    seconds = round((timezone.now() - (job.started_at or job.created_at)).total_seconds(), 1)
    steps: list[Any] = [*job.log, [seconds, to_json(_blanked(detail))]][-MOST_STEPS:]
    job.log = steps
    return steps


def _words(reason: Exception) -> str:
    """Return what an exception was told, a phrase as such, without secrets."""
    return _blanked(reason.args[0]) if reason.args else ""


def _blanked(said: object) -> str:
    """Return a sentence without secrets; it stays a phrase where those stood in its values."""
    if not isinstance(said, Phrase):
        return redact(str(said))
    values = {n: _blanked(v) if isinstance(v, str) else v for n, v in said.values.items()}
    made = Phrase(said.message, said.plural, values)
    return made if redact(made) == str(made) else redact(made)


def _finish(job: Job, state: Job.State, detail: str, result: dict[str, Any] | None = None) -> None:
    _mine(job).update(
        state=state,
        detail=detail,
        log=_noted(job, detail),
        result=result or {},
        progress=1.0 if state == Job.State.SUCCEEDED else F("progress"),
        lease_until=None,
        finished_at=timezone.now(),
    )


def _renewed(job: Job) -> bool:
    """Prolong the lease; False where it is lost. A database that is away is asked again later."""
    try:
        close_old_connections()
        return bool(_mine(job).update(lease_until=timezone.now() + LEASE))
    except (DatabaseError, InterfaceError) as error:
        logger.warning("The lease of %s could not be renewed: %s", job, error)
        return True


@contextmanager
def _heartbeat(job: Job) -> Iterator[None]:
    """Renew the lease from a thread, so that long silent work is not taken for dead."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(HEARTBEAT_SECONDS) and _renewed(job):
            pass
        connection.close()

    thread = threading.Thread(target=beat, name=f"lease of job {job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
