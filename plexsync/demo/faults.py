"""Faults the demo server can show on demand, and the count of requests it answered."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from plexsync.demo.http import Answer, Call, refusal

SWITCHES: dict[str, Any] = {
    # When a fault strikes.
    "only_path": "",  # paths that begin so
    "after_requests": 1,  # from the N-th of them on
    "times": None,  # so many times
    # Another answer in place of the right one.
    "status": None,
    "retry_after": 0,  # seconds, with a 429 or 503
    "maintenance": None,  # "html" or "json": a 503 as a starting server says it
    "html": False,  # 200, but a web page
    "empty": False,  # 200, and nothing
    "plain_ok": False,  # done, but answered by no more than OK
    "redirect": "",  # to this host
    # Who may what.
    "unclaimed": False,  # the server belongs to nobody
    "forbid_owner": False,  # 403 for what is the owner's
    "deny_after_items": 0,  # 401 once so many titles went out
    "dead_token_status": 401,  # what plex.tv says of a dead token
    # How it travels.
    "slow_ms": 0,
    "slow_page_ms": 0,  # only for pages of more than slow_page_over titles
    "slow_page_over": 0,
    "drip_ms": 0,  # between every few bytes
    "truncate": False,
    "reset": False,  # in the middle of the answer
    "gzip": False,
    "pad_bytes": 0,  # at its end
    # Pages that are not what was asked for.
    "cap_page": 0,
    "ignore_paging": False,
    "shrink": 0,  # to this share, after the first page
    "grow": 0,  # the total, by so many, after the first page
    "overlap": 0,  # by so many titles
    "duplicate_pages": False,
    # Titles that are not what they should be.
    "bad_char": False,  # in the first summary
    "bad_char_of": None,  # in the title of this key, wherever it stands
    "bad_char_as": "\x04",
    "missing_attrs": False,  # of every third title
    "garbage_numbers": False,  # in every third title
    "ignore_excludes": False,  # excludeElements and excludeFields are unknown words
}
_STATUSES = {400, 401, 403, 404, 422, 429, 498, 500, 502, 503, 504, 520, 522}

# A walk through a big library must not pile up for ever.
_REMEMBERED = 2_000


class Faults:
    """The switches as set, and when they strike: from the N-th matching request, so many times."""

    def __init__(self, **switches: Any) -> None:
        self._lock = Lock()
        self.clear()
        self.set(switches)

    def clear(self) -> None:
        with self._lock:
            self.switches = dict(SWITCHES)
            self.matched = self.strikes = self.items = 0

    def set(self, switches: dict[str, Any]) -> None:
        """Sets the switches named and counts afresh; ValueError names one that does not exist."""
        if unknown := sorted(set(switches) - set(SWITCHES)):
            raise ValueError("no such fault: " + ", ".join(unknown))
        if switches.get("status") not in {None, *_STATUSES}:
            raise ValueError("status must be one of " + ", ".join(map(str, sorted(_STATUSES))))
        with self._lock:
            self.switches.update(switches)
            self.matched = self.strikes = self.items = 0

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

    def served(self, items: int) -> None:
        """Counts what went out, for the fault that lets a token die after so many titles."""
        with self._lock:
            self.items += items

    def denies(self, struck: dict[str, Any]) -> bool:
        return bool(struck.get("deny_after_items")) and self.items >= struck["deny_after_items"]

    def shown(self) -> dict[str, Any]:
        return {**self.switches, "matched": self.matched, "strikes": self.strikes}


def instead(call: Call) -> Answer | None:
    """The answer that stands in for the real one, where a fault wants that."""
    if status := call.struck.get("status"):
        return refusal(int(str(status)), int(str(call.struck.get("retry_after") or 1)))
    if call.struck.get("empty"):
        return Answer()
    if address := call.struck.get("redirect"):
        return Answer(b"", 302, "text/html", {"Location": f"{address}{call.path}"})
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
    """The real answer, damaged: late, cut short, or with a character XML forbids."""
    if answer.rows > int(str(call.struck.get("slow_page_over") or 0)):
        time.sleep(float(str(call.struck.get("slow_page_ms") or 0)) / 1000)
    if call.struck.get("plain_ok"):
        return Answer(b"OK", 200, "text/plain")
    if key := call.struck.get("bad_char_of"):
        answer.body = _unclean(answer.body, str(key), str(call.struck["bad_char_as"]))
    if call.struck.get("bad_char"):
        answer.body = answer.body.replace(b' summary="', b' summary="\x04', 1)
    if call.struck.get("truncate"):
        answer.body = answer.body[: len(answer.body) // 2]
    return answer


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in; `target` is the path with its query."""

    method: str
    target: str
    headers: dict[str, str] = field(repr=False)


def _unclean(body: bytes, key: str, character: str) -> bytes:
    """The answer with the character in the title of one item, wherever that item stands."""
    parts = body.split(f' ratingKey="{key}"'.encode())
    spoilt = [p.replace(b' title="', b' title="' + character.encode(), 1) for p in parts[1:]]
    return f' ratingKey="{key}"'.encode().join([parts[0], *spoilt])


class Requests:
    """How many requests of each kind came, and how many were in work at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        with self._lock:
            self.kinds: Counter[str] = Counter()
            self.refused = self.working = self.peak = 0
            self.asked: deque[Asked] = deque(maxlen=_REMEMBERED)

    def note(self, method: str, target: str, headers: dict[str, str]) -> None:
        """Remembers the latest requests word for word, for tests to look through."""
        self.asked.append(Asked(method, target, headers))

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
