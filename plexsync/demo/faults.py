"""Faults the demo server can show on demand, and the count of requests it answered."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import Any

from plexsync.demo.http import Answer, Call, refusal

SWITCHES: dict[str, Any] = {
    "slow_ms": 0,
    "status": None,
    "only_path": "",
    "truncate": False,
    "reset": False,
    "after_requests": 1,
    "times": None,
    "cap_page": 0,
    "ignore_paging": False,
    "shrink": 0,
    "duplicate_pages": False,
    "bad_char": False,
    "html": False,
    "maintenance": None,
    "missing_attrs": False,
}
_STATUSES = {401, 403, 404, 429, 503, 520}


class Faults:
    """The switches as set, and when they strike: from the N-th matching request, so many times."""

    def __init__(self, **switches: Any) -> None:
        self._lock = Lock()
        self.clear()
        self.set(switches)

    def clear(self) -> None:
        with self._lock:
            self.switches = dict(SWITCHES)
            self.matched = self.strikes = 0

    def set(self, switches: dict[str, Any]) -> None:
        """Sets the switches named and counts afresh; ValueError names one that does not exist."""
        if unknown := sorted(set(switches) - set(SWITCHES)):
            raise ValueError("no such fault: " + ", ".join(unknown))
        if switches.get("status") not in {None, *_STATUSES}:
            raise ValueError("status must be one of " + ", ".join(map(str, sorted(_STATUSES))))
        with self._lock:
            self.switches.update(switches)
            self.matched = self.strikes = 0

    def strike(self, path: str) -> dict[str, Any]:
        """The switches if they hit this request, else nothing."""
        with self._lock:
            if not path.startswith(self.switches["only_path"] or ""):
                return {}
            self.matched += 1
            times = self.switches["times"]
            if self.matched < (self.switches["after_requests"] or 1):
                return {}
            if times is not None and self.strikes >= times:
                return {}
            self.strikes += 1
            return dict(self.switches)

    def shown(self) -> dict[str, Any]:
        return {**self.switches, "matched": self.matched, "strikes": self.strikes}


def instead(call: Call) -> Answer | None:
    """The answer that stands in for the real one, where a fault wants that."""
    if status := call.struck.get("status"):
        return refusal(int(str(status)))
    if form := call.struck.get("maintenance"):
        return _maintenance(str(form))
    if call.struck.get("html"):
        return Answer(b"<!DOCTYPE html><html><body>It works!<br></body></html>", 200, "text/html")
    return None


def _maintenance(form: str) -> Answer:
    if form == "json":
        body = b'{"code":503,"title":"Maintenance","status":"Plex Media Server is currently running'
        return Answer(body + b' database migrations."}', 503, "application/json")
    body = b"<html><head><title>Maintenance</title></head><body><h1>Maintenance</h1></body></html>"
    return Answer(body, 503, "text/html")


def spoil(call: Call, answer: Answer) -> Answer:
    """The real answer, damaged: cut short, or with a character XML forbids."""
    if call.struck.get("bad_char"):
        answer.body = answer.body.replace(b' summary="', b' summary="\x04', 1)
    if call.struck.get("truncate"):
        answer.body = answer.body[: len(answer.body) // 2]
    return answer


class Requests:
    """How many requests of each kind came, and how many were in work at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        with self._lock:
            self.kinds: Counter[str] = Counter()
            self.refused = self.working = self.peak = 0

    def begin(self, kind: str) -> None:
        with self._lock:
            self.kinds[kind] += 1
            self.working += 1
            self.peak = max(self.peak, self.working)

    def end(self, status: int) -> None:
        with self._lock:
            self.working = max(0, self.working - 1)
            self.refused += status in {401, 403}

    def shown(self) -> dict[str, Any]:
        kinds = dict(self.kinds)
        return {
            "total": sum(kinds.values()),
            "kinds": kinds,
            "peak": self.peak,
            "refused": self.refused,
        }
