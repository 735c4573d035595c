"""The door that pictures come through."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from plexsync.drawn import drawn
from plexsync.models import MediaItem
from plexsync.posters import ART, POSTER, Kind, picture, tag, version
from plexsync.sight import visible

SOON = "private, max-age=60"
A_DAY = "private, max-age=86400"
FOR_EVER = "private, max-age=31536000, immutable"


@require_safe
def poster(request: HttpRequest, pk: int, width: int) -> HttpResponse:
    """Serve a title's poster in one of our sizes, or a drawn one where Plex has none to give."""
    return _serve(request, POSTER, pk, width)


@require_safe
def art(request: HttpRequest, pk: int, width: int) -> HttpResponse:
    """Serve a title's wide picture, as `poster` does."""
    return _serve(request, ART, pk, width)


def _serve(request: HttpRequest, kind: Kind, pk: int, width: int) -> HttpResponse:
    titles = visible(MediaItem.objects.select_related("library__connection"), request.user)
    return served(request, get_object_or_404(titles, pk=pk), kind, width)


def served(request: HttpRequest, item: MediaItem, kind: Kind, width: int) -> HttpResponse:
    """Serve a title's picture to somebody who may see it. Raises Http404 at a size that is not ours."""
    if width not in kind.widths:
        raise Http404
    etag = f'"{tag(item, kind, width)}"'
    headers = {"Cache-Control": _lifetime(request, item, kind), "ETag": etag}
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    found = picture(item, kind, width)
    if found is None:
        svg = drawn(item.title, width, kind.height(width))
        return HttpResponse(svg, "image/svg+xml", headers={"Cache-Control": SOON})
    body, content_type = found
    return HttpResponse(body, content_type, headers=headers)


def _lifetime(request: HttpRequest, item: MediaItem, kind: Kind) -> str:
    """Return how long a browser may keep the picture: for ever where the address names this one."""
    named = request.GET.get("v")
    if named is None:
        return A_DAY
    return FOR_EVER if named == version(item, kind) else SOON
