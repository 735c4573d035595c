"""Which items a listing answers: filters, sorts and pages as Plex understands them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from plexsync.demo.elements import tag_id
from plexsync.demo.library import Library
from plexsync.demo.titles import Episode, Item, Title
from plexsync.demo.watching import Diary

Query = list[tuple[str, str]]
KINDS = {1: "movie", 2: "show", 3: "season", 4: "episode", 18: "collection"}
TAGS = {
    "genre": ("Genre", "genres"),
    "director": ("Director", "directors"),
    "writer": ("Writer", "writers"),
    "actor": ("Role", "cast"),
    "country": ("Country", "countries"),
    "collection": ("Collection", "collections"),
}
PLAIN = {
    "title": "title",
    "titleSort": "sort_title",
    "guid": "guid",
    "year": "year",
    "id": "key",
    "index": "index",
    "addedAt": "added_at",
    "updatedAt": "updated_at",
    "duration": "duration",
    "rating": "critic_rating",
    "audienceRating": "audience_rating",
    "contentRating": "content_rating",
    "studio": "studio",
    "summary": "summary",
    "originallyAvailableAt": "released",
}
SEEN = {
    "viewCount": "count",
    "lastViewedAt": "viewed_at",
    "viewOffset": "offset",
    "userRating": "rating",
    "lastRatedAt": "rated_at",
}
_FIELD = re.compile(r"(?:[a-z]+\.)?([A-Za-z]+)([!<>=&]*)$")
_AGO = re.compile(r"-(\d+)(mon|[smhdwy])$")
_SECONDS = {
    "s": 1,
    "m": 60,
    "h": 3600,
    "d": 86_400,
    "w": 604_800,
    "mon": 2_592_000,
    "y": 31_536_000,
}
_CACHED_ORDERS = 6


class Listings:
    """Answers listings of one library; remembers the orders that do not depend on who asks."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._orders: dict[tuple[object, ...], list[Item]] = {}

    def rows(self, section: int, kind: str, query: Query, diary: Diary) -> list[Item]:
        """Every item the query means, in its order."""
        sort = dict(query).get("sort") or "titleSort"
        rows = self._ordered(section, kind, sort, diary)
        for accept in filters(query, diary):
            rows = [item for item in rows if accept(item)]
        limit = dict(query).get("limit", "")
        return rows[: int(limit)] if limit.isdigit() else rows

    def _ordered(self, section: int, kind: str, sort: str, diary: Diary) -> list[Item]:
        if any(name in sort for name in SEEN):
            return ordered(self.library.items(section, kind), sort, diary)
        wanted = (self.library.version, section, kind, sort)
        if wanted not in self._orders:
            while len(self._orders) >= _CACHED_ORDERS:
                self._orders.pop(next(iter(self._orders)))
            self._orders[wanted] = ordered(self.library.items(section, kind), sort, diary)
        return self._orders[wanted]


def kind_asked(default: str, query: Query) -> str:
    """The kind named by `type`, else what the section is made of."""
    number = dict(query).get("type", "")
    return KINDS.get(int(number), default) if number.isdigit() else default


def ordered(items: Iterable[Item], sort: str, diary: Diary) -> list[Item]:
    """Sorted by each field named, the first weighing most; without a value goes first."""
    rows = sorted(items, key=lambda item: item.key)
    for part in reversed(sort.split(",")):
        field, _, direction = part.partition(":")
        name = field.rpartition(".")[2]
        rows.sort(key=lambda item: _order(value(item, name, diary)), reverse=direction == "desc")
    return rows


def _order(found: Any) -> tuple[bool, Any]:
    if isinstance(found, str):
        found = found.casefold()
    return (found is not None, 0 if found is None else found)


def value(item: Item, name: str, diary: Diary) -> Any:
    """The field of an item as filters and sorts see it."""
    if name in SEEN:
        return getattr(diary.summed(item), SEEN[name]) or None
    return getattr(item, PLAIN[name], None) if name in PLAIN else None


def filters(query: Query, diary: Diary) -> list[Callable[[Item], bool]]:
    """The conditions of a query; all must hold. Parameters that are no filter are passed over."""
    found = []
    for parameter, wanted in query:
        match = _FIELD.match(parameter)
        make = _maker(match.group(1)) if match else None
        if match and make:
            found.append(make(match.group(1), match.group(2), wanted, diary))
    return found


Condition = Callable[[Item], bool]


def _maker(name: str) -> Callable[[str, str, str, Diary], Condition] | None:
    if name in {"unwatched", "inProgress", "unwatchedLeaves"}:
        return _flag
    if name in TAGS:
        return _tagged
    if name == "decade":
        return _decade
    if name in {"title", "studio", "summary"}:
        return _text
    return _compared if name in PLAIN or name in SEEN else None


def _flag(name: str, operator: str, wanted: str, diary: Diary) -> Condition:
    claim = (wanted in {"1", "true"}) != operator.startswith("!")

    def holds(item: Item) -> bool:
        if name == "inProgress":
            return bool(diary.summed(item).offset) == claim
        keys = getattr(item, "leaf_keys", None)
        leaves = keys if keys is not None and item.kind != "movie" else [item.key]
        return (diary.seen(leaves) < len(leaves)) == claim

    return holds


def _tagged(name: str, operator: str, wanted: str, _: Diary) -> Condition:
    kind, attribute = TAGS[name]
    values = set(wanted.split(","))

    def holds(item: Item) -> bool:
        title = item.show if isinstance(item, Episode) else item
        tags = getattr(title, attribute, ()) if isinstance(title, Title) else ()
        hit = any(tag in values or str(tag_id(kind, tag)) in values for tag in tags)
        return hit != operator.startswith("!")

    return holds


def _decade(_: str, __: str, wanted: str, ___: Diary) -> Condition:
    decades = {int(year) // 10 for year in wanted.split(",") if year.isdigit()}
    return lambda item: (getattr(item, "year", None) or 0) // 10 in decades


def _text(name: str, operator: str, wanted: str, diary: Diary) -> Condition:
    """Plain means contains; `==` is exact, `<` begins with, `>` ends with."""
    low = wanted.casefold()
    tests: dict[str, Callable[[str], bool]] = {
        "": lambda found: low in found,
        "!": lambda found: low not in found,
        "=": lambda found: found == low,
        "!=": lambda found: found != low,
        "<": lambda found: found.startswith(low),
        ">": lambda found: found.endswith(low),
    }
    test = tests.get(operator, tests[""])
    return lambda item: test(str(value(item, name, diary) or "").casefold())


def _compared(name: str, operator: str, wanted: str, diary: Diary) -> Condition:
    choices = [_number(choice) for choice in wanted.split(",")]
    after, before = operator.startswith(">"), operator.startswith("<")

    def holds(item: Item) -> bool:
        found = _number(value(item, name, diary))
        if after or before:
            ready = isinstance(found, float) and isinstance(choices[0], float)
            return ready and (found > choices[0] if after else found < choices[0])
        return (found in choices) != operator.startswith("!")

    return holds


def _number(found: Any) -> Any:
    """Numbers as numbers, dates and "-30d" as epochs, the rest as text."""
    if isinstance(found, (int, float)):
        return float(found)
    shown = str(found or "")
    if ago := _AGO.match(shown):
        return time.time() - int(ago.group(1)) * _SECONDS[ago.group(2)]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", shown):
        return float(time.mktime(time.strptime(shown, "%Y-%m-%d")))
    return float(shown) if re.fullmatch(r"-?\d+(\.\d+)?", shown) else shown
