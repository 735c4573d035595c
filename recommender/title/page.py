"""The page of a title: what it is, its moods, what is like it; what can be done with it."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from feedback import log
from feedback.models import Dismissal, Favorite
from feedback.saying import speaker_of
from feedback.undoing import undoably
from feedback.way_back import back
from mlmodel.matrix import MOST_ID, Catalogue, catalogue
from moodrec.notices import undoable
from plexsync.models import MediaItem, Viewer
from plexsync.next_episode import next_episode
from plexsync.sight import visible
from recommender.title.profile import bars
from recommender.title.similar import similar, story

MOST_ALIKE = 8
LOOKED_AT = 60  # alike, of which somebody may see but few


def item_of(request: HttpRequest, pk: int) -> MediaItem:
    """Return a title that the user may see. Raises Http404 for any other."""
    rows = visible(MediaItem.objects.select_related("library__connection"), request.user)
    return get_object_or_404(rows, pk=pk)


def items_of(request: HttpRequest, pk: int, others: list[int]) -> dict[int, MediaItem]:
    """Return a title, and those of others that the user may see. Raises Http404 as `item_of` does."""
    rows = visible(MediaItem.objects.select_related("library__connection"), request.user)
    items = rows.in_bulk([min(pk, MOST_ID), *others])
    if pk not in items:
        raise Http404
    return items


@require_GET
def title(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one title. What the household thinks of it, and why it was not chosen, are parts of their own."""
    shelf = catalogue()
    row = shelf.row_of(pk)
    parts = [] if row is None else story(shelf, row)
    alike = [] if row is None else similar(shelf, row, LOOKED_AT)
    items = items_of(request, pk, shelf.ids[[*parts, *alike]].tolist())
    item = items[pk]
    own = _own(request, item)
    context = {
        "item": item,
        "on_offer": row is not None,
        "bars": bars(item),
        "own": own,
        "kept": bool(own and own.kept),
        "episode": next_episode(own, item) if item.type == "show" else None,
        "story": _those(items, shelf, parts),
        "similar": _those(items, shelf, alike)[:MOST_ALIKE],
        "asked": request.GET.get("ask", ""),
    }
    return render(request, "recommender/title/title.html", context)


def _own(request: HttpRequest, item: MediaItem) -> Any:
    """Return the viewer that the user is, with whether the title is a favourite (``kept``)."""
    kept = Favorite.objects.filter(viewer=OuterRef("pk"), item=item)
    own = Viewer.objects.filter(user__pk=request.user.pk or 0)
    return own.annotate(kept=Exists(kept)).first()


def _those(items: dict[int, MediaItem], shelf: Catalogue, rows: Iterable[int]) -> list[MediaItem]:
    found = (items.get(int(shelf.ids[row])) for row in rows)
    return [item for item in found if item]


@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a title away from a viewer for good, or take that back (``wanted`` is 1)."""
    item = item_of(request, pk)
    viewer = speaker_of(request.user, request.POST.get("viewer", ""))
    kind = request.POST.get("kind", Dismissal.Kind.NEVER)
    if viewer is None or kind not in Dismissal.Kind.values:
        raise Http404
    rows = Dismissal.objects.filter(viewer=viewer, item=item, kind=kind)
    if request.POST.get("wanted") == "1":
        address = undoably(request, [rows], rows.delete)
        told = _("%(title)s may be suggested to %(viewer)s again.")
    else:
        address = undoably(request, [rows], lambda: log.dismissed([viewer], [item.pk], kind))
        told = _("%(title)s is not suggested to %(viewer)s any more.")
    undoable(request, told % {"title": item.title, "viewer": viewer.name}, address)
    return back(request)


def speakers(user: User | AnonymousUser) -> QuerySet[Viewer]:
    """Return the viewers for whom this user speaks."""
    return Viewer.objects.speakable_by(user)
