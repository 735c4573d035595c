"""Put our shelves into Plex and keep them there: in place, never by name, only what is ours."""

from collections.abc import Sequence

from django.utils.translation import gettext, gettext_noop

from plexsync.client import PlexClient, PlexError
from plexsync.client.shelves import Collections, Entry, Playlists
from plexsync.models import Shelf

HANDFUL = 5  # more than so many to take away: emptying the playlist is quicker
SUMMARY = gettext_noop(
    "Made by MoodRec, which refreshes it by itself. What you add stays; "
    "to remove it, open “Giving back” in MoodRec."
)


def settle(shelf: Shelf, keys: Sequence[str], client: PlexClient) -> bool:
    """Make the shelf in Plex hold these titles of ours; tell whether anything was written.

    What people added to it stays. A shelf that is gone is made anew. Raises PlexError.
    """
    lists, wanted = _lists(shelf, client), list(dict.fromkeys(keys))
    held = _held(shelf, lists)
    if held is not None:
        wrote = _changed(shelf, wanted, held, lists)
    elif wrote := bool(wanted):
        _create(shelf, wanted, lists)
    if wrote or shelf.keys != wanted or shelf.problem:
        shelf.keys, shelf.problem = wanted, ""
        shelf.save()
    return wrote


def rename(shelf: Shelf, title: str, client: PlexClient) -> bool:
    """Give the shelf in Plex another name where MoodRec calls it so now; tell whether it did.

    Whoever renamed it in Plex keeps their name until MoodRec's own changes. Raises PlexError.
    """
    if shelf.title == title or not shelf.rating_key:
        return False
    _lists(shelf, client).describe(shelf.rating_key, title, _summary(shelf))
    shelf.title = title
    shelf.save()
    return True


def _summary(shelf: Shelf) -> str:
    with shelf.connection.in_shelf_language():
        return gettext(SUMMARY)


def remove(shelf: Shelf, client: PlexClient) -> None:
    """Delete the shelf in Plex, then here. Raises PlexError; one that is gone is no error."""
    if shelf.rating_key:
        _lists(shelf, client).delete(shelf.rating_key)
    shelf.delete()


def _lists(shelf: Shelf, client: PlexClient) -> Playlists:
    if shelf.library is None:
        return Playlists(client)
    return Collections(client, shelf.library.key, shelf.library.type)


def _held(shelf: Shelf, lists: Playlists) -> list[Entry] | None:
    """Return what stands on the shelf; None where Plex has no such shelf."""
    if not shelf.rating_key:
        return None
    try:
        return lists.held(shelf.rating_key)
    except PlexError as error:
        if error.kind != "missing":
            raise
    return None


def _create(shelf: Shelf, wanted: list[str], lists: Playlists) -> None:
    shelf.rating_key = lists.create(shelf.title, wanted)
    shelf.keys = wanted
    shelf.save()  # before anything else can fail: what we made, we must know
    lists.describe(shelf.rating_key, shelf.title, _summary(shelf))


def _changed(shelf: Shelf, wanted: list[str], held: list[Entry], lists: Playlists) -> bool:
    ours = {*shelf.keys, *wanted}
    mine = [entry for entry in held if entry.rating_key in ours]
    kept = _in_order(mine, wanted) if lists.ordered else _wanted(mine, wanted)
    stays = {entry.rating_key for entry in kept}
    gone = [entry for entry in mine if entry not in kept]
    missing = [key for key in wanted if key not in stays]
    if not gone and not missing:
        return False
    shelf.keys = [*wanted, *(key for key in shelf.keys if key not in wanted)]
    shelf.save()  # should it break in the middle, all that may stand there is known as ours
    if lists.ordered and len(gone) > HANDFUL and len(mine) == len(held):
        lists.clear(shelf.rating_key)
        missing, gone = wanted, []
    lists.add(shelf.rating_key, missing)  # first: Plex drops a collection that is empty
    for entry in gone:
        lists.take(shelf.rating_key, entry)
    return True


def _in_order(mine: list[Entry], wanted: list[str]) -> list[Entry]:
    """Return the entries that can stay where they are when what lacks is put at the end."""
    kept: list[Entry] = []
    for entry in mine:
        if len(kept) < len(wanted) and entry.rating_key == wanted[len(kept)]:
            kept.append(entry)
    return kept


def _wanted(mine: list[Entry], wanted: list[str]) -> list[Entry]:
    return [entry for entry in mine if entry.rating_key in wanted]
