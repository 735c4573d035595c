"""One request and its answer, and the small vocabulary the route files share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email.message import Message
from typing import TYPE_CHECKING, TypeAlias, TypeVar
from urllib.parse import unquote

from plexsync.demo.elements import Form, attributes, element
from plexsync.demo.sections import Section
from plexsync.demo.titles import Item, Title
from plexsync.demo.watching import Diary

if TYPE_CHECKING:
    from plexsync.demo.people import Account
    from plexsync.demo.server import DemoPlex

Row = TypeVar("Row")
_IDS = re.compile(r"/library/metadata/(\d+(?:,\d+)*)")
XML = "text/xml;charset=utf-8"
REASONS = {
    200: "OK",
    201: "Created",
    204: "No Content",
    302: "Found",
    303: "See Other",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    414: "URI Too Long",
    422: "Unprocessable Entity",
    429: "Too Many Requests",
    498: "Invalid Token",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
    520: "Unknown Error",
    522: "Connection Timed Out",
}


@dataclass(slots=True)
class Answer:
    """What goes back: one write carries all of it."""

    body: bytes = b""
    status: int = 200
    content_type: str = XML
    headers: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    """How many items it carries."""


@dataclass(slots=True)
class Call:
    """One request, with the account its token stands for and the faults that strike it."""

    plex: DemoPlex
    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Message
    body: bytes = b""
    account: Account | None = None
    peer: str = ""
    struck: dict[str, object] = field(default_factory=dict)

    def asked(self, name: str, default: str = "") -> str:
        """A parameter, or the header of the same name: Plex takes X-Plex-* either way."""
        return (
            dict(self.query).get(name)
            or (self.headers.get(name) if name.startswith("X-") else None)
            or default
        )

    def number(self, name: str, default: int = 0) -> int:
        found = self.asked(name)
        return int(found) if re.fullmatch(r"-?\d{1,15}", found) else default

    @property
    def user(self) -> Account:
        if self.account is None:
            raise PermissionError
        return self.account

    @property
    def diary(self) -> Diary:
        return self.plex.watching.of(self.user.number)

    def section(self, number: int) -> Section | None:
        """The section of this number, if the asking account may see it."""
        return self.plex.library.sections.get(number) if self.user.may_see(number) else None

    def find(self, key: int) -> Item | None:
        """The item of this key, if the asking account may see it."""
        item = self.plex.library.find(key)
        return item if item and self.section(item.section) else None

    def titles(self) -> list[Title]:
        """Every title the asking account may see."""
        return [t for t in self.plex.library.titles.values() if self.section(t.section)]

    def named(self, name: str = "uri") -> list[int]:
        """The rating keys in an address such as server://MACHINE/…/library/metadata/1,2,3.

        Its inside may be quoted again; the address of another server names nothing here.
        """
        address = unquote(unquote(self.asked(name)))
        machine = self.plex.library.machine_identifier
        if address.startswith("server://") and not address.startswith(f"server://{machine}/"):
            return []
        match = _IDS.search(address)
        return [int(key) for key in match.group(1).split(",")] if match else []

    def form(self, *, full: bool = False) -> Form:
        return Form(
            diary=self.diary,
            sections=self.plex.library.sections,
            full=full,
            guids=self.asked("includeGuids") == "1",
            chapters=full and self.asked("includeChapters") == "1",
            markers=full and self.asked("includeMarkers") == "1",
            no_elements=self._excluded("excludeElements"),
            no_fields=self._excluded("excludeFields"),
            spoiled=bool(self.struck.get("missing_attrs")),
            garbled=bool(self.struck.get("garbage_numbers")),
        )

    def _excluded(self, name: str) -> frozenset[str]:
        """What the answer is to leave out; an old server does not know the word."""
        if self.struck.get("ignore_excludes"):
            return frozenset()
        return frozenset(self.asked(name).split(","))


Handling: TypeAlias = Callable[..., Answer]
Route: TypeAlias = tuple[str, re.Pattern[str], str, Handling]


def route(method: str, path: str, kind: str, handler: Handling) -> Route:
    """A line of a route table; `kind` is what the request counts as."""
    return method, re.compile(path), kind, handler


def refusal(status: int, wait: int = 1) -> Answer:
    """Plex answers failures in HTML."""
    reason = REASONS[status]
    page = (
        f"<html><head><title>{reason}</title></head><body><h1>{status} {reason}</h1></body></html>"
    )
    headers = {"Retry-After": str(wait)} if status in {429, 503} else {}
    return Answer(page.encode(), status, "text/html", headers)


def container(inside: str = "", pairs: Iterable[tuple[str, object]] = ()) -> Answer:
    """A MediaContainer; its size is counted by the caller where it matters."""
    head = attributes(pairs)
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<MediaContainer{head}>{inside}</MediaContainer>\n'
    )
    return Answer(xml.encode())


LIBRARY = (
    ("allowSync", 1),
    ("identifier", "com.plexapp.plugins.library"),
    ("mediaTagPrefix", "/system/bundle/media/flags/"),
    ("mediaTagVersion", 1_762_000_000),
)


def paged(
    call: Call,
    rows: list[Row],
    show: Callable[[Row], str],
    pairs: Iterable[tuple[str, object]] = (),
) -> Answer:
    """One page of rows with size, totalSize and offset, as asked for or as the faults want it."""
    rows, start, size = _window(call, rows)
    page = rows if size is None else rows[start : start + size]
    total = len(rows) + (int(str(call.struck.get("grow") or 0)) if start else 0)
    head = [("size", len(page)), ("totalSize", total), ("offset", start), *LIBRARY, *pairs]
    answer = container("".join(map(show, page)), head)
    answer.rows = len(page)
    answer.headers = {
        "X-Plex-Container-Start": str(start),
        "X-Plex-Container-Total-Size": str(total),
    }
    return answer


def listed(call: Call, rows: Iterable[Item], pairs: Iterable[tuple[str, object]] = ()) -> Answer:
    """A page of items in their short form."""
    form = call.form()
    return paged(call, list(rows), lambda item: element(item, form), pairs)


def _window(call: Call, rows: list[Row]) -> tuple[list[Row], int, int | None]:
    struck = call.struck
    start = max(0, call.number("X-Plex-Container-Start"))
    asked = call.number("X-Plex-Container-Size", -1)
    size = None if asked < 0 and not start else len(rows) if asked < 0 else asked
    if struck.get("ignore_paging"):
        return rows, 0, None
    if cap := struck.get("cap_page"):
        size = min(int(str(cap)), len(rows) if size is None else size)
    if start and (share := struck.get("shrink")):
        rows = rows[: int(len(rows) * float(str(share)))]
    if start and struck.get("duplicate_pages"):
        start = max(0, start - (size or 0))
    if start and (overlap := struck.get("overlap")):
        start = max(0, start - int(str(overlap)))
    return rows, start, size
