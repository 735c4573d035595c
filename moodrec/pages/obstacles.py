"""What stands in the way where nothing can be stored or read now: its cause and its cure, in words."""

import logging
import sys
from collections.abc import Iterator
from errno import EDQUOT, ENOSPC

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.defaults import server_error

logger = logging.getLogger(__name__)

HEADER = "X-Obstacle"  # tells our own scripts, which get no page to show
FULL, BUSY, AWAY = "full", "busy", "away"
_STATUS = {FULL: 507, BUSY: 503, AWAY: 503}
_SAID = {
    FULL: ("is full", "No space left"),
    BUSY: ("is locked", "deadlock", "lock timeout", "too many clients"),
    AWAY: (
        "unable to open", "disk I/O error", "readonly database", "connection to server",
        "connection failed", "connection timeout", "connection is", "the connection",
        "terminating connection", "resolve host", "translate host name",
    ),
}  # fmt: skip # by SQLite and PostgreSQL; a table of ours is called plexsync_connection


def broken(request: HttpRequest) -> HttpResponseBase:
    """Answer what failed: name what stands in the way, or else own up to it."""
    return told(request, sys.exc_info()[1]) or server_error(request)


def told(request: HttpRequest, error: BaseException | None) -> HttpResponseBase | None:
    """Return the answer that says what stands in the way; None where the failure is of another kind."""
    kind = _kind(error)
    if not kind:
        return None
    logger.error("%s %s was not answered: %s", request.method, request.path, _cause(error))
    answer = _answer(request, kind)
    answer[HEADER] = kind
    answer._has_been_logged = True  # type: ignore[attr-defined] # noqa: SLF001 (a cause, not sixty lines)
    return answer


def _answer(request: HttpRequest, kind: str) -> HttpResponseBase:
    if "text/html" not in request.headers.get("Accept", ""):
        return JsonResponse({"detail": _words()[kind]}, status=_STATUS[kind])
    page = render_to_string("obstacle.html", {"kind": kind, "words": _words()[kind]})
    return HttpResponse(page, status=_STATUS[kind])


def _words() -> dict[str, str]:
    return {
        FULL: _("This could not be stored: the disk that holds MoodRec’s data is full."),
        BUSY: _("This could not be stored: the database was busy for too long."),
        AWAY: _("The database does not answer, so nothing was stored."),
    }


def _kind(error: BaseException | None) -> str:
    return next((kind for each in _causes(error) if (kind := _of(each))), "")


def _of(error: BaseException) -> str:
    if isinstance(error, OSError) and error.errno in {ENOSPC, EDQUOT}:
        return FULL
    if not isinstance(error, OperationalError | InterfaceError):
        return ""
    return next((kind for kind, said in _SAID.items() if any(s in str(error) for s in said)), "")


def _cause(error: BaseException | None) -> str:
    """Return what the database or the disk said, in one line: of PostgreSQL it may be several."""
    return next(" ".join(str(each).split()) for each in _causes(error) if _of(each))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and what it came of: Django hides a full disk behind a session that is gone."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
