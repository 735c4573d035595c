"""What is stored of a viewer: one list of it, for the page, the export and the deletion alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Count, QuerySet, Value
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from feedback.models import Ask, Dismissal, Favorite, Feedback, Suggestion
from plexsync.models import Play, TitleState, Viewer, WatchedEpisode

Rows = "QuerySet[Any]"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of row, in words."""

    name: str
    words: Promise
    rows: Callable[[Viewer], "QuerySet[Any]"]


def _asks(viewer: Viewer) -> QuerySet[Ask]:
    there = Ask.viewers.through.objects.filter(viewer=viewer)
    return Ask.objects.filter(pk__in=there.values("ask"))


KINDS = (
    Kind(
        "asks",
        gettext_lazy("Asks you were part of, each spin too, and the mood that was asked for"),
        _asks,
    ),
    Kind(
        "suggestions",
        gettext_lazy("Titles that were suggested then, and why"),
        lambda viewer: Suggestion.objects.filter(ask__in=_asks(viewer).values("pk")),
    ),
    Kind(
        "feedback",
        gettext_lazy("Answers to “How was it?”: stars, finished, watch again"),
        lambda viewer: Feedback.objects.filter(viewer=viewer),
    ),
    Kind(
        "favorites",
        gettext_lazy("Favourites"),
        lambda viewer: Favorite.objects.filter(viewer=viewer),
    ),
    Kind(
        "dismissals",
        gettext_lazy("Titles you never want to see, had seen, or put off for an evening"),
        lambda viewer: Dismissal.objects.filter(viewer=viewer),
    ),
    Kind(
        "plays",
        gettext_lazy("Plays that Plex told of"),
        lambda viewer: Play.objects.filter(viewer=viewer),
    ),
    Kind(
        "states",
        gettext_lazy("What your Plex account says of titles: seen, left in the middle, stars"),
        lambda viewer: TitleState.objects.filter(viewer=viewer),
    ),
    Kind(
        "watched_episodes",
        gettext_lazy("Episodes that you have watched"),
        lambda viewer: WatchedEpisode.objects.filter(viewer=viewer),
    ),
)


def counted(viewer: Viewer) -> list[tuple[str, Promise, int]]:
    """Return each kind with its words and how many there are."""
    first, *rest = (_count(kind, viewer) for kind in KINDS)
    found = dict(first.union(*rest, all=True))
    return [(kind.name, kind.words, found.get(kind.name, 0)) for kind in KINDS]


def _count(kind: Kind, viewer: Viewer) -> "QuerySet[Any, Any]":
    """Return a row that names the kind and says how many there are; none where there are none."""
    rows = kind.rows(viewer).order_by().values(what=Value(kind.name))
    counted: QuerySet[Any, Any] = rows.annotate(number=Count("pk"))
    return counted.values_list("what", "number")


def rows_of(name: str, viewer: Viewer) -> "QuerySet[Any]":
    return next(kind for kind in KINDS if kind.name == name).rows(viewer)


def person_of(user: User | AnonymousUser, slug: str) -> Viewer | None:
    """Return whose data it is about: one's own viewer, or for the owner the one who is named.

    Raises Http404 for somebody else's.
    """
    allowed = Viewer.objects.speakable_by(user)
    if not slug:
        return allowed.filter(user__pk=user.pk or 0).first()
    found = allowed.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found
