"""Whether a title has a trailer: asked of Plex only when somebody looks at the details."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from moodrec.calling import by_htmx
from moodrec.phrases import told
from plexsync.client import PlexClient, PlexError, extras
from plexsync.failing import is_refused, understood
from plexsync.links import web_link
from plexsync.models import MediaItem
from plexsync.sight import visible

SECONDS = 4  # somebody waits


@require_GET
def trailer(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the trailer in Plex, or say that there is none; a part of a page for htmx."""
    offered = MediaItem.objects.on_offer().select_related("library__connection")
    item = get_object_or_404(visible(offered, request.user), pk=pk)
    context = {"item": item, **_found(item)}
    page = "plexsync/_trailer.html" if by_htmx(request) else "plexsync/trailer.html"
    return render(request, page, context)


def _found(item: MediaItem) -> dict[str, Any]:
    """Return the trailer's address, or why it is not known."""
    row = item.library.connection
    if is_refused(row):
        return {"problem": row.problem}
    try:
        key = extras.trailer(PlexClient.of(row, seconds=SECONDS), item.rating_key)
    except PlexError as error:
        if error.kind == "missing":
            return {}
        return {"problem": told(understood(row, error, seconds=SECONDS).args[0])}
    return {"address": web_link(row.machine_identifier, key)} if key else {}
