"""What can be done with a card of the three: put it away, bring it back, open it, play it, list it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from feedback import log, memory
from feedback.models import Ask, Dismissal, Suggestion
from feedback.saying import speakers_of
from feedback.undoing import undoably
from feedback.way_back import back
from moodrec.calling import by_htmx, user_of
from moodrec.notices import undoable
from plexsync.models import Viewer
from plexsync.pages.play import play as player_page
from plexsync.pages.unlocked import still_locked
from recommender import give
from recommender.cards import laid
from recommender.coming import coming
from recommender.pages import card_context
from recommender.suggest import instead

KINDS = Dismissal.Kind


def _shown(request: HttpRequest, pk: int) -> Suggestion:
    rows = memory.visible_suggestions(request.user)
    rows = rows.select_related("ask", "item__library__connection")
    found: Suggestion = get_object_or_404(rows, pk=pk)
    return found


@require_GET
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the card as it is now: the page fetches it anew after something was done elsewhere."""
    return _card(request, _shown(request, pk))


@require_POST
def put_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a title give way to the next best: not tonight, never again, or seen already."""
    shown, kind = _shown(request, pk), request.POST.get("why", "")
    if kind not in KINDS.values:
        raise Http404
    viewers = list(shown.ask.viewers.all())
    if shut := still_locked(request, viewers, reverse("three", args=[shown.ask_id])):
        return shut  # what comes instead is chosen by their taste, as what a spin brings is
    came = _give_way(request, shown, speakers_of(request.user, viewers), kind)
    if came is None and memory.is_on_display(shown):
        messages.info(request, _("Nothing else fits this mood, so its place stays empty."))
    return _answer(request, came or shown)


def _give_way(
    request: HttpRequest, shown: Suggestion, speakers: list[Viewer], kind: str
) -> Suggestion | None:
    """Note why the title goes, and let the next best take its place.

    None where no other fits, and where the title had given way already: on another phone, say.
    """
    came: list[Suggestion] = []

    def act() -> None:
        Ask.objects.select_for_update().get(pk=shown.ask_id)  # or two cards get the same title
        other = instead(shown, user_of(request)) if memory.is_on_display(shown) else None
        log.dismissed(speakers, [shown.item_id], kind)
        if other is not None:
            came.append(log.shown_instead(shown, *other))

    address = undoably(request, _rows(shown), act, at=f"s{shown.pk}")
    undoable(request, _words(kind) % {"title": shown.item.title}, address)
    give.request_tonight()
    return came[0] if came else None


def _words(kind: str) -> str:
    if kind == KINDS.NEVER:
        return _("%(title)s is never shown again.")
    if kind == KINDS.SEEN_IT:
        return _("Noted as seen: %(title)s.")
    return _("Not tonight: %(title)s.")


def _rows(shown: Suggestion) -> list[Any]:
    """Return all that putting a title away, or bringing it back, may change."""
    return [
        Dismissal.objects.filter(item=shown.item_id),
        Ask.objects.filter(pk=shown.ask_id),
        Suggestion.objects.filter(ask=shown.ask_id),
    ]


@require_POST
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that a title was put away, by those for whom this user may speak."""
    shown = _shown(request, pk)
    speakers = speakers_of(request.user, list(shown.ask.viewers.all()))
    theirs = Dismissal.objects.filter(item=shown.item_id, viewer__in=speakers)
    address = undoably(request, [theirs], theirs.delete)
    undoable(request, _("%(title)s is back.") % {"title": shown.item.title}, address)
    return _answer(request, shown)


@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Remember that this is what they watch, and lead to it in Plex."""
    shown = _shown(request, pk)
    log.chosen(shown)
    return HttpResponseRedirect(shown.item.plex_url)


@require_POST
def unchoose(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that it was chosen."""
    shown = _shown(request, pk)
    rows = Suggestion.objects.filter(pk=pk)
    address = undoably(request, [rows], lambda: rows.update(chosen_at=None), at=f"s{pk}")
    undoable(request, _("Not chosen after all: %(title)s.") % {"title": shown.item.title}, address)
    return _answer(request, shown)


@require_http_methods(["GET", "POST"])
def play(request: HttpRequest, pk: int) -> HttpResponse:
    """Show on what the suggestion can be played; what starts there was chosen."""
    shown = _shown(request, pk)
    episode = coming([shown], shown.ask.viewers.all()).get(shown.item_id)  # as its card says
    return player_page(request, shown.item_id, lambda: log.chosen(shown), episode)


def _answer(request: HttpRequest, shown: Suggestion) -> HttpResponse:
    if by_htmx(request):
        return _card(request, Suggestion.objects.select_related("ask").get(pk=shown.pk))
    return back(request, at=f"s{shown.pk}")


def _card(request: HttpRequest, shown: Suggestion) -> HttpResponse:
    """Answer with the card that stands at this one's place, and how many titles are left."""
    table = laid(shown.ask, request.user)
    for each in table.cards:
        if each.shown.rank == shown.rank:
            context = {**card_context(table), "card": each, "is_new": True}
            return render(request, "recommender/_card_answer.html", context)
    raise Http404
