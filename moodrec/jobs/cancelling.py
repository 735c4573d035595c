"""Stop a job: one that waits ends at once, one that runs stops at its next step."""

from django.utils import timezone

from moodrec.jobs.models import Job
from moodrec.phrases import Phrase, phrase


def cancel(job: Job, name: str) -> bool:
    """Ask a job to stop, in the name of somebody; False where it had ended before.

    What it stored until then stays: each step of the work leaves the household's data usable.
    """
    asked = {"cancelled": True, "result": {"cancelled_by": name}}
    row = Job.objects.filter(pk=job.pk)
    waiting = row.filter(state=Job.State.QUEUED)
    return bool(
        waiting.update(**asked, **ended(name))
        or row.filter(state=Job.State.RUNNING).update(**asked)
    )


def end(job: Job) -> None:
    """End a job that was asked to stop and that nobody works on any more."""
    Job.objects.filter(pk=job.pk, state__in=Job.ACTIVE).update(**ended(by(job)))


def by(job: Job) -> str:
    """Return who asked the job to stop."""
    result: dict[str, str] = Job.objects.values_list("result", flat=True).get(pk=job.pk)
    return result.get("cancelled_by", "")


def words(name: str) -> Phrase:
    return phrase("Cancelled by %(name)s.", name=name)


def ended(name: str) -> dict[str, object]:
    """Return the columns of a job that this person stopped."""
    return {
        "state": Job.State.SKIPPED,
        "detail": words(name),
        "lease_until": None,
        "finished_at": timezone.now(),
    }
