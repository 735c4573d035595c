"""The HTTP side of the demo: connections, requests in, answers out in one write."""

from __future__ import annotations

import gzip
import socket
import struct
import sys
import time
from abc import ABC, abstractmethod
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlsplit

from plexsync.demo.certificates import Certificate
from plexsync.demo.faults import Faults, Requests
from plexsync.demo.http import REASONS, Answer, Call, refusal

if TYPE_CHECKING:
    from plexsync.demo.server import DemoPlex

MAX_BODY = 1_000_000
MAX_TARGET = 8_192
_DRIP_BYTES = 64


class Served(ABC):
    """Something that answers over HTTP. Start it in a thread, or let it have the process."""

    def __init__(
        self, host: str, port: int, faults: dict[str, Any] | None = None, tls: str | None = None
    ) -> None:
        self.certificate = Certificate(tls) if tls else None
        self.requests = Requests()
        self.faults = Faults(**(faults or {}))
        self._thread: Thread | None = None
        self._http = Listener((host, port), self)
        self.host, self.port = host, self._http.server_address[1]

    @property
    @abstractmethod
    def library_server(self) -> DemoPlex:
        """The Plex server the calls are about."""

    @abstractmethod
    def answer(self, call: Call) -> Answer:
        """What goes back for one request."""

    def upgraded(self, call: Call, connection: socket.socket) -> bool:
        """Whether the connection was taken over, for a websocket; it is finished then."""
        return False

    @property
    def url(self) -> str:
        reachable = "127.0.0.1" if self.host in {"", "0.0.0.0", "::"} else self.host  # noqa: S104
        return f"{'https' if self.certificate else 'http'}://{reachable}:{self.port}"

    def start(self) -> Self:
        self._thread = Thread(target=self.serve_forever, name="demo", daemon=True)
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


class Listener(ThreadingHTTPServer):
    """Knows the open connections, so that stopping does not wait for idle keep-alive clients."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], served: Served) -> None:
        self.served = served
        self.connections: set[socket.socket] = set()
        self.broken: set[socket.socket] = set()
        super().__init__(address, Handler)
        if served.certificate:
            # The handshake waits for the first read, so that nobody holds up the others.
            context = served.certificate.context()
            self.socket = context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

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
        self.server.served.requests.note(self.command, self.path, dict(self.headers.items()))
        if self.server.served.upgraded(call, self.connection):
            self.close_connection = True
            return
        answer = refusal(414) if len(self.path) > MAX_TARGET else self.server.served.answer(call)
        self._send(answer, call.struck)

    do_GET = do_POST = handle_any  # noqa: N815
    do_PUT = do_DELETE = do_HEAD = handle_any  # noqa: N815

    def _call(self) -> Call:
        split = urlsplit(self.path)
        query = parse_qsl(split.query, keep_blank_values=True)
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size) if 0 < size <= MAX_BODY else b""
        self.close_connection |= size > MAX_BODY
        method = "GET" if self.command == "HEAD" else self.command
        plex = self.server.served.library_server
        call = Call(plex, method, split.path, query, self.headers, body)
        call.peer = str(self.client_address[0])
        return call

    def _send(self, answer: Answer, struck: dict[str, object]) -> None:
        self._encode(answer, struck)
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
        if struck.get("reset"):
            self._reset(data[: len(data) // 2])
        elif pause := struck.get("drip_ms"):
            self._drip(data, float(str(pause)) / 1000)
        else:
            self.wfile.write(data)

    def _encode(self, answer: Answer, struck: dict[str, object]) -> None:
        """What a proxy in between makes of an answer: longer, or packed."""
        answer.body += b" " * int(str(struck.get("pad_bytes") or 0))
        if struck.get("gzip") and "gzip" in self.headers.get("Accept-Encoding", ""):
            answer.body = gzip.compress(answer.body, 1)
            answer.headers["Content-Encoding"] = "gzip"

    def _drip(self, data: bytes, pause: float) -> None:
        """A few bytes at a time: no single read is ever late."""
        for start in range(0, len(data), _DRIP_BYTES):
            self.wfile.write(data[start : start + _DRIP_BYTES])
            time.sleep(pause)

    def _reset(self, data: bytes) -> None:
        """Half an answer, then RST: lingering for no time makes close() send it."""
        self.wfile.write(data)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.server.broken.add(self.connection)
        self.close_connection = True
