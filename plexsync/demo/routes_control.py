"""Routes for tests and demonstrations: faults, request counts, and changes to the library."""

from __future__ import annotations

import json
import time
from typing import Any

from plexsync.demo.http import Answer, Call, refusal
from plexsync.demo.titles import Title


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
    """Makes the changes told.

    `remove`, `readd`, `touch`: keys, or how many; `rename`: {key: title};
    `watched`: {"account": name, "keys": keys, "at": epoch}.
    """
    if unknown := set(told) - {"remove", "readd", "rename", "watched", "touch"}:
        raise ValueError("no such change: " + ", ".join(sorted(unknown)))
    removed = [call.plex.library.remove(key).key for key in _keys(call, told.get("remove"))]
    readded = {key: _readd(call, key) for key in _keys(call, told.get("readd"))}
    for key, title in told.get("rename", {}).items():
        _rename(call, int(key), title)
    _touch(call, _keys(call, told.get("touch")))
    watched = _watched(call, told["watched"]) if told.get("watched") else []
    return {"removed": removed, "readded": readded, "watched": watched, **library(call, {})}


def _keys(call: Call, wanted: int | list[int] | None) -> list[int]:
    """Keys as given, or the first so many titles."""
    if isinstance(wanted, int):
        return list(call.plex.library.titles)[:wanted]
    return [int(key) for key in wanted or []]


def _readd(call: Call, key: int) -> int:
    """State belongs to the guid on a real server, so what was watched moves along."""
    title = call.plex.library.titles[key]
    old = range(key, key + title.block)
    new = call.plex.library.readd(key, int(time.time()))
    for diary in call.plex.watching.diaries.values():
        moved = {k: diary.watches.pop(k) for k in old if k in diary.watches}
        diary.watches.update({new + k - key: watch for k, watch in moved.items()})
    return new


def _rename(call: Call, key: int, title: str) -> None:
    call.plex.library.rename(call.plex.library.titles[key], title, int(time.time()))


def _touch(call: Call, keys: list[int]) -> None:
    """Only updatedAt moves, as after a metadata refresh."""
    if keys:
        items = [call.plex.library.titles[key] for key in keys]
        call.plex.library.changed(*items, now=int(time.time()))


def _watched(call: Call, told: dict[str, Any]) -> list[int]:
    """Watched to the end by an account, with history."""
    name = told.get("account", "ben")
    account = next(a for a in call.plex.accounts.values() if a.name == name)
    keys = _keys(call, told.get("keys"))
    for key in keys:
        item = call.plex.library.find(key)
        for leaf in call.plex.library.leaves(item) if isinstance(item, Title) else []:
            call.plex.watching.play(account.number, leaf, int(told.get("at") or time.time()))
    return keys


HANDLERS = {
    ("GET", "/demo/faults"): faults,
    ("POST", "/demo/faults"): set_faults,
    ("DELETE", "/demo/faults"): clear_faults,
    ("GET", "/demo/requests"): requests,
    ("DELETE", "/demo/requests"): clear_requests,
    ("GET", "/demo/library"): library,
    ("POST", "/demo/library"): change_library,
}
