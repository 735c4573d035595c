"""Routes for tests and demonstrations: faults, request counts, and changes to the library."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from plexsync.demo import changes
from plexsync.demo.http import Answer, Call, refusal


def answer(call: Call) -> Answer:
    """For the owner, from this machine only; never counted and never faulty."""
    if call.account is None:
        return refusal(401)
    if not call.account.owner or call.peer not in {"127.0.0.1", "::1", "::ffff:127.0.0.1"}:
        return refusal(403)
    handler = HANDLERS.get((call.method, call.path))
    if handler is None:
        return refusal(404)
    try:
        told = json.loads(call.body or b"{}")
        with call.plex.lock:
            shown = handler(call, told)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return _json({"error": str(error)}, 400)
    return _json(shown)


def _json(shown: dict[str, Any], status: int = 200) -> Answer:
    return Answer(json.dumps(shown).encode(), status, "application/json")


def faults(call: Call, _: dict[str, Any]) -> dict[str, Any]:
    return call.plex.faults.shown()


def set_faults(call: Call, told: dict[str, Any]) -> dict[str, Any]:
    call.plex.faults.set(told)
    return call.plex.faults.shown()


def clear_faults(call: Call, _: dict[str, Any]) -> dict[str, Any]:
    call.plex.faults.clear()
    return call.plex.faults.shown()


def requests(call: Call, _: dict[str, Any]) -> dict[str, Any]:
    return call.plex.requests.shown()


def clear_requests(call: Call, _: dict[str, Any]) -> dict[str, Any]:
    call.plex.requests.clear()
    return call.plex.requests.shown()


def library(call: Call, _: dict[str, Any]) -> dict[str, Any]:
    shelves = call.plex.library
    kinds = [title.kind for title in shelves.titles.values()]
    return {
        "name": shelves.name,
        "films": kinds.count("movie"),
        "shows": kinds.count("show"),
        "collections": len(shelves.collections),
        "version": shelves.version,
    }


def change_library(call: Call, told: dict[str, Any]) -> dict[str, Any]:
    """Makes the changes told, and says what came of each."""
    return {**changes.made(call.plex, told), **library(call, {})}


def television(call: Call, told: dict[str, Any]) -> dict[str, Any]:
    """Switches the television on or off; what it was told to play is listed."""
    call.plex.television = bool(told.get("on", call.plex.television))
    played = [asdict(told) for told in call.plex.played]
    return {"on": call.plex.television, "played": played}


def hook(call: Call, told: dict[str, Any]) -> dict[str, Any]:
    """Calls a webhook: {"url": …, "event": …, "key": …, "account": …}."""
    status = call.plex.post_hook(
        told["url"],
        told.get("event", "media.scrobble"),
        int(told["key"]),
        told.get("account", "ana"),
    )
    return {"status": status}


HANDLERS = {
    ("GET", "/demo/faults"): faults,
    ("POST", "/demo/faults"): set_faults,
    ("DELETE", "/demo/faults"): clear_faults,
    ("GET", "/demo/requests"): requests,
    ("DELETE", "/demo/requests"): clear_requests,
    ("GET", "/demo/library"): library,
    ("POST", "/demo/library"): change_library,
    ("POST", "/demo/television"): television,
    ("POST", "/demo/hook"): hook,
}
