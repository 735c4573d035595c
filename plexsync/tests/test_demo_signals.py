"""How the demo server speaks unasked: websocket notifications and webhooks; and in JSON."""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import urlsplit

import pytest
import requests
from plexapi.server import PlexServer

from plexsync.demo.generated import generated_library
from plexsync.demo.server import DemoPlex

Plex: Any = PlexServer  # plexapi carries no types
TOKEN = "owner"
KEY = "/library/metadata/1001"


@pytest.fixture
def demo() -> Iterator[DemoPlex]:
    with DemoPlex(generated_library(50), token=TOKEN, seeded=False) as plex:
        yield plex


def get(demo: DemoPlex, path: str, **headers: str) -> requests.Response:
    return requests.get(demo.url + path, headers={"X-Plex-Token": TOKEN, **headers}, timeout=10)


# The websocket


class Listener:
    """A websocket client of the smallest kind."""

    def __init__(self, demo: DemoPlex, token: str = TOKEN) -> None:
        split = urlsplit(demo.url)
        self.socket = socket.create_connection((split.hostname, split.port), timeout=10)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            (
                f"GET /:/websockets/notifications HTTP/1.1\r\nHost: {split.netloc}\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Key: {key}\r\nX-Plex-Token: {token}\r\n\r\n"
            ).encode()
        )
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        while self.file.readline().strip():
            pass

    def send(self, kind: int, data: bytes) -> None:
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[n % 4] for n, byte in enumerate(data))
        self.socket.sendall(struct.pack("!BB", 0x80 | kind, 0x80 | len(data)) + mask + masked)

    def frame(self) -> tuple[int, bytes]:
        first, size = self.file.read(2)
        if size == 126:
            (size,) = struct.unpack("!H", self.file.read(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self.file.read(8))
        return first & 0x0F, self.file.read(size)

    def heard(self) -> dict[str, Any]:
        kind, data = self.frame()
        assert kind == 1
        found: dict[str, Any] = json.loads(data)["NotificationContainer"]
        return found


Listening = Callable[..., Listener]


@pytest.fixture
def listen(demo: DemoPlex) -> Iterator[Listening]:
    with ExitStack() as stack:

        def opened(token: str = TOKEN) -> Listener:
            listener = Listener(demo, token)
            stack.enter_context(listener.socket)
            stack.enter_context(listener.file)
            return listener

        yield opened


def test_listeners_hear_what_is_told(demo: DemoPlex, listen: Listening) -> None:
    one, other = listen(), listen()
    assert one.status == 101
    demo.notify({"type": "status", "size": 1})
    assert one.heard() == other.heard() == {"type": "status", "size": 1}
    demo.notify({"type": "status", "long": "x" * 70_000})
    assert len(one.heard()["long"]) == 70_000


def test_plexapi_hears_it_too(demo: DemoPlex) -> None:
    heard: Queue[dict[str, Any]] = Queue()
    listener = Plex(demo.url, demo.token).startAlertListener(heard.put)
    for _ in range(1_000):
        if len(demo.listeners):
            break
        time.sleep(0.01)
    demo.tell_played(1001)
    assert heard.get(timeout=10)["type"] == "playing"
    listener.stop()
    listener.join(timeout=10)


def test_a_wrong_token_hears_nothing(demo: DemoPlex, listen: Listening) -> None:
    assert listen("wrong").status == 401
    assert len(demo.listeners) == 0


def test_a_ping_is_answered_and_a_close_too(demo: DemoPlex, listen: Listening) -> None:
    listener = listen()
    listener.send(9, b"hello")
    assert listener.frame() == (10, b"hello")
    listener.send(8, struct.pack("!H", 1000))
    assert listener.frame() == (8, struct.pack("!H", 1000))
    assert listener.file.read() == b""


def test_a_player_that_stops_is_heard(demo: DemoPlex, listen: Listening) -> None:
    listener = listen()
    get(demo, f"/:/timeline?ratingKey=1001&key={KEY}&state=stopped&time=600000")
    (said,) = listener.heard()["PlaySessionStateNotification"]
    assert (said["ratingKey"], said["state"], said["viewOffset"]) == ("1001", "stopped", 600_000)


def test_marking_as_watched_and_changes_of_the_library_are_heard(
    demo: DemoPlex, listen: Listening
) -> None:
    listener = listen()
    get(demo, "/:/scrobble?identifier=com.plexapp.plugins.library&key=1001")
    assert listener.heard()["TimelineEntry"][0]["state"] == 5
    demo.change(watched={"account": "ben", "keys": [1002]})
    assert listener.heard()["PlaySessionStateNotification"][0]["ratingKey"] == "1002"
    demo.change(remove=[1003])
    (said,) = listener.heard()["TimelineEntry"]
    assert (said["itemID"], said["state"], said["type"]) == ("1003", 9, 1)


def test_stopping_says_goodbye(demo: DemoPlex, listen: Listening) -> None:
    listener = listen()
    demo.stop()
    assert listener.frame() == (8, struct.pack("!H", 1001))


def test_the_server_may_hang_up_without_a_word(demo: DemoPlex, listen: Listening) -> None:
    listener = listen()
    demo.listeners.drop()
    assert listener.file.read() == b""


# Webhooks


class Hooked(BaseHTTPRequestHandler):
    bodies: ClassVar[list[tuple[str, bytes]]] = []

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        self.bodies.append((self.headers["Content-Type"], self.rfile.read(size)))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Silent."""


@pytest.fixture
def hook() -> Iterator[str]:
    Hooked.bodies.clear()
    server = HTTPServer(("127.0.0.1", 0), Hooked)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/hook/secret"
    server.shutdown()
    server.server_close()


def test_a_webhook_is_posted_as_plex_posts_it(demo: DemoPlex, hook: str) -> None:
    episode = next(iter(demo.library.items(2, "episode")))
    assert demo.post_hook(hook, "media.scrobble", episode.key, "ben") == 200
    ((kind, body),) = Hooked.bodies
    parts: Any = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body).get_payload()
    payload, thumb = parts
    told = json.loads(payload.get_payload())
    assert (told["event"], told["Account"]["id"]) == ("media.scrobble", 4_711_002)
    assert told["Server"]["uuid"] == demo.library.machine_identifier
    assert told["Metadata"]["ratingKey"] == str(episode.key)
    assert told["Metadata"]["grandparentTitle"]
    assert thumb.get_content_type() == "image/jpeg"


def test_the_owner_is_number_one_in_a_webhook_asked_for_by_request(
    demo: DemoPlex, hook: str
) -> None:
    told = {"url": hook, "event": "media.rate", "key": 1001}
    headers = {"X-Plex-Token": TOKEN}
    answer = requests.post(demo.url + "/demo/hook", json=told, headers=headers, timeout=10)
    assert answer.json() == {"status": 200}
    assert b'"id": 1,' in Hooked.bodies[0][1]


# JSON


def test_items_come_as_json_for_those_who_ask(demo: DemoPlex) -> None:
    answer = get(demo, KEY, Accept="application/json")
    assert answer.headers["Content-Type"] == "application/json"
    (film,) = answer.json()["MediaContainer"]["Metadata"]
    assert film["ratingKey"] == "1001"
    assert isinstance(film["year"], int)
    assert isinstance(film["Media"][0]["Part"][0]["Stream"], list)
    assert film["Genre"][0]["tag"]
    assert get(demo, KEY).headers["Content-Type"].startswith("text/xml")


def test_sections_come_as_directories_and_pages_are_counted_in_numbers(demo: DemoPlex) -> None:
    sections = get(demo, "/library/sections", Accept="application/json").json()
    assert [s["title"] for s in sections["MediaContainer"]["Directory"]] == ["Films", "Series"]
    assert sections["MediaContainer"]["Directory"][0]["refreshing"] is False
    where = "/library/sections/1/all?X-Plex-Container-Start=0&X-Plex-Container-Size=2"
    found = get(demo, where, Accept="application/json").json()["MediaContainer"]
    assert (found["size"], found["totalSize"], len(found["Metadata"])) == (2, 45, 2)
