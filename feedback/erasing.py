"""The page "My data": what is stored of a person; and how it is deleted for good."""

from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from feedback.mine import counted, person_of, rows_of
from feedback.models import Ask
from plexsync.models import Viewer

GONE = ("feedback", "favorites", "dismissals", "plays", "states", "watched_episodes")
ROWS = 500  # at once: a database takes only so many numbers in one question


@require_GET
def my_data(request: HttpRequest) -> HttpResponse:
    """Tell a person in plain words what is stored of them."""
    viewer = person_of(request.user, request.GET.get("viewer", ""))
    return render(request, "feedback/my_data.html", context_of(request.user, viewer))


def context_of(user: User | AnonymousUser, viewer: Viewer | None) -> dict[str, Any]:
    """Return what the pages about a person's data show to this user."""
    return {
        "viewer": viewer,
        "is_own": viewer is not None and viewer.user_id == user.pk,
        "counts": counted(viewer) if viewer else [],
        "people": list(Viewer.objects.all()) if user.is_staff else [],
    }


def erase(viewer: Viewer) -> None:
    """Delete what this viewer said, kept, put off and watched, and their name in past evenings.

    The evenings stay with whoever else was there. Those that were theirs alone go too, with what was
    suggested. What Plex says is read again only for a viewer who stays linked with Plex.
    """
    with transaction.atomic():
        for name in GONE:
            rows_of(name, viewer).delete()
        theirs = list(rows_of("asks", viewer).values_list("pk", flat=True))
        Ask.viewers.through.objects.filter(viewer=viewer).delete()
        for start in range(0, len(theirs), ROWS):
            alone = Ask.objects.filter(pk__in=theirs[start : start + ROWS], viewers=None)
            alone.exclude(suggestions__feedback__isnull=False).delete()
