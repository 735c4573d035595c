"""Read an answer of a stranger: only so much of it, and only for so long."""

import time

import requests

_PART = 65_536


class Staying(requests.Session):
    """A session that stays where it was sent, and leaves a redirect's body unread.

    requests reads that to its end even where it is told not to follow.
    """

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def body(answer: requests.Response, most: int, seconds: float) -> bytes:
    """Return the body; raise requests.ReadTimeout where it is too big or drips in for too long."""
    deadline = time.monotonic() + seconds
    found = bytearray()
    while part := answer.raw.read1(_PART, decode_content=True):
        found += part
        if len(found) > most or time.monotonic() > deadline:
            raise requests.ReadTimeout
    return bytes(found)
