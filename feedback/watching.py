"""What was watched in Plex, as weak feedback on what was suggested. The job `plays`.

Watched is not liked: what people say of a title always counts for more, and is never overwritten.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from feedback import log
from feedback.lapsing import lapse
from feedback.models import Ask, Feedback, Suggestion
from moodrec.jobs.models import Job
from moodrec.jobs.run import JobSkipped, Report, silent
from moodrec.phrases import phrase, phrases
from plexsync import linking, people, plays, reading, states
from plexsync.client import PlexClient, PlexError
from plexsync.failing import job_failed, must_be_welcome, understood
from plexsync.models import Connection, MediaItem, Play, Viewer

logger = logging.getLogger(__name__)

AFTER_SHOWN = timedelta(hours=72)  # a play within it follows from the suggestion
AGAIN = timedelta(days=30)  # since an earlier play: watched again, not to its end
GRACE = timedelta(days=3)  # begun and left so long ago is given up
GIVEN_UP_WITHIN = timedelta(days=30)  # of now: older ones were looked at already
GIVEN_UP = (0.05, 0.8)  # of the runtime: before it was hardly begun, after it but the credits lack
DAILY = timedelta(hours=23)  # an hour less: jobs are not on time
ROUNDS = 10  # hints that arrive meanwhile are followed so often at once
ROWS = 200
WEAK = Ask.Source.PLEX


def run(*, report: Report = silent) -> dict[str, Any]:
    """Read who watched what, and tell the log what follows. Returns the counts.

    Raises JobSkipped where no Plex is connected, JobFailed with the cause where it can't be read.
    A hint that arrives meanwhile makes it look once more.
    """
    due = {"full": _full_is_due(), "people": _is_due("people")}
    if due["people"]:
        report(0.05, phrase("Asking Plex who lives here"))
        _look_at_people(_connection())
    found = {"plays": 0, "feedback": 0}
    for round_ in range(ROUNDS):
        begun = timezone.now()
        connection = _connection()
        found["plays"] += _read(connection, full=due["full"] and not round_, report=report)
        report(0.9, phrase("Telling the log"))
        found["feedback"] += consider() + give_up() + lapse()
        connection.refresh_from_db(fields=["hinted_at"])
        if connection.hinted_at is None or connection.hinted_at < begun:
            break
    return {**found, **due, "detail": _told(found["plays"], found["feedback"])}


def _told(new: int, suggested: int) -> str:
    return phrases(
        "%(count)s new play, %(suggested)s of what was suggested.",
        "%(count)s new plays, %(suggested)s of what was suggested.",
        new,
        suggested=suggested,
    )


def _look_at_people(connection: Connection) -> None:
    """Ask plex.tv who may use the server; not while that is away, for then this job comes again soon."""
    try:
        PlexClient.of(connection).query("/identity")
        people.refresh(connection)
    except PlexError as error:
        raise job_failed(understood(connection, error)) from error
    linking.recheck(_connection())


def _connection() -> Connection:
    found = Connection.current()
    if found is None:
        raise JobSkipped(phrase("No Plex is connected."))
    must_be_welcome(found)
    return found


def _full_is_due() -> bool:
    """Tell whether whole libraries are to be walked: once a day, and after a sync that found titles."""
    last = _last(full=True)
    found = Job.objects.filter(kind="sync", state=Job.State.SUCCEEDED, result__created__gt=0)
    synced = found.first()
    return _is_due("full") or bool(synced and last and synced.created_at > last.created_at)


def _is_due(what: str) -> bool:
    last = _last(**{what: True})
    return last is None or last.created_at < timezone.now() - DAILY


def _last(**did: bool) -> Job | None:
    """Return the newest of these jobs that did this."""
    told = {f"result__{name}": value for name, value in did.items()}
    return Job.objects.filter(kind="plays", state=Job.State.SUCCEEDED, **told).first()


def _read(connection: Connection, *, full: bool, report: Report) -> int:
    """Read states and history; return how many plays were new."""
    client = PlexClient.of(connection)
    try:
        viewers = _readable(connection)
        new = _read_connected(connection, client)
        for number, viewer in enumerate(viewers):
            report(
                0.1 + 0.6 * number / len(viewers),
                phrase("Reading what %(who)s watched", who=viewer.name),
            )
            new += _read_viewer(connection, viewer, full=full)
        report(0.7, phrase("Reading the history"))
        return new + _read_history(connection, client)
    except PlexError as error:
        raise job_failed(understood(connection, error)) from error


def _readable(connection: Connection) -> list[Viewer]:
    enabled = Viewer.objects.filter(enabled=True, owns_plex_state=False, plex_id__isnull=False)
    return [viewer for viewer in enabled if viewer.plex_token]


def _read_connected(connection: Connection, client: PlexClient) -> int:
    viewer = Viewer.objects.filter(owns_plex_state=True, enabled=True).first()
    return _read_states(connection, viewer, client, full=False) if viewer else 0


def _read_viewer(connection: Connection, viewer: Viewer, *, full: bool) -> int:
    """Read one viewer's states; their trouble is noted with them and fails nobody else."""
    first = viewer.state_read_at is None
    try:
        client = people.client_of(viewer, connection)
        return _read_states(connection, viewer, client, full=full or first)
    except PlexError as error:
        people.note(viewer, error)
        return 0


