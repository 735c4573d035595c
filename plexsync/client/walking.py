"""Walk a listing page by page, however the server pages: nothing is lost, nothing is invented."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from moodrec.phrases import phrase
from plexsync.client.calling import Coming
from plexsync.client.errors import PlexError, PlexSlow, Unreadable
from plexsync.client.parsing import parsed

LEAST = 50  # entries a page: a server that can't say so many in time can't be mirrored
_KEY = re.compile(rb'ratingKey="(\d{1,18})"')
_TOTAL = re.compile(rb'totalSize="(\d{1,9})"')
UNREADABLE = phrase("its XML can't be read")
Fetch = Callable[[int, int], bytes]


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that can't be used, and why. ``key`` is what the server calls it, if anything."""

    key: str
    reason: str


@dataclass(slots=True)
class Page:
    """One page of a listing: entries as elements, and what the server says of the whole."""

    entries: list[Element]
    total: int
    skipped: list[Skipped] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.entries) + len(self.skipped)

    @property
    def keys(self) -> set[str]:
        return {entry.get("ratingKey", "") for entry in self.entries}


def pages(fetch: Fetch, size: int) -> Iterator[Page]:
    """Yield the pages that ``fetch(start, size)`` answers.

    Advances by what was received, not by what was asked for: servers cap or ignore paging.
    Goes on past the end while titles are lacking: servers repeat pages.
    """
    walk = _Walk(fetch, size)
    seen: set[str] = set()
    start, lost, page = 0, 0, None
    while page is None or len(seen) + lost < page.total:
        page = walk.page(start)
        fresh = page.keys - seen
        total = page.total
        lost += len(page.skipped)
        is_last = not len(page) or (start >= total and not fresh)
        start += len(page)
        yield page
        seen |= fresh
        if is_last:
            return


class _Walk:
    """The requests of one walk: smaller where the server is slow, one of them ahead."""

    def __init__(self, fetch: Fetch, size: int) -> None:
        self.fetch, self.size = fetch, size
        self._last, self._total = 0, 0  # entries of the last page, and of the whole listing
        self._coming: tuple[int, Coming[bytes]] | None = None

    def page(self, start: int) -> Page:
        """Read the page that begins here; halve it as long as it does not come in time."""
        while True:
            try:
                page = self._read(start)
            except PlexSlow:
                if self.size <= LEAST:
                    raise
                self.size, self._last = max(self.size // 2, LEAST), 0
            else:
                self._last, self._total = len(page), page.total
                self._ask_ahead(start)
                return page

    def _read(self, start: int) -> Page:
        body = self._body(start)
        self._ask_ahead(start)  # while this one is parsed; most pages are as long as the last
        try:
            return _page(body)
        except Unreadable as error:
            count = error.body.count(b' ratingKey="') or self.size
            return self._salvaged(start, min(count, self.size), error)

    def _body(self, start: int) -> bytes:
        coming, self._coming = self._coming, None
        if coming is not None and coming[0] == start:
            return coming[1].result()
        return self.fetch(start, self.size)

    def _ask_ahead(self, start: int) -> None:
        """Ask for the page after the one that begins here, unless that was done or there is none."""
        following = start + self._last
        known = self._coming is not None and self._coming[0] == following
        if self._last and following < self._total and not known:
            self._coming = following, Coming(self.fetch, following, self.size)

    def _salvaged(self, start: int, size: int, error: Unreadable) -> Page:
        """Read a page that no cleaning mends in halves, down to the entry that spoils it."""
        if size == 1:
            return _without(error)
        first = self._half(start, size // 2, error)
        second = self._half(start + size // 2, size - size // 2, error)
        return Page(first.entries + second.entries, second.total, first.skipped + second.skipped)

    def _half(self, start: int, size: int, whole: Unreadable) -> Page:
        body = self.fetch(start, size)
        try:
            return _page(body)
        except Unreadable as error:
            if len(error.body) >= len(whole.body):  # it pages as it likes: halving leads nowhere
                raise
            return self._salvaged(start, size, error)


def _page(body: bytes) -> Page:
    root = parsed(body)
    return Page(list(root), _total(root))


def _total(root: Element) -> int:
    try:
        return int(root.get("totalSize") or root.get("size") or 0)
    except ValueError:
        raise PlexError("not_plex", phrase("The listing's size is not a number.")) from None


def _without(error: Unreadable) -> Page:
    """A page of one entry that can't be read, named by what can still be seen of it."""
    key, total = _KEY.search(error.body), _TOTAL.search(error.body)
    skipped = Skipped(key[1].decode() if key else "", UNREADABLE)
    return Page([], int(total[1]) if total else 0, [skipped])
