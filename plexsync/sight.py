"""Nobody is offered here what Plex keeps from their account: other libraries, titles above an age.

What an account may see is learnt when it signs in and whenever its states are read. Who has no
account of Plex sees what the household has; who signs in with Plex sees nothing until it is known.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import reduce
from operator import or_

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q

from plexsync.client import PlexClient, PlexError
from plexsync.models import (
    Connection,
    Library,
    MediaItem,
    MediaItemQuerySet,
    PlexAccount,
    Sight,
    Viewer,
)
from plexsync.parts import in_parts

ASK_SECONDS = 4  # somebody waits to come in


def visible(
    rows: MediaItemQuerySet, user: User | AnonymousUser | None, present: Iterable[Viewer] = ()
) -> MediaItemQuerySet:
    """Return those of the titles that this user, and each of those present, may see in Plex.

    Nobody (None) asks for the household, as its owner does, who sees everything.
    """
    for limit in _limits(user, present):
        rows = rows.filter(limit)
    return rows


def kept_from(user: User | AnonymousUser | None, present: Iterable[Viewer]) -> set[int]:
    """Return the titles on offer that one of these may not see: few, of a big library too."""
    limits = list(_limits(user, present))
    rows = MediaItem.objects.on_offer().exclude(*limits) if limits else MediaItem.objects.none()
    return set(rows.values_list("pk", flat=True))


def may_see(
    user: User | AnonymousUser | None, present: Iterable[Viewer], ids: Iterable[int]
) -> set[int]:
    """Return those of these titles, gone ones too, that this user and each of those present may see."""
    rows = visible(MediaItem.objects.filter(pk__in=set(ids)), user, present)
    return set(rows.values_list("pk", flat=True))


def is_limited(user: User | AnonymousUser | None, present: Iterable[Viewer]) -> bool:
    """Tell whether Plex keeps anything from this user or any of those present, as far as is known."""
    return any(True for _ in _limits(user, present))


def is_guest(user: User | AnonymousUser) -> bool:
    """Tell whether this user sees what Plex shares with them, and not all that the household has."""
    return bool(_own(user))


def _limits(user: User | AnonymousUser | None, present: Iterable[Viewer]) -> Iterator[Q]:
    own = _own(user) if user is not None else None
    if own:
        yield own
    others = [viewer.pk for viewer in present if not viewer.owns_plex_state]
    known = Sight.objects.filter(viewer__in=others, connection__active=True) if others else ()
    yield from (_limit(sight) for sight in known)


def _own(user: User | AnonymousUser) -> Q | None:
    """Return what limits this user themselves: on no server more than is known of it."""
    if user.is_staff:
        return None
    sights = list(Sight.objects.filter(viewer__user__pk=user.pk or 0))
    if not sights and not PlexAccount.objects.filter(user__pk=user.pk or 0).exists():
        return None
    return reduce(or_, map(_limit, sights), Q(library__connection__is_demo=True))


def _limit(sight: Sight) -> Q:
    hidden = Sight.hidden.through.objects.filter(sight=sight).values("mediaitem")
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
