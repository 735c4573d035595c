"""One request to plex.tv: its answer as a tree of plain dictionaries, its refusals in our words."""

import json
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import requests
from django.conf import settings
from urllib3.exceptions import HTTPError

from moodrec.phrases import phrase, phrases
from plexsync.client import bounded
from plexsync.client.errors import PlexError

CONNECT_SECONDS = 3
READ_SECONDS = 8
MAX_BYTES = 4_000_000
PRODUCT = "MoodRec"


def call(
    method: str, path: str, token: str = "", *, params: dict[str, str] | None = None
) -> dict[str, Any]:
    """Return plex.tv's answer as a tree of plain dictionaries, whether it came as JSON or XML."""
    try:
        with (
            bounded.Staying() as session,
            session.request(
                method,
                settings.PLEX_TV_URL.rstrip("/") + path,
                params=params,
                headers=_headers(token),
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as answer,
        ):
            body = bounded.body(answer, MAX_BYTES, READ_SECONDS)
    except (requests.RequestException, HTTPError, OSError):
        raise PlexError(
            "unreachable", phrase("plex.tv does not answer. Try again in a while.")
        ) from None
    if not answer.ok or answer.is_redirect:
        raise _refusal(answer)
    return tree(body)


def _headers(token: str) -> dict[str, str]:
    headers = {
        "Accept": "application/json",
        "X-Plex-Client-Identifier": settings.PLEX_CLIENT_IDENTIFIER,
        "X-Plex-Product": PRODUCT,
        "X-Plex-Version": settings.VERSION,
        "X-Plex-Device": PRODUCT,
        "X-Plex-Device-Name": PRODUCT,
        "X-Plex-Platform": "Web",
    }
    return {**headers, "X-Plex-Token": token} if token else headers


def _refusal(answer: requests.Response) -> PlexError:
    """Say what a status means. 422 is plex.tv's word for a token that was revoked."""
    status = answer.status_code
    if status in {401, 422}:
        return PlexError("denied", phrase("plex.tv refused. Sign in with Plex again."))
    if status == 403:
        return PlexError("forbidden", phrase("plex.tv says that this account may not do that."))
    if status == 404:
        return PlexError("missing", phrase("plex.tv does not know this any more."))
    if status == 429:
        return PlexError("busy", _wait(answer))
    if status >= 498:  # 498 and 52x are inventions of what stands before plex.tv
        return PlexError(
            "unreachable",
            phrase("plex.tv has trouble (%(status)s). Try again in a while.", status=status),
        )
    return strange()


def _wait(answer: requests.Response) -> str:
    seconds = number(answer.headers.get("Retry-After")) or 60
    minutes = -(-seconds // 60)
    if seconds < 90:
        return phrases(
            "plex.tv asks us to wait. Try again in %(count)s second.",
            "plex.tv asks us to wait. Try again in %(count)s seconds.",
            seconds,
        )
    if minutes < 120:
        return phrases(
            "plex.tv asks us to wait. Try again in %(count)s minute.",
            "plex.tv asks us to wait. Try again in %(count)s minutes.",
            minutes,
        )
    return phrases(
        "plex.tv asks us to wait. Try again in %(count)s hour.",
        "plex.tv asks us to wait. Try again in %(count)s hours.",
        minutes // 60,
    )


def strange() -> PlexError:
    return PlexError("not_plex", phrase("The answer is not one of plex.tv. Is a proxy in between?"))


def tree(body: bytes) -> dict[str, Any]:
    text = body.strip()
    if not text:
        return {}
    try:
        found = _plain(ET.fromstring(text)) if text.startswith(b"<") else json.loads(text)  # noqa: S314
    except (ET.ParseError, ValueError, RecursionError):
        raise strange() from None
    if isinstance(found, list):
        return {"resource": found}  # the one answer of ours that is a bare list
    if not isinstance(found, dict) or str(found.get("tag")).lower() == "html":
        raise strange()
    return found


def _plain(element: ET.Element) -> dict[str, Any]:
    node: dict[str, Any] = {"tag": element.tag, **element.attrib}
    for child in element:
        node.setdefault(child.tag, []).append(_plain(child))
    return node


def rows(node: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    """Return the entries under any of these names, at whatever depth."""
    return list(_walk(node, names))


def _walk(node: Any, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for each in node:
            yield from _walk(each, names)
        return
    for name, value in node.items() if isinstance(node, dict) else ():
        if name in names and isinstance(value, list):
            yield from (row for row in value if isinstance(row, dict))
        else:
            yield from _walk(value, names)


def complete(answer: dict[str, Any], found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the entries found; raise where plex.tv announced more: somebody would seem shut out."""
    head = answer.get("MediaContainer", answer)
    told = [number(head[name]) for name in ("size", "totalSize") if name in head]
    if not (told or found) or len(found) < max(told, default=0):
        raise PlexError("busy", phrase("plex.tv's answer is incomplete. Try again in a while."))
    return found


def number(value: Any) -> int:
    try:
        return max(int(value), 0)
    except (TypeError, ValueError, OverflowError):
        return 0


def truth(value: Any) -> bool:
    return str(value).lower() in {"1", "true"}
