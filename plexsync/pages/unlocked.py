"""Who may be chosen on this device: a viewer with a PIN only where it was typed lately."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from moodrec.calling import by_htmx
from plexsync.models import Viewer

LASTS = timedelta(hours=4)
_KEY = "unlocked"  # in the session: until when, and for which PIN, by the number of the viewer


def locked(request: HttpRequest, viewers: Iterable[Viewer]) -> frozenset[int]:
    """Return which of these viewers can't be chosen here before their PIN is typed."""
    known, now = request.session.get(_KEY, {}), timezone.now().timestamp()
    return frozenset(v.pk for v in viewers if v.pin and not _is_open(known.get(str(v.pk)), v, now))


def _is_open(kept: Any, viewer: Viewer, now: float) -> bool:
    """Tell whether it was typed lately, and is still the PIN."""
    return isinstance(kept, list) and kept[0] > now and kept[1] == _mark(viewer)


def _mark(viewer: Viewer) -> str:
    return hashlib.sha256(viewer.pin.encode()).hexdigest()[:16]


def still_locked(
    request: HttpRequest, viewers: Iterable[Viewer], there: str
) -> HttpResponse | None:
    """Return the way to the PIN of the first of these that can't be chosen here, and back to ``there``.

    None where all of them can.
    """
    viewers = list(viewers)
    shut = locked(request, viewers)
    viewer = next((each for each in viewers if each.pk in shut), None)
    if viewer is None:
        return None
    messages.info(request, _("Type %(name)s’s PIN first.") % {"name": viewer.name})
    address = f"{reverse('unlock', args=[viewer.slug])}?{urlencode({'next': there})}"
    return HttpResponseClientRedirect(address) if by_htmx(request) else redirect(address)


def open_up(request: HttpRequest, viewer: Viewer) -> None:
    """Let this viewer be chosen on this device for a while."""
    until = (timezone.now() + LASTS).timestamp()
    request.session[_KEY] = {
        **request.session.get(_KEY, {}),
        str(viewer.pk): [until, _mark(viewer)],
    }
