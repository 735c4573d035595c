"""The pages that ask the mood and show tonight's titles."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from feedback.models import Ask, Favorite, Feedback, Suggestion
from feedback.views import said_by
from plexsync.models import Connection, MediaItem, Viewer
from plexsync.sight import is_guest, visible
from recommender.coming import coming
from recommender.forms import SPIN_REASONS, TonightForm, defaults
from recommender.moment import SPINS, Answers
from recommender.present import by_person, model_json
from recommender.suggest import Request, suggest


def _own(user: User | AnonymousUser) -> Viewer | None:
    return Viewer.objects.filter(user__pk=user.pk or 0).first()


@require_http_methods(["GET", "POST"])
def tonight(request: HttpRequest) -> HttpResponse:
    """Ask: who, what vibe, how long, new or seen. POST answers and leads to the three."""
    if Connection.current() is None:
        if request.user.is_staff:
            return redirect("connect")
        return render(request, "recommender/unconnected.html")
    own = _own(request.user)
    last = (
        Ask.objects.filter(user__pk=request.user.pk or 0, first=None).order_by("-asked_at").first()
    )
    form = TonightForm(request.POST or None, initial=defaults(last, own))
    if request.method == "POST" and form.is_valid():
        return _answer(request, Request(answers=form.answers(), viewers=_present(form, own)))
    context = {
        "form": form,
        "titles": visible(MediaItem.objects.on_offer(), request.user).count(),
        "is_guest": is_guest(request.user),
        "viewers": Viewer.objects.filter(enabled=True).count(),
        "how_was_it": _unanswered(request.user),
    }
    return render(request, "recommender/tonight.html", context)


def _present(form: TonightForm, own: Viewer | None) -> list[Viewer]:
    chosen = list(form.cleaned_data["viewer"])
    return chosen or ([own] if own else [])


def _answer(request: HttpRequest, asked: Request) -> HttpResponseRedirect:
    user = request.user if isinstance(request.user, User) else None
    ask = suggest(replace(asked, user=user, source=Ask.Source.WEB))
    return redirect("three", pk=ask.pk)


def _unanswered(user: User | AnonymousUser) -> list[Suggestion]:
    """Return what was shown lately and nobody has spoken of: "how was it?".

    What Plex saw somebody watch goes first, else it is the safe bet.
    """
    now = timezone.now()
    asks = Ask.objects.visible_to(user).filter(
        asked_at__range=(now - timedelta(days=4), now - timedelta(hours=3))
    )
    spoken = Feedback.objects.filter(suggestion=OuterRef("pk")).exclude(source=Ask.Source.PLEX)
    rows = Suggestion.objects.filter(~Exists(spoken), ask__in=asks.values("pk"))
    rows = rows.filter(Q(rank=1) | Q(feedback__isnull=False)).distinct()
    rows = rows.annotate(watched=Exists(Feedback.objects.filter(suggestion=OuterRef("pk"))))
    return list(rows.select_related("item", "ask").order_by("-watched", "-shown_at")[:1])


@require_GET
def three(request: HttpRequest, pk: str) -> HttpResponse:
    """Show an ask's titles: poster, facts, role, reasons, and what can be done with each."""
    ask = get_object_or_404(Ask.objects.visible_to(request.user), pk=pk)
    viewers = list(ask.viewers.all())
    speakers = _speakers(request, viewers)
    shown = list(
        ask.suggestions.select_related("item__library__connection").prefetch_related(
            "feedback__viewer", said_by(speakers)
        )
    )
    episodes = coming(shown, viewers)
    own = _own(request.user)
    kept = Favorite.objects.filter(viewer=own).values_list("item_id", flat=True) if own else []
    context = {
        "ask": ask,
        "answers": Answers.from_json(ask.mood),
        "viewers": viewers,
        "speakers": speakers,
        "suggestions": shown,
        "cards": [
            (
                each,
                by_person(each.reasons, viewers if len(viewers) > 1 else []),
                _ends_at(each.item),
                episodes.get(each.item_id),
            )
            for each in shown
        ],
        "favorites": set(kept),
        "model": model_json(ask.model_version),
        "spin_reasons": SPIN_REASONS,
        "chain": _chain(ask),
        "now": timezone.localtime(),
    }
    return render(request, "recommender/three.html", context)


def _ends_at(item: MediaItem) -> datetime | None:
    """Return when a film that is started now ends."""
    minutes = item.runtime_minutes if item.type == "movie" else None
    return timezone.localtime() + timedelta(minutes=minutes) if minutes else None


def _speakers(request: HttpRequest, viewers: list[Viewer]) -> list[Viewer]:
    """Return for whom this user may answer "how was it?": of those present, else oneself."""
    allowed = Viewer.objects.speakable_by(request.user)
    present = [viewer for viewer in allowed if viewer in viewers]
    return present or list(allowed.filter(user__pk=request.user.pk or 0))


def _chain(ask: Ask) -> list[Ask]:
    """Return every round of this ask, the first one included, oldest first."""
    rounds = Ask.objects.filter(first_id=ask.root_id) | Ask.objects.filter(pk=ask.root_id)
    return list(rounds.order_by("asked_at"))


@require_POST
def spin(request: HttpRequest, pk: str) -> HttpResponse:
    """Show others for the same mood; a reason narrows them, a loosened answer widens them."""
    ask = get_object_or_404(Ask.objects.visible_to(request.user), pk=pk)
    viewers = list(ask.viewers.all())
    relaxed = request.POST.get("relax", "")
    reason = request.POST.get("spin", "")
    asked = Request(
        answers=_relaxed(ask, relaxed),
        viewers=viewers,
        previous=ask,
        spin=reason if reason in SPINS else "",
    )
    return _answer(request, asked)


def _relaxed(ask: Ask, name: str) -> Answers:
    """Return the ask's answers with the one that blocks loosened as it was offered."""
    answers = Answers.from_json(ask.mood)
    offered = {way["answer"]: way["value"] for way in ask.relax}
    if name not in offered:
        return answers
    if name == "minutes":
        return replace(answers, minutes=offered[name])
    return answers.without(name)
