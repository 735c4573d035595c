"""Sync the household's Plex: check the connection, refresh the libraries, mirror each of them."""

import time
import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from moodrec.jobs.run import JobFailed, JobSkipped, Report, silent
from plexsync.catalogue import Mirrored, mirror, withdraw
from plexsync.client import PlexClient, PlexError
from plexsync.models import Connection, Library, MediaItem
from plexsync.records import Section

_STATES = {"denied": Connection.State.DENIED}


class NotConnected(JobSkipped):
    """No Plex is known yet."""


def connection() -> Connection:
    """Return the household's connection, made from PLEX_URL and PLEX_TOKEN where there is none."""
    known = Connection.current()
    if known is not None:
        return known
    if not settings.PLEX_URL:
        message = (
            "No Plex is connected. Open MoodRec and connect one, or set PLEX_URL and PLEX_TOKEN."
        )
        raise NotConnected(message)
    return connect(settings.PLEX_URL, settings.PLEX_TOKEN)


def connect(url: str, token: str, *, is_demo: bool = False) -> Connection:
    """Store the connection to the server at ``url``; raise PlexError where it can't be used.

    The titles of a server that was connected before stay in the database, off offer: what the
    household said of them is what the model learnt from.
    """
    known = Connection.current()
    identifier = known.client_identifier if known else uuid.uuid4().hex
    client = PlexClient(url, token, identifier)
    sections = client.sections()
    fields = {
        "name": client.name,
        "url": url.rstrip("/"),
        "token": token,
        "client_identifier": identifier,
        "active": True,
        "is_demo": is_demo,
        "state": Connection.State.OK,
        "problem": "",
        "checked_at": timezone.now(),
    }
    with transaction.atomic():
        Connection.objects.update(active=False)
        row, _created = Connection.objects.update_or_create(
            machine_identifier=client.machine_identifier, defaults=fields
        )
    refresh_libraries(row, sections)
    return row


def refresh_libraries(row: Connection, sections: list[Section]) -> None:
    """Learn which libraries the server has; what the household switched off stays off."""
    for section in sections:
        Library.objects.update_or_create(
            connection=row,
            key=section.key,
            defaults={"title": section.title, "type": section.type},
        )


def run(
    *, library: str | None = None, full: bool = False, report: Report = silent
) -> dict[str, Any]:
    """Sync all libraries that are on, or the one of this key.

    Returns the counts of the contract. Raises JobFailed with the cause, JobSkipped where no Plex
    is connected.
    """
    started = time.monotonic()
    try:
        row = connection()
        found = _attempt(row, library, full=full, report=report)
        while library is None and not _is_current(row):  # another was connected meanwhile
            row = connection()
            found = _attempt(row, None, full=full, report=report)
    except PlexError as error:
        raise _failed(error) from error
    if isinstance(found, PlexError):
        raise _failed(found) from found
    return _summary(found, time.monotonic() - started)


def _attempt(
    row: Connection, key: str | None, *, full: bool, report: Report
) -> list[Mirrored] | PlexError:
    """Mirror the libraries of this connection and remember with it how that went."""
    try:
        passes = _mirror_all(row, key, full=full, report=report)
    except PlexError as error:
        _remember(row, error)
        return error
    _remember(row, None)
    return passes


def _is_current(row: Connection) -> bool:
    """Tell whether nobody connected another server, or this one anew, since the row was read."""
    now = Connection.current()
    return now is None or (now.pk, now.url, now.token) == (row.pk, row.url, row.token)


def _failed(error: PlexError) -> JobFailed:
    return JobFailed(str(error), retry=error.kind != "denied")


def _mirror_all(row: Connection, key: str | None, *, full: bool, report: Report) -> list[Mirrored]:
    report(0, "Asking Plex for its libraries")
    client = PlexClient.of(row)
    sections = client.sections()
    refresh_libraries(row, sections)
    chosen = list(row.libraries.filter(enabled=True, **({"key": key} if key else {})))
    if key and not chosen:
        raise JobFailed(f"There is no library with key {key}, or it is switched off.")
    present = {section.key for section in sections}
    return [
        mirror(library, client, full=full, report=_share(report, number, len(chosen)))
        if library.key in present
        else _confirm_gone(library, client, _share(report, number, len(chosen)))
        for number, library in enumerate(chosen)
    ]


def _confirm_gone(library: Library, client: PlexClient, report: Report) -> Mirrored:
    """Ask once more for a library that the server does not list: one that starts lists few.

    Its titles are missing only where the server says that there is no such library.
    """
    try:
        return mirror(library, client, report=report)
    except PlexError as error:
        if error.kind not in {"missing", "busy"}:
            raise
        return withdraw(library) if error.kind == "missing" else Mirrored()


def _share(report: Report, number: int, count: int) -> Report:
    """Return a report of one library's progress as its share of the whole sync."""

    def part(progress: float, detail: str = "") -> None:
        report((number + min(progress, 1)) / count, detail)

    return part


def _remember(row: Connection, error: PlexError | None) -> None:
    row.state = (
        Connection.State.OK
        if error is None
        else _STATES.get(error.kind, Connection.State.UNREACHABLE)
    )
    row.problem = str(error or "")
    row.checked_at = timezone.now()
    row.save(update_fields=["state", "problem", "checked_at"])


def _summary(passes: list[Mirrored], seconds: float) -> dict[str, Any]:
    titles = MediaItem.objects.on_offer().count()
    return {
        "titles": titles,
        "created": sum(done.created for done in passes),
        "updated": sum(done.updated for done in passes),
        "missing": sum(done.missing for done in passes),
        "seconds": round(seconds, 2),
        "complete": all(done.complete for done in passes),
        "detail": f"{titles} titles on offer.",
    }
