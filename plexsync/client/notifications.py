"""Hear what a Plex server tells of itself over its websocket, which needs no Plex Pass."""

import json
import ssl
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

import websocket

from moodrec.phrases import phrase
from plexsync.client.errors import PlexError

if TYPE_CHECKING:
    from plexsync.models import Connection

PATH = "/:/websockets/notifications"
CONNECT_SECONDS = 5
MOST_BYTES = 1_000_000  # of one notification; Plex's have some thousand
MOST_SILENCES = 6  # in a row that a ping has not ended: then nobody is there any more
_GONE = phrase("Plex hung up. Is the server restarting?")


class _Bounded(websocket.WebSocket):
    """Gives up on a notification without end, in one frame or in many, before memory does."""

    taken = 0
    """Bytes since the last whole notification."""

    def _recv(self, bufsize: int) -> bytes:
        data: bytes = super()._recv(bufsize)
        self.taken += len(data)
        if self.taken > MOST_BYTES:
            raise websocket.WebSocketPayloadException("larger than any of Plex's")
        return data


class Notifications:
    """An open websocket of the server. Raises PlexError, without the token, from every method."""

    def __init__(self, connection: "Connection") -> None:
        scheme, _, rest = connection.url.rstrip("/").partition("://")
        options: dict[str, Any] = {
            "header": [
                f"X-Plex-Token: {connection.token}",  # an address would be logged on its way
                f"X-Plex-Client-Identifier: {connection.client_identifier}",
                "X-Plex-Product: MoodRec",
            ],
            "timeout": CONNECT_SECONDS,
            "suppress_origin": True,
            "redirect_limit": 0,  # the token is for this server alone
        }
        if connection.unverified:
            options["sslopt"] = {"cert_reqs": ssl.CERT_NONE, "check_hostname": False}
        address = f"{'wss' if scheme == 'https' else 'ws'}://{rest}{PATH}"
        self._socket = _opened(address, options)
        self._silences = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close(timeout=1)
        self._socket.shutdown()  # where the server has closed, close() does nothing

    def receive(self, seconds: float) -> dict[str, Any] | None:
        """Return the next notification, or None if there was none for so long.

        Raises PlexError where the server is gone, though no one said so.
        """
        self._socket.settimeout(seconds)
        try:
            opcode, data = self._socket.recv_data(control_frame=True)
        except websocket.WebSocketTimeoutException:
            self._check()
            return None
        except (websocket.WebSocketException, OSError, ValueError):
            raise PlexError("unreachable", _GONE) from None
        self._silences = 0
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            raise PlexError("unreachable", _GONE)
        if opcode != websocket.ABNF.OPCODE_TEXT:
            return {}
        self._socket.taken = 0
        return _notification(data)

    def _check(self) -> None:
        """Ask whether anybody is there; a line that was cut is as silent as a quiet evening."""
        self._silences += 1
        if self._silences > MOST_SILENCES:
            raise PlexError("unreachable", _GONE)
        try:
            self._socket.ping()
        except (websocket.WebSocketException, OSError):
            raise PlexError("unreachable", _GONE) from None


def _opened(address: str, options: dict[str, Any]) -> _Bounded:
    try:
        return cast(_Bounded, websocket.create_connection(address, class_=_Bounded, **options))
    except websocket.WebSocketBadStatusException as error:
        kind = "denied" if error.status_code == 401 else "unreachable"
        raise PlexError(
            kind, phrase("Plex answered %(status)s to who listens.", status=error.status_code)
        ) from None
    except (websocket.WebSocketException, OSError, ValueError):
        raise PlexError("unreachable", phrase("Plex is not reachable. Is the server on?")) from None


def _notification(data: bytes) -> dict[str, Any]:
    """Return what stands in the container; nothing where it is not Plex's."""
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    found = told.get("NotificationContainer") if isinstance(told, dict) else None
    return found if isinstance(found, dict) else {}
