"""Routes about watching: state, ratings, timelines, sessions, history and play queues."""

from __future__ import annotations

import time
from typing import TypeGuard

from plexsync.demo.elements import Form, attributes, element, tag
from plexsync.demo.http import LIBRARY, Answer, Call, Route, container, refusal, route
from plexsync.demo.routes_server import TELEVISION
from plexsync.demo.sessions import Played, Queue, Session
from plexsync.demo.titles import Episode, Item, Title
from plexsync.demo.watching import Diary, Play

# A real server asks for 90 % before it counts a view; the setting is its owner's.
WATCHED_SHARE = 0.9


def _now() -> int:
    return int(time.time())


def _meant(call: Call) -> Item | None:
    """The item of a state change: its `key` is a rating key, sometimes a path."""
    tail = (call.asked("ratingKey") or call.asked("key")).rpartition("/")[2]
    return call.find(int(tail)) if tail.isdigit() else None


def rate(call: Call) -> Answer:
    item = _meant(call)
    if item is None:
        return refusal(404)
    try:
        rating = float(call.asked("rating"))
    except ValueError:
        return refusal(400)
    if not -1 <= rating <= 10:
        return refusal(400)
    call.diary.rate(item.key, rating, call.number("ratedAt", _now()))
    return Answer()


def scrobble(call: Call) -> Answer:
    item = _meant(call)
    if item is None:
        return refusal(404)
    call.diary.scrobble([leaf.key for leaf in call.plex.library.leaves(item)], _now())
    call.plex.tell_scanned(item)
    return Answer()


def unscrobble(call: Call) -> Answer:
    item = _meant(call)
    if item is None:
        return refusal(404)
    call.diary.unscrobble([leaf.key for leaf in call.plex.library.leaves(item)])
    call.plex.tell_scanned(item)
    return Answer()


def progress(call: Call) -> Answer:
    item = _meant(call)
    if not _playable(item):
        return refusal(404)
    _reached(call, item, call.number("time"), "stopped")
    return Answer()


def timeline(call: Call) -> Answer:
    item = _meant(call)
    if not _playable(item):
        return refusal(404)
    state = call.asked("state", "playing")
    player = call.asked("X-Plex-Client-Identifier", TELEVISION)
    offset = call.number("time")
    _reached(call, item, offset, state)
    call.plex.sessions.report(call.user.number, call.user.name, item, offset, state, player)
    call.plex.tell_played(item.key, state, offset)
    return container("", (("size", 0), ("terminationCode", None), ("viewOffset", offset)))


def _playable(item: Item | None) -> TypeGuard[Title | Episode]:
    return isinstance(item, Episode) or (isinstance(item, Title) and item.kind == "movie")


def _reached(call: Call, item: Title | Episode, offset: int, state: str) -> None:
    """Where a player is; stopping near the end counts as a view, with a line of history."""
    if state == "stopped" and offset >= (item.duration or 0) * WATCHED_SHARE > 0:
        call.plex.watching.play(call.user.number, item, _now())
        return
    watch = call.diary.entry(item.key)
    watch.offset, watch.viewed_at = offset or None, _now()


def sessions(call: Call) -> Answer:
    if not call.user.owner:
        return refusal(403)
    running = list(call.plex.sessions.playing.values())
    inside = "".join(_session(call, session) for session in running)
    return container(inside, (("size", len(running)),))


def _session(call: Call, session: Session) -> str:
    extra = (("sessionKey", session.number), ("viewOffset", session.offset))
    # An empty diary: the offset is the player's, not what the asking account remembers.
    xml = element(session.item, Form(Diary(), call.plex.library.sections, full=True), extra)
    user = tag("User", (("id", session.account), ("title", session.user), ("thumb", "")))
    pairs = (
        ("address", "127.0.0.1"),
        ("machineIdentifier", session.player),
        ("product", "Plex for Android (TV)"),
        ("title", "Living room TV"),
        ("state", session.state),
        ("local", 1),
        ("userID", session.account),
    )
    player = tag("Player", pairs)
    inside = tag(
        "Session", (("id", f"s{session.number}"), ("bandwidth", 9000), ("location", "lan"))
    )
    return xml.removesuffix("</Video>") + user + player + inside + "</Video>"


def history(call: Call) -> Answer:
    """The owner sees everybody's plays, others only their own."""
    plays = [play for play in call.plex.watching.plays if _asked_for(call, play)]
    if "desc" in call.asked("sort"):
        plays.reverse()
    start, size = (
        call.number("X-Plex-Container-Start"),
        call.number("X-Plex-Container-Size", 10_000),
    )
    page = plays[start : start + size]
    head = (("size", len(page)), ("totalSize", len(plays)), ("offset", start), *LIBRARY)
    return container("".join(_play(call, play) for play in page), head)


def _asked_for(call: Call, play: Play) -> bool:
    tests = (
        ("accountID", play.account),
        ("metadataItemID", play.item.key),
        ("librarySectionID", play.item.section),
    )
    if not call.user.owner and play.account != call.user.number:
        return False
    if any(call.asked(name, str(found)) != str(found) for name, found in tests):
        return False
    after = max(call.number("viewedAt>", -1), call.number("viewedAt>>", -1) + 1)
    return after <= play.at < call.number("viewedAt<", 1 << 40)


