"""Read the log: what was shown, what was said of it, what nobody wants to see."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import BooleanField, CharField, IntegerField, Q, QuerySet, Value

from feedback.evenings import evening_began
from feedback.models import Ask, Dismissal, Feedback, Suggestion
from moodrec.once import once
from plexsync import sight, states
from plexsync.models import Viewer

PASSED, SPOKEN, PLAYED = "passed", "spoken", "played"
"""What happened to a title lately, beside the kinds of a `Dismissal`."""
KINDS = Dismissal.Kind
_YES, _NONE = Value(value=True, output_field=BooleanField()), Value(None, IntegerField())


class Happened(NamedTuple):
    """Something that happened to a title lately, or was said of it and holds."""

    viewer: int
    """The row of who spoke or played; 0 where it was all of them."""
    item: int
    at: datetime
    what: str
    """`PASSED` over, `SPOKEN` of as seen, `PLAYED`, or a kind of `Dismissal`."""


def lately(
    viewers: Iterable[Viewer], now: datetime, *, passed: datetime, seen: datetime
) -> list[Happened]:
    """Return what happened to titles with these viewers, in one query.

    ``passed``: since when what was passed over counts; ``seen``: since when what was seen does. Of
    dismissals those that keep a title away ``now``.
    """
    viewers = list(viewers)
    first, *rest = [
        _named(PASSED, _passed(viewers, passed)),
        _named(SPOKEN, _spoken(viewers, seen)),
        *(_named(PLAYED, rows) for rows in states.viewed_since(viewers, seen)),
        _dismissed(viewers, now).values_list("viewer", "item", "said_at", "kind"),
    ]
    return [Happened(*row) for row in first.union(*rest, all=True)]


def _named(what: str, rows: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
    named: QuerySet[Any, Any] = rows.order_by().annotate(what=Value(what, CharField()))
    return named


def _passed(viewers: list[Viewer], since: datetime) -> "QuerySet[Any, Any]":
    """Return what was shown to any of these and passed over; without viewers, to nobody in particular."""
    to_them = (
        Ask.objects.filter(viewers__in=viewers) if viewers else Ask.objects.filter(viewers=None)
    )
    rows = Suggestion.objects.filter(ask__in=to_them.values("pk"), shown_at__gte=since)
    return rows.filter(feedback__isnull=True).values_list(Value(0), "item", "shown_at")


def _spoken(viewers: list[Viewer], since: datetime) -> "QuerySet[Any, Any]":
    """Return what any of these spoke of: what they have just seen."""
    rows = Feedback.objects.filter(viewer__in=viewers, said_at__gte=since)
    return rows.exclude(completed=False).values_list("viewer", "item", "said_at")


def _dismissed(viewers: Iterable[Viewer], now: datetime) -> "QuerySet[Dismissal]":
    """Return who never wants to see which title, or put it off this evening."""
    put_off = Q(kind=KINDS.NOT_TONIGHT, said_at__gte=evening_began(now))
    return Dismissal.objects.filter(put_off | Q(kind=KINDS.NEVER), viewer__in=list(viewers))


def unwanted(viewers: Iterable[Viewer], now: datetime) -> set[int]:
    """Return the titles that any of these viewers never wants to see, or put off this evening."""
    return set(_dismissed(viewers, now).values_list("item_id", flat=True))


def unwanted_among(happened: Iterable[Happened]) -> Iterator[Happened]:
    """Yield what says the same among what happened."""
    return (each for each in happened if each.what in (KINDS.NEVER, KINDS.NOT_TONIGHT))


def never(viewers: Iterable[Viewer]) -> set[int]:
    """Return the titles that any of these viewers never wants to see."""
    rows = Dismissal.objects.filter(viewer__in=list(viewers), kind=KINDS.NEVER)
    return set(rows.values_list("item_id", flat=True))


def seen(viewers: Iterable[Viewer]) -> set[int]:
    """Return the titles that any of these viewers said to have seen."""
    finished, known = _said_seen(list(viewers))
    return {item for _viewer, item in finished.union(known)}


def _said_seen(viewers: list[Viewer]) -> "tuple[QuerySet[Any, Any], QuerySet[Any, Any]]":
    """Return rows of a viewer and a title they finished, and of those they said to have seen.

    A series of which Plex saw an episode is not: Plex itself tells when it was watched to its end.
    """
    rated = Q(rating__isnull=False) | Q(would_watch_again__isnull=False)
    finished = Feedback.objects.filter(
        Q(completed=True) | Q(completed=None) & rated, viewer__in=viewers
    ).exclude(source=Ask.Source.PLEX, item__type="show")
    known = Dismissal.objects.filter(viewer__in=viewers, kind=KINDS.SEEN_IT)
    return finished.values_list("viewer", "item"), known.values_list("viewer", "item")


def seen_by(viewers: Iterable[Viewer]) -> dict[int, set[int]]:
    """Return by viewer the titles each has seen, by their word or in an account of Plex.

    Not what the connected account saw: that stands with the titles.
    """
    viewers = frozenset(viewers)
    found: dict[int, set[int]] = {viewer.pk: set() for viewer in viewers}
    for viewer, item, seen, _left in _progress(viewers):
        if seen:
            found[viewer].add(item)
    return found


def episodes_left(viewers: Iterable[Viewer]) -> dict[int, int]:
    """Return of each series begun in an account of Plex how many episodes nobody of these is past."""
    found: dict[int, int] = {}
    for _viewer, item, _seen, left in _progress(frozenset(viewers)):
        if left is not None:
            found[item] = min(left, found.get(item, left))
    return found


@once
def _progress(viewers: frozenset[Viewer]) -> list[tuple[int, int, bool, int | None]]:
    """Return rows as `states.progress` does, with what was said; in one query for all who ask."""
    said = (rows.annotate(seen=_YES, left=_NONE) for rows in _said_seen(list(viewers)))
    return list(states.progress(viewers).union(*said, all=True))


def shown_for(root: UUID) -> set[int]:
    """Return the titles shown for an ask and for every spin of it."""
    chain = Ask.objects.filter(Q(first_id=root) | Q(pk=root)).values_list("pk", flat=True)
    shown = Suggestion.objects.filter(ask__in=list(chain))
    return set(shown.values_list("item_id", flat=True))


def visible_suggestions(user: User | AnonymousUser) -> Any:
    """Return the suggestions of asks this user may see, whose title they may see."""
    rows = Suggestion.objects.filter(ask__in=Ask.objects.visible_to(user).values("pk"))
    return sight.of_visible(rows, user)


def is_on_display(shown: Suggestion) -> bool:
    """Tell whether no other title came to its place on the page of its ask."""
    there = Suggestion.objects.filter(ask=shown.ask_id, rank=shown.rank)
    return [each.pk for each in on_display(there.defer("candidate"))] == [shown.pk]


def on_display(shown: Iterable[Suggestion]) -> list[Suggestion]:
    """Return what stands on the page of an ask: at each place the title that came there last."""
    in_order = sorted(shown, key=lambda row: (row.rank, row.shown_at, row.pk))
    return list({row.rank: row for row in in_order}.values())
