"""Listen to the household's Plex server: when somebody stopped watching, the plays are looked at.

Runs for ever beside the scheduler. Whatever happens to Plex, it waits and tries again.
"""

import logging
import random
import time
from collections.abc import Callable
from threading import Event
from typing import Any

from django.db import close_old_connections

from plexsync import hints
from plexsync.client import PlexError
from plexsync.client.notifications import Notifications
from plexsync.failing import is_refused, understood
from plexsync.models import Connection

logger = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0
DENIED_WAIT = 900.0  # refused, it is not tried more often
LOOK_SECONDS = 30.0  # how soon it is noticed that another server was connected
TICK = 5.0
STEADY_SECONDS = 60.0  # a line that held so long starts afresh when it breaks
SOON, LATER = 10.0, 60.0  # between two hints: of plays, of a library that is scanned
_VIDEOS = {1, 2, 3, 4}  # films, series, seasons, episodes
_SETTLED = {5, 9}  # read in, deleted

Clock = Callable[[], float]


class Hints:
    """Hints on their way: the first at once, then no more than one in so many seconds."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._due: float | None = None
        self._last = -LATER

    def want(self, apart: float) -> None:
        """Have a hint given as soon as the last is so many seconds ago."""
        at = max(self._last + apart, self._clock())
        self._due = at if self._due is None else min(self._due, at)

    def is_due(self) -> bool:
        """Tell whether a hint is to be given now; told once."""
        now = self._clock()
        if self._due is None or now < self._due:
            return False
        self._due, self._last = None, now
        return True


def listen(stop: Event) -> None:
    """Listen until told to stop."""
    wait = FIRST_WAIT
    while not stop.is_set():
        close_old_connections()
        row = Connection.current()
        if row is None or is_refused(row):
            stop.wait(LOOK_SECONDS)
            continue
        begun = time.monotonic()
        try:
            _hear(row, stop)
            wait = FIRST_WAIT
        except PlexError as error:
            meant = understood(row, error)
            held = time.monotonic() - begun > STEADY_SECONDS
            wait = FIRST_WAIT if held else wait
            pause = DENIED_WAIT if error.kind == "denied" else wait * random.uniform(1, 1.5)  # noqa: S311
            logger.info("Not listening for %.0f s: %s", pause, meant)
            _pause(row, pause, stop)
            wait = min(wait * 2, LONGEST_WAIT)


def _hear(row: Connection, stop: Event) -> None:
    """Hear this server until another is connected, or we are told to stop. Raises PlexError."""
    due, looked = Hints(), time.monotonic()
    with Notifications(row) as line:
        logger.info("Listening to %s.", row)
        while not stop.is_set():
            told = line.receive(TICK)
            if told:
                _weigh(told, due)
            if due.is_due():
                hints.hint(row)
            if time.monotonic() - looked > LOOK_SECONDS:
                looked = time.monotonic()
                if _has_changed(row):
                    return


def _weigh(told: dict[str, Any], due: Hints) -> None:
    """Want a hint where a notification may mean that somebody watched, rated or marked something."""
    if told.get("type") == "playing":
        entries = _entries(told, "PlaySessionStateNotification")
        if any(entry.get("state") == "stopped" for entry in entries):
            due.want(SOON)
    elif told.get("type") == "timeline":
        entries = _entries(told, "TimelineEntry")
        if any(e.get("state") in _SETTLED and e.get("type") in _VIDEOS for e in entries):
            due.want(LATER)


def _entries(told: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = told.get(name)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _has_changed(row: Connection) -> bool:
    """Tell whether the connection is another now; see that no hint was missed meanwhile."""
    close_old_connections()
    now = Connection.current()
    if now is None or _where(now) != _where(row):
        return True
    hints.follow_up(now)
    return False


def _where(row: Connection) -> tuple[object, ...]:
    return (row.pk, row.url, row.token, row.unverified, is_refused(row))


def _pause(row: Connection, seconds: float, stop: Event) -> None:
    """Wait, but no longer than until somebody connects anew."""
    until = time.monotonic() + seconds
    while not stop.is_set() and (left := until - time.monotonic()) > 0:
        stop.wait(min(left, LOOK_SECONDS))
        if _has_changed(row):
            return
