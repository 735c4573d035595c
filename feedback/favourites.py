"""The wall of favourites, each viewer's own, and the heart that puts a title there."""

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser, User
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from feedback import log
from feedback.models import Favorite
from feedback.saying import speaker_of
from feedback.undoing import undoably
from feedback.way_back import back
from moodrec.calling import by_htmx
from moodrec.notices import undoable
from plexsync.models import MediaItem, Viewer
from plexsync.sight import visible

ON_A_PAGE = 60
ORDERS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "new": (gettext_lazy("Newest first"), ("-added_at", "pk")),
    "title": (gettext_lazy("By title"), ("item__sort_title", "pk")),
    "short": (gettext_lazy("Shortest first"), ("item__runtime_minutes", "item__sort_title", "pk")),
}
KINDS: dict[str, Promise] = {"movie": gettext_lazy("Films"), "show": gettext_lazy("Series")}


@require_GET
def favorites(request: HttpRequest) -> HttpResponse:
    """Show the favourites of the viewers this user speaks for."""
    mine = list(Viewer.objects.speakable_by(request.user))
    told = {name: request.GET.get(name, "") for name in ("q", "viewer", "type", "order")}
    rows = _of(Favorite.objects.filter(viewer__in=mine), request.user, told)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "people": [each for each in mine if each.enabled or each.slug == told["viewer"]],
        "orders": [(name, label) for name, (label, _fields) in ORDERS.items()],
        "kinds": KINDS.items(),
        "told": told,
        "is_filtered": any(told[name] for name in ("q", "viewer", "type")),
    }
    return render(request, "feedback/favorites.html", context)


def _of(
    rows: QuerySet[Favorite], user: User | AnonymousUser, told: dict[str, str]
) -> QuerySet[Favorite]:
    """Return what was asked for, in the order that was."""
    rows = rows.filter(item__in=visible(MediaItem.objects.all(), user))
    if told["q"]:
        rows = rows.filter(item__title__icontains=told["q"])
    if told["viewer"]:
        rows = rows.filter(viewer__slug=told["viewer"])
    if told["type"] in KINDS:
        rows = rows.filter(item__type=told["type"])
    _label, fields = ORDERS.get(told["order"], ORDERS["new"])
    return rows.select_related("item__library__connection", "viewer").order_by(*fields)


@require_POST
def toggle_favorite(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a title among one's favourites, or take it off."""
    item = get_object_or_404(visible(MediaItem.objects.all(), request.user), pk=pk)
    viewer = speaker_of(request.user, request.POST.get("viewer", ""))
    wanted = request.POST.get("wanted") == "1"
    if viewer is None:
        messages.error(request, _("Nothing was kept: you have no viewer of your own yet."))
        wanted = not wanted
    else:
        _keep(request, viewer, item, wanted=wanted)
    if not by_htmx(request):
        return back(request)
    named = viewer if request.POST.get("viewer") else None
    context = {"item": item, "kept": wanted, "viewer": named, "place": request.POST.get("place")}
    return render(request, "feedback/_heart_answer.html", context)


def _keep(request: HttpRequest, viewer: Viewer, item: MediaItem, *, wanted: bool) -> None:
    rows = Favorite.objects.filter(viewer=viewer, item=item)
    address = undoably(request, [rows], lambda: log.favorite(viewer, item, wanted=wanted))
    kept = _("%(title)s is among your favourites.")
    off = _("%(title)s is off your favourites.")
    undoable(request, (kept if wanted else off) % {"title": item.title}, address)
