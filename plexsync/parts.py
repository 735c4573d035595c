"""Cut what comes into parts that one transaction can hold."""

from collections.abc import Iterator
from typing import TypeVar

ROWS = 200  # in one transaction: whoever answers a question meanwhile never waits
T = TypeVar("T")


def in_parts(things: Iterator[T], size: int = ROWS) -> Iterator[list[T]]:
    """Yield the things in lists of at most ``size``, reading no further than needed."""
    part: list[T] = []
    for thing in things:
        part.append(thing)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
