"""Sync the household's Plex: check the connection, refresh the libraries, mirror each of them."""

import time
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from moodrec.jobs.run import JobFailed, JobSkipped, Report, silent
from moodrec.phrases import in_a_row, phrase, phrases
from plexsync import episodes
from plexsync.catalogue import Mirrored, call_complete, mirror, newest, withdraw
from plexsync.client import PlexClient, PlexError
from plexsync.failing import job_failed, rests
from plexsync.models import Connection, Library, MediaItem, Viewer
from plexsync.reaching import confirmed, reach
from plexsync.records import Section
from plexsync.sweep import NAMED

_STATES = {"denied": Connection.State.DENIED}
_OF_ONE_LIBRARY = {"missing", "busy", "forbidden"}  # failures that say nothing of the others


class NotConnected(JobSkipped):
    """No Plex is known yet."""


def connection() -> Connection:
    """Return the household's connection, made from PLEX_URL and PLEX_TOKEN where there is none."""
    known = Connection.current()
    if known is not None:
        return known
    if not settings.PLEX_URL or _was_disconnected():
        raise NotConnected(
            phrase(
                "No Plex is connected. Open MoodRec and connect one, or set PLEX_URL and PLEX_TOKEN."
            )
        )
    return connect(settings.PLEX_URL, settings.PLEX_TOKEN)


def _was_disconnected() -> bool:
    """Tell whether the household let go of a server: PLEX_URL is for an install that knows none."""
    return Connection.objects.filter(active=False, is_demo=False).exists()


def connect(
    url: str, token: str, *, is_demo: bool = False, unverified: bool = False, **account: Any
) -> Connection:
    """Store the connection to the server at ``url``; raise PlexError where it can't be used.

    ``account`` are the fields that plex.tv told: account_token, account_id, addresses. The titles
    of a server that was connected before stay in the database, off offer: what the household said
    of them is what the model learnt from.
    """
    fields = {
        "url": url.rstrip("/"),
        "token": token,
        "client_identifier": settings.PLEX_CLIENT_IDENTIFIER,
        "unverified": unverified,
        "active": True,
        "is_demo": is_demo,
        "state": Connection.State.OK,
        "problem": "",
        "checked_at": timezone.now(),
        **account,
    }
    client = PlexClient.of(Connection(**fields))
    sections = client.sections()
    with transaction.atomic():
        before = Connection.current()
        Connection.objects.update(active=False)
        row, _created = Connection.objects.update_or_create(
            machine_identifier=client.machine_identifier, defaults={**fields, "name": client.name}
        )
        others = Connection.objects.exclude(pk=row.pk)
        others.update(token="", account_token="", hook_secret="")  # nobody uses them any more
        if before is None or before.pk != row.pk:  # their tokens are for the other server
            Viewer.objects.update(plex_token="", plex_problem="", state_read_at=None)
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
        raise job_failed(error) from error
    if isinstance(found, PlexError):
        raise job_failed(found) from found
    return _summary(found, time.monotonic() - started)


def _attempt(
    row: Connection, key: str | None, *, full: bool, report: Report
) -> list[Mirrored] | PlexError:
    """Mirror the libraries of this connection and remember with it how that went."""
    if rests(row):
        raise JobFailed(row.problem, retry=False)
    try:
        reach(row)
        passes = _mirror_all(row, key, full=full, report=report)
    except PlexError as error:
        meant = confirmed(row, error)
        _remember(row, meant)
        return meant
    _remember(row, None)
    return passes


def _is_current(row: Connection) -> bool:
    """Tell whether nobody connected another server, or this one anew, since the row was read."""
    now = Connection.current()
    return now is None or (now.pk, now.url, now.token) == (row.pk, row.url, row.token)


def _mirror_all(row: Connection, key: str | None, *, full: bool, report: Report) -> list[Mirrored]:
    report(0, phrase("Asking Plex for its libraries"))
    client = PlexClient.of(row)
    sections = client.sections()
    refresh_libraries(row, sections)
    chosen = list(row.libraries.filter(enabled=True, **({"key": key} if key else {})))
    if key and not chosen:
        raise JobFailed(
            phrase("There is no library with key %(key)s, or it is switched off.", key=key)
        )
    present = {section.key: section for section in sections}
    before = newest()
    passes, errors = [], []
    for number, library in enumerate(chosen):
        part = _share(report, number, len(chosen))
        try:
            section = present.get(library.key)
            passes.append(_one(library, section, client, before, full=full, report=part))
        except PlexError as error:
            if error.kind not in _OF_ONE_LIBRARY:
                raise
            errors.append(error)
            passes.append(
                Mirrored(
                    problem=phrase(
                        "%(library)s: %(problem)s", library=library.title, problem=str(error)
                    )
                )
            )
    if errors and len(errors) == len(passes):
        raise errors[0]
    return passes


def _one(
    library: Library,
    section: Section | None,
    client: PlexClient,
    before: int,
    *,
    full: bool,
    report: Report,
) -> Mirrored:
    """Mirror one library, with its episodes where anything about its series changed."""
    if section is None:
        return _confirm_gone(library, client, report)
    done = mirror(
        library,
        client,
        full=full,
        refreshing=section.refreshing,
        newer_than=before,
        report=report,
    )
    if library.type == "show" and (full or done.changed or library.swept_at is None):
        report(1, phrase("%(library)s: episodes", library=library.title))
        episodes.refresh(library, client)
    if library.type == "show" and done.complete:
        call_complete(library)
    return done


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
    """Note how it went; not of a server or a token that was replaced meanwhile."""
    if not _is_current(row):
        return
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
    held = sum(done.held for done in passes)
    skipped = [asdict(entry) for done in passes for entry in done.skipped]
    problems = [done.problem for done in passes if done.problem]
    return {
        "titles": titles,
        "created": sum(done.created for done in passes),
        "updated": sum(done.updated for done in passes),
        "missing": sum(done.missing for done in passes),
        "held": held,
        "seconds": round(seconds, 2),
        "complete": all(done.complete for done in passes),
        "skipped": skipped[:NAMED],
        "problems": problems,
        "detail": in_a_row([_on_offer(titles), *_remarks(held, skipped, problems)]),
    }


def _on_offer(titles: int) -> str:
    return phrases("%(count)s title on offer.", "%(count)s titles on offer.", titles)


def _remarks(held: int, skipped: list[dict[str, str]], problems: list[str]) -> list[str]:
    """Say in words what a person should know besides the counts."""
    remarks = list(problems)
    if held:
        remarks.append(_held(held))
    if skipped:
        remarks.append(_unusable(skipped))
    return remarks


def _held(held: int) -> str:
    return phrases(
        "%(count)s vanished at once and is kept: is a drive away? "
        "It goes when a sync an hour later lacks it too, or when you say so.",
        "%(count)s vanished at once and are kept: is a drive away? "
        "They go when a sync an hour later lacks them too, or when you say so.",
        held,
    )


def _unusable(skipped: list[dict[str, str]]) -> str:
    first = skipped[0]
    return phrases(
        "One entry of Plex can't be used (%(key)s): %(reason)s.",
        "%(count)s entries of Plex can't be used (%(key)s): %(reason)s.",
        len(skipped),
        key=first["key"] or phrase("no key"),
        reason=first["reason"],
    )
