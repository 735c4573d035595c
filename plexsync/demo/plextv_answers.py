"""plex.tv's answers: the same thing as JSON or as XML, whichever was asked for."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from plexsync.demo.as_json import wants_json
from plexsync.demo.elements import attributes
from plexsync.demo.http import Answer, Call
from plexsync.demo.people import Account

JSON, XML = "application/json; charset=utf-8", "application/xml; charset=utf-8"
# What a list's entries are called where the list itself has the plural.
_SINGULAR = {"connections": "connection", "features": "feature", "errors": "error"}
_ERRORS = {
    400: (1000, "X-Plex-Client-Identifier is missing"),
    401: (1001, "User could not be authenticated"),
    403: (1002, "Forbidden"),
    404: (1020, "Code not found or expired"),
    422: (1001, "Invalid token"),
    429: (1003, "Too many requests"),
}


def answered(call: Call, tag: str, found: Any, status: int = 200) -> Answer:
    """`found` under the name `tag`; a list becomes the children of its plural in XML."""
    if wants_json(call):
        return Answer(json.dumps(found).encode(), status, JSON)
    inside = _plural(tag + "s", found, tag) if isinstance(found, list) else _xml(tag, found)
    return Answer(f'<?xml version="1.0" encoding="UTF-8"?>\n{inside}\n'.encode(), status, XML)


def refused(call: Call, status: int, code: int | None = None, message: str = "") -> Answer:
    """plex.tv names what it refuses by a code of its own; what stands before it answers in HTML."""
    if status >= 500:
        page = f"<html><body><h1>{status}</h1></body></html>"
        return Answer(page.encode(), status, "text/html")
    known, text = _ERRORS.get(status, (1000, "Bad request"))
    error = {"code": code or known, "message": message or text, "status": status}
    answer = (
        answered(call, "response", {"errors": [error]}, status)
        if wants_json(call)
        else answered(call, "error", [error], status)
    )
    if wait := call.struck.get("retry_after") or (60 if status == 429 else 0):
        answer.headers["Retry-After"] = str(wait)
    return answer


def moment(epoch: float) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def person(account: Account) -> dict[str, Any]:
    """The account as every list of people has it; a managed user has no name to sign in with."""
    managed = account.kind == "managed"
    return {
        "id": account.plex_id,
        "username": "" if managed else account.name,
        "title": account.name,
        "email": account.email,
        "thumb": f"https://plex.tv/users/{account.uuid}/avatar?c=1",
        "protected": bool(account.pin),
        "restricted": account.restricted,
        "guest": False,
    }


def _xml(tag: str, found: dict[str, Any]) -> str:
    plain = {k: _plain(v) for k, v in found.items() if not isinstance(v, (dict, list))}
    inside = "".join(
        _xml(name, value)
        if isinstance(value, dict)
        else _plural(name, value, _SINGULAR.get(name, name))
        for name, value in found.items()
        if isinstance(value, (dict, list))
    )
    return f"<{tag}{attributes(plain.items())}>{inside}</{tag}>"


def _plural(name: str, entries: list[Any], tag: str) -> str:
    shown = (_xml(tag, entry if isinstance(entry, dict) else {"id": entry}) for entry in entries)
    return f"<{name}>{''.join(shown)}</{name}>"


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else "" if value is None else value
