"""Who may be chosen on this device: a viewer with a PIN only where it was typed lately."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from feedback.way_back import back
from plexsync import pins
from plexsync.models import Viewer

LASTS = timedelta(hours=4)
PRESENT = "present"  # in the session: who typed their PIN just now
_KEY = "unlocked"  # in the session: until when, by the number of the viewer


class PinForm(forms.Form):
    """A viewer's PIN."""

    pin = forms.CharField(
        max_length=8,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, viewer: Viewer, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.viewer = viewer
        self.fields["pin"].label = _("%(name)s’s PIN") % {"name": viewer.name}

    def clean_pin(self) -> str:
        pin: str = self.cleaned_data["pin"]
        try:
            fits = pins.fits(self.viewer, pin)
        except pins.TooManyTries:
            raise forms.ValidationError(
                _("That was tried too often. Wait a quarter of an hour, then try again.")
            ) from None
        if not fits:
            raise forms.ValidationError(_("That is not the PIN. Try again."))
        return pin


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
    viewer = next((viewer for viewer in viewers if viewer.pk in shut), None)
    if viewer is None:
        return None
    messages.info(request, _("Type %(name)s’s PIN first.") % {"name": viewer.name})
    address = f"{reverse('unlock', args=[viewer.slug])}?{urlencode({'next': there})}"
    by_htmx = getattr(request, "htmx", False)
    return HttpResponseClientRedirect(address) if by_htmx else redirect(address)


def open_up(request: HttpRequest, viewer: Viewer) -> None:
    """Let this viewer be chosen on this device for a while."""
    until = (timezone.now() + LASTS).timestamp()
    request.session[_KEY] = {**request.session.get(_KEY, {}), str(viewer.pk): [until, _mark(viewer)]}


@never_cache
@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a viewer's PIN; with the right one they are present, and can be chosen for a while."""
    viewer = get_object_or_404(Viewer, slug=slug, enabled=True)
    form = PinForm(viewer, request.POST or None)
    if request.method == "POST" and form.is_valid():
        open_up(request, viewer)
        return _back(request, viewer)
    there = request.POST.get("next", request.GET.get("next", ""))
    return render(request, _page(request), {"form": form, "viewer": viewer, "next": there})


def _page(request: HttpRequest) -> str:
    return "recommender/_pin.html" if getattr(request, "htmx", False) else "recommender/pin.html"


def _back(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Lead back to the ask with this viewer present; a page that only swaps its faces is told so."""
    if not getattr(request, "htmx", False):
        if request.POST.get("next"):
            return back(request)
        request.session[PRESENT] = viewer.slug
        return redirect("tonight")
    answer = render(request, "recommender/_face.html", {"face": Face(viewer, chosen=True)})
    answer["HX-Retarget"] = f"#face-{viewer.pk}"
    answer["HX-Reswap"] = "outerHTML"
    answer["HX-Trigger-After-Settle"] = "moodrec:unlocked"
    return answer


class Face:
    """A viewer as the ask shows them."""

    def __init__(self, viewer: Viewer, *, chosen: bool = False, is_locked: bool = False) -> None:
        self.viewer, self.chosen, self.is_locked = viewer, chosen and not is_locked, is_locked
