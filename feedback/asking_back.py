"""Who is asked "how was it?", and of what: what was watched, taken up or offered first lately."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from feedback.models import Ask, Dismissal, Feedback, Suggestion
from plexsync.models import Viewer
from plexsync.sight import of_visible

NOT_BEFORE = timedelta(hours=3)  # since it was shown: it may still be running
NOT_AFTER = timedelta(days=4)  # then nobody remembers which evening that was
MOST = 2  # titles: it is a question beside another one
STILL_AT_IT = timedelta(minutes=10)  # so long may the second tap follow the first
NOT_WATCHED = Dismissal.Kind.NOT_TONIGHT
"""How it is stored that somebody did not watch a title that evening."""


@dataclass(frozen=True, slots=True)
class Row:
    """One viewer's answer on one title, as far as it is given."""

    shown: Suggestion
    viewer: Viewer
    said: Feedback | None = None
    not_watched: bool = False

    @property
    def stage(self) -> str:
        """What is asked next: `watched`, then `stars`, then `again`; `done` where nothing is."""
        if self.not_watched or (self.said and self.said.would_watch_again is not None):
            return "done" if self.not_watched or self._has_stars else "stars"
        if self.said is None:
            return "watched"
        return "again" if self._has_stars else "stars"

    @property
    def _has_stars(self) -> bool:
        return bool(self.said and self.said.rating)


@dataclass(slots=True)
class Question:
    """A title, and those who have not said how it was."""

    shown: Suggestion
    rows: list[Row] = field(default_factory=list)


def asked_back(user: User | AnonymousUser) -> list[Question]:
    """Return of which titles this user is asked how they were, for each they may speak for.

    Two queries. Of what was watched in Plex or opened from here always; where none was, of the first.
    """
    open_ = list(_open(user))
    heard = {row.ask.root_id for row in open_ if _heard(row)}
    wanted = [row for row in open_ if _heard(row) or row.ask.root_id not in heard]
    questions: dict[int, Question] = {}
    for row in wanted:
        if row.pk in questions or len(questions) < MOST:
            question = questions.setdefault(row.pk, Question(row))
            question.rows.append(Row(row, _viewer(row)))
    return _as_far_as_given(list(questions.values()))


def _heard(row: Suggestion) -> bool:
    return bool(row.chosen_at or getattr(row, "watched", False))


def _open(user: User | AnonymousUser) -> Iterable[Suggestion]:
    """Return what was shown lately, once for each viewer who was there and has not spoken of it."""
    now = timezone.now()
    asks = Ask.objects.visible_to(user).filter(asked_at__range=(now - NOT_AFTER, now - NOT_BEFORE))
    rows = of_visible(Suggestion.objects.filter(ask__in=asks.values("pk")), user)
    rows = rows.annotate(
        viewer=F("ask__viewers"),
        viewer_name=F("ask__viewers__name"),
        viewer_slug=F("ask__viewers__slug"),
    )
    theirs = Feedback.objects.filter(viewer=OuterRef("viewer"))
    spoken = theirs.exclude(source=Ask.Source.PLEX).filter(
        Q(rating__isnull=False) | Q(said_at__lt=now - STILL_AT_IT)
    )
    of_it = Q(suggestion=OuterRef("pk")) | Q(
        item=OuterRef("item"), said_at__gte=OuterRef("shown_at")
    )
    of_another = Q(suggestion__ask=OuterRef("ask")) & ~Q(suggestion=OuterRef("pk"))
    put_off = Dismissal.objects.filter(
        viewer=OuterRef("viewer"), item=OuterRef("item"), said_at__gte=OuterRef("shown_at")
    )
    rows = rows.annotate(watched=Exists(theirs.filter(suggestion=OuterRef("pk"))))
    rows = rows.filter(
        ~Exists(spoken.filter(of_it)),
        ~Exists(put_off),
        viewer__in=Viewer.objects.speakable_by(user).values("pk"),
    )
    rows = rows.filter(Q(watched=True) | Q(chosen_at__isnull=False) | _first(spoken, of_another))
    rows = rows.select_related("item", "ask").defer("candidate", "item__summary")
    chosen_last = F("chosen_at").desc(nulls_last=True)
    return rows.order_by("-watched", chosen_last, "-shown_at", "rank", "viewer")


def _first(spoken: "QuerySet[Feedback]", of_another: Q) -> Q:
    """The safe bet, unless it was put away, where nothing else of the same ask was spoken of."""
    instead = Suggestion.objects.filter(
        ask=OuterRef("ask"), rank=1, shown_at__gt=OuterRef("shown_at")
    )
    return Q(rank=1) & ~Q(Exists(instead)) & ~Q(Exists(spoken.filter(of_another)))


def _viewer(row: Suggestion) -> Viewer:
    told: dict[str, Any] = vars(row)
    return Viewer(pk=told["viewer"], name=told["viewer_name"], slug=told["viewer_slug"])


def _as_far_as_given(questions: Sequence[Question]) -> list[Question]:
    """Give each row what Plex or the first tap has said already."""
    shown = [question.shown.pk for question in questions]
    rows = Feedback.objects.filter(suggestion__in=shown).defer("candidate") if shown else ()
    said = {(row.suggestion_id, row.viewer_id): row for row in rows}
    for question in questions:
        question.rows = [
            Row(row.shown, row.viewer, said.get((row.shown.pk, row.viewer.pk)))
            for row in question.rows
        ]
    return list(questions)


def row_of(shown: Suggestion, viewer: Viewer) -> Row:
    """Return one viewer's answer on one title as it stands."""
    said = Feedback.objects.filter(suggestion=shown, viewer=viewer).first()
    put_off = Dismissal.objects.filter(
        viewer=viewer, item=shown.item_id, kind=NOT_WATCHED, said_at__gte=shown.shown_at
    )
    return Row(shown, viewer, said, not_watched=said is None and put_off.exists())
