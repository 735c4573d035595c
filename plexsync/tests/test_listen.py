"""Listening to a real websocket: hints, never too many, and never the end of listening."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from socket import socket
from threading import Event, Thread
from typing import Any, TypeVar

import pytest
from django.db import connection as database

from moodrec.jobs.models import Job
from moodrec.tests import builders
from plexsync import hints, listen, sync
from plexsync.client import PlexError
from plexsync.client.notifications import MOST_BYTES, MOST_SILENCES, Notifications
from plexsync.demo.generated import generated_library
from plexsync.demo.server import DemoPlex
from plexsync.demo.websocket import playing
from plexsync.models import Connection

T = TypeVar("T")
PATIENCE = 20  # seconds until a test gives up; nothing is measured by it


def until(true: Callable[[], T]) -> T:
    """Wait until something is true and return it."""
    deadline = time.monotonic() + PATIENCE
    while not (found := true()):
        assert time.monotonic() < deadline, "Waited in vain."
        time.sleep(0.02)
    return found


@pytest.fixture
def ear(
    transactional_db: None, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Connection]:
    """A household that listens to its server, in a thread as in a process of its own."""
    for name, seconds in (("TICK", 0.05), ("LOOK_SECONDS", 0.2), ("FIRST_WAIT", 0.05)):
        monkeypatch.setattr(listen, name, seconds)
    row = sync.connect(plex.url, plex.token)
    stop = Event()

    def run() -> None:
        try:
            listen.listen(stop)
        finally:
            database.close()

    thread = Thread(target=run)
    thread.start()
    yield row
    stop.set()
    thread.join()


def hinted() -> bool:
    return Job.objects.filter(kind="plays", state="queued").exists()


def listening(plex: DemoPlex, *, after: list[socket] | None = None) -> list[socket]:
    """Wait until one line is open, another than before; return it. That none was may pass unseen."""

    def one() -> list[socket] | None:
        lines = list(plex.listeners._open)
        return lines if len(lines) == 1 and lines != after else None

    return until(one) or []


def test_who_stops_watching_is_a_hint(ear: Connection, plex: DemoPlex) -> None:
    listening(plex)
    plex.tell_played(1_005, "playing")
    plex.tell_played(1_005, "stopped")
    until(hinted)
    ear.refresh_from_db()
    assert ear.hinted_at is not None


def test_a_title_that_was_read_in_is_a_hint(ear: Connection, plex: DemoPlex) -> None:
    listening(plex)
    plex.tell_read(1_005)
    until(hinted)


def test_a_server_that_hangs_up_is_listened_to_again(ear: Connection, plex: DemoPlex) -> None:
    line = listening(plex)
    for _ in range(3):
        plex.listeners.drop()
        line = listening(plex, after=line)
    plex.tell_played(1_005, "stopped")
    until(hinted)


def test_another_connection_is_noticed(ear: Connection, plex: DemoPlex) -> None:
    listening(plex)
    with DemoPlex(generated_library(20), token="another") as other:
        sync.connect(other.url, other.token)
        listening(other)
        until(lambda: len(plex.listeners) == 0)


def test_it_idles_while_none_is_connected(ear: Connection, plex: DemoPlex) -> None:
    listening(plex)
    Connection.objects.update(active=False)
    until(lambda: len(plex.listeners) == 0)
    Connection.objects.update(active=True)
    listening(plex)


def test_a_refused_token_is_tried_again_only_when_it_changed(
    ear: Connection, plex: DemoPlex
) -> None:
    listening(plex)
    plex.requests.clear()
    token = plex.renew("ana")
    plex.listeners.drop()
    until(lambda: len(plex.listeners) == 0)
    ear.token = token
    ear.save()
    listening(plex)
    assert plex.requests.kinds["websocket"] == 1  # no storm in between


def test_a_token_refused_to_who_listens_is_noted_for_everybody(
    ear: Connection, plex: DemoPlex
) -> None:
    listening(plex)
    plex.renew("ana")
    plex.listeners.drop()
    until(lambda: Connection.objects.get().state == "denied")
    plex.requests.clear()
    time.sleep(0.5)
    assert plex.requests.shown()["total"] == 0


def test_a_refused_token_is_named_without_showing_it(db: None, plex: DemoPlex) -> None:
    row = builders.connection(url=plex.url, token="canary-refused")
    with pytest.raises(PlexError) as caught:
        Notifications(row)
    assert "canary" not in str(caught.value)


def test_the_token_is_told_in_no_address_and_no_log(
    db: None, plex: DemoPlex, caplog: pytest.LogCaptureFixture
) -> None:
    row = builders.connection(url=plex.url, token=plex.token)
    with caplog.at_level(logging.DEBUG), Notifications(row) as line:
        listening(plex)
        assert line.receive(0.05) is None
        plex.listeners.ping()
        plex.notify(playing(1_005, "stopped"))
        until(lambda: (line.receive(1) or {}).get("type") == "playing")
    assert plex.token not in caplog.text


def test_a_line_that_was_cut_is_noticed_though_nobody_says_so(
    db: None, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = builders.connection(url=plex.url, token=plex.token)
    with Notifications(row) as line:
        monkeypatch.setattr(line._socket, "ping", lambda: None)  # it goes nowhere
        for _ in range(MOST_SILENCES):
            assert line.receive(0.01) is None
        with pytest.raises(PlexError):
            line.receive(0.01)


# --- what is a hint, and how many -------------------------------------------------------------


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_the_first_hint_is_given_at_once_and_the_next_ones_apart() -> None:
    clock = Clock()
    due = listen.Hints(clock)
    assert not due.is_due()
    due.want(listen.SOON)
    assert due.is_due()
    assert not due.is_due()
    for _ in range(100):
        due.want(listen.SOON)
    assert not due.is_due()
    clock.now += listen.SOON
    assert due.is_due()
    assert not due.is_due()


def test_a_scan_of_the_library_holds_up_no_hint_of_a_play() -> None:
    clock = Clock()
    due = listen.Hints(clock)
    due.want(listen.LATER)
    assert due.is_due()
    due.want(listen.LATER)
    due.want(listen.SOON)
    clock.now += listen.SOON
    assert due.is_due()


@pytest.mark.parametrize(
    "told",
    [
        {"type": "playing", "PlaySessionStateNotification": [{"state": "paused"}]},
        {"type": "playing"},
        {"type": "playing", "PlaySessionStateNotification": ["stopped"]},
        {"type": "timeline", "TimelineEntry": [{"state": 5, "type": 10}]},  # music
        {"type": "timeline", "TimelineEntry": [{"state": 1, "type": 1}]},
        {"type": "activity"},
        {"type": ["stopped"]},
    ],
)
def test_what_says_nothing_of_watching_is_no_hint(told: dict[str, Any]) -> None:
    due = listen.Hints()
    listen._weigh(told, due)
    assert not due.is_due()


@pytest.mark.django_db
def test_a_hint_in_the_moment_of_a_job_s_end_is_not_lost() -> None:
    row = builders.connection()
    hints.follow_up(row)
    assert not Job.objects.exists()
    hints.hint(row)
    row.refresh_from_db()
    assert row.hinted_at is not None
    hints.follow_up(row)
    assert Job.objects.count() == 1  # it waits already
    before = row.hinted_at - timedelta(seconds=1)
    Job.objects.update(state=Job.State.SUCCEEDED, started_at=before)
    hints.follow_up(row)
    assert Job.objects.count() == 2
    Job.objects.update(state=Job.State.SUCCEEDED, started_at=row.hinted_at)
    hints.follow_up(row)
    assert Job.objects.count() == 2  # that one looked after the hint


def test_a_notification_without_end_is_hung_up_on(
    ear: Connection, plex: DemoPlex, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    line = listening(plex)
    plex.listeners.tell({"type": "x" * (MOST_BYTES + 10)})
    until(lambda: "Plex hung up" in caplog.text)
    listening(plex, after=line)  # again
    for _ in range(20):
        plex.listeners.tell({"type": "x" * (MOST_BYTES // 10)})
    plex.tell_played(1_005, "stopped")
    until(hinted)
    assert caplog.text.count("Plex hung up") == 1
