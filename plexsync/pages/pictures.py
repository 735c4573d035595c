"""The door that posters come through."""

from xml.sax.saxutils import escape

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from plexsync.models import MediaItem
from plexsync.posters import RATIO, WIDTHS, tag
from plexsync.posters import poster as fetch_poster

DAY_SECONDS = 86_400


@require_GET
def poster(request: HttpRequest, pk: int, width: int) -> HttpResponse:
    """Serve a title's poster in one of our sizes, or a drawn one where Plex has none to give."""
    if width not in WIDTHS:
        raise Http404
    item = get_object_or_404(MediaItem.objects.select_related("library__connection"), pk=pk)
    etag = f'"{tag(item, width)}"'
    headers = {"Cache-Control": f"private, max-age={DAY_SECONDS}", "ETag": etag}
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    found = fetch_poster(item, width)
    if found is None:
        return _placeholder(item, width)
    body, kind = found
    return HttpResponse(body, kind, headers=headers)


def _placeholder(item: MediaItem, width: int) -> HttpResponse:
    hue = sum(map(ord, item.title)) % 360
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 450" width="{width}" '
        f'height="{round(width * RATIO)}"><rect width="300" height="450" fill="hsl({hue} 35% 24%)"/>'
        f'<text x="150" y="225" fill="#fff" font-family="sans-serif" font-size="26" '
        f'text-anchor="middle">{escape(item.title[:20])}</text></svg>'
    )
    return HttpResponse(drawn, "image/svg+xml", headers={"Cache-Control": "private, max-age=60"})
