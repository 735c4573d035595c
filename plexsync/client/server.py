"""Read a Plex Media Server: elements in, plain records out.

Bulk reading pages with `PlexServer.query` and reads the XML itself: plexapi's objects cost some
25 times more per title and fetch again, one by one, whatever attribute an entry lacks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import md5
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

import plexapi
import requests
from plexapi.server import PlexServer
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ReadTimeoutError
from urllib3.util import Retry

from plexsync.client.errors import PlexError, translated
from plexsync.records import Section, TitleRecord, title_record

if TYPE_CHECKING:
    from plexsync.models import Connection

PAGE = 1000  # listing entries a request: 2 MB of XML, one second of a slow server
BATCH = 200  # full entries a request: keeps the address under every proxy's limit
CONNECT_SECONDS = 5  # somebody may be looking at the form
READ_SECONDS = 60
IMAGE_SECONDS = 5
MAX_IMAGE_BYTES = 5_000_000
KINDS = {"movie": 1, "show": 2}
# What we never read, of the listing and of full entries; a server that doesn't know the word sends it.
_NOT_LISTED = "excludeElements=Media,Image,UltraBlurColors,Writer,Country"
_NOT_READ = "excludeElements=Media,Image,UltraBlurColors,Chapter,Marker,Rating,Producer,Similar,Extras,Field"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a library's listing: entries as elements, and what the server says of the whole."""

    entries: list[Element]
    total: int


class _Retry(Retry):
    """Repeats what was cut off; nobody home or no answer in time is an answer too."""

    def increment(self, *args: Any, **kwargs: Any) -> "_Retry":
        error = kwargs.get("error")
        if isinstance(error, ReadTimeoutError):
            raise error
        return super().increment(*args, **kwargs)


class _HomeSession(requests.Session):
    """A session that retries reads and never carries our token to another address."""

    def __init__(self) -> None:
        super().__init__()
        retry = _Retry(
            total=2,
            connect=0,
            backoff_factor=0.5,
            status_forcelist=[429, 502, 504],
            allowed_methods=["GET"],
            raise_on_status=False,
            respect_retry_after_header=False,
        )
        self.mount("http://", HTTPAdapter(max_retries=retry))
        self.mount("https://", HTTPAdapter(max_retries=retry))
        self.max_redirects = 0


class PlexClient:
    """A server and the right to read it. Raises PlexError, and nothing else, from every method."""

    def __init__(self, url: str, token: str, client_identifier: str) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._identity = {
            "X-Plex-Client-Identifier": client_identifier,
            "X-Plex-Product": "MoodRec",
            "X-Plex-Device-Name": "MoodRec",
        }
        self._session = _HomeSession()

    @classmethod
    def of(cls, connection: "Connection") -> "PlexClient":
        return cls(connection.url, connection.token, connection.client_identifier)

    @cached_property
    def _server(self) -> PlexServer:
        """The connected server; connecting is one request, made when it is first needed."""
        plexapi.BASE_HEADERS.update(self._identity)
        with translated():
            patience: Any = (CONNECT_SECONDS, READ_SECONDS)
            return PlexServer(self._url, self._token, session=self._session, timeout=patience)

    @property
    def name(self) -> str:
        return str(self._server.friendlyName or "Plex")

    @property
    def machine_identifier(self) -> str:
        return str(self._server.machineIdentifier or "")

    def sections(self) -> list[Section]:
        """Return the libraries that hold films or series; music and photos are not our matter."""
        root = self.query("/library/sections")
        found = [Section.of(element) for element in root]
        return [section for section in found if section.type in KINDS]

    def listing(self, section: Section | Any, *, size: int = PAGE) -> Iterator[Page]:
        """Yield the pages of a library, in the order of its keys.

        Advances by what was received, not by what was asked for: servers cap or ignore paging.
        Goes on past the end while titles are lacking: servers repeat pages.
        """
        seen: set[str] = set()
        start, total = 0, None
        path = (
            f"/library/sections/{section.key}/all?type={KINDS[section.type]}&sort=id&{_NOT_LISTED}"
        )
        while total is None or len(seen) < total:
            root = self.query(
                path,
                {"X-Plex-Container-Start": str(start), "X-Plex-Container-Size": str(size)},
            )
            entries = list(root)
            total = _total(root)
            yield Page(entries, total)
            fresh = {entry.get("ratingKey", "") for entry in entries} - seen
            if not entries or (start >= total and not fresh):
                return
            seen |= fresh
            start += len(entries)

    def titles(self, rating_keys: Iterable[str]) -> Iterator[TitleRecord]:
        """Yield the full records of these titles; keys that Plex no longer has are left out."""
        keys = list(rating_keys)
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            yield from self._batch(batch)

    def _batch(self, keys: list[str]) -> Iterator[TitleRecord]:
        path = f"/library/metadata/{','.join(keys)}?includeGuids=1&skipRefresh=1&{_NOT_READ}"
        try:
            root = self.query(path, {"X-Plex-Container-Size": str(len(keys))})
        except PlexError as error:
            if error.kind != "missing":
                raise
            return
        records = map(title_record, root)
        yield from (record for record in records if record.rating_key)

    def image(self, path: str, width: int, height: int) -> tuple[bytes, str]:
        """Return a JPEG of a library image, scaled by Plex, and its content type."""
        with translated():
            response = self._session.get(
                f"{self._url}/photo/:/transcode",
                params={"url": path, "width": str(width), "height": str(height), "minSize": "1"},
                headers={**self._identity, "X-Plex-Token": self._token},
                timeout=IMAGE_SECONDS,
                stream=True,
            )
            if response.status_code != requests.codes.ok:
                raise PlexError("missing", f"Plex has no such image ({response.status_code}).")
            body = response.raw.read(MAX_IMAGE_BYTES + 1, decode_content=True)
        return body, response.headers.get("Content-Type", "")

    def query(self, path: str, headers: dict[str, str] | None = None) -> Element:
        """Return the answer to a GET, a `MediaContainer`."""
        with translated():
            root: Element | None = self._server.query(path, headers=headers)
        if root is None or root.tag != "MediaContainer":
            raise PlexError("not_plex", "The answer is not one of a Plex Media Server.")
        return root

    def send(self, method: str, path: str) -> Element | None:
        """Return the answer to a POST, PUT or DELETE, which are never repeated; often it is empty."""
        with translated():
            answer: Element | None = self._server.query(
                path, method=getattr(self._session, method.lower())
            )
        return answer


def _total(root: Element) -> int:
    try:
        return int(root.get("totalSize") or root.get("size") or 0)
    except ValueError:
        raise PlexError("not_plex", "The listing's size is not a number.") from None


def fingerprint(entry: Element) -> str:
    """Return a digest of a listing entry: the same digest means nothing about the title changed."""
    parts = [f"{name}={value}" for name, value in sorted(entry.attrib.items())]
    parts += [f"{child.tag}:{child.get('tag') or child.get('id') or ''}" for child in entry]
    return md5("\0".join(parts).encode(), usedforsecurity=False).hexdigest()
