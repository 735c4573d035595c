"""The page "My data": what is stored of a person; and how it is deleted for good."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from feedback.mine import counted, person_of, rows_of
from feedback.models import Ask, StarsTakenBack, Suggestion
from moodrec.phrases import Phrase
from plexsync.models import Viewer

GONE = ("feedback", "favorites", "dismissals", "plays", "states", "watched_episodes")
SURELY = 20  # letters of a long name that every sentence has
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
        "is_read": viewer is not None and viewer.is_read_from_plex,
        "people": list(Viewer.objects.all()) if user.is_staff else [],
    }


def erase(viewer: Viewer) -> None:
    """Delete what this viewer said, kept, put off and watched, and their name in past evenings.

    The evenings stay with whoever else was there. Those that were theirs alone go too, with what was
    suggested. What Plex tells of the time until now is not read again. What the connected account
    has watched stands with the library and stays there, but teaches nothing any more.
    """
    with transaction.atomic():
        for name in GONE:
            if name != "watched_episodes" or not viewer.owns_plex_state:
                rows_of(name, viewer).delete()
        StarsTakenBack.objects.filter(viewer=viewer).delete()
        Viewer.objects.filter(pk=viewer.pk).update(forgotten_to=timezone.now())
        theirs = list(rows_of("asks", viewer).values_list("pk", flat=True))
        Ask.viewers.through.objects.filter(viewer=viewer).delete()
        for start in range(0, len(theirs), ROWS):
            alone = Ask.objects.filter(pk__in=theirs[start : start + ROWS], viewers=None)
            alone.exclude(suggestions__feedback__isnull=False).delete()
            _unname(theirs[start : start + ROWS], viewer)


def _unname(asks: list[UUID], viewer: Viewer) -> None:
    """Take out of what was shown at these evenings every word on this viewer."""
    others = list(Viewer.objects.exclude(pk=viewer.pk).values_list("name", flat=True))
    changed = []
    for shown in Suggestion.objects.filter(ask__in=asks):
        shown.reasons = [text for text in shown.reasons if not _may_name(text, viewer, others)]
        shown.drawback = "" if _may_name(shown.drawback, viewer, others) else shown.drawback
        shown.candidate.get("seen_by", {}).pop(viewer.slug, None)
        if shown.candidate.get("viewer") == viewer.slug:
            shown.candidate["viewer"] = None
        changed.append(shown)
    Suggestion.objects.bulk_update(changed, ["reasons", "drawback", "candidate"], batch_size=100)


def _may_name(text: str, viewer: Viewer, others: Sequence[str]) -> bool:
    """Tell whether a reason speaks of this viewer: by their name, or by one that is nobody's now."""
    known = (any(_is_short_for(name, other) for other in others) for name in _people(text))
    return viewer.name[:SURELY] in text or not all(known)


def _is_short_for(said: str, name: str) -> bool:
    return said == name or (said.endswith("…") and name.startswith(said[:-1]))


def _people(text: str) -> Iterator[str]:
    """Yield the names of those a reason is about; an old one is plain text, which tells of none."""
    values = text.values.items() if isinstance(text, Phrase) else ()
    for name, value in values:
        if name == "who":
            yield from _leaves(value)
        elif isinstance(value, Phrase):
            yield from _people(value)


def _leaves(names: str) -> Iterator[str]:
    """Yield the names that `phrases.joined` made one of."""
    if not isinstance(names, Phrase):
        yield names
        return
    for name in names.values.values():
        yield from _leaves(name)
