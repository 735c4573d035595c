"""Read an answer of a stranger: only so much of it, and only for so long."""

import time

import requests

_PART = 65_536


def body(answer: requests.Response, most: int, seconds: float) -> bytes:
    """Return the body; raise requests.Timeout where it is too big or drips in for too long."""
    deadline = time.monotonic() + seconds
    found = bytearray()
    while part := answer.raw.read1(_PART, decode_content=True):
        found += part
        if len(found) > most or time.monotonic() > deadline:
            raise requests.Timeout
    return bytes(found)
