"""The door for Plex's webhooks: a hint that somebody watched something, and nothing more."""

import json
import secrets
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from plexsync.hints import hint
from plexsync.models import Connection

MOST_BYTES = 2_000_000  # Plex sends a picture along
SECRET_BYTES = 24
# What changes who watched what; playing, pausing and going on do not.
TELLING = {"media.stop", "media.scrobble", "media.rate"}


def renew(connection: Connection) -> None:
    """Give the webhook another address."""
    connection.hook_secret = secrets.token_urlsafe(SECRET_BYTES)
    connection.save(update_fields=["hook_secret"])


@csrf_exempt
@login_not_required
def hook(request: HttpRequest, secret: str) -> HttpResponse:
    """Take a hint from Plex. What was watched is read from Plex itself: a hint may be forged."""
    current = Connection.current()
    known = current.hook_secret if current else ""
    if current is None or not known or not _same(secret, known):
        raise Http404
    return _taken(request, current)


@require_POST
def _taken(request: HttpRequest, current: Connection) -> HttpResponse:
    told = _told(request)
    if told is None:
        return HttpResponseBadRequest("This is no webhook of Plex.", "text/plain")
    if _server(told) != current.machine_identifier:
        raise Http404
    if told.get("event") in TELLING:
        hint(current)
    return HttpResponse(status=200)


def _same(given: str, known: str) -> bool:
    return secrets.compare_digest(given.encode(), known.encode())


def _told(request: HttpRequest) -> dict[str, Any] | None:
    """Return the payload; None where it is too long or not Plex's."""
    length = request.headers.get("Content-Length") or "0"
    if not length.isdigit() or int(length) > MOST_BYTES:
        return None
    try:
        told = json.loads(request.POST.get("payload", ""))
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _server(told: dict[str, Any]) -> str:
    server = told.get("Server")
    return str(server.get("uuid") or "") if isinstance(server, dict) else ""
