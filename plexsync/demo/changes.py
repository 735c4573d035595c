"""Changes to the library and to what people watched, as they happen on a server over time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from plexsync.demo.people import named
from plexsync.demo.sections import Section
from plexsync.demo.titles import Title
from plexsync.demo.watching import Diary

if TYPE_CHECKING:
    from plexsync.demo.server import DemoPlex

Keys = int | list[int]
"""Rating keys, or how many of the first titles."""


def made(plex: DemoPlex, told: dict[str, Any]) -> dict[str, Any]:
    """Makes each change told and says what came of it; ValueError names one that does not exist."""
    if unknown := set(told) - set(CHANGES):
        raise ValueError("no such change: " + ", ".join(sorted(unknown)))
    results: dict[str, Any] = {name: [] for name in ("removed", "watched")} | {"readded": {}}
    for name, change in CHANGES.items():
        if told.get(name) is not None:
            results[ANSWERED.get(name, name)] = change(plex, told[name])
    return results


def remove(plex: DemoPlex, told: Keys) -> list[int]:
    keys = _keys(plex, told)
    for key in keys:
        plex.tell_scanned(plex.library.remove(key), deleted=True)
    return keys


def readd(plex: DemoPlex, told: Keys) -> dict[int, int]:
    """The same titles under new keys: {old: new}."""
    return {key: _readd(plex, key) for key in _keys(plex, told)}


def _readd(plex: DemoPlex, key: int) -> int:
    """State belongs to the guid on a real server, so what was watched moves along."""
    title = plex.library.titles[key]
    plex.tell_scanned(title, deleted=True)
    old = range(key, key + title.block)
    new = plex.library.readd(key, _now())
    for diary in plex.watching.diaries.values():
        moved = {k: diary.watches.pop(k) for k in old if k in diary.watches}
        diary.watches.update({new + k - key: watch for k, watch in moved.items()})
    plex.tell_scanned(title)
    return new


def rename(plex: DemoPlex, told: dict[str, str]) -> None:
    """Told as {key: title}."""
    for title, name in _titles(plex, told):
        plex.library.rename(title, name, _now())
        plex.tell_scanned(title)


def rematch(plex: DemoPlex, told: dict[str, str]) -> None:
    """Told as {key: guid}: matched anew, or by another agent."""
    for title, guid in _titles(plex, told):
        title.guid = guid
        _scanned(plex, title)


def touch(plex: DemoPlex, told: Keys) -> None:
    """Only updatedAt moves, as after a metadata refresh."""
    for key in _keys(plex, told):
        _scanned(plex, plex.library.titles[key])


def genres(plex: DemoPlex, told: dict[str, list[str]]) -> None:
    """Told as {key: genres}."""
    for title, names in _titles(plex, told):
        title.genres = tuple(names)
        _scanned(plex, title)


def _scanned(plex: DemoPlex, title: Title) -> None:
    plex.library.changed(title, now=_now())
    plex.tell_scanned(title)


def trash(plex: DemoPlex, told: Keys) -> None:
    """Their files are gone; they stay listed until the trash is emptied."""
    _trashed(plex, told, _now())


def restore(plex: DemoPlex, told: Keys) -> None:
    _trashed(plex, told, None)


def _trashed(plex: DemoPlex, told: Keys, at: int | None) -> None:
    for key in _keys(plex, told):
        plex.library.titles[key].deleted_at = at
        plex.library.changed(plex.library.titles[key])


def edition(plex: DemoPlex, told: dict[str, str]) -> dict[str, int]:
    """Told as {key: name}: the title again, with the same guid, as another edition."""
    library = plex.library
    found = list(_titles(plex, told))
    return {
        str(title.key): library.copy(title.key, title.section, _now(), edition=name)
        for title, name in found
    }


def versions(plex: DemoPlex, told: dict[str, int]) -> None:
    """Told as {key: how many files}."""
    for title, count in _titles(plex, told):
        title.versions = count
        plex.library.changed(title)


def add_section(plex: DemoPlex, told: dict[str, Any]) -> dict[str, int]:
    """Told as {"key": 3, "title": "Films 4K", "kind": "movie", "copies": keys}.

    The copies have the same guids under new keys: {old: new}.
    """
    number = int(told["key"])
    plex.library.add_section(Section(number, told["title"], told.get("kind", "movie")))
    keys = _keys(plex, told.get("copies", 0))
    return {str(key): plex.library.copy(key, number, _now()) for key in keys}


def remove_section(plex: DemoPlex, told: int) -> None:
    plex.library.remove_section(int(told))


def unmount(plex: DemoPlex, told: dict[str, float]) -> dict[str, int]:
    """Told as {section: share}: gone for now, as if a drive were missing."""
    return {key: plex.library.unmount(int(key), share) for key, share in told.items()}


def remount(plex: DemoPlex, told: bool) -> int:  # noqa: FBT001 (the switch of the JSON)
    return plex.library.remount() if told else 0


def refreshing(plex: DemoPlex, told: dict[str, bool]) -> None:
    """Told as {section: whether the server is scanning it}."""
    for key, busy in told.items():
        plex.library.sections[int(key)].refreshing = bool(busy)


def watched(plex: DemoPlex, told: dict[str, Any]) -> list[int]:
    """Told as {"account": name, "keys": keys, "at": epoch}: to the end, with history."""
    account = named(told.get("account", "ben"))
    keys = _keys(plex, told.get("keys", []))
    for key in keys:
        item = plex.library.find(key)
        for leaf in plex.library.leaves(item) if item else []:
            plex.watching.play(account.number, leaf, int(told.get("at") or _now()))
            plex.tell_played(leaf.key)
    return keys


def marked(plex: DemoPlex, told: dict[str, Any]) -> None:
    """Told as {"account": name, "keys": keys, "seen": bool}: by hand, which leaves no history."""
    diary, at = _diary(plex, told), int(told.get("at") or _now())
    for key in _leaves(plex, told):
        if told.get("seen", True):
            diary.scrobble([key], at)
        else:
            diary.unscrobble([key])
        plex.tell_read(key)


def begun(plex: DemoPlex, told: dict[str, Any]) -> None:
    """Told as {"account": name, "keys": keys, "minutes": so far, "at": epoch}: left half way."""
    for key in _leaves(plex, told):
        watch = _diary(plex, told).entry(key)
        watch.offset = int(told.get("minutes", 20) * 60_000) or None
        watch.viewed_at = int(told.get("at") or _now())


def rated(plex: DemoPlex, told: dict[str, Any]) -> None:
    """Told as {"account": name, "keys": keys, "rating": 0 to 10, or -1 to take it back}."""
    for key in _keys(plex, told.get("keys", [])):
        _diary(plex, told).rate(key, float(told["rating"]), int(told.get("at") or _now()))


def _diary(plex: DemoPlex, told: dict[str, Any]) -> Diary:
    return plex.watching.of(named(told.get("account", "ben")).number)


def _leaves(plex: DemoPlex, told: dict[str, Any]) -> list[int]:
    items = [plex.library.find(key) for key in _keys(plex, told.get("keys", []))]
    return [leaf.key for item in items if item for leaf in plex.library.leaves(item)]


def _titles(plex: DemoPlex, told: dict[str, Any]) -> list[tuple[Title, Any]]:
    return [(plex.library.titles[int(key)], value) for key, value in told.items()]


def _keys(plex: DemoPlex, told: Keys) -> list[int]:
    """Keys as given, or the first so many titles."""
    if isinstance(told, int):
        return list(plex.library.titles)[:told]
    return [int(key) for key in told]


def _now() -> int:
    return int(time.time())


CHANGES: dict[str, Callable[[DemoPlex, Any], Any]] = {
    "remove": remove,
    "readd": readd,
    "rename": rename,
    "rematch": rematch,
    "touch": touch,
    "genres": genres,
    "trash": trash,
    "restore": restore,
    "edition": edition,
    "versions": versions,
    "add_section": add_section,
    "remove_section": remove_section,
    "unmount": unmount,
    "remount": remount,
    "refreshing": refreshing,
    "watched": watched,
    "marked": marked,
    "begun": begun,
    "rated": rated,
}
ANSWERED = {"remove": "removed", "readd": "readded"}
