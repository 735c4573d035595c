"""What a call that failed means for everybody who would ask Plex next."""

from datetime import timedelta

from django.utils import timezone

from moodrec.jobs.run import JobFailed, JobSkipped
from plexsync.client import PlexError
from plexsync.client.errors import DENIED
from plexsync.models import Connection
from plexsync.reaching import confirmed

REST = timedelta(minutes=15)  # a refused token is not tried more often, whoever asks for it


def understood(row: Connection, error: PlexError, *, seconds: float | None = None) -> PlexError:
    """Return what the failure means; a token that is really refused is noted with the connection.

    From then on nobody asks the server until somebody links it anew, but the sync now and then.
    ``seconds``: how long somebody waits for this; a background job's patience else.
    """
    meant = confirmed(row, error, seconds=seconds)
    now = Connection.objects.filter(pk=row.pk, active=True).first()
    if meant.kind == "denied" and now is not None and now.token == row.token:
        now.state, now.problem = Connection.State.DENIED, str(meant)
        now.checked_at = timezone.now()
        now.save(update_fields=["state", "problem", "checked_at"])
    return meant


def is_refused(row: Connection) -> bool:
    """Tell whether the token is known to be refused: then there is nothing to ask for."""
    return row.state == Connection.State.DENIED


def must_be_welcome(row: Connection) -> None:
    """Raise JobSkipped where the token is known to be refused."""
    if is_refused(row):
        raise JobSkipped(DENIED)


def rests(row: Connection) -> bool:
    """Tell whether the token was refused so lately that not even the sync tries it."""
    lately = row.checked_at is not None and row.checked_at > timezone.now() - REST
    return is_refused(row) and lately


def job_failed(error: PlexError) -> JobFailed:
    """Return the job's failure: a person must link anew, or it is tried again; a busy server soon."""
    return JobFailed(str(error), retry=error.kind != "denied", soon=error.kind == "busy")
