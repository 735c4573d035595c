"""The page of who lives here: who is asked for a mood, and whose Plex account is read."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from moodrec.jobs import queue
from plexsync import people as household
from plexsync.client import PlexError
from plexsync.models import Connection, Viewer
from plexsync.pages import hook
from plexsync.pages.access import owner_only

IS_READ = "What they watched in Plex until now is read within a few minutes."


class NameForm(forms.Form):
    """What somebody is called here."""

    name = forms.CharField(label="Name", max_length=80, strip=True)


@owner_only
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Show everybody of the household and of Plex, with a switch each."""
    current = Connection.current()
    viewers = list(Viewer.objects.defer("plex_token"))
    unlinked = [v for v in viewers if v.plex_id is None and not v.owns_plex_state]
    by_name = {viewer.name.casefold(): viewer for viewer in unlinked}
    context = {
        "connection": current,
        "here": [viewer for viewer in viewers if viewer.enabled],
        "others": [(v, by_name.get(v.name.casefold())) for v in viewers if not v.enabled],
        "unlinked": unlinked,
        "form": NameForm(),
        "hook": _hook_address(request, current),
    }
    return render(request, "plexsync/people.html", context)


def _hook_address(request: HttpRequest, current: Connection | None) -> str:
    if current is None or not current.hook_secret:
        return ""
    return request.build_absolute_uri(reverse("plex-hook", args=[current.hook_secret]))


@owner_only
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Ask Plex who may use the server."""
    current = Connection.current()
    if current is None:
        return redirect("connect")
    try:
        household.refresh(current)
    except PlexError as error:
        messages.error(request, str(error))
    return redirect("people")


@owner_only
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Add somebody who has no Plex account."""
    form = NameForm(request.POST)
    if form.is_valid():
        viewer = Viewer.add(form.cleaned_data["name"])
        messages.success(request, f"{viewer} is here.")
    else:
        messages.error(request, "Nobody was added: type a name of up to 80 letters.")
    return redirect("people")


@owner_only
@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Call somebody otherwise; their address in the API stays."""
    viewer = get_object_or_404(Viewer, pk=pk)
    form = NameForm(request.POST)
    if form.is_valid():
        viewer.name = form.cleaned_data["name"]
        viewer.save(update_fields=["name"])
    else:
        messages.error(request, "The name stays: type one of up to 80 letters.")
    return redirect("people")


@owner_only
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody watch here, or not any more. A PIN is used once and stored nowhere."""
    viewer = get_object_or_404(Viewer, pk=pk)
    pin = request.POST.get("pin", "").strip()[:20]
    return _choose(request, viewer, enabled=request.POST.get("enabled") == "1", pin=pin)


def _choose(request: HttpRequest, viewer: Viewer, *, enabled: bool, pin: str = "") -> HttpResponse:
    try:
        household.choose(Connection.current(), viewer, enabled=enabled, pin=pin)
    except PlexError as error:
        messages.error(request, f"{viewer} is here, but can't be read yet: {error}")
    else:
        _tell(request, viewer)
    return redirect("people")


def _tell(request: HttpRequest, viewer: Viewer) -> None:
    if viewer.plex_problem:
        messages.warning(request, f"{viewer}: {viewer.plex_problem}")
    elif not viewer.enabled:
        messages.success(request, f"{viewer} is not asked for any more. Nothing said was lost.")
    else:
        queue.request("plays")
        messages.success(request, f"{viewer} is here. {IS_READ if viewer.plex_id else ''}".strip())


@owner_only
@require_POST
def same(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that somebody of Plex is a viewer we know."""
    person = get_object_or_404(Viewer, pk=pk, plex_id__isnull=False)
    viewer = get_object_or_404(Viewer, pk=_number(request.POST.get("viewer")))
    if not household.is_same(person, viewer):
        messages.error(request, f"{person} has answers of their own here and stays apart.")
        return redirect("people")
    viewer.refresh_from_db()
    return _choose(request, viewer, enabled=viewer.enabled)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


@owner_only
@require_POST
def new_hook(request: HttpRequest) -> HttpResponse:
    """Make the webhook's address, or another one: the earlier one ends."""
    current = Connection.current()
    if current is None:
        return redirect("connect")
    hook.renew(current)
    messages.success(request, "Paste the new address into Plex: Settings → Webhooks.")
    return redirect(reverse("people") + "#hook")
