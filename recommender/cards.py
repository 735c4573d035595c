"""What a card of "the three" shows of a suggestion, fetched for all of them at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from feedback import memory
from feedback.models import Ask, Dismissal, Favorite, Suggestion
from feedback.saying import mark_mine, speakers_of, with_said
from plexsync.models import Episode, MediaItem, Viewer
from plexsync.sight import of_visible
from recommender.coming import coming
from recommender.present import by_person


@dataclass(frozen=True, slots=True)
class Card:
    """One title on its small stage."""

    shown: Suggestion
    reasons: list[tuple[str, str]]
    """Each with the name of whom it is for; "" where it is for all."""
    episode: Episode | None
    """Of a series: what comes next."""
    ends_at: datetime | None
    """When it is over, if it is started now."""
    two_end_at: datetime | None
    """Of a series: when two episodes are over."""
    kept: bool
    """Whether it is among the user's own favourites."""
    away: str = ""
    """Why it was put away since it was shown: a kind of `Dismissal`."""


@dataclass(frozen=True, slots=True)
class Table:
    """Everything the page of an ask shows."""

    ask: Ask
    viewers: list[Viewer]
    speakers: list[Viewer]
    """For whom the user may answer."""
    cards: list[Card]


def laid(ask: Ask, user: User | AnonymousUser) -> Table:
    """Lay the titles of an ask out for this user."""
    viewers = list(ask.viewers.all())
    speakers = speakers_of(user, viewers)
    rows = of_visible(ask.suggestions.select_related("ask", "item__library__connection"), user)
    shown = memory.on_display(with_said(_marked(rows, viewers, user)))
    mark_mine(shown, speakers)
    return Table(ask, viewers, speakers, _cards(shown, viewers))


def _marked(
    rows: QuerySet[Suggestion], viewers: list[Viewer], user: User | AnonymousUser
) -> QuerySet[Suggestion]:
    """Mark what is among the user's favourites, and what somebody here put away since it was shown."""
    same = {"item": OuterRef("item")}
    own = Favorite.objects.filter(viewer__user__pk=user.pk or 0, **same)
    ours = Q(viewer__in=[viewer.pk for viewer in viewers]) | Q(viewer__user__pk=user.pk or 0)
    away = Dismissal.objects.filter(ours, said_at__gt=OuterRef("shown_at"), **same)
    kind = away.order_by("-said_at").values("kind")[:1]
    return rows.annotate(kept=Exists(own), away=Coalesce(Subquery(kind), Value("")))


def _cards(shown: list[Suggestion], viewers: list[Viewer]) -> list[Card]:
    episodes = coming(shown, viewers)
    now = timezone.now()  # not by the clock on the wall, which may change before it is over
    named = viewers if len(viewers) > 1 else []
    cards = []
    for each in shown:
        episode, marks = episodes.get(each.item_id), vars(each)
        minutes = _minutes(each.item, episode)
        cards.append(
            Card(
                shown=each,
                reasons=by_person(each.reasons, named),
                episode=episode,
                ends_at=now + timedelta(minutes=minutes) if minutes else None,
                two_end_at=now + timedelta(minutes=2 * minutes) if minutes and episode else None,
                kept=marks["kept"],
                away=marks["away"],
            )
        )
    return cards


def _minutes(item: MediaItem, episode: Episode | None) -> int | None:
    """Return how long one sitting takes; not known of a series of which nothing is left to see."""
    if item.type == "movie":
        return item.runtime_minutes
    return (episode.runtime_minutes or item.runtime_minutes) if episode else None
