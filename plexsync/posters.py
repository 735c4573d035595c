"""Pictures through our own door: by our ids, in fixed sizes, kept on disk; Plex's token stays here."""

import hashlib
import re
import time
from dataclasses import dataclass
from threading import BoundedSemaphore

from plexsync.client import PlexError
from plexsync.client.images import image
from plexsync.failing import is_refused, understood
from plexsync.kept_pictures import keep, kept
from plexsync.models import Connection, MediaItem

FETCHES = 2  # at a time, in each process of four threads
SLOT_SECONDS = 0.5  # then the drawn picture will do
CONFIRM_SECONDS = 3  # for each of the two questions whether a refused token is really dead
REST_SECONDS = 30  # that a Plex which did not answer is not asked again by this process
_MAGIC = {
    rb"\xff\xd8\xff": "image/jpeg",
    rb"\x89PNG\r\n\x1a\n": "image/png",
    rb"RIFF....WEBP": "image/webp",
}
_slots = BoundedSemaphore(FETCHES)
_left_alone: dict[str, float] = {}  # address of a server → until when


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of picture: where its path is kept, the widths there are, and its shape."""

    column: str
    widths: tuple[int, ...]
    """In pixels."""
    ratio: float
    """Height by width."""

    def path(self, item: MediaItem) -> str:
        """Return Plex's path of the picture; another one as soon as the picture is."""
        return str(getattr(item, self.column))

    def height(self, width: int) -> int:
        return round(width * self.ratio)


POSTER = Kind("thumb", (150, 300, 600), 3 / 2)
ART = Kind("art", (640, 1280), 9 / 16)


def picture(item: MediaItem, kind: Kind, width: int) -> tuple[bytes, str] | None:
    """Return a picture's bytes and content type; None where Plex has none or is away."""
    if not kind.path(item):
        return None
    name = f"{tag(item, kind, width)}.img"
    body = kept(name) or b""
    if content_type(body) is None:  # not kept, or spoilt by a power cut
        body = _fetch(item.library.connection, kind, kind.path(item), width)
        if content_type(body) is None:
            return None
        keep(name, body)
    return body, str(content_type(body))


def content_type(body: bytes) -> str | None:
    """Return the image type by the first bytes, whatever the server claims; None for no image."""
    kinds = (kind for magic, kind in _MAGIC.items() if re.match(magic, body, re.DOTALL))
    return next(kinds, None)


def tag(item: MediaItem, kind: Kind, width: int) -> str:
    """Return a digest that is another one as soon as the picture is; names the file it is kept in."""
    server = item.library.connection.machine_identifier or item.library.connection_id
    return hashlib.sha256(f"{server} {kind.path(item)} {width}".encode()).hexdigest()


def version(item: MediaItem, kind: Kind) -> str:
    """Return what an address says of the picture behind it, so that it may be kept for ever."""
    return hashlib.sha256(kind.path(item).encode()).hexdigest()[:12]


def _fetch(connection: Connection, kind: Kind, path: str, width: int) -> bytes:
    """Ask Plex, as one of two at most: a Plex that hangs must not take all threads of the web."""
    if is_refused(connection) or _is_relayed(connection):
        return b""
    if not _slots.acquire(timeout=SLOT_SECONDS):
        return b""
    try:
        if time.monotonic() < _left_alone.get(connection.url, 0):
            return b""
        return image(connection, path, width, kind.height(width))
    except PlexError as error:
        _rest(connection, error)
        return b""
    finally:
        _slots.release()


def _rest(connection: Connection, error: PlexError) -> None:
    """Leave a server alone that did not answer; one that refuses the token, until that is mended."""
    if error.kind == "denied":
        understood(connection, error, seconds=CONFIRM_SECONDS)
    if error.kind != "missing":
        _left_alone[connection.url] = time.monotonic() + REST_SECONDS


def forget() -> None:
    """Forget which servers this process leaves alone."""
    _left_alone.clear()


def _is_relayed(connection: Connection) -> bool:
    """Tell whether Plex is reached through plex.tv, which grants too little for pictures."""
    return any(
        address.get("relay") and address.get("uri") == connection.url
        for address in connection.addresses
    )
