"""What a failed call means to a household: plexapi's and requests' errors in our words."""

import re
from typing import Any
from xml.etree.ElementTree import ParseError

import requests
from plexapi.exceptions import BadRequest, NotFound, Unauthorized
from urllib3.exceptions import HTTPError

_STATUS = re.compile(r"^\((\d+)\)")


class PlexError(Exception):
    """A call that failed. ``kind``: denied, forbidden, missing, busy, unreachable or not_plex."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


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
    (Unauthorized, "denied", "Plex refused the token. Link MoodRec with Plex again."),
    (NotFound, "missing", "Plex does not have this any more."),
    (
        requests.exceptions.SSLError,
        "unreachable",
        "The certificate does not fit the address. Use the plex.direct address, or http://.",
    ),
    (
        requests.exceptions.Timeout,
        "unreachable",
        "Plex did not answer in time. Is the server busy or asleep?",
    ),
    (
        requests.exceptions.TooManyRedirects,
        "not_plex",
        "The address redirects elsewhere. Give Plex's own address.",
    ),
    (
        OSError,  # requests' own errors too
        "unreachable",
        "Plex is not reachable. Is the server on, the address right?",
    ),
    (HTTPError, "unreachable", "Plex hung up in the middle of its answer."),  # urllib3's
    (ValueError, "unreachable", "This is not an address that can be called."),
    (ParseError, "not_plex", "The answer is not Plex's. Is another program at this address?"),
    # plexapi knows no text for codes such as 520
    (TypeError, "busy", "Plex answered with an unknown error. Try again in a while."),
)


def _translate(error: BaseException) -> PlexError | None:
    if isinstance(error, PlexError):
        return None
    if isinstance(error, BadRequest) and not isinstance(error, NotFound | Unauthorized):
        return _of_status(error)
    for kind, name, message in _MEANINGS:
        if isinstance(error, kind):
            return PlexError(name, message)
    return None


def _of_status(error: BadRequest) -> PlexError:
    found = _STATUS.match(str(error))
    status = int(found.group(1)) if found else 0
    if status == requests.codes.forbidden:
        return PlexError("forbidden", "This account may not do that on the server.")
    if status == requests.codes.unprocessable_entity:
        return PlexError("denied", "Plex calls the token invalid. Link MoodRec with Plex again.")
    return PlexError(
        "busy", f"Plex answered {status}: it is starting or busy. Try again in a while."
    )
