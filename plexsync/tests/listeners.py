"""Small web servers that are no Plex: they answer one thing and remember what they were asked."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Listener:
    """A server and the paths it was asked for."""

    url: str = ""
    asked: list[str] = field(default_factory=list)


@contextmanager
def listening(
    body: bytes, content_type: str, *, status: int = 200, location: str = "", drip: float = 0
) -> Iterator[Listener]:
    """Answer every GET with this body; with ``drip``, byte by byte, so many seconds apart."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            listener.asked.append(self.path)
            head = f"HTTP/1.1 {status} Told\r\nContent-Type: {content_type}\r\n"
            head += f"Location: {location}\r\n" if location else ""
            head += f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            self.close_connection = True
            self._tell(head.encode() + body)

        def _tell(self, answer: bytes) -> None:
            pieces = [answer[n : n + 1] for n in range(len(answer))] if drip else [answer]
            try:
                for piece in pieces:
                    self.wfile.write(piece)
                    time.sleep(drip)
            except OSError:
                pass  # they hung up

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    listener.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
