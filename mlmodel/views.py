"""The model page: what was learnt, from how much, and how well it does."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from feedback.models import Ask, Feedback
from mlmodel import registry
from mlmodel.learn import LEAST_ANSWERS
from mlmodel.models import ModelVersion
from mlmodel.taste import stars_in_plex
from moodrec.jobs import queue
from moodrec.jobs.models import Job


@require_GET
def model(request: HttpRequest) -> HttpResponse:
    """Show which model scores, what it was learnt from, and its versions."""
    active = ModelVersion.objects.defer("artifact").filter(active=True).first()
    said = Feedback.objects.exclude(source=Ask.Source.PLEX)  # watched is no answer
    stars = 0 if active else stars_in_plex()
    context = {
        "active": active,
        "believed": registry.active() is not None,
        "versions": ModelVersion.objects.defer("artifact"),
        "answers": said.count() + stars,
        "stars": stars,
        "since": said.filter(updated_at__gt=active.trained_at).count() if active else 0,
        "least": LEAST_ANSWERS,
        "job": Job.objects.filter(kind="train").first(),
    }
    return render(request, "mlmodel/model.html", context)


@require_POST
def train(request: HttpRequest) -> HttpResponse:
    """Ask the worker to learn from the answers so far, whatever was rolled back before."""
    queue.request("train", asked=True)
    return redirect("model")


@require_POST
def activate(request: HttpRequest, number: int) -> HttpResponse:
    """Put a kept version to use (0: none, the prior scores); for the owner."""
    if not isinstance(request.user, User) or not request.user.is_staff:
        raise PermissionDenied
    if number == 0:
        registry.reset()
        messages.success(request, "The model is switched off: the prior scores.")
    else:
        row = get_object_or_404(ModelVersion.objects.defer("artifact"), number=number)
        registry.activate(row)
        messages.success(request, f"Version {number} is in use.")
    return redirect("model")
