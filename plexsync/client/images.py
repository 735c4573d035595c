"""Fetch a picture from Plex: scaled there, within seconds, however its answer drips."""

import io
import socket
import time
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from moodrec.phrases import phrase
from plexsync.client import bounded
from plexsync.client.errors import PlexError, of_status, translated

if TYPE_CHECKING:
    from plexsync.models import Connection

CONNECT_SECONDS = 2  # somebody looks at the page
IMAGE_SECONDS = 5  # for the whole answer
MAX_IMAGE_BYTES = 5_000_000
# Failures that say nothing of this picture, but of the server: the next one would fare no better.
_OF_THE_SERVER = {401, 422, 429, 498, 502, 503, 504, *range(520, 531)}


def image(connection: "Connection", path: str, width: int, height: int) -> bytes:
    """Return a picture of the library, JPEG where Plex does as asked. Raises PlexError.

    Asked once, no redirect is followed: the token goes to this address and to no other.
    """
    with translated(), bounded.Staying() as session:
        session.trust_env = False
        for scheme in ("http://", "https://"):
            session.mount(scheme, _InTimeAdapter(max_retries=0))
        with session.get(
            f"{connection.url.rstrip('/')}/photo/:/transcode",
            params={"url": path, "width": str(width), "height": str(height), "minSize": "1"},
            headers=_headers(connection),
            timeout=(CONNECT_SECONDS, IMAGE_SECONDS),
            verify=not connection.unverified,
            allow_redirects=False,
            stream=True,
        ) as answer:
            return _body(answer)


def _body(answer: requests.Response) -> bytes:
    _must_be_ok(answer.status_code)
    body: bytes = answer.raw.read(MAX_IMAGE_BYTES + 1, decode_content=True)
    if len(body) > MAX_IMAGE_BYTES:
        raise PlexError("missing", phrase("The image is larger than 5 MB."))
    return body


def _must_be_ok(status: int) -> None:
    if status in _OF_THE_SERVER:
        raise of_status(status)
    if status != requests.codes.ok:
        raise PlexError("missing", phrase("Plex has no such image (%(status)s).", status=status))


def _headers(connection: "Connection") -> dict[str, str]:
    return {
        "X-Plex-Token": connection.token,
        "X-Plex-Client-Identifier": connection.client_identifier,
        "X-Plex-Product": "MoodRec",
        "Accept": "image/*",
    }


# --- the timeout of requests is for each piece; ours is for the answer as a whole -------------


class _Reader(io.RawIOBase):
    """Reads a socket until its timeout, counted from now, is over."""

    def __init__(self, reached: socket.socket) -> None:
        self._socket, self._raw = reached, reached.makefile("rb", buffering=0)
        self._ends = time.monotonic() + (reached.gettimeout() or IMAGE_SECONDS)

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int | None:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        return self._raw.readinto(into)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _InTime(HTTPResponse):
    """An answer whose head and body together come in time, or not at all."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(_Reader(sock))


class _InTimeAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _pool(HTTPConnectionPool, HTTPConnection),
            "https": _pool(HTTPSConnectionPool, HTTPSConnection),
        }


def _pool(pool: type[Any], connection: type[Any]) -> Any:
    in_time = type("InTime", (connection,), {"response_class": _InTime})
    return type("InTimePool", (pool,), {"ConnectionCls": in_time})
