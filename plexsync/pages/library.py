"""The page of the library: how far the mirror is, and which libraries are on offer."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from moodrec.jobs import queue
from moodrec.jobs.models import Job
from moodrec.notices import undoable
from plexsync import first_run, vanishing
from plexsync.models import Connection, Library, MediaItem, MediaItemQuerySet
from plexsync.pages.access import owner_only
from plexsync.sight import is_guest, visible

STRIP = 6  # posters beside the progress


@require_http_methods(["GET", "POST"])
def sync(request: HttpRequest) -> HttpResponse:
    """Show how far the mirror is; POST starts a sync. Not for whom Plex shows less than all."""
    if is_guest(request.user):
        return redirect("tonight")
    if request.method == "POST":
        queue.request("sync")
        return redirect("sync")
    current = Connection.current()
    if current is None:
        return redirect("connect" if request.user.is_staff else "tonight")
    job = Job.objects.filter(kind="sync").defer("log").first()
    titles = visible(MediaItem.objects.on_offer(), request.user)
    context = {
        "job": job,
        "libraries": _libraries(current),
        "titles": titles.count(),
        "newest": _newest(titles) if job is not None and job.is_active else [],
        "steps": first_run.steps("sync") if request.user.is_staff else [],
    }
    return render(request, "plexsync/sync.html", context)


def _newest(titles: MediaItemQuerySet) -> list[MediaItem]:
    """Return the titles that came in last, for a look at what is being read."""
    return list(titles.exclude(thumb="").order_by("-pk").only("thumb")[:STRIP])


def _libraries(row: Connection) -> "list[Library]":
    """Return the server's libraries, each with its number of titles as ``titles``."""
    found = Library.objects.filter(connection=row).order_by("type", "title")
    return list(found.annotate(titles=Count("items", filter=Q(items__available=True))))


@owner_only
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Switch libraries on and off, of those that the form showed; what is newly on is read at once."""
    sent = request.GET if "undo" in request.GET else request.POST
    shown, on = sent.getlist("shown"), sent.getlist("on")
    switched = []
    libraries = list(Library.objects.filter(connection=Connection.current()))
    libraries = [library for library in libraries if str(library.pk) in shown]
    for library in libraries:
        wanted = str(library.pk) in on
        if wanted != library.enabled:
            Library.objects.filter(pk=library.pk).update(enabled=wanted)
            library.touch()  # what was computed from the titles on offer is old now
            switched.append(wanted)
    if any(switched):
        queue.request("sync")
    if switched:
        undoable(request, _("Saved."), _back_to(libraries))
    else:
        messages.info(request, _("Nothing was changed."))
    return redirect("sync")


def _back_to(before: list[Library]) -> str:
    """Return the address that switches these libraries as they were."""
    shown = [("shown", each.pk) for each in before]
    on = [("on", each.pk) for each in before if each.enabled]
    return f"{reverse('libraries')}?{urlencode([('undo', 1), *shown, *on])}"


@owner_only
@require_POST
def gone(_request: HttpRequest, pk: int) -> HttpResponse:
    """Believe that the titles which vanished from a library at once are really gone."""
    current = Connection.current()
    library = get_object_or_404(Library, pk=pk, connection=current, held_since__isnull=False)
    vanishing.believe(library)
    return redirect("sync")
