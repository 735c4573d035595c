"""The page of who lives here: who is asked for a mood, and whose Plex account is read."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from moodrec.jobs import queue
from moodrec.notices import undoable
from moodrec.phrases import told as in_words
from plexsync import first_run
from plexsync import people as household
from plexsync.client import PlexError
from plexsync.models import Connection, Viewer
from plexsync.pages import hook
from plexsync.pages.access import owner_only
from plexsync.pages.names import NameForm
from plexsync.pages.person import back, told, undo_to


@owner_only
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Show everybody of the household and of Plex, with a switch each."""
    current = Connection.current()
    viewers = list(Viewer.objects.select_related("user").defer("plex_token"))
    unlinked = [v for v in viewers if v.plex_id is None and not v.owns_plex_state]
    by_name = {viewer.name.casefold(): viewer for viewer in unlinked}
    context = {
        "connection": current,
        "here": [viewer for viewer in viewers if viewer.enabled],
        "others": [(v, by_name.get(v.name.casefold())) for v in viewers if not v.enabled],
        "form": NameForm(),
        "hook": _hook_address(request, current),
        "steps": first_run.steps("people"),
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
    before = Viewer.objects.count()
    try:
        problem = household.refresh(current)
    except PlexError as error:
        problem = error
    if problem is not None:
        messages.error(request, in_words(str(problem)))
    elif Viewer.objects.count() == before:
        messages.info(request, _("Plex knows nobody else at the moment."))
    return redirect("people")


@owner_only
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Add somebody who has no Plex account."""
    form = NameForm(request.POST)
    if form.is_valid():
        viewer = Viewer.add(form.cleaned_data["name"])
        said = _("%(name)s is here.") % {"name": viewer.name}
        undoable(request, said, reverse("person-remove", args=[viewer.pk]))
    else:
        messages.error(request, _("Nobody was added: type a name of up to 80 letters."))
    return redirect("people")


@owner_only
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody watch here, or not any more. A PIN of Plex is used once and stored nowhere."""
    viewer = get_object_or_404(Viewer, pk=pk)
    pin = request.POST.get("pin", "").strip()[:20]
    return _choose(request, viewer, enabled=told(request, "enabled") == "1", pin=pin)


def _choose(request: HttpRequest, viewer: Viewer, *, enabled: bool, pin: str = "") -> HttpResponse:
    try:
        household.choose(Connection.current(), viewer, enabled=enabled, pin=pin)
    except PlexError as error:
        words = {"name": viewer.name, "problem": in_words(str(error))}
        messages.error(request, _("%(name)s is here, but can’t be read yet: %(problem)s") % words)
    else:
        _tell(request, viewer)
    return back(request)


def _tell(request: HttpRequest, viewer: Viewer) -> None:
    words = {"name": viewer.name, "problem": in_words(viewer.plex_problem)}
    undo = undo_to("people-switch", viewer.pk, enabled="0" if viewer.enabled else "1")
    if viewer.plex_problem:
        messages.warning(request, _("%(name)s: %(problem)s") % words)
    elif not viewer.enabled:
        said = _("%(name)s is not asked for any more. Nothing said was lost.")
        undoable(request, said % words, undo)
    elif viewer.plex_id:
        queue.request("plays")
        said = _("%(name)s is here. What they watched in Plex is read within a few minutes.")
        undoable(request, said % words, undo)
    else:
        undoable(request, _("%(name)s is here.") % words, undo)


@owner_only
@require_POST
def same(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that somebody of Plex is a viewer we know."""
    person = get_object_or_404(Viewer, pk=pk, plex_id__isnull=False)
    viewer = get_object_or_404(Viewer, pk=_number(request.POST.get("viewer")))
    if not household.is_same(person, viewer):
        words = _("%(name)s has answers of their own here and stays apart.")
        messages.error(request, words % {"name": person.name})
        return back(request)
    viewer.refresh_from_db()
    _choose(request, viewer, enabled=viewer.enabled)
    return redirect("people")


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
    messages.success(request, _("Paste the new address into Plex: Settings → Webhooks."))
    return redirect(reverse("people") + "#hook")
