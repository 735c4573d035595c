"""A hint that somebody watched something: noted, and looked at once, however many come."""

from django.utils import timezone

from moodrec.jobs import queue
from moodrec.jobs.models import Job
from plexsync.models import Connection


def hint(connection: Connection) -> None:
    """Note the hint and have the plays looked at; a job that runs looks once more at its end."""
    Connection.objects.filter(pk=connection.pk).update(hinted_at=timezone.now())
    queue.request("plays")


def follow_up(connection: Connection) -> None:
    """Have looked at a hint that came in the moment between a job's last look and its end."""
    last = Job.objects.filter(kind="plays").first()
    if connection.hinted_at is None or (last is not None and last.is_active):
        return
    begun = (last.started_at or last.created_at) if last is not None else None
    if begun is None or begun < connection.hinted_at:
        queue.request("plays")
