"""Nobody is offered here what is kept from them: by Plex (libraries, titles), or by an age cap.

What an account may see in Plex is learnt when it signs in and whenever its states are read. Who has
no account of Plex sees what the household has; who signs in with Plex sees nothing until it is known.
A viewer's cap holds for their account on every page, and for everybody while they are present. The
owner's account sees all: somebody must be able to set this right.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import reduce
from operator import or_
from typing import NamedTuple, TypeVar

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from moodrec.once import once
from plexsync.client import PlexClient, PlexError
from plexsync.content_ratings import GROWN_UP
from plexsync.models import Connection, Library, MediaItem, MediaItemQuerySet, Sight, Viewer
from plexsync.parts import in_parts

Row = TypeVar("Row", bound=Model)
Who = User | AnonymousUser | None
ASK_SECONDS = 4  # somebody waits to come in


class _Fact(NamedTuple):
    """What limits a viewer, or a user who is none: a row for each server they may see, or one."""

    of_plex: int | None
    cap: int | None = None
    user: int | None = None
    viewer: int | None = None
    sight_pk: int | None = None
    server: int = 0
    """As the next two, of the sight: nothing where there is none."""
    active: bool = False
    library_keys: Sequence[str] = ()
    hides: bool = False

    @property
    def sight(self) -> Sight:
        return Sight(pk=self.sight_pk, connection_id=self.server, library_keys=self.library_keys)


def _hides(sight: str) -> Exists:
    """Tell of a sight, named by how a query gets there, whether any title is kept from it."""
    return Exists(Sight.hidden.through.objects.filter(sight=OuterRef(sight)))


_FACTS = (
    "user__plex_account", "content_cap", "user", "pk", "sights", "sights__connection",
    "sights__connection__active", "sights__library_keys", _hides("sights"),
)  # fmt: skip


def visible(
    rows: MediaItemQuerySet, user: Who, present: Iterable[Viewer] = ()
) -> MediaItemQuerySet:
    """Return those of the titles that this user, and each of those present, may see.

    Nobody (None) asks for the household, as its owner does, who sees everything.
    """
    for limit in _limits(user, present):
        rows = rows.filter(limit)
    return rows


def of_visible(rows: "QuerySet[Row]", user: Who) -> "QuerySet[Row]":
    """Return those of these rows, each about an ``item``, whose title this user may see."""
    limits = _limits(user, ())
    return rows.filter(item__in=MediaItem.objects.filter(*limits)) if limits else rows


def limits_of(user: Who, present: Iterable[Viewer]) -> tuple[set[int], int | None]:
    """Return the titles on offer that Plex keeps from one of these, and the lowest of their age caps.

    The first are few, of a big library too; what is above a cap may be most of it, so of that there
    is no list: which ages it lets through, `content_ratings.suits` tells.
    """
    account, present = _account(user), list(present)
    return _kept(account, present), _lowest(account, present)


def may_see(user: Who, present: Iterable[Viewer], ids: Iterable[int]) -> set[int]:
    """Return those of these titles, gone ones too, that this user and each of those present may see."""
    rows = visible(MediaItem.objects.filter(pk__in=set(ids)), user, present)
    return set(rows.values_list("pk", flat=True))


def is_limited(user: Who, present: Iterable[Viewer]) -> bool:
    """Tell whether anything is kept from this user or any of those present, as far as is known."""
    return bool(_limits(user, present))


def is_guest(user: User | AnonymousUser) -> bool:
    """Tell whether this user sees what Plex shares with them, and not all that the household has."""
    return _own(_account(user)) is not None


def _limits(user: Who, present: Iterable[Viewer]) -> list[Q]:
    present, account = list(present), _account(user)
    cap = _lowest(account, present)
    return [*_of_plex(account, present), *([] if cap is None else [_suited(cap)])]


def _account(user: Who) -> list[_Fact]:
    """Return what limits this user themselves, a row for each server; nothing of who sees all."""
    if user is None or user.pk is None or user.is_staff:
        return []
    return [fact for fact in _facts() if fact.user == user.pk] or _of_no_viewer(user)


@once
def _facts() -> list[_Fact]:
    """Return what limits each of the household, in one query for all who ask."""
    return [_Fact(*row) for row in Viewer.objects.order_by().values_list(*_FACTS)]


@once
def _of_no_viewer(user: User) -> list[_Fact]:
    accounts = User.objects.filter(pk=user.pk).values_list("plex_account")
    return [_Fact(*row) for row in accounts]


def _kept(account: list[_Fact], present: list[Viewer]) -> set[int]:
    limits = list(_of_plex(account, present))
    if not limits or _share_all(account, present):
        return set()
    return set(MediaItem.objects.on_offer().exclude(*limits).values_list("pk", flat=True))


def _share_all(account: list[_Fact], present: list[Viewer]) -> bool:
    """Tell whether all of these see each library that is switched on, and every title of it."""
    on = {library.key for library in Library.connected() if library.enabled}
    ours = [fact for fact in account if fact.active]
    if _own(account) is not None and not ours:
        return False
    shared = [(fact.library_keys, fact.hides) for fact in ours]
    shared += [(fact.library_keys, fact.hides) for fact in _others(account, present)]
    return all(on <= set(keys) and not hides for keys, hides in shared)


def _lowest(account: list[_Fact], present: Iterable[Viewer]) -> int | None:
    caps = [fact.cap for fact in account] + [viewer.content_cap for viewer in present]
    return min((cap for cap in caps if cap is not None), default=None)


def _suited(cap: int) -> Q:
    """Return the titles for somebody with this cap: rated for their age, or unrated for grown-ups."""
    rated = Q(content_age__isnull=False, content_age__lte=cap)
    return rated | Q(content_age__isnull=True) if cap >= GROWN_UP else rated


def _of_plex(account: list[_Fact], present: Iterable[Viewer]) -> Iterator[Q]:
    own = _own(account)
    if own is not None:
        yield own
    yield from (_limit(fact.sight) for fact in _others(account, present))
    here = {viewer.pk for viewer in present if not viewer.owns_plex_state}
    yield from (_limit(fact.sight) for fact in account if fact.active and fact.viewer in here)


def _others(account: list[_Fact], present: Iterable[Viewer]) -> list[_Fact]:
    """Return the sights of those present whose account is neither the connected one nor this one."""
    mine = {fact.viewer for fact in account}
    others = {viewer.pk for viewer in present if not viewer.owns_plex_state} - mine
    return [fact for fact in _facts() if fact.active and fact.viewer in others] if others else []


def _own(account: list[_Fact]) -> Q | None:
    """Return what Plex shares with this account: of no server more than is known of it."""
    sights = [fact.sight for fact in account if fact.sight_pk is not None]
    if not sights and not any(fact.of_plex for fact in account):
        return None
    return reduce(or_, map(_limit, sights), Q(library__connection__is_demo=True))


def _limit(sight: Sight) -> Q:
    hidden = Sight.hidden.through.objects.filter(sight=sight.pk).values("mediaitem")
    shared = Q(library__connection=sight.connection_id, library__key__in=sight.library_keys)
    return shared & ~Q(pk__in=hidden)


def ask(user: User, connection: Connection, token: str) -> None:
    """Learn from the server itself what this user's token may see; what was known stays if it can't say."""
    viewer = Viewer.objects.filter(user=user).first()
    if viewer is None or not token:  # or it would be the owner's sight
        return
    with suppress(PlexError):
        client = PlexClient.of(connection, token=token, seconds=ASK_SECONDS)
        learn(viewer, connection, {section.key for section in client.sections()})


def learn(viewer: Viewer, connection: Connection, library_keys: Iterable[str]) -> None:
    """Keep which libraries the server lists for the viewer's own token."""
    if not viewer.owns_plex_state:
        Sight.objects.update_or_create(
            viewer=viewer,
            connection=connection,
            defaults={"library_keys": sorted(library_keys)},
        )


def learn_titles(viewer: Viewer, library: Library, listed: set[str]) -> None:
    """Keep which titles of a library a complete walk by the viewer's token did not meet."""
    sight = Sight.objects.filter(viewer=viewer, connection=library.connection_id).first()
    if sight is None:
        return
    rows = library.items.filter(available=True).values_list("pk", "rating_key")
    kept_back = {pk for pk, key in rows.iterator(chunk_size=2000) if key not in listed}
    known = set(sight.hidden.filter(library=library).values_list("pk", flat=True))
    for part in in_parts(iter(kept_back - known)):
        sight.hidden.add(*part)
    for part in in_parts(iter(known - kept_back)):
        sight.hidden.remove(*part)
