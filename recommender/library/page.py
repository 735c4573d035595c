"""The library page: search, filters, and posters by the shelf-full."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from feedback.models import Ask
from mlmodel.matrix import Catalogue, catalogue
from mlmodel.records import Moment
from moodrec.calling import user_of
from plexsync.models import MediaItem, Viewer
from recommender.known import visible
from recommender.library import finding
from recommender.library.index import Index, index
from recommender.library.wish import WishForm

A_SHELF_FULL = 48  # posters fetched at once: fills rows of two, three, four, six and eight
_CARD = ("pk", "title", "year", "type", "thumb", "fingerprint", "library_id")


@dataclass(frozen=True, slots=True)
class Card:
    """A title on the wall."""

    item: MediaItem
    seen: bool


@require_GET
def library(request: HttpRequest) -> HttpResponse:
    """Show the titles that fit the filters; to htmx only what changes of the page."""
    shelf = catalogue()
    titles = index(shelf)
    reader = _reader(request, shelf)
    form = WishForm(request.GET).offer(
        titles.genres_of(reader.visible),
        finding.decades(shelf),
        titles.libraries_of(reader.visible),
    )
    found = _found(shelf, titles, form, reader)
    page = Paginator(found.rows, A_SHELF_FULL).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "cards": _cards(shelf, found, page),
        "total": len(shelf),
        "rest": _query(request),
        "ask": _ask(request),
    }
    response = render(request, _template(request), context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _found(
    shelf: Catalogue, titles: Index, form: WishForm, reader: finding.Reader
) -> finding.Found:
    if not form.is_valid():
        return finding.Found(shelf.preference[:0], shelf.watched)
    return finding.find(shelf, titles, form.wish(), reader)


def _reader(request: HttpRequest, shelf: Catalogue) -> finding.Reader:
    user = user_of(request)
    viewers = list(Viewer.objects.filter(user__pk=request.user.pk or 0))
    return finding.Reader(viewers, Moment.at(timezone.localtime()), visible(shelf, user))


def _cards(shelf: Catalogue, found: finding.Found, page: "Page[int]") -> list[Card]:
    rows = list(page.object_list)
    items = MediaItem.objects.on_offer().only(*_CARD).in_bulk(shelf.ids[rows].tolist())
    placed = [(items.get(int(shelf.ids[row])), row) for row in rows]
    return [Card(item, bool(found.seen[row])) for item, row in placed if item]


def _ask(request: HttpRequest) -> Ask | None:
    """Return the ask whose titles are looked for: each then leads to why it was not shown."""
    try:
        named = UUID(request.GET.get("ask", ""))
    except ValueError:
        return None
    return Ask.objects.visible_to(request.user).filter(pk=named).first()


def _query(request: HttpRequest) -> str:
    """Return the filters as an address has them, without the page."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def _template(request: HttpRequest) -> str:
    htmx = request.htmx  # type: ignore[attr-defined]
    if not htmx or htmx.history_restore_request:
        return "recommender/library.html"
    more = htmx.target == "more"
    return "recommender/_library_wall.html" if more else "recommender/_library_found.html"
