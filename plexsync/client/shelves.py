"""Playlists and collections in Plex: what they hold, what is put there and taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from moodrec.phrases import phrase
from plexsync.client.errors import PlexError
from plexsync.client.server import BATCH, KINDS, PlexClient
from plexsync.records import integer, rating_key

MOST_HELD = 100_000  # on one shelf: no household owns more titles
_LIBRARY = "com.plexapp.plugins.library"
_COLLECTION = 18  # Plex's number of the kind
_NOT_READ = "excludeElements=Media,Image,UltraBlurColors,Genre,Director,Writer,Role,Country"


def address_of(client: PlexClient, keys: Sequence[str]) -> str:
    """Return how these titles are named in a request that puts them somewhere."""
    return f"server://{client.machine_identifier}/{_LIBRARY}/library/metadata/{','.join(keys)}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A place on a shelf, and the title that stands there; one title may stand at two places."""

    place: str
    rating_key: str


class Playlists:
    """The playlists of the client's account. Every method raises PlexError."""

    ordered: ClassVar = True
    _root: ClassVar = "/playlists"
    _place: ClassVar = "playlistItemID"

    def __init__(self, client: PlexClient) -> None:
        self._client = client

    def create(self, title: str, keys: Sequence[str]) -> str:
        """Make a shelf with these titles; return Plex's key of it."""
        told = {"title": title, "smart": 0, "uri": address_of(self._client, keys[:BATCH])}
        made = self._client.send("POST", f"{self._root}?{urlencode(told | self._kind())}")
        key = rating_key(made[0]) if made is not None and len(made) else ""
        if not key:
            raise PlexError(
                "not_plex", phrase("Plex made “%(title)s” but did not say where.", title=title)
            )
        self.add(key, keys[BATCH:])
        return key

    def _kind(self) -> dict[str, object]:
        return {"type": "video"}

    def held(self, key: str) -> list[Entry]:
        """Return what stands on the shelf, in order; kind `missing` where the shelf is gone."""
        found: dict[str, Entry] = {}
        while True:
            before = len(found)
            window = {"X-Plex-Container-Start": str(len(found)), "X-Plex-Container-Size": "1000"}
            root = self._client.query(f"{self._root}/{key}/items?{_NOT_READ}", window)
            entries = [Entry(e.get(self._place, ""), e.get("ratingKey", "")) for e in root]
            found |= {entry.place: entry for entry in entries if entry.place}
            total = min(integer(root, "totalSize") or 0, MOST_HELD)
            if len(found) == before or len(found) >= total:  # a server may promise what never comes
                return list(found.values())

    def add(self, key: str, keys: Sequence[str]) -> None:
        """Put titles at the shelf's end."""
        for start in range(0, len(keys), BATCH):
            told = {"uri": address_of(self._client, keys[start : start + BATCH])}
            self._client.send("PUT", f"{self._root}/{key}/items?{urlencode(told)}")

    def take(self, key: str, entry: Entry) -> None:
        """Take one place's title away; fine where it is gone already."""
        self._delete(f"{self._root}/{key}/items/{entry.place}")

    def clear(self, key: str) -> None:
        """Take everything away, and keep the playlist itself."""
        self._client.send("DELETE", f"{self._root}/{key}/items")

    def describe(self, key: str, title: str, summary: str) -> None:
        """Say what the shelf is called, and what it is."""
        told = {"title": title, "summary": summary}
        self._client.send("PUT", f"{self._root}/{key}?{urlencode(told)}")

    def delete(self, key: str) -> None:
        """Remove the shelf; fine where it is gone already."""
        self._delete(f"{self._root}/{key}")

    def _delete(self, path: str) -> None:
        try:
            self._client.send("DELETE", path)
        except PlexError as error:
            if error.kind != "missing":
                raise


class Collections(Playlists):
    """The collections of one library. Plex sorts them, and drops one that is empty."""

    ordered: ClassVar = False
    _root: ClassVar = "/library/collections"
    _place: ClassVar = "ratingKey"

    def __init__(self, client: PlexClient, section: str, kind: str) -> None:
        super().__init__(client)
        self._section, self._type = section, KINDS[kind]

    def _kind(self) -> dict[str, object]:
        return {"type": self._type, "sectionId": self._section}

    def clear(self, key: str) -> None:
        for entry in self.held(key):
            self.take(key, entry)

    def describe(self, key: str, title: str, summary: str) -> None:
        told = {"type": _COLLECTION, "id": key}
        for name, value in (("title", title), ("summary", summary)):
            told |= {f"{name}.value": value, f"{name}.locked": 1}
        self._client.send("PUT", f"/library/sections/{self._section}/all?{urlencode(told)}")