def _read_states(connection: Connection, viewer: Viewer, client: PlexClient, *, full: bool) -> int:
    """Read the states and store as plays what they say of the time since the last reading.

    The first reading stores none: what was watched long ago is taste, not a play to answer.
    """
    before = viewer.state_read_at
    reading.read(viewer, connection, client, full=full)
    return plays.from_states(viewer, before - plays.OVERLAP) if before else 0


def _read_history(connection: Connection, client: PlexClient) -> int:
    try:
        return plays.from_history(connection, client)
    except PlexError as error:
        if error.kind not in {"forbidden", "missing"}:
            raise
        logger.info("The history is closed to this account; states are read all the same.")
        return 0


def consider() -> int:
    """Tell the log what follows from each new play; return how often something did."""
    told = 0
    _consider_none_before_the_first_suggestion()
    new = Play.objects.filter(considered=False).select_related("viewer", "item")
    while True:
        with transaction.atomic():
            rows = list(new.order_by("played_at", "pk")[:ROWS])
            told += sum(_consider(row) for row in rows)
            Play.objects.filter(pk__in=[row.pk for row in rows]).update(considered=True)
        if len(rows) < ROWS:
            return told


def _consider_none_before_the_first_suggestion() -> None:
    """Spare the look at years of history: nothing follows from what nobody had suggested."""
    first = Suggestion.objects.order_by("shown_at").first()
    before = Play.objects.filter(considered=False)
    if first is not None:
        before = before.filter(played_at__lt=first.shown_at)
    before.update(considered=True)


def _consider(play: Play) -> bool:
    """Say that what was suggested was watched, where it was; else that what was left was not."""
    viewer, item = play.viewer, play.item
    shown = _suggested(viewer, item, play.played_at)
    if shown is None:
        return _finished_later(viewer, item)
    answers = {"completed": True}
    if _watched_before(viewer, item, shown, play.played_at):
        answers["would_watch_again"] = True
    return _say(viewer, shown, answers, play.played_at)


def copies(item: MediaItem) -> Q:
    """Return what finds rows that point at this title, or at a copy of it in another library."""
    same = Q(item=item.pk)
    return same | Q(item__guid=item.guid, item__type=item.type) if item.guid else same


def _suggested(viewer: Viewer, item: MediaItem, at: datetime) -> Suggestion | None:
    rows = Suggestion.objects.filter(
        copies(item), ask__viewers=viewer, shown_at__range=(at - AFTER_SHOWN, at)
    )
    return rows.select_related("ask", "item").order_by("-shown_at", "-pk").first()


def _watched_before(viewer: Viewer, item: MediaItem, shown: Suggestion, at: datetime) -> bool:
    """Tell whether a film was watched a while ago, or said to be finished before it was shown."""
    if item.type != "movie":
        return False
    earlier = Play.objects.filter(copies(item), viewer=viewer, played_at__lte=at - AGAIN)
    said = Feedback.objects.filter(
        copies(item), viewer=viewer, completed=True, said_at__lt=shown.shown_at
    )
    return earlier.exists() or said.exclude(source=WEAK).exists()


def _finished_later(viewer: Viewer, item: MediaItem) -> bool:
    """Take back that a title was given up: it was finished after all."""
    left = Feedback.objects.filter(copies(item), viewer=viewer, source=WEAK, completed=False)
    row = left.order_by("-said_at").first()
    if row is None:
        return False
    row.completed = True
    row.save(update_fields=["completed", "updated_at"])
    return True


def _say(viewer: Viewer, shown: Suggestion, answers: dict[str, bool], at: datetime) -> bool:
    """Store it unless somebody spoke of the title since it was shown; tell whether it was stored."""
    spoken = Feedback.objects.filter(copies(shown.item), viewer=viewer).exclude(source=WEAK)
    if spoken.filter(Q(said_at__gte=shown.shown_at) | Q(suggestion=shown)).exists():
        return False
    log.said(viewer, shown.item, answers, suggestion=shown, source=WEAK, at=at)
    return True


def give_up(now: datetime | None = None) -> int:
    """Tell the log which suggested films were begun and left; return how many that were."""
    now = now or timezone.now()
    told = 0
    for viewer in Viewer.objects.filter(enabled=True):
        told += sum(_give_up(viewer, shown, at) for shown, at in _left(viewer, now))
    return told


def _left(viewer: Viewer, now: datetime) -> list[tuple[Suggestion, datetime]]:
    """Return the suggestions that the viewer began to watch and left in the middle, and when."""
    left = states.left(viewer, GIVEN_UP, now - GIVEN_UP_WITHIN, now - GRACE)
    found = ((_suggested(viewer, item, at), at) for item, at in left)
    return [(shown, at) for shown, at in found if shown is not None]


def _give_up(viewer: Viewer, shown: Suggestion, at: datetime) -> bool:
    if Feedback.objects.filter(viewer=viewer, suggestion=shown).exists():
        return False
    with transaction.atomic():
        return _say(viewer, shown, {"completed": False}, at)
