"""The model page: what was learnt, from how much, how well it does, and the ways to take it back."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from feedback.models import Feedback
from mlmodel import lessons, registry, serving
from mlmodel.learn import LEAST_ANSWERS
from mlmodel.models import FreshStart, ModelVersion
from mlmodel.page import charts, reading, telling, unlearning
from mlmodel.taste import stars_in_plex
from moodrec.calling import user_of
from moodrec.jobs import queue
from moodrec.jobs.models import Job
from moodrec.notices import undoable
from moodrec.phrases import told as told_fault
from plexsync.models import Viewer

NEWS = timedelta(minutes=10)  # so long it is an answer to somebody who pressed "Train now"


@require_GET
def model(request: HttpRequest) -> HttpResponse:
    """Show which model scores, what it was learnt from, what it believes, and its versions."""
    versions = list(ModelVersion.objects.defer("artifact"))
    scores = telling.that_scores(versions)
    said, since = lessons.counted(scores.trained_at if scores else None)
    mine = Q(pk__in=Viewer.objects.speakable_by(request.user).values("pk"))
    people = list(Viewer.objects.annotate(mine=mine).order_by("name"))
    stars = stars_in_plex(people)
    metrics, insight = telling.of_version(scores)
    speakers = [viewer for viewer in people if vars(viewer)["mine"]]
    moved, aside = telling.moved_and_aside(insight, request.user, speakers)
    context = {
        "active": next((row for row in versions if row.active), None),
        "scores": scores,
        "versions": versions,
        "unusable": [row.number for row in versions if serving.fault(row)],
        "answers": said + stars,
        "stars": stars,
        "since": since,
        "least": LEAST_ANSWERS,
        "job": _last_job(),
        "metrics": metrics,
        "league": telling.league(metrics),
        "gain": reading.gain(metrics),
        "gained": telling.gained(metrics),
        "hits": telling.hits(metrics),
        "sources": telling.sources(metrics),
        "curve": charts.learning_curve(metrics),
        "calibration": charts.calibration(metrics),
        "rules": reading.share(insight.get("rules")),
        "beliefs": telling.beliefs(insight, request.user, speakers, moved),
        "moments": telling.moments(insight),
        "questions": telling.questions(insight, request.user, speakers),
        "moved": moved,
        "aside": aside,
        "anew": lessons.newest_start(),
    }
    return render(request, "mlmodel/model.html", context)


def _last_job() -> Job | None:
    """Return the last training; of those that found nothing to do only what just answers somebody."""
    last = Job.objects.filter(kind="train").first()
    if last is None or last.state != Job.State.SKIPPED:
        return last
    is_news = last.finished_at is None or last.finished_at > timezone.now() - NEWS
    return last if is_news and last.arguments.get("asked") else None


@require_POST
def train(request: HttpRequest) -> HttpResponse:
    """Ask the worker to learn from the answers so far, whatever was rolled back before."""
    queue.request("train", asked=True)
    return redirect("model")


@require_POST
def activate(request: HttpRequest, number: int) -> HttpResponse:
    """Put a kept version to use (0: none, the prior scores); for the owner."""
    _owner(request)
    if number == 0:
        registry.reset()
        messages.success(request, _("The model is switched off: the house rules score."))
    else:
        row = get_object_or_404(ModelVersion.objects.defer("artifact"), number=number)
        if fault := serving.fault(row):
            told = _("Version %(number)s can’t be put to use: %(fault)s.")
            messages.error(request, told % {"number": number, "fault": told_fault(fault)})
        else:
            registry.activate(row)
            messages.success(request, _("Version %(number)s is in use.") % {"number": number})
    return redirect("model")


@require_POST
def put_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Learn from an answer no more."""
    row = _answer(request, pk)
    unlearning.put_aside(row)
    _undoable(request, row, _("%(title)s teaches no more."), "model-take-up")
    return redirect("model")


@require_POST
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Learn again from an answer that was put aside."""
    row = _answer(request, pk)
    unlearning.take_up(row)
    _undoable(request, row, _("%(title)s teaches again."), "model-put-aside")
    return redirect("model")


@require_POST
def begin_anew(request: HttpRequest) -> HttpResponse:
    """Forget what was learnt and let nothing said so far teach; for the owner."""
    unlearning.begin_anew(_owner(request))
    messages.success(request, _("MoodRec begins anew. Your history is all there."))
    return redirect("model")


@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Let teach again what the newest fresh start had forgotten; for the owner."""
    _owner(request)
    newest = FreshStart.objects.values_list("pk", flat=True).first()
    if request.POST.get("start", str(newest)) != str(
        newest
    ):  # pressed twice: not the one before too
        messages.info(request, _("That fresh start is taken back already."))
    elif unlearning.take_back() is None:
        messages.error(request, _("There is no fresh start to take back."))
    else:
        messages.success(request, _("What was said before teaches again."))
    return redirect("model")


def _undoable(request: HttpRequest, row: Feedback, text: str, way_back: str) -> None:
    undoable(request, text % {"title": row.item.title}, reverse(way_back, args=[row.pk]))


def _owner(request: HttpRequest) -> User:
    """Return who asks. Raises PermissionDenied unless it is an owner."""
    user = user_of(request)
    if user is None or not user.is_staff:
        raise PermissionDenied
    return user


def _answer(request: HttpRequest, pk: int) -> Feedback:
    """Return an answer that the user may speak for; another is as good as none."""
    mine = Feedback.objects.filter(viewer__in=Viewer.objects.speakable_by(request.user))
    return get_object_or_404(mine.select_related("item"), pk=pk)
