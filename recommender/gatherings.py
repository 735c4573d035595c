"""An evening with guests: the link that invites them, and what they wish for."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from feedback.models import Ask
from recommender.models import Gathering, Guest
from recommender.wishes import Wish, known

KEPT = timedelta(days=1)  # after its end; nobody needs the names of last week's guests
MOST_GUESTS = 12
VERY = 2
_GUEST = ("pk", "name", "vibe", "avoid", "here_at")
_OF_GUESTS = [f"guests__{name}" for name in _GUEST]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def hosted_by(user: User | AnonymousUser) -> Gathering | None:
    """Return the evening that this user has guests at now."""
    going_on = Gathering.objects.filter(host__pk=user.pk or 0, ends_at__gt=timezone.now())
    return going_on.order_by("-pk").first()


def with_guests(user: User | AnonymousUser) -> tuple[Gathering | None, tuple[Guest, ...]]:
    """Return the same with who has come, in one query."""
    going_on = Gathering.objects.filter(host__pk=user.pk or 0, ends_at__gt=timezone.now())
    rows = going_on.order_by("-pk", "guests__pk").values_list("pk", "token_hash", *_OF_GUESTS)
    found = list(rows)
    guests = [dict(zip(_GUEST, row[2:], strict=True)) for row in found if row[2]]
    gathering = Gathering(pk=found[0][0], token_hash=found[0][1]) if found else None
    return gathering, tuple(Guest(**fields) for fields in guests)


def of_token(token: str) -> Gathering | None:
    """Return the evening that a link invites to, while it lasts."""
    going_on = Gathering.objects.filter(token_hash=_digest(token), ends_at__gt=timezone.now())
    return going_on.select_related("host").first()


def invite(host: User) -> str:
    """Open an evening for guests, or give the one that is open a new link; return the link's last part."""
    token = secrets.token_urlsafe(16)
    Gathering.objects.filter(ends_at__lt=timezone.now() - KEPT).delete()
    going_on = hosted_by(host) or Gathering(host=host)
    going_on.token_hash = _digest(token)
    going_on.save()
    return token


def end(host: User | AnonymousUser) -> None:
    """End the evenings of this host: their links lead nowhere any more."""
    now = timezone.now()
    Gathering.objects.filter(host__pk=host.pk or 0, ends_at__gt=now).update(ends_at=now)


def wishes(guests: Iterable[Guest]) -> tuple[Wish, ...]:
    """Return what these guests wish for."""
    return tuple(
        Wish(
            name=guest.name,
            vibe=known(guest.vibe),
            strong=known(mood for mood, much in guest.vibe.items() if much == VERY),
            avoid=known(guest.avoid),
        )
        for guest in guests
    )


def wish(guest: Guest, vibe: Iterable[str], strong: Iterable[str], avoid: Iterable[str]) -> None:
    """Store what a guest wishes for; what is ruled out is not wanted."""
    very, out = set(strong), set(avoid)
    guest.vibe = {mood: VERY if mood in very else 1 for mood in known({*vibe, *very} - out)}
    guest.avoid = list(known(out))
    guest.save()


def show(ask: Ask, user: User | None) -> None:
    """Let the guests of this user's evening see what an ask brought, where it was asked with them."""
    going_on = hosted_by(user) if user is not None and ask.mood.get("guests") else None
    if going_on is not None:
        Gathering.objects.filter(pk=going_on.pk).update(ask=ask)