def _play(call: Call, play: Play) -> str:
    """A title that has gone keeps its line, without a key."""
    item = play.item
    there = call.plex.library.find(item.key) is not None
    path = f"/library/metadata/{item.key}"
    own = [
        ("historyKey", f"/status/sessions/history/{play.number}"),
        ("key", path if there else None),
        ("ratingKey", item.key if there else None),
        ("librarySectionID", item.section),
    ]
    shown = [*own, *(_of_show(item) if isinstance(item, Episode) else ())]
    tail = [
        ("title", item.title),
        ("type", item.kind),
        ("thumb", f"{path}/thumb/{item.updated_at}" if there else None),
        ("originallyAvailableAt", item.released),
        ("viewedAt", play.at),
        ("accountID", play.account),
        ("deviceID", play.device),
    ]
    return f"<Video{attributes([*shown, *tail])}/>"


def _of_show(episode: Episode) -> list[tuple[str, object]]:
    show = episode.show
    return [
        ("parentKey", f"/library/metadata/{show.key + episode.season}"),
        ("grandparentKey", f"/library/metadata/{show.key}"),
        ("grandparentTitle", show.title),
        ("grandparentThumb", f"/library/metadata/{show.key}/thumb/{show.updated_at}"),
        ("index", episode.index),
        ("parentIndex", episode.season),
    ]


def forget(call: Call, number: str) -> Answer:
    if not call.user.owner:
        return refusal(403)
    call.plex.watching.forget(int(number))
    return Answer()


def make_queue(call: Call) -> Answer:
    items = _queued(call)
    if not items:
        return refusal(400)
    first = call.asked("key").rpartition("/")[2]
    selected = next((n for n, item in enumerate(items) if str(item.key) == first), 0)
    queue = call.plex.sessions.queue(items, call.asked("uri"), selected)
    queue.shuffled = call.asked("shuffle") == "1"
    return _queue(call, queue)


def _queued(call: Call) -> list[Title | Episode]:
    """Named by an address, or the items of a playlist."""
    keys = call.named()
    if playlist := call.plex.playlists.find(call.user.number, call.number("playlistID")):
        keys = [key for _, key in playlist.entries]
    found = [call.find(key) for key in keys]
    return [leaf for item in found if item for leaf in call.plex.library.leaves(item)]


def show_queue(call: Call, number: str) -> Answer:
    queue = call.plex.sessions.queues.get(int(number))
    return _queue(call, queue) if queue else refusal(404)


def _queue(call: Call, queue: Queue) -> Answer:
    place, item = queue.items[queue.selected]
    pairs = (
        ("size", len(queue.items)),
        *LIBRARY,
        ("playQueueID", queue.number),
        ("playQueueSelectedItemID", place),
        ("playQueueSelectedItemOffset", queue.selected),
        ("playQueueSelectedMetadataItemID", item.key),
        ("playQueueShuffled", int(queue.shuffled)),
        ("playQueueSourceURI", queue.uri),
        ("playQueueTotalCount", len(queue.items)),
        ("playQueueVersion", queue.version),
    )
    form = call.form()
    extras = ((("playQueueItemID", number),) for number, _ in queue.items)
    rows = zip(queue.items, extras, strict=True)
    return container("".join(element(item, form, extra) for (_, item), extra in rows), pairs)


def play_on_television(call: Call) -> Answer:
    """The television starts what it is told; it then stands among the sessions."""
    target = call.asked("X-Plex-Target-Client-Identifier")
    item = _told(call)
    if item is None or not call.plex.television or target != TELEVISION:
        return refusal(404)
    call.plex.played.append(Played(call.user.name, item.key, target, dict(call.query)))
    offset = call.number("offset")
    sessions = call.plex.sessions
    sessions.report(call.user.number, call.user.name, item, offset, "playing", TELEVISION)
    return _done()


def _told(call: Call) -> Title | Episode | None:
    number = call.asked("containerKey").partition("?")[0].rpartition("/")[2]
    if queue := call.plex.sessions.queues.get(int(number) if number.isdigit() else 0):
        return queue.items[queue.selected][1]
    keys = call.named() or call.named("key")
    item = call.find(keys[0]) if keys else None
    return call.plex.library.leaves(item)[0] if item else None


def command_television(call: Call, command: str) -> Answer:
    """Pause, stop, arrows: only stopping shows."""
    if command == "playback/stop":
        call.plex.sessions.playing.pop((call.user.number, TELEVISION), None)
    return _done()


def _done() -> Answer:
    return Answer(b'<?xml version="1.0" encoding="UTF-8"?>\n<Response code="200" status="OK"/>\n')


ROUTES: list[Route] = [
    route("PUT", r"/:/rate", "rate", rate),
    route("GET", r"/:/rate", "rate", rate),
    *(route(verb, r"/:/scrobble", "scrobble", scrobble) for verb in ("GET", "PUT")),
    *(route(verb, r"/:/unscrobble", "unscrobble", unscrobble) for verb in ("GET", "PUT")),
    *(route(verb, r"/:/progress", "progress", progress) for verb in ("GET", "PUT")),
    *(route(verb, r"/:/timeline", "timeline", timeline) for verb in ("GET", "POST")),
    route("GET", r"/status/sessions", "sessions", sessions),
    route("GET", r"/status/sessions/history/all", "history", history),
    route("DELETE", r"/status/sessions/history/(\d+)", "history", forget),
    route("POST", r"/playQueues", "play queue", make_queue),
    route("GET", r"/playQueues/(\d+)", "play queue", show_queue),
    route("GET", r"/player/playback/(?:playMedia|createPlayQueue)", "player", play_on_television),
    route("GET", r"/player/(.+)", "player", command_television),
]
