"""Strangers knock only so often: what they set off elsewhere would cost the household its welcome."""

import time
from collections import deque
from collections.abc import Callable
from threading import Lock


class Pace:
    """So many times in so many seconds: for each caller, and for everybody together.

    Counted by each process for itself; what was refused is not counted, and so costs nothing.
    """

    def __init__(
        self,
        *,
        each: int,
        everybody: int,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._each, self._everybody, self._seconds, self._clock = each, everybody, seconds, clock
        self._lock = Lock()
        self._times: deque[tuple[float, str]] = deque()

    def allows(self, caller: str) -> bool:
        """Tell whether this caller may go on now, and count it if so."""
        with self._lock:
            now = self._clock()
            while self._times and self._times[0][0] <= now - self._seconds:
                self._times.popleft()
            mine = sum(known == caller for _at, known in self._times)
            allowed = mine < self._each and len(self._times) < self._everybody
            if allowed:
                self._times.append((now, caller))
            return allowed

    def forget(self) -> None:
        """Count anew."""
        with self._lock:
            self._times.clear()
