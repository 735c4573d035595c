"""The page of past evenings: what was asked, shown, chosen and said."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from feedback.evenings import evening_of
from feedback.models import Ask, AskQuerySet, Suggestion
from feedback.moodnames import MOOD_NAMES
from feedback.saying import mark_mine, own_first, with_said
from plexsync.models import Viewer
from plexsync.sight import of_visible

ASKS = 6  # on a page, each with all its rounds


@dataclass(slots=True)
class Evening:
    """What was asked on one evening, the newest first; each ask with its rounds, the oldest first."""

    day: date
    asks: list[list[Ask]] = field(default_factory=list)

    @property
    def ago(self) -> int:
        """How many evenings ago it was."""
        return (evening_of(timezone.now()) - self.day).days


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """Show past evenings, of one viewer or one mood where that is asked for."""
    user, told = request.user, request.GET
    mine = Ask.objects.visible_to(user)
    chosen = {"viewer": told.get("viewer", ""), "mood": told.get("mood", "")}
    first = _of(mine.filter(first=None), **chosen)
    page = Paginator(first.order_by("-asked_at", "pk"), ASKS).get_page(told.get("page"))
    speakers = list(Viewer.objects.speakable_by(user))
    context = {
        "page": page,
        "evenings": _evenings(_rounds(list(page), user, speakers)),
        "speakers": own_first(user, [each for each in speakers if each.enabled]),
        "people": _people(user),
        "moods": MOOD_NAMES.items(),
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
    }
    return render(request, "feedback/history.html", context)


def _of(asks: AskQuerySet, viewer: str, mood: str) -> AskQuerySet:
    """Return those at which this viewer was present, and that asked for this mood."""
    if viewer:
        there = Ask.viewers.through.objects.filter(viewer__slug=viewer)
        asks = asks.filter(pk__in=there.values("ask"))
    return asks.filter(mood__vibe__icontains=f'"{mood}"') if mood in MOOD_NAMES else asks


def _people(user: User | AnonymousUser) -> QuerySet[Viewer]:
    """Return who was ever present when this user could see what was asked."""
    there = Ask.viewers.through.objects.all()
    if not user.is_staff:
        there = there.filter(ask__in=Ask.objects.visible_to(user).values("pk"))
    return Viewer.objects.filter(pk__in=there.values("viewer"))


def _rounds(
    first: Sequence[Ask], user: User | AnonymousUser, speakers: Sequence[Viewer]
) -> list[list[Ask]]:
    """Return each of these asks with its later rounds."""
    keys = [ask.pk for ask in first]
    rows = Ask.objects.visible_to(user).filter(Q(pk__in=keys) | Q(first__in=keys))
    shown = of_visible(Suggestion.objects.select_related("item"), user).defer("candidate")
    shown = with_said(shown.order_by("rank", "shown_at"))
    rows = rows.prefetch_related("viewers", Prefetch("suggestions", shown))
    rounds: dict[Any, list[Ask]] = {key: [] for key in keys}
    for ask in rows.order_by("asked_at"):
        mark_mine(ask.suggestions.all(), speakers)
        rounds[ask.root_id].append(ask)
    return [each for each in rounds.values() if each]


def _evenings(asks: Sequence[list[Ask]]) -> list[Evening]:
    by_day = groupby(asks, key=lambda rounds: evening_of(rounds[0].asked_at))
    return [Evening(day, list(group)) for day, group in by_day]
