"""Posters through our own door: by our ids, in fixed sizes, kept on disk; Plex's token stays here."""

import hashlib
import re
import secrets
import time
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore

from django.conf import settings

from plexsync.client import MAX_IMAGE_BYTES, PlexClient, PlexError
from plexsync.models import Connection, MediaItem

WIDTHS = (150, 300, 600)  # pixels
RATIO = 1.5
FETCHES = 2  # at a time, in each process of four threads
SLOT_SECONDS = 0.5  # then the drawn poster will do
REST_SECONDS = 30  # that a Plex which did not answer is not asked again by this process
_MAGIC = {
    rb"\xff\xd8\xff": "image/jpeg",
    rb"\x89PNG\r\n\x1a\n": "image/png",
    rb"RIFF....WEBP": "image/webp",
}
_slots = BoundedSemaphore(FETCHES)
_left_alone: dict[str, float] = {}  # address of a server → until when


def folder() -> Path:
    return Path(settings.DATA_DIR) / "posters"


def poster(item: MediaItem, width: int) -> tuple[bytes, str] | None:
    """Return a poster's bytes and content type; None where Plex has none or is away."""
    if not item.thumb:
        return None
    kept = folder() / f"{tag(item, width)}.img"
    if kept.exists():
        body = kept.read_bytes()
        return body, content_type(body) or "image/jpeg"
    body = _fetch(item.library.connection, item.thumb, width)
    kind = content_type(body)
    if kind is None:
        return None
    _keep(kept, body)
    return body, kind


def content_type(body: bytes) -> str | None:
    """Return the image type by the first bytes, whatever the server claims; None for no image."""
    kinds = (kind for magic, kind in _MAGIC.items() if re.match(magic, body, re.DOTALL))
    return next(kinds, None)


def tag(item: MediaItem, width: int) -> str:
    """Return a digest that is another one as soon as the picture is."""
    key = f"{item.library.connection_id} {item.thumb} {width}"
    return hashlib.sha256(key.encode()).hexdigest()


def _fetch(connection: Connection, path: str, width: int) -> bytes:
    """Ask Plex, as one of two at most: a Plex that hangs must not take all threads of the web."""
    if not _slots.acquire(timeout=SLOT_SECONDS):
        return b""
    try:
        if time.monotonic() < _left_alone.get(connection.url, 0):
            return b""
        body, _claimed = PlexClient.of(connection).image(path, width, round(width * RATIO))
    except PlexError as error:
        if error.kind == "unreachable":
            _left_alone[connection.url] = time.monotonic() + REST_SECONDS
        return b""
    finally:
        _slots.release()
    return body if len(body) <= MAX_IMAGE_BYTES else b""


def _keep(path: Path, body: bytes) -> None:
    """Write in one step; a full or read-only disk costs the cache, not the picture."""
    draft = path.with_suffix(f".{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(body)
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
