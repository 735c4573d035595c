"""Webhooks: what a server with Plex Pass posts to an address when something happens."""

from __future__ import annotations

import json
import secrets
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from plexsync.demo.people import Account
from plexsync.demo.routes_server import TELEVISION
from plexsync.demo.titles import Episode, Item, Title

if TYPE_CHECKING:
    from plexsync.demo.server import DemoPlex

_SECONDS = 10
_THUMB = b"\xff\xd8\xff\xe0 a picture \xff\xd9"


def post(plex: DemoPlex, url: str, event: str, key: int, account: Account) -> int:
    """Posts the event of one item and returns the status; KeyError where the item is not there."""
    item = plex.library.find(key)
    if item is None:
        raise KeyError(key)
    return send(url, payload(plex, event, item, account))


def send(url: str, told: dict[str, Any]) -> int:
    """Posts a payload as Plex does: multipart, with a picture beside it."""
    boundary = f"------------------------{secrets.token_hex(8)}"
    split = urlsplit(url)
    connection = HTTPConnection(split.hostname or "", split.port or 80, timeout=_SECONDS)
    headers = {
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "User-Agent": "PlexMediaServer",
    }
    try:
        connection.request("POST", split.path or "/", _body(told, boundary), headers)
        return connection.getresponse().status
    finally:
        connection.close()


def _body(told: dict[str, Any], boundary: str) -> bytes:
    parts = (
        (b'name="payload"', b"application/json", json.dumps(told).encode()),
        (b'name="thumb"; filename="thumb.jpg"', b"image/jpeg", _THUMB),
    )
    line = b"--" + boundary.encode()
    shown = (
        line
        + b"\r\nContent-Disposition: form-data; "
        + name
        + b"\r\nContent-Type: "
        + kind
        + b"\r\n\r\n"
        + data
        + b"\r\n"
        for name, kind, data in parts
    )
    return b"".join(shown) + line + b"--\r\n"


def payload(plex: DemoPlex, event: str, item: Item, account: Account) -> dict[str, Any]:
    return {
        "event": event,
        "user": True,
        "owner": account.owner,
        "Account": {
            "id": account.number,
            "thumb": f"https://plex.tv/users/{account.uuid}/avatar",
            "title": account.name,
        },
        "Server": {"title": plex.library.name, "uuid": plex.library.machine_identifier},
        "Player": {
            "local": True,
            "publicAddress": "198.51.100.7",
            "title": "Living room TV",
            "uuid": TELEVISION,
        },
        "Metadata": _metadata(plex, item),
    }


def _metadata(plex: DemoPlex, item: Item) -> dict[str, Any]:
    found: dict[str, Any] = {
        "librarySectionType": plex.library.sections[item.section].kind,
        "ratingKey": str(item.key),
        "key": f"/library/metadata/{item.key}",
        "guid": item.guid,
        "type": item.kind,
        "title": item.title,
        "librarySectionID": item.section,
        "addedAt": item.added_at,
        "updatedAt": item.updated_at,
    }
    if isinstance(item, Episode):
        found |= {
            "grandparentRatingKey": str(item.show.key),
            "grandparentGuid": item.show.guid,
            "grandparentTitle": item.show.title,
            "parentIndex": item.season,
            "index": item.index,
        }
    if isinstance(item, Title):
        ids = (("imdb", item.imdb), ("tmdb", item.tmdb))
        found["Guid"] = [{"id": f"{source}://{value}"} for source, value in ids if value]
    return found
