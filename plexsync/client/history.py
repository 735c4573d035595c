"""Read what accounts have watched: the server's history, and the state of titles for one account.

Small entries only: of a title nothing is asked for but what somebody did with it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element

from plexsync.client.server import EPISODES, KINDS, PAGE, PlexClient
from plexsync.client.walking import Page, pages
from plexsync.records import UNTOUCHED, State, integer, moment, rating_key, state, text

_KINDS = {*KINDS, "episode"}  # music and photos have a history too
_BARE = (
    "excludeElements=Media,Image,UltraBlurColors,Genre,Country,Director,Writer,Role,Collection,"
    "Guid,Label,Field,Rating"
    "&excludeFields=summary,tagline,thumb,art,theme,studio,originalTitle,titleSort,slug,"
    "parentTitle,parentThumb,grandparentTitle,grandparentThumb,grandparentArt,audienceRatingImage"
)


@dataclass(slots=True)
class Swept:
    """What a walk over a library's states found."""

    states: dict[str, State] = field(default_factory=dict)
    """Of titles with which something was done."""
    seen: set[str] = field(default_factory=set)
    """The key of every entry, touched or not."""
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Played:
    """A line of the history: an account watched a film or an episode to its end."""

    account_id: int
    rating_key: str
    show_key: str
    played_at: datetime


def states(client: PlexClient, section: Any) -> Swept:
    """Return the state of every title of a library, for the account whose token the client has."""
    path = f"/library/sections/{section.key}/all?type={KINDS[section.type]}&sort=id&{_BARE}"
    return _swept(client, path)


def watched_episodes(client: PlexClient, section: Any) -> Swept:
    """Return the state of every episode of a library that was watched."""
    path = f"/library/sections/{section.key}/all?type={EPISODES}&viewCount%3E%3E=0&sort=id&{_BARE}"
    return _swept(client, path)


def newest_states(client: PlexClient, section: Any, count: int, kind: int = 0) -> Swept:
    """Return the states of what was watched last in a library; of its titles or, 4, episodes."""
    kind = kind or KINDS[section.type]
    path = f"/library/sections/{section.key}/all?type={kind}&sort=lastViewedAt:desc&{_BARE}"
    found = Swept()
    window = {"X-Plex-Container-Start": "0", "X-Plex-Container-Size": str(count)}
    _take(found, client.query(path, window))
    return found


def plays(client: PlexClient, since: datetime) -> Iterator[list[Played]]:
    """Yield the history from then on in pages, oldest first; raise `forbidden` where it is closed.

    The server's owner sees everybody's plays, others their own.
    """
    after = int(since.timestamp())
    path = f"/status/sessions/history/all?sort=viewedAt:asc&viewedAt%3E={after}"
    for page in _pages(client, path):
        yield [played for entry in page.entries if (played := _played(entry)) is not None]


def account_names(client: PlexClient) -> dict[int, str]:
    """Return the name of each account that the server knows, by its number in the history.

    Only the server's owner may ask: others get a PlexError of kind `forbidden`.
    """
    found = ((integer(e, "id"), text(e, "name", 80)) for e in client.query("/accounts"))
    return {number: name for number, name in found if number and name}


def _swept(client: PlexClient, path: str) -> Swept:
    found, totals = Swept(), set()
    for page in _pages(client, path):
        _take(found, page.entries)
        totals.add(page.total)
    found.complete = totals == {len(found.seen)}  # not where the library changed under the walk
    return found


def _pages(client: PlexClient, path: str) -> Iterator[Page]:
    def fetch(start: int, count: int) -> bytes:
        window = {"X-Plex-Container-Start": str(start), "X-Plex-Container-Size": str(count)}
        return client.get(path, window)

    return pages(fetch, PAGE)


def _take(found: Swept, entries: Iterable[Element]) -> None:
    for entry in entries:
        key = rating_key(entry)
        if key:
            found.seen.add(key)
            said = state(entry)
            if said != UNTOUCHED:
                found.states[key] = said


def _played(entry: Element) -> Played | None:
    """Return the play of a line; None for music, and for a title that the server has no more."""
    account, key = integer(entry, "accountID"), rating_key(entry)
    at = moment(entry, "viewedAt")
    if account is None or not key or at is None or entry.get("type", "movie") not in _KINDS:
        return None
    show = (entry.get("grandparentRatingKey") or entry.get("grandparentKey") or "").rpartition("/")
    return Played(account, key, show[2], at)
