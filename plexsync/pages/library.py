"""The page of the library: how far the mirror is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from moodrec.jobs import queue
from moodrec.jobs.models import Job
from plexsync.models import Connection, Library, MediaItem


@require_http_methods(["GET", "POST"])
def sync(request: HttpRequest) -> HttpResponse:
    """Show how far the mirror is; POST starts a sync."""
    if request.method == "POST":
        queue.request("sync")
        return redirect("sync")
    current = Connection.current()
    if current is None:
        return redirect("connect")
    context = {
        "job": Job.objects.filter(kind="sync").first(),
        "libraries": Library.objects.filter(connection=current),
        "titles": MediaItem.objects.on_offer().count(),
    }
    return render(request, "plexsync/sync.html", context)
