"""Do the parts work together? Each check names its cause; /readyz and `doctor` show them."""

import shutil
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mlmodel import serving
from moodrec.jobs.models import Heartbeat, Job
from moodrec.phrases import phrase, phrases
from moodrec.prepare import migrated
from plexsync.models import Connection

STALE_SECONDS = 180  # six ticks without a sign of the worker
LEAST_FREE_MIB = 200
LABELS: dict[str, Promise] = {
    "database": _("Database"),
    "migrations": _("Shape of the database"),
    "worker": _("Background work"),
    "plex": _("Plex"),
    "model": _("Model"),
    "disk": _("Disk"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. ``vital``: without it the pages can't answer."""

    name: str
    ok: bool
    detail: str
    vital: bool = False

    @property
    def label(self) -> str:
        """What people call the part."""
        return str(LABELS[self.name])


def checks() -> list[Check]:
    """Return every finding, up to a database that is away or lacks tables: the rest needs it."""
    database = _database()
    if not database.ok:
        return [database]
    schema = _schema()
    if not schema.ok:
        return [database, schema]
    return [database, schema, worker(), _plex(), _model(), _disk()]


def _database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Check(
            "database",
            ok=False,
            detail=phrase("It does not answer: %(cause)s", cause=str(error)),
            vital=True,
        )
    return Check("database", ok=True, detail=connection.vendor, vital=True)


def _schema() -> Check:
    if migrated():
        return Check("migrations", ok=True, detail=phrase("up to date"), vital=True)
    return Check("migrations", ok=False, detail=phrase("Run `manage.py migrate`."), vital=True)


def worker() -> Check:
    """The tick goes from the scheduler through the broker to the worker: one sign of all three.

    It waits behind a long job, whose own lease is a sign of life then.
    """
    now = timezone.now()
    busy = Job.objects.filter(state=Job.State.RUNNING, lease_until__gt=now).first()
    if busy is not None:
        return Check("worker", ok=True, detail=phrase("At work: %(job)s.", job=str(busy)))
    beat = Heartbeat.objects.filter(name="tick").first()
    if beat is None:
        detail = phrase("Scheduler, broker and worker gave no sign yet. Are they started?")
        return Check("worker", ok=False, detail=detail)
    age = int((now - beat.seen_at).total_seconds())
    return Check("worker", ok=age < STALE_SECONDS, detail=_sign(age))


def _sign(age: int) -> str:
    return phrases("Last sign %(count)s second ago.", "Last sign %(count)s seconds ago.", age)


def _plex() -> Check:
    current = Connection.current()
    if current is None:
        told = phrase("No Plex is connected: open MoodRec and connect one.")
        return Check("plex", ok=False, detail=told)
    good = current.state == Connection.State.OK
    return Check("plex", ok=good, detail=current.problem or _connected(current))


def _connected(current: Connection) -> str:
    return phrase("%(name)s is connected.", name=str(current))


def _model() -> Check:
    found, trouble = serving.active(), serving.trouble()
    if trouble is not None:
        return Check("model", ok=False, detail=trouble.told)
    if found is None:
        return Check("model", ok=True, detail=phrase("the prior scores; nothing is learnt yet"))
    return Check("model", ok=True, detail=phrase("version %(number)s scores", number=found.number))


def _disk() -> Check:
    free = shutil.disk_usage(settings.DATA_DIR).free
    size, folder = filesizeformat(free), str(settings.DATA_DIR)
    told = phrase("%(size)s free in %(folder)s", size=size, folder=folder)
    return Check("disk", ok=free >= LEAST_FREE_MIB * 2**20, detail=told)
