"""Delete what is stored of a person, and every model that learnt from it."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from feedback.erasing import context_of, erase
from feedback.mine import person_of
from feedback.undoing import forget_everywhere
from mlmodel import registry
from mlmodel.models import ModelVersion
from moodrec.jobs import queue
from plexsync.models import Viewer
from plexsync.pages.unlocked import still_locked


@require_http_methods(["GET", "POST"])
def delete_my_data(request: HttpRequest) -> HttpResponse:
    """Ask once more, with the counts; POST deletes. There is no way back, so it says that."""
    viewer = person_of(request.user, request.GET.get("viewer", ""))
    if shut := still_locked(request, [viewer] if viewer else [], request.get_full_path()):
        return shut
    if request.method != "POST":
        return render(request, "feedback/delete_my_data.html", context_of(request.user, viewer))
    if viewer is None:
        return redirect("my-data")
    forget(viewer)
    forget_everywhere(request)
    told = _("Everything stored of %(name)s is deleted, and the model learns anew without it.")
    messages.success(request, told % {"name": viewer.name})
    return redirect(f"{reverse('my-data')}?viewer={viewer.slug}")


def forget(viewer: Viewer) -> None:
    """Delete a viewer's data; the prior scores until a model has learnt from what the others said.

    The versions stay as a list of what was, without what they had learnt, and from what.
    """
    with transaction.atomic():
        erase(viewer)
        registry.reset()
        ModelVersion.objects.update(accepted=False, artifact=b"", inputs="", insight={})
        queue.request("train")
