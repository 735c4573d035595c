"""The page of the three, and spinning for others."""

from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from feedback.models import Ask
from mlmodel.models import ModelVersion
from moodrec.calling import user_of
from plexsync.models import Connection
from plexsync.pages.unlocked import still_locked
from recommender.cards import Table, laid
from recommender.forms import SPIN_REASONS
from recommender.moment import SPINS, Answers
from recommender.suggest import Request, suggest


@require_GET
def three(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an ask's titles: poster, facts, role, reasons, and what can be done with each."""
    version = ModelVersion.objects.filter(number=OuterRef("model_version")).values("examples")[:1]
    asks = Ask.objects.visible_to(request.user).annotate(examples=Subquery(version))
    ask = get_object_or_404(asks, pk=pk)
    table = laid(ask, request.user)
    context = {
        **card_context(table),
        "answers": Answers.from_json(ask.mood),
        "table": table,
        "examples": vars(ask)["examples"] or 0,
        "spin_reasons": SPIN_REASONS,
        "chain": _chain(ask),
    }
    return render(request, "recommender/three.html", context)


def card_context(table: Table) -> dict[str, Any]:
    """Return what a card is rendered from, beside itself."""
    plex = Connection.current()
    return {
        "ask": table.ask,
        "viewers": table.viewers,
        "speakers": table.speakers,
        "plex": plex,  # the banner need not ask for it again
        "tonight_list": bool(plex and plex.tonight_playlist),
    }


def _chain(ask: Ask) -> list[Ask]:
    """Return every round of this ask, the first one included, oldest first."""
    rounds = Ask.objects.filter(first_id=ask.root_id) | Ask.objects.filter(pk=ask.root_id)
    return list(rounds.order_by("asked_at"))


@require_POST
def spin(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show others for the same mood; a reason narrows them, a loosened answer widens them."""
    ask = get_object_or_404(Ask.objects.visible_to(request.user), pk=pk)
    viewers = list(ask.viewers.all())
    if shut := still_locked(request, viewers, reverse("three", args=[pk])):
        return shut
    reason = request.POST.get("spin", "")
    asked = Request(
        answers=_relaxed(ask, request.POST.get("relax", "")),
        viewers=viewers,
        user=user_of(request),
        source=Ask.Source.WEB,
        previous=ask,
        spin=reason if reason in SPINS else "",
    )
    return redirect("three", pk=suggest(asked).pk)


def _relaxed(ask: Ask, name: str) -> Answers:
    """Return the ask's answers with the one that blocks loosened as it was offered."""
    answers = Answers.from_json(ask.mood)
    offered = {way["answer"]: way["value"] for way in ask.relax}
    if name not in offered:
        return answers
    if name == "minutes":
        return answers.within(offered[name])
    return answers.without(name)
