"""What a failed call means to a household: plexapi's and requests' errors in our words."""

import re
from typing import Any
from xml.etree.ElementTree import ParseError

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from moodrec.phrases import phrase

_STATUS = re.compile(r"^\((\d+)\)")


NOT_PLEX = phrase("The answer is not Plex's. Is another program at this address?")
LATE = phrase("Plex did not answer in time. Is the server busy or asleep?")
HUNG_UP = phrase("Plex hung up in the middle of its answer. Is the server restarting?")
AWAY = phrase("Plex is not reachable. Is the server on, the address right?")
CERTIFICATE = phrase(
    "The certificate does not fit the address. Use the plex.direct address that Plex lists, or "
    "http:// at home, or accept this server's certificate unchecked where you connect it."
)
DENIED = phrase("Plex refused the token. Link MoodRec with Plex again.")


class PlexError(Exception):
    """A call that failed. ``kind``: denied, forbidden, missing, busy, unreachable or not_plex.

    Its message is a phrase; `told(str(error))` says it in the reader's language.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class PlexSlow(PlexError):
    """The answer did not come, or not to its end: a smaller question may be answered."""

    def __init__(self, message: str) -> None:
        super().__init__("unreachable", message)


class Unreadable(PlexError):
    """An answer of Plex's that no cleaning makes XML; ``body`` is what came."""

    def __init__(self, body: bytes) -> None:
        super().__init__("not_plex", NOT_PLEX)
        self.body = body


class translated:  # noqa: N801 (used like a function, as contextlib's are)
    """Turn whatever plexapi and requests raise into PlexError, without the address or the token."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        translated = _translate(error) if error is not None else None
        if translated is not None:
            raise translated from None


# What each failure means to a household, first match first.
_MEANINGS: tuple[tuple[type[BaseException], str, str], ...] = (
    (requests.exceptions.SSLError, "unreachable", CERTIFICATE),
    (
        requests.exceptions.TooManyRedirects,
        "not_plex",
        phrase("The address redirects elsewhere. Give Plex's own address."),
    ),
    (requests.exceptions.ConnectTimeout, "unreachable", LATE),
    (OSError, "unreachable", AWAY),  # requests' own errors too
    (ValueError, "unreachable", phrase("This is not an address that can be called.")),
    (ParseError, "not_plex", NOT_PLEX),
    # plexapi knows no text for codes such as 520
    (TypeError, "busy", phrase("Plex answered with an unknown error. Try again in a while.")),
)
_SLOW = (requests.exceptions.ReadTimeout, ReadTimeoutError, TimeoutError)
_CUT = (requests.exceptions.ChunkedEncodingError, ConnectionResetError, HTTPError)


def _translate(error: BaseException) -> PlexError | None:
    if isinstance(error, PlexError):
        return None
    if type(error).__module__ == "plexapi.exceptions":  # whose import reading does not need
        found = _STATUS.match(str(error))
        return of_status(int(found.group(1)) if found else 0)
    if isinstance(error, _SLOW):
        return PlexSlow(LATE)
    if isinstance(error, _CUT) or _was_reset(error):
        return PlexSlow(HUNG_UP)
    for kind, name, message in _MEANINGS:
        if isinstance(error, kind):
            return PlexError(name, message)
    return None


def _was_reset(error: BaseException) -> bool:
    """Tell whether the server hung up on a call that it had accepted."""
    return isinstance(error, requests.exceptions.ConnectionError) and any(
        name in str(error)
        for name in ("RemoteDisconnected", "ConnectionResetError", "Connection aborted")
    )


def of_status(status: int) -> PlexError:
    """Return what an answer of this HTTP status means."""
    if status in {requests.codes.unauthorized, requests.codes.unprocessable_entity}:
        return PlexError("denied", DENIED)
    if status == requests.codes.not_found:
        return PlexError("missing", phrase("Plex does not have this any more."))
    if status == requests.codes.forbidden:
        return PlexError("forbidden", phrase("This account may not do that on the server."))
    return PlexError(
        "busy",
        phrase(
            "Plex answered %(status)s: it is starting or busy. Try again in a while.", status=status
        ),
    )
