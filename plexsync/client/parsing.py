"""From bytes to XML: what an honest parser takes, and what real servers send besides."""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import Element, ParseError, fromstring

from moodrec.phrases import phrase
from plexsync.client.errors import NOT_PLEX, PlexError, Unreadable

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,9}));")
_BARE_AMPERSAND = re.compile(r"&(?!#?[A-Za-z0-9]{1,10};)")
_BEGINNING = 500  # bytes in which the root element has begun


def parsed(body: bytes) -> Element:
    """Return the answer's root, a `MediaContainer`.

    Raises Unreadable for an answer of Plex's that no cleaning mends, `not_plex` for other things.
    """
    with uncollected():
        try:
            root = fromstring(body)  # noqa: S314 (of the household's server; no DTD, see below)
        except ParseError:
            root = _mended(body)
    if root.tag != "MediaContainer":
        raise PlexError("not_plex", phrase("The answer is not one of a Plex Media Server."))
    return root


def _mended(body: bytes) -> Element:
    """Parse again without what XML forbids."""
    if not _is_whole(body):
        raise PlexError("not_plex", NOT_PLEX)
    text = _FORBIDDEN.sub("", body.decode("utf-8", "replace"))
    text = _BARE_AMPERSAND.sub("&amp;", _REFERENCE.sub(_allowed, text))
    try:
        return fromstring(text)  # noqa: S314
    except ParseError:
        raise Unreadable(body) from None


def _is_whole(body: bytes) -> bool:
    head, tail = body[:_BEGINNING], body[-_BEGINNING:]
    return b"<MediaContainer" in head and tail.rstrip().endswith(b"</MediaContainer>")


def _allowed(reference: re.Match[str]) -> str:
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    is_character = code <= 0x10FFFF and not _FORBIDDEN.match(chr(code))
    return reference[0] if is_character else ""


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the garbage collector out of the making of a tree: it holds no cycles, and costs a fifth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
