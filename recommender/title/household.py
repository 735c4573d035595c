"""What the household thinks of a title: who would like it tonight and why, what was said, when it was shown."""

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from feedback.models import Ask, Dismissal, Feedback, Suggestion
from mlmodel.matrix import catalogue
from mlmodel.records import Moment, Title
from moodrec.calling import by_htmx, user_of
from plexsync import sight
from plexsync.models import MediaItem, Viewer
from recommender import candidates
from recommender.title.expected import Liking, liking
from recommender.title.page import item_of, speakers

MOST_SHOWN = 6
MOST_SAID = 12


@dataclass(frozen=True, slots=True)
class Household:
    """What is known of a title here, as far as this user may know."""

    likings: list[Liking]
    said: list[Feedback]
    shown: list[Suggestion]
    dismissals: list[Dismissal]


@require_GET
def household(request: HttpRequest, pk: int) -> HttpResponse:
    """Show it: to htmx the part of the title's page, else a page of its own."""
    item = item_of(request, pk)
    name = "_household" if by_htmx(request) else "household"
    context = {"item": item, "told": _told(request, item)}
    return render(request, f"recommender/title/{name}.html", context)


def _told(request: HttpRequest, item: MediaItem) -> Household:
    viewers = list(speakers(request.user))
    said = Feedback.objects.filter(item=item, viewer__in=viewers).select_related("viewer")
    asks = Ask.objects.visible_to(request.user)
    shown = Suggestion.objects.filter(item=item, ask__in=asks.values("pk"))
    unwanted = Dismissal.objects.filter(item=item, viewer__in=viewers).select_related("viewer")
    return Household(
        likings=_likings(request, item, [viewer for viewer in viewers if viewer.enabled]),
        said=list(said.order_by("-said_at")[:MOST_SAID]),
        shown=list(shown.order_by("-shown_at")[:MOST_SHOWN]),
        dismissals=list(unwanted.exclude(kind=Dismissal.Kind.NOT_TONIGHT)),
    )


def _likings(request: HttpRequest, item: MediaItem, viewers: list[Viewer]) -> list[Liking]:
    shelf = catalogue()
    row = shelf.row_of(item.pk)
    if row is None or not viewers:
        return []
    seen = candidates.seen_by(shelf, viewers)[:, row]
    named = not sight.is_limited(user_of(request), ())
    moods = tuple(shelf.titles.moods[row].tolist())
    title = replace(Title.from_json(item.facts()), moods=moods)
    return liking(shelf, title, viewers, seen, Moment.at(timezone.localtime()), named=named)
