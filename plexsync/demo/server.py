"""The demo Plex server itself: checks the token, finds the route, answers in one write."""

from __future__ import annotations

import hashlib
import secrets
import socket
import struct
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import RLock, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from plexsync.demo import (
    routes_collections,
    routes_control,
    routes_library,
    routes_photos,
    routes_playback,
    routes_playlists,
    routes_server,
)
from plexsync.demo.faults import Faults, Requests, instead, spoil
from plexsync.demo.habits import seed_watching
from plexsync.demo.http import REASONS, Answer, Call, Handling, Route, refusal
from plexsync.demo.library import Library
from plexsync.demo.listing import Listings
from plexsync.demo.playlists import Playlists
from plexsync.demo.sessions import Sessions
from plexsync.demo.watching import Watching

ROUTES: list[Route] = [
    *routes_library.ROUTES,
    *routes_photos.ROUTES,
    *routes_playback.ROUTES,
    *routes_playlists.ROUTES,
    *routes_collections.ROUTES,
    *routes_server.ROUTES,
]
OPEN = {"/identity"}
MAX_BODY = 1_000_000
MAX_TARGET = 8_192
BEN = 4_711_002


@dataclass(frozen=True, slots=True)
class Account:
    """Who a token stands for; the owner is number 1 on every Plex server."""

    number: int
    name: str
    owner: bool = False


class DemoPlex:
    """A Plex server over a library. Start it in a thread, or let it have the process."""

    def __init__(
        self,
        library: Library,
        port: int = 0,
        token: str | None = None,
        host: str = "127.0.0.1",
        *,
        faults: dict[str, Any] | None = None,
        seeded: bool = True,
        ben_token: str | None = None,
    ) -> None:
        self.library = library
        self.token = token or secrets.token_urlsafe(15)
        # Derived, so that whoever knows the one token a command was given can act as Ben too.
        digest = hashlib.sha256(f"ben of {self.token}".encode()).hexdigest()
        self.ben_token = ben_token or digest[:20]
        ana, ben = Account(1, "ana", owner=True), Account(BEN, "ben")
        self.accounts = {self.token: ana, self.ben_token: ben}
        self.transient: dict[str, Account] = {}
        self.watching = Watching()
        if seeded:
            seed_watching(self.watching, library, [ana.number, ben.number])
        self.listings, self.playlists = Listings(library), Playlists()
        self.sessions, self.requests = Sessions(), Requests()
        self.faults = Faults(**(faults or {}))
        self.lock = RLock()
        self._thread: Thread | None = None
        self._http = Listener((host, port), self)
        self.host, self.port = host, self._http.server_address[1]

    @property
    def url(self) -> str:
        reachable = "127.0.0.1" if self.host in {"", "0.0.0.0", "::"} else self.host  # noqa: S104
        return f"http://{reachable}:{self.port}"

    def who(self, token: str) -> Account | None:
        return self.accounts.get(token) or self.transient.get(token)

    def start(self) -> Self:
        self._thread = Thread(target=self.serve_forever, name="demo-plex", daemon=True)
        self._thread.start()
        return self

    def serve_forever(self) -> None:
        self._http.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        """Stops listening and hangs up on everyone, as a server that went away does."""
        if self._thread:
            self._http.shutdown()
            self._thread.join()
            self._thread = None
        self.close()

    def close(self) -> None:
        self._http.server_close()
        self._http.hang_up()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def answer(self, call: Call) -> Answer:
        """1. find the route; 2. let faults strike; 3. check the token; 4. answer."""
        if call.path.startswith("/demo/"):
            return routes_control.answer(call)
        kind, handler, found = self._routed(call)
        self.requests.begin(kind)
        answer = refusal(503)
        try:
            answer = self._considered(call, kind, handler, found)
        finally:
            self.requests.end(answer.status)
        return answer

    def _considered(
        self, call: Call, kind: str, handler: Handling | None, found: tuple[str, ...]
    ) -> Answer:
        call.struck = self.faults.strike(call.path)
        time.sleep(float(str(call.struck.get("slow_ms") or 0)) / 1000)
        if faulty := instead(call):
            return faulty
        if call.account is None and call.path not in OPEN:
            return refusal(401)
        if handler is None:
            return refusal(404)
        # Pictures take long to draw and change nothing: they need not wait for each other.
        with nullcontext() if kind == "photo" else self.lock:
            answer = handler(call, *found)
        return spoil(call, answer)

    def _routed(self, call: Call) -> tuple[str, Handling | None, tuple[str, ...]]:
        for method, pattern, kind, handler in ROUTES:
            if method == call.method and (match := pattern.fullmatch(call.path)):
                return kind, handler, match.groups()
        return "unknown", None, ()


class Listener(ThreadingHTTPServer):
    """Knows the open connections, so that stopping does not wait for idle keep-alive clients."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], plex: DemoPlex) -> None:
        self.plex = plex
        self.connections: set[socket.socket] = set()
        self.broken: set[socket.socket] = set()
        super().__init__(address, Handler)

    def hang_up(self) -> None:
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                self.connections.discard(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no event worth a traceback; anything else is."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """A connection to be reset must not say goodbye first."""
        if request in self.broken:
            self.broken.discard(request)
            self.close_request(request)
        else:
            super().shutdown_request(request)


class Handler(BaseHTTPRequestHandler):
    """One connection, kept alive over many requests."""

    server: Listener
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 300

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Silent: request lines may carry a token."""

    def handle_any(self) -> None:
        call = self._call()
        answer = refusal(414) if len(self.path) > MAX_TARGET else self.server.plex.answer(call)
        self._send(answer, reset=bool(call.struck.get("reset")))

    do_GET = do_POST = handle_any  # noqa: N815
    do_PUT = do_DELETE = do_HEAD = handle_any  # noqa: N815

    def _call(self) -> Call:
        split = urlsplit(self.path)
        query = parse_qsl(split.query, keep_blank_values=True)
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size) if 0 < size <= MAX_BODY else b""
        self.close_connection |= size > MAX_BODY
        method = "GET" if self.command == "HEAD" else self.command
        call = Call(self.server.plex, method, split.path, query, self.headers, body)
        call.peer = str(self.client_address[0])
        call.account = self.server.plex.who(call.asked("X-Plex-Token"))
        return call

    def _send(self, answer: Answer, *, reset: bool) -> None:
        head = [
            f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, 'Unknown')}",
            f"Content-Length: {len(answer.body)}",
            "X-Plex-Protocol: 1.0",
            "Cache-Control: no-cache",
            f"Content-Type: {answer.content_type}",
            *(f"{name}: {value}" for name, value in answer.headers.items()),
        ]
        if self.close_connection:
            head.append("Connection: close")
        body = b"" if self.command == "HEAD" else answer.body
        data = "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body
        if reset:
            self._reset(data[: len(data) // 2])
            return
        self.wfile.write(data)

    def _reset(self, data: bytes) -> None:
        """Half an answer, then RST: lingering for no time makes close() send it."""
        self.wfile.write(data)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.server.broken.add(self.connection)
        self.close_connection = True
