"""The page of the library: how far the mirror is, and which libraries are on offer."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from moodrec.jobs import queue
from moodrec.jobs.models import Job
from plexsync import catalogue
from plexsync.models import Connection, Library, MediaItem
from plexsync.pages.access import owner_only
from plexsync.sight import is_guest


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
    context = {
        "job": Job.objects.filter(kind="sync").first(),
        "libraries": _libraries(current),
        "titles": MediaItem.objects.on_offer().count(),
    }
    return render(request, "plexsync/sync.html", context)


def _libraries(row: Connection) -> "list[Library]":
    """Return the server's libraries, each with its number of titles as ``titles``."""
    found = Library.objects.filter(connection=row).order_by("type", "title")
    return list(found.annotate(titles=Count("items", filter=Q(items__available=True))))


@owner_only
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Switch libraries on and off; what is newly on is read at once."""
    on = set(request.POST.getlist("on"))
    switched = []
    for library in Library.objects.filter(connection=Connection.current()):
        wanted = str(library.pk) in on
        if wanted != library.enabled:
            Library.objects.filter(pk=library.pk).update(enabled=wanted)
            library.touch()  # what was computed from the titles on offer is old now
            switched.append(wanted)
    if any(switched):
        queue.request("sync")
    messages.success(request, "Saved." if switched else "Nothing was changed.")
    return redirect("sync")


@owner_only
@require_POST
def gone(_request: HttpRequest, pk: int) -> HttpResponse:
    """Believe that the titles which vanished from a library at once are really gone."""
    current = Connection.current()
    library = get_object_or_404(Library, pk=pk, connection=current, held_since__isnull=False)
    catalogue.believe(library)
    return redirect("sync")
