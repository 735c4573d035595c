"""The page that says why a title was not among the three, and loosens what ruled it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from feedback.evenings import evening_of
from feedback.models import Ask
from mlmodel.matrix import catalogue
from moodrec.calling import by_htmx, user_of
from plexsync.models import MediaItem
from plexsync.pages.unlocked import still_locked
from recommender import candidates
from recommender.moment import MOST_MINUTES, Answers
from recommender.suggest import Request, suggest
from recommender.title.blocking import case_of, comes_before, facts
from recommender.title.page import item_of, items_of
from recommender.title.sitting import Said, Sitting, sitting
from recommender.title.whynot import Verdict, why


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict in words."""

    verdict: Verdict
    facts: list[str]
    """One for each answer that ruled it out."""
    unwanted: list[str]
    """Who did not want it, in words."""
    since: list[str]
    """Who said so only after the ask was answered."""
    can_loosen: bool


@require_GET
def why_not(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what became of a title when an ask was answered: of ``?ask=``, else of the user's last."""
    shelf = catalogue()
    row = shelf.row_of(pk)
    before = [] if row is None else shelf.ids[comes_before(shelf, row)].tolist()
    items, ask = items_of(request, pk, before), _ask(request)
    template = "recommender/title/_why.html" if by_htmx(request) else "recommender/title/why.html"
    told = _told(sitting(ask, shelf), row, items) if ask and row is not None else None
    context: dict[str, object] = {
        "item": items[pk],
        "ask": ask,
        "told": told,
        "on_offer": row is not None,
    }
    if ask:
        context |= {"mood": ask.mood, "viewers": list(ask.viewers.all()), "is_past": _is_past(ask)}
    return render(request, template, context)


@require_POST
def loosen(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask again without the answers that rule a title out, and show what comes of it."""
    item, ask = item_of(request, pk), _ask(request)
    shelf = catalogue()
    row = shelf.row_of(item.pk)
    if ask is None or row is None:
        return redirect("title", pk=pk)
    viewers = list(ask.viewers.all())
    if shut := still_locked(request, viewers, reverse("three", args=[ask.pk])):
        return shut
    answers = loosened(sitting(ask, shelf), row)
    asked = Request(answers, viewers, user=user_of(request), previous=ask)
    return redirect("three", pk=suggest(asked).pk)


def loosened(sat: Sitting, row: int) -> Answers:
    """Return the answers with each that rules the title out left open; time just as long as it needs."""
    answers = sat.evening.answers
    for name in why(sat, row).blocked:
        if name == "minutes":
            needed = float(candidates.needed_minutes(sat.evening.shelf, answers)[row])
            answers = answers.within(int(needed) if needed <= MOST_MINUTES else None)
        else:
            answers = answers.without(name)
    return answers


def _ask(request: HttpRequest) -> Ask | None:
    """Return the ask that is meant. Raises Http404 for one that the user may not see."""
    asks = Ask.objects.visible_to(request.user).select_related("user")
    asks = asks.prefetch_related("viewers")
    named = request.POST.get("ask") or request.GET.get("ask")
    if named:
        return get_object_or_404(asks, pk=_uuid(named))
    mine = asks.filter(user__pk=request.user.pk or 0, source=Ask.Source.WEB)
    return mine.order_by("-asked_at").first()


def _is_past(ask: Ask) -> bool:
    return evening_of(ask.asked_at) != evening_of(timezone.now())


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _told(sat: Sitting, row: int, items: Mapping[int, MediaItem]) -> Told:
    verdict = why(sat, row)
    return Told(
        verdict=verdict,
        facts=facts(verdict.blocked, case_of(sat, row, items)),
        unwanted=_unwanted(sat, row) if verdict.away == "unwanted" else [],
        since=_since(sat, row),
        can_loosen=bool(verdict.blocked) and not verdict.away,
    )


def _unwanted(sat: Sitting, row: int) -> list[str]:
    words = {
        "never": _("%(name)s never wants to see it."),
        "not_tonight": _("%(name)s put it off for tonight."),
    }
    return _in_words(words, sat.unwanted, sat, row)


def _since(sat: Sitting, row: int) -> list[str]:
    words = {
        "never": _("Since then %(name)s said: never."),
        "not_tonight": _("Since then %(name)s put it off."),
    }
    return _in_words(words, sat.unwanted_since, sat, row)


def _in_words(words: dict[str, str], said: Said, sat: Sitting, row: int) -> list[str]:
    of_it = said.get(int(sat.evening.shelf.twin[row]), [])
    return [words[kind] % {"name": name} for kind, name in of_it]
