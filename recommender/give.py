"""Give back to Plex: bring every shelf of ours there to what it should be, or take it away."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from moodrec.jobs import queue
from moodrec.jobs.run import JobSkipped, Report, silent
from moodrec.phrases import in_a_row, phrase, phrases
from plexsync import shelving
from plexsync.client import PlexClient, PlexError
from plexsync.failing import job_failed, must_be_welcome, understood
from plexsync.models import Connection, Shelf
from recommender.shelves import OPTIONS, TONIGHT, Household, Planned, newest_ask

_HOPELESS = {"denied", "unreachable", "not_plex"}  # the next shelf would fare no better


@dataclass(slots=True)
class _Round:
    """One pass over all shelves, and what came of it."""

    row: Connection
    client: PlexClient = field(init=False)
    changed: int = 0
    removed: int = 0
    failed: int = 0
    refused: bool = False
    """Whether the account may not make collections."""

    def __post_init__(self) -> None:
        self.client = PlexClient.of(self.row)


def request_tonight() -> None:
    """Queue a refresh after an ask, where the household wants tonight's titles in Plex."""
    if Connection.objects.filter(active=True, tonight_playlist=True).exists():
        queue.request("shelves")


def wanted_options(row: Connection) -> list[str]:
    """Return the shelves' switches that are on."""
    return [option for option in OPTIONS if getattr(row, option)]


def run(*, report: Report = silent) -> dict[str, Any]:
    """Refresh the shelves that are switched on, remove the others.

    One that fails does not stop the rest: it keeps its problem and is tried again next time.
    Raises JobFailed where Plex can't be used at all, JobSkipped where there is nothing to do.
    """
    before, work = _state(), _pass(report)
    while _state() != before:  # somebody asked, put a card away or turned a switch, meanwhile
        changed, removed, before = work.changed, work.removed, _state()
        work = _pass(report)
        work.changed, work.removed = work.changed + changed, work.removed + removed
    if work.refused:
        Connection.objects.filter(pk=work.row.pk).update(mood_collections=False)
    return _summary(work)


def _state() -> tuple[object, ...]:
    row, ask = Connection.current(), newest_ask()
    wanted = row and (row.pk, row.shelf_language, *wanted_options(row))
    return wanted, ask and (ask.pk, ask.remaining)


def _pass(report: Report) -> _Round:
    row = Connection.current()
    if row is None:
        raise JobSkipped(phrase("No Plex is connected."))
    if not wanted_options(row) and not row.shelves.exists():
        raise JobSkipped(phrase("No list or collection is switched on."))
    must_be_welcome(row)
    work = _Round(row)
    _remove_unwanted(work, report)
    _refresh(work, report)
    return work


def _remove_unwanted(work: _Round, report: Report) -> None:
    """Remove the shelves whose switch is off, and those of a library that is."""
    for shelf in work.row.shelves.select_related("library").order_by("pk"):
        if not _is_wanted(shelf, work.row):
            report(0, phrase("Removing “%(title)s”", title=shelf.title))
            if _attempt(work, shelf, shelving.remove):
                work.removed += 1


def _is_wanted(shelf: Shelf, row: Connection) -> bool:
    if shelf.library is not None:
        return row.mood_collections and shelf.library.enabled
    return row.tonight_playlist if shelf.slug == TONIGHT else row.mood_playlists


def _refresh(work: _Round, report: Report) -> None:
    options, household = wanted_options(work.row), Household(work.row)
    if options and not len(household.catalogue):
        raise JobSkipped(phrase("There are no titles yet: sync the library first."))
    shelves = [planned for option in options for planned in household.plan(option)]
    for number, planned in enumerate(shelves):
        report(number / len(shelves), phrase("Refreshing “%(title)s”", title=planned.title))
        _give(work, planned)


def _give(work: _Round, planned: Planned) -> None:
    if work.refused and planned.kind == Shelf.Kind.COLLECTION:
        return

    def settle(shelf: Shelf, client: PlexClient) -> None:
        wrote = shelving.settle(shelf, planned.keys, client)
        work.changed += shelving.rename(shelf, planned.title, client) or wrote

    shelf = _shelf(work.row, planned)
    if shelf.rating_key or planned.places:
        _attempt(work, shelf, settle)


def _shelf(row: Connection, planned: Planned) -> Shelf:
    """Return the row of a planned shelf, a new and unsaved one where it has none yet."""
    known: dict[str, Any] = {
        "kind": planned.kind,
        "slug": planned.slug,
        "library": planned.library,
    }
    found = row.shelves.filter(**known).first()
    return found or Shelf(connection=row, title=planned.title, **known)


def _attempt(work: _Round, shelf: Shelf, act: Callable[[Shelf, PlexClient], None]) -> bool:
    """Do something with a shelf and tell whether that went well; remember with it what went wrong."""
    try:
        act(shelf, work.client)
    except PlexError as error:
        if error.kind in _HOPELESS or (error.kind == "busy" and not _answers(work.client)):
            raise job_failed(understood(work.row, error)) from error
        _remember(work, shelf, error)
        return False
    return True


def _answers(client: PlexClient) -> bool:
    """Tell whether the server answers at all: one that starts would say the same to each shelf."""
    try:
        client.query("/identity")
    except PlexError:
        return False
    return True


def _remember(work: _Round, shelf: Shelf, error: PlexError) -> None:
    if error.kind == "forbidden" and shelf.kind == Shelf.Kind.COLLECTION:
        work.refused = True
        if not shelf.rating_key:
            return
    work.failed += 1
    shelf.problem = str(error)
    shelf.save()


def _summary(work: _Round) -> dict[str, Any]:
    shelves = work.row.shelves.exclude(rating_key="").count()
    counts = {"changed": work.changed, "removed": work.removed, "failed": work.failed}
    return {**counts, "shelves": shelves, "detail": in_a_row(list(_told(work, shelves)))}


def _told(work: _Round, shelves: int) -> Iterator[str]:
    yield phrases(
        "%(count)s of ours in Plex; %(changed)s changed.",
        "%(count)s of ours in Plex; %(changed)s changed.",
        shelves,
        changed=work.changed,
    )
    if work.removed:
        yield phrases("%(count)s removed.", "%(count)s removed.", work.removed)
    if work.failed:
        yield phrases(
            "%(count)s failed: it says why.", "%(count)s failed: each says why.", work.failed
        )
    if work.refused:
        yield phrase("This account may not make collections on the server: they are off again.")
