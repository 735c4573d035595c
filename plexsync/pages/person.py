"""The page of one person: name, age limit, PIN, and what ties them to Plex and to an account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from moodrec.notices import undoable
from plexsync import people as household
from plexsync import pins
from plexsync.models import Connection, Viewer
from plexsync.pages.access import owner_only
from plexsync.pages.names import NameForm

CAPS = {
    0: gettext_lazy("For all ages (G, U, TV-G, FSK 0)"),
    6: gettext_lazy("Up to 6 (FSK 6, Kijkwijzer 6)"),
    12: gettext_lazy("Up to 12 (PG, TV-PG, 12A, FSK 12)"),
    14: gettext_lazy("Up to 14 (PG-13, TV-14)"),
    16: gettext_lazy("Up to 16 (15, M, MA 15+, FSK 16)"),
    18: gettext_lazy("Up to 18 (R, TV-MA, NC-17, unrated)"),
}


@owner_only
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one person, and all that can be changed about them."""
    viewer = get_object_or_404(Viewer.objects.select_related("user").defer("plex_token"), pk=pk)
    context = {
        "viewer": viewer,
        "connection": Connection.current(),
        "form": NameForm(initial={"name": viewer.name}),
        "caps": CAPS.items(),
        "unlinked": _unlinked() if viewer.plex_id and not viewer.enabled else [],
        "here": reverse("person", args=[pk]),
    }
    return render(request, "plexsync/person.html", context)


def _unlinked() -> list[Viewer]:
    return list(Viewer.objects.filter(plex_id=None, owns_plex_state=False))


def back(request: HttpRequest) -> HttpResponse:
    """Return to the page of ours that the form was on, else to everybody."""
    there = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()})
    return redirect(there if ours and there.startswith("/") else "people")


def told(request: HttpRequest, name: str) -> str:
    """Return what a form, or the address of an undo, says of this field."""
    return request.POST.get(name, request.GET.get(name, ""))


def undo_to(route: str, pk: int, **before: str | int) -> str:
    """Return the address that sets these fields of somebody back."""
    return f"{reverse(route, args=[pk])}?{urlencode(before)}"


@owner_only
@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Call somebody otherwise; their address in the API stays."""
    viewer = get_object_or_404(Viewer, pk=pk)
    form, before = NameForm({"name": told(request, "name")}), viewer.name
    if not form.is_valid():
        messages.error(request, _("The name stays: type one of up to 80 letters."))
    elif form.cleaned_data["name"] != before:
        viewer.name = form.cleaned_data["name"]
        viewer.save(update_fields=["name"])
        said = _("%(before)s is called %(name)s now.") % {"before": before, "name": viewer.name}
        undoable(request, said, undo_to("people-rename", pk, name=before))
    return back(request)


@owner_only
@require_POST
def cap(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody see nothing above an age; nor anybody while they are present."""
    viewer = get_object_or_404(Viewer, pk=pk)
    wanted, before = told(request, "cap"), viewer.content_cap
    if wanted not in {"", *map(str, CAPS)}:
        messages.error(request, _("The age limit stays: choose one of the list."))
        return back(request)
    viewer.content_cap = int(wanted) if wanted else None
    viewer.save(update_fields=["content_cap"])
    if viewer.content_cap != before:
        earlier = "" if before is None else before
        undoable(request, _cap_told(viewer), undo_to("person-cap", pk, cap=earlier))
    return back(request)


def _cap_told(viewer: Viewer) -> str:
    if viewer.content_cap is None:
        return _("%(name)s has no age limit now.") % {"name": viewer.name}
    words = {"name": viewer.name, "age": viewer.content_cap}
    return _("%(name)s sees nothing above %(age)s, and nobody does while they watch along.") % words


@owner_only
@require_POST
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a PIN from now on before anybody can be this person, or for none."""
    viewer, typed = get_object_or_404(Viewer, pk=pk), request.POST.get("pin", "").strip()
    if typed and not pins.is_well_formed(typed):
        messages.error(request, _("The PIN was not changed: it has four to eight digits."))
    elif typed or request.POST.get("remove"):
        pins.set_pin(viewer, typed)
        words = _("%(name)s has a PIN.") if typed else _("%(name)s has no PIN any more.")
        messages.success(request, words % {"name": viewer.name})
    return back(request)


@owner_only
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget somebody who was added here and never said anything."""
    viewer = get_object_or_404(Viewer, pk=pk)
    if household.can_go(viewer):
        viewer.delete()
        messages.success(request, _("%(name)s is gone.") % {"name": viewer.name})
    else:
        words = _("%(name)s has answers or an account here and stays. Switch them off instead.")
        messages.error(request, words % {"name": viewer.name})
    return redirect("people")
