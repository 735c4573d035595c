"""Posters through our own door: by our ids, in fixed sizes, kept on disk; Plex's token stays here."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from django.conf import settings

from plexsync.client import MAX_IMAGE_BYTES, PlexClient, PlexError
from plexsync.models import Connection, MediaItem

WIDTHS = (150, 300, 600)  # pixels
RATIO = 1.5
_MAGIC = {
    rb"\xff\xd8\xff": "image/jpeg",
    rb"\x89PNG\r\n\x1a\n": "image/png",
    rb"RIFF....WEBP": "image/webp",
}


def folder() -> Path:
    return Path(settings.DATA_DIR) / "posters"


def poster(item: MediaItem, width: int) -> tuple[bytes, str] | None:
    """Return a poster's bytes and content type; None where Plex has none or is away."""
    if not item.thumb:
        return None
    kept = folder() / _name(item, width)
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


def _fetch(connection: Connection, path: str, width: int) -> bytes:
    try:
        body, _claimed = PlexClient.of(connection).image(path, width, round(width * RATIO))
    except PlexError:
        return b""
    return body if len(body) <= MAX_IMAGE_BYTES else b""


def _name(item: MediaItem, width: int) -> str:
    key = f"{item.library.connection_id} {item.thumb} {width}"
    return f"{hashlib.sha256(key.encode()).hexdigest()}.img"


def _keep(path: Path, body: bytes) -> None:
    """Write in one step; a full or read-only disk costs the cache, not the picture."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
        Path(draft).replace(path)
    except OSError:
        return
