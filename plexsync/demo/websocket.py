"""The websocket on which a server says what happens (RFC 6455, as much of it as that takes)."""

from __future__ import annotations

import hashlib
import json
import socket
import struct
from base64 import b64encode
from threading import Lock
from typing import Any

from plexsync.demo.http import Call
from plexsync.demo.titles import Episode, Item

NOTIFICATIONS = "/:/websockets/notifications"
_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_MOST = 100_000
_TYPES = {"movie": 1, "show": 2, "season": 3, "episode": 4, "collection": 18}
_PROCESSED, _DELETED = 5, 9


def wants_websocket(call: Call) -> bool:
    return (call.headers.get("Upgrade") or "").lower() == "websocket"


def playing(key: int, state: str, offset: int = 0, session: int = 1) -> dict[str, Any]:
    """A player reports; `state` is playing, paused, buffering or stopped."""
    said = {
        "sessionKey": str(session),
        "clientIdentifier": "",
        "guid": "",
        "ratingKey": str(key),
        "url": "",
        "key": f"/library/metadata/{key}",
        "viewOffset": offset,
        "state": state,
    }
    return {"type": "playing", "size": 1, "PlaySessionStateNotification": [said]}


def timeline(item: Item, *, deleted: bool = False) -> dict[str, Any]:
    """The library read an item in, or lost it."""
    said = {
        "identifier": "com.plexapp.plugins.library",
        "sectionID": str(item.section),
        "itemID": str(item.key),
        "type": _TYPES[item.kind],
        "title": item.title,
        "state": _DELETED if deleted else _PROCESSED,
        "metadataState": "deleted" if deleted else "created",
        "updatedAt": item.updated_at,
    }
    if isinstance(item, Episode):
        said |= {"parentItemID": str(item.show.key + item.season), "rootItemID": str(item.show.key)}
    return {"type": "timeline", "size": 1, "TimelineEntry": [said]}


class Listeners:
    """Everybody connected to the websocket."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: list[socket.socket] = []

    def __len__(self) -> int:
        return len(self._open)

    def tell(self, notification: dict[str, Any]) -> None:
        """The notification to everybody; whoever has gone is forgotten."""
        data = json.dumps({"NotificationContainer": notification}, ensure_ascii=False).encode()
        with self._lock:
            for connection in list(self._open):
                self._send(connection, _TEXT, data)

    def ping(self) -> None:
        with self._lock:
            for connection in list(self._open):
                self._send(connection, _PING, b"are you there")

    def serve(self, connection: socket.socket, key: str) -> None:
        """Answers the handshake and reads until the other side closes."""
        connection.settimeout(None)
        with self._lock:
            connection.sendall(_handshake(key))
            self._open.append(connection)
        try:
            self._read(connection)
        except OSError:
            return
        finally:
            self._forget(connection)

    def close(self) -> None:
        """Says goodbye to everybody."""
        with self._lock:
            for connection in list(self._open):
                self._send(connection, _CLOSE, struct.pack("!H", 1001))

    def drop(self) -> None:
        """Hangs up on everybody without a word, as a server that crashed."""
        with self._lock:
            for connection in self._open:
                connection.shutdown(socket.SHUT_RDWR)

    def _read(self, connection: socket.socket) -> None:
        while True:
            kind, data = _frame(connection)
            with self._lock:
                if kind == _PING:
                    self._send(connection, _PONG, data)
                if kind == _CLOSE:
                    self._send(connection, _CLOSE, data[:2])
                    return

    def _send(self, connection: socket.socket, kind: int, data: bytes) -> None:
        try:
            connection.sendall(_framed(kind, data))
        except OSError:
            if connection in self._open:
                self._open.remove(connection)

    def _forget(self, connection: socket.socket) -> None:
        with self._lock:
            if connection in self._open:
                self._open.remove(connection)


def _handshake(key: str) -> bytes:
    digest = hashlib.sha1((key + _MAGIC).encode(), usedforsecurity=False).digest()
    lines = (
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {b64encode(digest).decode()}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _framed(kind: int, data: bytes) -> bytes:
    """One final frame; a server never masks."""
    size = len(data)
    if size < 126:
        head = struct.pack("!BB", 0x80 | kind, size)
    elif size < 65_536:
        head = struct.pack("!BBH", 0x80 | kind, 126, size)
    else:
        head = struct.pack("!BBQ", 0x80 | kind, 127, size)
    return head + data


def _frame(connection: socket.socket) -> tuple[int, bytes]:
    """One frame of a client, unmasked; a client that sends too much is hung up on."""
    first, second = _exactly(connection, 2)
    size = second & 0x7F
    if size == 126:
        (size,) = struct.unpack("!H", _exactly(connection, 2))
    elif size == 127:
        (size,) = struct.unpack("!Q", _exactly(connection, 8))
    if size > _MOST:
        raise OSError("frame too big")
    mask = _exactly(connection, 4) if second & 0x80 else b"\0\0\0\0"
    data = _exactly(connection, size)
    return first & 0x0F, bytes(byte ^ mask[n % 4] for n, byte in enumerate(data))


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            raise OSError("closed")
        data += part
    return data
