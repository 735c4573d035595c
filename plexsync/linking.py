"""The household's tie to Plex: the question put to plex.tv, who may come in by it, and letting go.

What waits for an answer lives in the session of the browser that asked, and nowhere else: a yes
that somebody else's browser was given is worth nothing here.
"""

import secrets
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from urllib.parse import quote, urlencode

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from moodrec.phrases import phrase
from moodrec.security.fields import cipher
from plexsync.client import PlexError, plextv
from plexsync.models import Connection, PlexAccount, Viewer

LINK, TOKEN = "plex-link", "plex-token"  # the session's entries
MINUTES = 10  # for saying yes, and again for choosing a server


class NotAsked(Exception):
    """This browser has no question open at plex.tv that fits."""


@dataclass(frozen=True, slots=True)
class Link:
    """A question that is open at plex.tv: may MoodRec act for you."""

    pin: int
    code: str
    purpose: str
    strong: bool
    next: str
    state: str
    until: float


def begin(request: HttpRequest, purpose: str, *, strong: bool, next_page: str = "") -> Link:
    """Put the question to plex.tv and note it in this session. Raises PlexError."""
    pin = plextv.create_pin(strong=strong)
    until = time.time() + MINUTES * 60
    link = Link(pin.id, pin.code, purpose, strong, next_page, secrets.token_urlsafe(16), until)
    request.session[LINK] = asdict(link)
    return link


def current(request: HttpRequest, purpose: str) -> Link:
    """Return this session's open question. Raises NotAsked: none, too old, or another one."""
    kept = request.session.get(LINK)
    link = Link(**kept) if kept else None
    if link is None or link.purpose != purpose or time.time() > link.until:
        raise NotAsked
    if not secrets.compare_digest(
        request.GET.get("state", link.state).encode(), link.state.encode()
    ):
        raise NotAsked
    return link


def look(link: Link) -> str:
    """Return the token of whoever said yes; '' while nobody has. Raises PlexError."""
    return plextv.pin(link.pin).token


def forget(request: HttpRequest) -> None:
    """Close the question: an answer is taken once."""
    request.session.pop(LINK, None)


def page_at_plex(link: Link, back: str) -> str:
    """Return the address where a person says yes and from where they come back to ``back``."""
    asked = {
        "clientID": settings.PLEX_CLIENT_IDENTIFIER,
        "code": link.code,
        "context[device][product]": "MoodRec",
        "forwardUrl": f"{back}?{urlencode({'state': link.state})}",
    }
    return f"{settings.PLEX_APP_URL.rstrip('/')}/auth#?{urlencode(asked, quote_via=quote)}"


def keep_token(request: HttpRequest, token: str) -> None:
    """Note the account's token in the session, encrypted, until a server is chosen."""
    sealed = cipher().encrypt(token.encode()).decode()
    request.session[TOKEN] = {"sealed": sealed, "until": time.time() + MINUTES * 60}


def kept_token(request: HttpRequest) -> str:
    """Return the noted token; '' where there is none, or it is too old."""
    kept = request.session.get(TOKEN) or {"sealed": "", "until": 0}
    try:
        found = cipher().decrypt(kept["sealed"]).decode()
    except InvalidToken:
        return ""
    return found if time.time() < kept["until"] else ""


def forget_token(request: HttpRequest) -> None:
    request.session.pop(TOKEN, None)


def house() -> Connection | None:
    """Return the server whose people may sign in with Plex: the connected one, or the last one.

    None where there is only the demo, or a server that plex.tv does not know.
    """
    found = Connection.current()
    if found is None:
        found = Connection.objects.filter(is_demo=False).order_by("-checked_at").first()
    return found if found and not found.is_demo and found.machine_identifier else None


def claim(user: User, account: plextv.Account) -> None:
    """Let this user sign in by this account, which they have just proved to be theirs."""
    with transaction.atomic():
        PlexAccount.objects.filter(plex_id=account.id).exclude(user=user).delete()
        PlexAccount.objects.update_or_create(
            user=user,
            defaults={
                "plex_id": account.id,
                "username": account.username[:200],
                "checked_at": timezone.now(),
                "lost_at": None,
            },
        )


def recheck(row: Connection) -> set[int] | None:
    """Shut out who lost access to the server, let back in who regained it.

    Returns the plex.tv numbers of all who have access. Returns None and changes nothing where
    plex.tv can't say, or not all of it. Whoever the owner shut out here stays out.
    """
    try:
        people = _people(row)
    except PlexError:
        return None
    if row.account_id not in people:
        return None
    _let_in(people)
    _shut_out(people)
    return people


def _people(row: Connection) -> set[int]:
    token = row.account_token
    if not token:
        raise PlexError("denied", phrase("No plex.tv account is linked."))
    members = [user.id for user in plextv.home_users(token)]
    shares = plextv.shared_servers(token, row.machine_identifier)
    return {plextv.account(token).id, *members, *(share.plex_id for share in shares)}


def _let_in(people: set[int]) -> None:
    back = PlexAccount.objects.filter(plex_id__in=people)
    with transaction.atomic():
        User.objects.filter(plex_account__in=back.filter(lost_at__isnull=False)).update(
            is_active=True
        )
        back.update(checked_at=timezone.now(), lost_at=None)


def _shut_out(people: set[int]) -> None:
    """Close the accounts of all others; never an owner's: somebody must be able to repair this."""
    lost = PlexAccount.objects.exclude(plex_id__in=people)
    lost = lost.filter(user__is_active=True, user__is_staff=False)
    keys = list(lost.values_list("user", flat=True))
    with transaction.atomic():
        PlexAccount.objects.filter(user__in=keys).update(lost_at=timezone.now())
        User.objects.filter(pk__in=keys).update(is_active=False)


def disconnect(row: Connection) -> None:
    """Forget every token of this server and what plex.tv gave us; titles and answers stay."""
    token = row.account_token
    with transaction.atomic():
        row.token = row.account_token = row.hook_secret = row.problem = ""
        row.active, row.state, row.checked_at = False, Connection.State.NEW, timezone.now()
        row.save()
        Viewer.objects.update(plex_token="")
    with suppress(PlexError):  # it is gone here, whatever plex.tv says
        if token:
            plextv.sign_out(token)
