"""Routes of playlists: list, create, fill, reorder, clear, rename, delete."""

from __future__ import annotations

import time
from urllib.parse import parse_qsl, unquote, urlsplit

from plexsync.demo.elements import element, tag
from plexsync.demo.http import (
    Answer,
    Call,
    Route,
    container,
    paged,
    refusal,
    route,
)
from plexsync.demo.listing import kind_asked
from plexsync.demo.playlists import Playlist
from plexsync.demo.titles import Episode, Title


def _now() -> int:
    return int(time.time())


def _mine(call: Call, key: str) -> Playlist | None:
    return call.plex.playlists.find(call.user.number, int(key))


def listing(call: Call) -> Answer:
    """One's own only; `title` narrows to those that contain it."""
    wanted = call.asked("title").casefold()
    own = call.plex.playlists.of(call.user.number)
    found = [playlist for playlist in own if wanted in playlist.title.casefold()]
    if call.asked("playlistType", "video") != "video":
        found = []
    start, size = call.number("X-Plex-Container-Start"), call.number("X-Plex-Container-Size", 1000)
    page = found[start : start + size]
    head = (("size", len(page)), ("totalSize", len(found)), ("offset", start))
    return container("".join(_playlist(call, playlist) for playlist in page), head)


def create(call: Call) -> Answer:
    title, smart = call.asked("title"), call.asked("smart") == "1"
    keys = [] if smart else _leaf_keys(call)
    if not title or (call.asked("uri") and not smart and not keys):
        return refusal(400)
    plex = call.plex
    playlist = plex.playlists.create(plex.library.new_key(), call.user.number, title, _now())
    if smart:
        playlist.content = call.asked("uri")
    else:
        plex.playlists.append(playlist, keys, _now())
    return _one(call, playlist)


def _leaf_keys(call: Call) -> list[int]:
    """Only what can be played stands in a playlist: a show becomes its episodes."""
    found = [call.find(key) for key in call.named()]
    return [leaf.key for item in found if item for leaf in call.plex.library.leaves(item)]


def _one(call: Call, playlist: Playlist, pairs: tuple[tuple[str, object], ...] = ()) -> Answer:
    return container(_playlist(call, playlist), (("size", 1), *pairs))


def show(call: Call, key: str) -> Answer:
    playlist = _mine(call, key)
    return _one(call, playlist) if playlist else refusal(404)


def _playlist(call: Call, playlist: Playlist) -> str:
    leaves = [item for _, item in _items(call, playlist)]
    pairs = (
        ("ratingKey", playlist.key),
        ("key", f"/playlists/{playlist.key}/items"),
        ("guid", f"com.plexapp.agents.none://demo-{playlist.key}"),
        ("type", "playlist"),
        ("title", playlist.title),
        ("summary", playlist.summary),
        ("smart", int(playlist.content is not None)),
        ("content", playlist.content),
        ("playlistType", "video"),
        ("composite", f"/playlists/{playlist.key}/composite/{playlist.updated_at}"),
        ("duration", sum(leaf.duration or 0 for leaf in leaves) or None),
        ("leafCount", len(leaves)),
        ("addedAt", playlist.added_at),
        ("updatedAt", playlist.updated_at),
    )
    return tag("Playlist", pairs)


def _items(call: Call, playlist: Playlist) -> list[tuple[int, Title | Episode]]:
    """The places and what stands there; titles that have gone leave theirs."""
    if playlist.content is not None:
        return [(item.key, item) for item in _smart(call, playlist.content)]
    found = [(place, call.find(key)) for place, key in playlist.entries]
    return [(place, item) for place, item in found if isinstance(item, (Title, Episode))]


def _smart(call: Call, content: str) -> list[Title | Episode]:
    split = urlsplit(unquote(content) if "?" not in content else content)
    parts = split.path.split("/")
    if "sections" not in parts:
        return []
    section = int(parts[parts.index("sections") + 1])
    query = parse_qsl(split.query, keep_blank_values=True)
    kind = kind_asked(call.plex.library.sections[section].kind, query)
    rows = call.plex.listings.rows(section, kind, query, call.diary)
    return [item for item in rows if isinstance(item, (Title, Episode))]


def items(call: Call, key: str) -> Answer:
    playlist = _mine(call, key)
    if playlist is None:
        return refusal(404)
    found, form = _items(call, playlist), call.form()
    head = (("leafCount", len(found)), ("playlistType", "video"), ("title", playlist.title))

    def shown(entry: tuple[int, Title | Episode]) -> str:
        place, item = entry
        return element(item, form, (("playlistItemID", place),))

    return paged(call, found, shown, head)


def add(call: Call, key: str) -> Answer:
    playlist = _mine(call, key)
    if playlist is None:
        return refusal(404)
    if playlist.content is not None:
        playlist.content = call.asked("uri")
        return _one(call, playlist)
    keys = _leaf_keys(call)
    if not keys:
        return refusal(400)
    call.plex.playlists.append(playlist, keys, _now())
    counts = (("leafCountAdded", len(keys)), ("leafCountRequested", len(keys)))
    return _one(call, playlist, counts)


def remove(call: Call, key: str, place: str) -> Answer:
    playlist = _mine(call, key)
    if playlist is None or not call.plex.playlists.take(playlist, int(place), _now()):
        return refusal(404)
    return _one(call, playlist)


def move(call: Call, key: str, place: str) -> Answer:
    playlist = _mine(call, key)
    after = call.number("after")
    if playlist is None or not call.plex.playlists.move(playlist, int(place), after, _now()):
        return refusal(404)
    return _one(call, playlist)


def clear(call: Call, key: str) -> Answer:
    playlist = _mine(call, key)
    if playlist is None:
        return refusal(404)
    playlist.entries, playlist.updated_at = [], _now()
    return _one(call, playlist)


def edit(call: Call, key: str) -> Answer:
    playlist = _mine(call, key)
    if playlist is None:
        return refusal(404)
    edits = dict(call.query)
    playlist.title = edits.get("title") or edits.get("title.value") or playlist.title
    playlist.summary = edits.get("summary", edits.get("summary.value", playlist.summary))
    playlist.updated_at = _now()
    return Answer()


def delete(call: Call, key: str) -> Answer:
    if _mine(call, key) is None:
        return refusal(404)
    del call.plex.playlists.by_key[int(key)]
    return Answer()


ONE = r"/playlists/(\d+)"
ROUTES: list[Route] = [
    route("GET", r"/playlists/?", "playlists", listing),
    route("POST", r"/playlists/?", "playlist create", create),
    route("GET", ONE, "playlists", show),
    route("PUT", ONE, "playlist edit", edit),
    route("DELETE", ONE, "playlist delete", delete),
    route("GET", rf"{ONE}/items", "playlist items", items),
    route("PUT", rf"{ONE}/items", "playlist add", add),
    route("DELETE", rf"{ONE}/items", "playlist clear", clear),
    route("DELETE", rf"{ONE}/items/(\d+)", "playlist remove", remove),
    route("PUT", rf"{ONE}/items/(\d+)/move", "playlist move", move),
]
