"""The kinds of background jobs in words: what each does, how often, how it went."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from moodrec.jobs.models import Job

A_DAY, A_WEEK = 24, 168  # hours
NAMES: dict[str, Promise] = {
    "sync": gettext_lazy("Library sync"),
    "train": gettext_lazy("Learning"),
    "plays": gettext_lazy("What was watched"),
    "stars": gettext_lazy("Stars to Plex"),
    "shelves": gettext_lazy("Playlists and collections"),
}
DOES: dict[str, Promise] = {
    "sync": gettext_lazy("Reads from Plex which films and series there are."),
    "train": gettext_lazy("Learns from your answers. A new model is used only if it is no worse."),
    "plays": gettext_lazy("Reads from Plex what each of you watched and rated there."),
    "stars": gettext_lazy("Sends the stars given here to Plex, where that is switched on."),
    "shelves": gettext_lazy("Keeps MoodRec’s lists in Plex fresh, where they are switched on."),
}
STATES: dict[str, Promise] = {
    Job.State.QUEUED: gettext_lazy("Waiting for the worker"),
    Job.State.RUNNING: gettext_lazy("Running"),
    Job.State.SUCCEEDED: gettext_lazy("Done"),
    Job.State.FAILED: gettext_lazy("It did not work"),
    Job.State.SKIPPED: gettext_lazy("Nothing to do"),
}


def name(kind: str) -> str:
    """Return what people call this kind of job."""
    return str(NAMES.get(kind, kind))


def state(job: Job) -> str:
    """Return how a job is, or how it went."""
    if job.state == Job.State.SKIPPED and job.cancelled:
        return _("Cancelled")
    return _("Stopping …") if job.is_active and job.cancelled else str(STATES[job.state])


def every(hours: float) -> str:
    """Return how often that is."""
    if not hours:
        return _("only when somebody asks")
    if hours == A_DAY:
        return _("once a day")
    if hours == A_WEEK:
        return _("once a week")
    return ngettext("every hour", "every %(count)s hours", _plural(hours)) % {"count": f"{hours:g}"}


def _plural(number: float) -> int:
    """Return the whole number whose plural form a number takes."""
    return 1 if number == 1 else max(2, round(number))


def took(job: Job) -> str:
    """Return how long a job ran; "" where it never began or has not ended."""
    if job.started_at is None or job.finished_at is None:
        return ""
    return length((job.finished_at - job.started_at).total_seconds())


def length(seconds: float) -> str:
    """Return a length of time for reading."""
    if seconds < 60:
        return _("%(count)s s") % {"count": max(1, round(seconds))}
    if seconds < 3600:
        return _("%(count)s min") % {"count": round(seconds / 60)}
    return _("%(hours)s h %(minutes)s min") % {
        "hours": int(seconds // 3600),
        "minutes": int(seconds % 3600 // 60),
    }
