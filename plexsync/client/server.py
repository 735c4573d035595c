"""Read a Plex Media Server: elements in, plain records out.

Bulk reading pages with requests of our own and reads the XML itself: plexapi's objects cost some
25 times more per title and fetch again, one by one, whatever attribute an entry lacks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import md5
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from plexsync.client.calling import CONNECT_SECONDS, READ_SECONDS, Coming, HomeSession, body_of
from plexsync.client.errors import PlexError, PlexSlow, Unreadable, translated
from plexsync.client.parsing import parsed, uncollected
from plexsync.client.walking import UNREADABLE, Page, Skipped, pages
from plexsync.records import OURS, Section, TitleRecord, cleaned, title_record

if TYPE_CHECKING:
    from plexapi.server import PlexServer

    from plexsync.models import Connection

PAGE = 1000  # listing entries a request: 1 MB of XML, one second of a slow server
BATCH = 200  # full entries a request: keeps the address under every proxy's limit
LEAST_BATCH = 25
KINDS = {"movie": 1, "show": 2}
EPISODES = 4
# What a sweep and full entries don't need; a server that doesn't know the words sends it all.
_NOT_LISTED = (
    "excludeElements=Media,Image,UltraBlurColors,Genre,Country,Director,Writer,Role,Producer,"
    "Guid,Label,Field,Rating,Similar"
    "&excludeFields=summary,tagline,slug,art,theme,chapterSource,audienceRatingImage,ratingImage"
)
_NOT_READ = (
    "excludeElements=Image,UltraBlurColors,Chapter,Marker,Rating,Producer,Similar,Extras,Field"
)
_NO_EPISODE = (
    "excludeElements=Media,Image,UltraBlurColors,Director,Writer,Role,Guid,Field,Rating"
    "&excludeFields=summary,thumb,art,parentThumb,grandparentThumb,grandparentArt,parentGuid,"
    "grandparentGuid,grandparentTitle,parentTitle,grandparentTheme,contentRating"
)
# What describes a title in a listing's entry. What somebody did with it is no part of that; genres,
# people and summaries are not listed in full: whoever edits them moves updatedAt.
_DESCRIBING = (
    "guid", "updatedAt", "title", "titleSort", "originalTitle", "editionTitle", "year", "type",
    "contentRating", "studio", "rating", "audienceRating", "duration", "thumb", "addedAt",
    "originallyAvailableAt", "leafCount", "childCount", "deletedAt",
)  # fmt: skip
_NOTHING = ("",) * len(_DESCRIBING)


@dataclass(slots=True)
class Batch:
    """Full records, and entries that could not be read."""

    records: list[TitleRecord]
    skipped: list[Skipped] = field(default_factory=list)


class PlexClient:
    """A server and the right to read it. Raises PlexError, and nothing else, from every method."""

    def __init__(
        self,
        url: str,
        token: str,
        client_identifier: str,
        *,
        unverified: bool = False,
        seconds: float | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._identity = {
            "X-Plex-Client-Identifier": client_identifier,
            "X-Plex-Product": "MoodRec",
            "X-Plex-Device-Name": "MoodRec",
        }
        self._seconds = seconds
        self._session = HomeSession(unverified=unverified)
        if self._url.startswith("http://"):  # at home: packing costs both sides more than it saves
            self._session.headers["Accept-Encoding"] = "identity"

    @classmethod
    def of(
        cls, connection: "Connection", *, token: str | None = None, seconds: float | None = None
    ) -> "PlexClient":
        """Return a client of the connected server, for another account's token where one is given.

        ``seconds``: how long somebody waits for each answer; a background job's patience else.
        """
        return cls(
            connection.url,
            token or connection.token,
            connection.client_identifier,
            unverified=connection.unverified,
            seconds=seconds,
        )

    @cached_property
    def _server(self) -> "PlexServer":
        """The connected server; connecting is one request, made when it is first needed."""
        import plexapi  # noqa: PLC0415 (a third of a second, that reading does not need)
        from plexapi.server import PlexServer  # noqa: PLC0415

        plexapi.BASE_HEADERS.update(self._identity)
        with translated():
            patience: Any = (CONNECT_SECONDS, self._seconds or READ_SECONDS)
            return PlexServer(self._url, self._token, session=self._session, timeout=patience)

    @property
    def name(self) -> str:
        return cleaned(str(self._server.friendlyName or ""), 200) or "Plex"

    @property
    def machine_identifier(self) -> str:
        return cleaned(str(self._server.machineIdentifier or ""), 100)

    def is_welcome(self) -> bool:
        """Ask the server plainly whether it takes the token."""
        try:
            self.query("/")
        except PlexError as error:
            if error.kind != "denied":
                raise
            return False
        return True

    def sections(self) -> list[Section]:
        """Return the libraries that hold films or series; music and photos are not our matter."""
        root = self.query("/library/sections")
        found = [Section.of(element) for element in root]
        return [section for section in found if section.type in KINDS and section.key]

    def listing(self, section: Section | Any, *, size: int = PAGE) -> Iterator[Page]:
        """Yield the pages of a library, in the order of its keys: short entries, see `walking`."""
        return self._pages(self.listing_path(section), size)

    def listing_path(self, section: Section | Any) -> str:
        kind = KINDS[section.type]
        return f"/library/sections/{section.key}/all?type={kind}&sort=id&{_NOT_LISTED}"

    def episodes(self, section: Section | Any, *, size: int = PAGE) -> Iterator[Page]:
        """Yield the pages of all episodes of a library of series, in the order of their keys."""
        path = f"/library/sections/{section.key}/all?type={EPISODES}&sort=id&{_NO_EPISODE}"
        return self._pages(path, size)

    def _pages(self, path: str, size: int) -> Iterator[Page]:
        def fetch(start: int, count: int) -> bytes:
            window = {
                "X-Plex-Container-Start": str(start),
                "X-Plex-Container-Size": str(count),
            }
            return self.get(path, window)

        return pages(fetch, size)

    def titles(self, rating_keys: Iterable[str]) -> Iterator[TitleRecord]:
        """Yield the full records of these titles; keys that Plex no longer has are left out."""
        for batch in self.batches(rating_keys):
            yield from batch.records

    def batches(self, rating_keys: Iterable[str]) -> Iterator[Batch]:
        """Yield the full records of these titles as they come, a request's worth at a time."""
        keys = list(rating_keys)
        parts = [keys[start : start + BATCH] for start in range(0, len(keys), BATCH)]
        coming: Coming[bytes] | None = Coming(self.full, parts[0]) if parts else None
        for part, following in zip_longest(parts, parts[1:]):
            answer, coming = coming, Coming(self.full, following) if following else None
            yield self._batch(part, answer)

    def _batch(self, keys: list[str], coming: Coming[bytes] | None = None) -> Batch:
        """Read these in full; in halves where that takes the server too long or one spoils all."""
        try:
            root = parsed(coming.result() if coming else self.full(keys))
        except PlexSlow:
            if len(keys) <= LEAST_BATCH:
                raise
        except Unreadable:
            if len(keys) == 1:
                return Batch([], [Skipped(keys[0], UNREADABLE)])
        except PlexError as error:
            if error.kind != "missing":
                raise
            return Batch([])
        else:
            with uncollected():
                records = [r for r in map(title_record, root) if r.rating_key]
            return self._with_the_rest(keys, records)
        half = len(keys) // 2
        first, second = self._batch(keys[:half]), self._batch(keys[half:])
        return Batch(first.records + second.records, first.skipped + second.skipped)

    def _with_the_rest(self, keys: list[str], records: list[TitleRecord]) -> Batch:
        """Ask again for what an answer lacked, as long as that brings more: servers cap answers."""
        came = {record.rating_key for record in records}
        lacking = [key for key in keys if key not in came]
        if not lacking or not came.intersection(keys):
            return Batch(records)
        rest = self._batch(lacking)
        return Batch(records + rest.records, rest.skipped)

    def full(self, keys: list[str]) -> bytes:
        """Return the full entries of these titles, as Plex wrote them."""
        path = f"/library/metadata/{','.join(keys)}?includeGuids=1&skipRefresh=1&{_NOT_READ}"
        return self.get(path, {"X-Plex-Container-Size": str(len(keys))})

    def alive(self, rating_keys: Iterable[str]) -> set[str]:
        """Return which of these keys Plex still has, titles in its trash not counted."""
        batches = self.batches(rating_keys)
        return {r.rating_key for b in batches for r in b.records if r.fields["available"]}

    def query(self, path: str, headers: dict[str, str] | None = None) -> Element:
        """Return the answer to a GET, a `MediaContainer`."""
        return parsed(self.get(path, headers or {}))

    def get(self, path: str, headers: dict[str, str]) -> bytes:
        """Return the body of the answer to a GET."""
        own = {**self._identity, "X-Plex-Token": self._token, **headers}
        patience = self._seconds or READ_SECONDS
        return body_of(self._session, f"{self._url}{path}", own, patience)

    def send(self, method: str, path: str, headers: dict[str, str] | None = None) -> Element | None:
        """Return the answer to a POST, PUT or DELETE, which are never repeated; often it is empty."""
        with translated():
            answer: Element | None = self._server.query(
                path, method=getattr(self._session, method.lower()), headers=headers
            )
        return answer


def fingerprint(entry: Element) -> str:
    """Return a digest of what a listing's entry says of a title: the same means unchanged."""
    parts = [*map(entry.attrib.get, _DESCRIBING, _NOTHING)]
    names = [child.get("tag", "") for child in entry if child.tag == "Collection"]
    parts += [name for name in names if not name.endswith(OURS)]
    return md5("\0".join(parts).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
