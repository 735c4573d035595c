"""Write the log: what was asked, what was shown, what was said. Once a call returns, it is stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from feedback.models import Ask, Dismissal, Favorite, Feedback, StarsTakenBack, Suggestion
from moodrec.jobs import queue
from plexsync.models import Connection, MediaItem, Viewer

ANSWERS = ("completed", "would_watch_again", "rating")


@dataclass(frozen=True, slots=True)
class Shown:
    """One title as it is shown: its place, and why it is there."""

    item_id: int
    role: str
    score: float
    prior: float
    reasons: Sequence[str]
    drawback: str | None
    candidate: Mapping[str, Any]
    """What the scorer saw; of a group beside it who had seen the title (`seen_by`)."""
    chance: float | None = None
    """That the draw fell on it, where one was drawn."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked what, and what came of it."""

    mood: Mapping[str, Any]
    moment: Mapping[str, Any]
    viewers: Sequence[Viewer]
    source: str
    user: User | None = None
    first: Ask | None = None
    spin: str = ""
    model_version: int | None = None
    remaining: int = 0
    relax: Sequence[Mapping[str, Any]] = ()
    at: datetime = field(default_factory=timezone.now)


def asked(ask: Asked, shown: Iterable[Shown]) -> Ask:
    """Store an ask with the titles that were shown for it, all or nothing."""
    with transaction.atomic():
        row = Ask.objects.create(
            mood=dict(ask.mood),
            moment=dict(ask.moment),
            source=ask.source,
            user=ask.user,
            first_id=ask.first.root_id if ask.first else None,
            spin=ask.spin,
            model_version=ask.model_version,
            remaining=ask.remaining,
            relax=list(ask.relax),
            asked_at=ask.at,
        )
        row.viewers.add(*ask.viewers)
        Suggestion.objects.bulk_create(
            _suggestion(row, rank, title) for rank, title in enumerate(shown, start=1)
        )
    return row


def shown_instead(place: Suggestion, title: Shown, remaining: int) -> Suggestion:
    """Store a title that takes the place of one that gave way, and how many fit beside it."""
    row = _suggestion(place.ask, place.rank, title)
    row.shown_at = timezone.now()
    with transaction.atomic():
        row.save()
        Ask.objects.filter(pk=place.ask_id).update(remaining=remaining)
    return row


def chosen(shown: Suggestion) -> None:
    """Store that somebody opened or played it from here; the first time counts."""
    Suggestion.objects.filter(pk=shown.pk, chosen_at=None).update(chosen_at=timezone.now())


def _suggestion(ask: Ask, rank: int, title: Shown) -> Suggestion:
    return Suggestion(
        ask=ask,
        item_id=title.item_id,
        rank=rank,
        role=title.role,
        score=title.score,
        prior=title.prior,
        reasons=list(title.reasons),
        drawback=title.drawback or "",
        candidate=dict(title.candidate),
        chance=title.chance,
        shown_at=ask.asked_at,
    )


def said(
    viewer: Viewer,
    item: MediaItem,
    answers: Mapping[str, Any],
    *,
    suggestion: Suggestion | None = None,
    mood: Mapping[str, Any] | None = None,
    source: str = Ask.Source.API,
    at: datetime | None = None,
) -> tuple[Feedback, bool]:
    """Store what the viewer said of the title, or change what was said before; (row, created).

    What ``answers`` leaves out stays as it was. Who speaks of what Plex had told of makes it theirs.
    """
    told = {"mood": dict(mood)} if mood else {}
    mood = dict(mood or (suggestion.ask.mood if suggestion else {}))
    key = {"suggestion": suggestion} if suggestion else {"suggestion": None, "item": item}
    given = {name: answers[name] for name in ANSWERS if name in answers}
    if "rating" in given:  # stars that come from Plex need not go back there
        given["rating_sent"] = given["rating"] if source == Ask.Source.PLEX else None
    at = at or timezone.now()
    new = {
        "item": item,
        "mood": mood,
        "candidate": _candidate(viewer, item, suggestion, mood),
        "source": source,
        "said_at": at,
    }
    with transaction.atomic():
        if "rating" in given and source != Ask.Source.PLEX:
            StarsTakenBack.objects.filter(viewer=viewer, item=item).delete()
            send_stars()
        row, created = Feedback.objects.update_or_create(
            viewer=viewer, **key, defaults={**given, **told}, create_defaults={**new, **given}
        )
        if row.source == Ask.Source.PLEX != source:
            row.source, row.said_at = source, at
            _unguess(row, given)
            row.save()
    return row, created


def _unguess(row: Feedback, given: Mapping[str, Any]) -> None:
    """Drop what was only guessed from Plex: as somebody's own word it would count for much more."""
    if "would_watch_again" not in given:
        row.would_watch_again = None
    if "completed" not in given and not row.completed:
        row.completed = None


def stars_gone(viewer_id: int, item_id: int) -> None:
    """Have Plex told that stars it was told no longer hold: the viewer's other stars do, else none."""
    if not _stars_go_to_plex():
        return
    others = Feedback.objects.filter(viewer=viewer_id, item=item_id, rating__isnull=False)
    if not others.exclude(rating_sent=0).update(rating_sent=None):
        StarsTakenBack.objects.get_or_create(viewer_id=viewer_id, item_id=item_id)
    send_stars()


def send_stars() -> None:
    """Queue that Plex is told of the stars, where the household wants that."""
    if _stars_go_to_plex():
        queue.request("stars")


def _stars_go_to_plex() -> bool:
    return Connection.objects.filter(active=True, write_stars=True).exists()


def _candidate(
    viewer: Viewer, item: MediaItem, suggestion: Suggestion | None, mood: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what training will read: what the scorer saw, or the title as it is where none did."""
    if suggestion is not None:
        shown = dict(suggestion.candidate)
        seen = shown.pop("seen_by", {}).get(viewer.slug, shown.get("seen", False))
        return {**shown, "viewer": viewer.slug, "seen": seen}
    moment = {
        "moods": mood.get("vibe") or [],
        "company": mood.get("company"),
        "minutes": mood.get("minutes"),
    }
    return {"title": item.facts(), "moment": moment, "viewer": viewer.slug, "seen": False}


def dismissed(
    viewers: Iterable[Viewer], items: Iterable[int], kind: str, *, at: datetime | None = None
) -> None:
    """Store that these viewers want none of these titles: never, not tonight, or seen already.

    "Not tonight" counts for the evening of ``at`` alone, so the newest one said is kept.
    """
    said_at, items = at or timezone.now(), list(items)
    rows = [
        Dismissal(viewer=viewer, item_id=item, kind=kind, said_at=said_at)
        for viewer in viewers
        for item in items
    ]
    if kind == Dismissal.Kind.NOT_TONIGHT:
        Dismissal.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["viewer", "item", "kind"],
            update_fields=["said_at"],
        )
    else:
        Dismissal.objects.bulk_create(rows, ignore_conflicts=True)


def favorite(viewer: Viewer, item: MediaItem, *, wanted: bool) -> None:
    """Keep the title among the viewer's favourites, or take it off."""
    if wanted:
        Favorite.objects.get_or_create(viewer=viewer, item=item)
    else:
        Favorite.objects.filter(viewer=viewer, item=item).delete()
