"""The demo library: read from its files, searched by key or guid, changed while it is served."""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from plexsync.demo.sections import Section, usual_sections
from plexsync.demo.titles import (
    Collection,
    Episode,
    Item,
    Season,
    Title,
    episodes_of,
    seasons_of,
    sort_title,
)

HERE = Path(__file__).parent
# Each kind has its own range of keys, so adding a film to the file moves no show.
FIRST_FILM, FIRST_SHOW, FIRST_COLLECTION, FIRST_NEW = 1_001, 200_001, 2_000_001, 3_000_001
BY_DATE, BY_TITLE = 0, 1
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Library:
    """Titles by key, with their collections. Every change raises `version`, as a scan does."""

    def __init__(
        self, name: str, titles: Iterable[Title], sections: dict[int, Section] | None = None
    ) -> None:
        self.name = name
        self.sections = sections or usual_sections()
        self.titles: dict[int, Title] = {title.key: title for title in titles}
        self.collections: dict[int, Collection] = {}
        self.version = 0
        self.next_key = FIRST_NEW
        self._away: list[Title] = []
        self._shows = sorted(key for key, title in self.titles.items() if title.kind == "show")
        self._collect()
        self.machine_identifier = self._identify()

    def _collect(self) -> None:
        named: dict[tuple[int, str], list[int]] = {}
        for title in self.titles.values():
            for name in title.collections:
                named.setdefault((title.section, name), []).append(title.key)
        for key, (section, name) in enumerate(sorted(named), start=FIRST_COLLECTION):
            kind = self.sections[section].kind
            self.collections[key] = Collection(
                key, name, section, named[section, name], subtype=kind
            )

    def _identify(self) -> str:
        """The same library is the same server at every start."""
        digest = hashlib.sha1(self.name.encode(), usedforsecurity=False)
        for title in self.titles.values():
            digest.update(title.guid.encode())
        return digest.hexdigest()

    def new_key(self, count: int = 1) -> int:
        key = self.next_key
        self.next_key += count
        return key

    def find(self, key: int) -> Item | None:
        """A title, collection, season or episode by its rating key."""
        return self.titles.get(key) or self.collections.get(key) or self._find_in_show(key)

    def _find_in_show(self, key: int) -> Season | Episode | None:
        at = bisect_right(self._shows, key) - 1
        show = self.titles[self._shows[at]] if at >= 0 else None
        if show is None or key >= show.key + show.block:
            return None
        if key <= show.key + len(show.seasons):
            return Season(show, key - show.key)
        return next(episode for episode in episodes_of(show) if episode.key == key)

    def items(self, section: int, kind: str) -> Iterator[Item]:
        """Everything of one kind in a section."""
        if kind == "collection":
            yield from (c for c in self.collections.values() if c.section == section)
            return
        for title in self.titles.values():
            if title.section != section:
                continue
            if title.kind == kind:
                yield title
            elif kind == "season":
                yield from seasons_of(title)
            elif kind == "episode":
                yield from episodes_of(title)

    def children(self, item: Item) -> list[Item]:
        if isinstance(item, Collection):
            return self._members(item)
        if isinstance(item, Season):
            return list(episodes_of(item.show, item.index))
        return list(seasons_of(item)) if isinstance(item, Title) else []

    def _members(self, collection: Collection) -> list[Item]:
        titles = [self.titles[key] for key in collection.members if key in self.titles]
        if collection.sort == BY_DATE:
            titles.sort(key=lambda title: title.released or f"{title.year or 0:04d}")
        elif collection.sort == BY_TITLE:
            titles.sort(key=lambda title: title.sort_title.casefold())
        return [*titles]

    def leaves(self, item: Item) -> list[Title | Episode]:
        """What can be played: a film or episode itself, every episode of a show or season."""
        if isinstance(item, Collection):
            return [leaf for child in self.children(item) for leaf in self.leaves(child)]
        if isinstance(item, Season):
            return list(episodes_of(item.show, item.index))
        if isinstance(item, Title) and item.kind == "show":
            return list(episodes_of(item))
        return [item]

    def changed(self, *items: Item, now: int | None = None) -> None:
        """Notes a change: contentChangedAt moves, and the items' updatedAt.

        Without items every section has changed.
        """
        self.version += 1
        for number in {item.section for item in items} or set(self.sections):
            if number in self.sections:
                self.sections[number].changes += 1
        for item in items:
            if now and isinstance(item, (Title, Collection)):
                item.updated_at = now

    def remove(self, key: int) -> Title:
        title = self.titles.pop(key)
        if title.kind == "show":
            self._shows.remove(key)
        for collection in self.collections.values():
            if key in collection.members:
                collection.members.remove(key)
        self.changed(title)
        return title

    def add(self, title: Title) -> None:
        self.titles[title.key] = title
        if title.kind == "show":
            insort(self._shows, title.key)
        for collection in self.collections.values():
            if collection.section == title.section and collection.title in title.collections:
                collection.members.append(title.key)
        self.changed(title)

    def add_section(self, section: Section) -> None:
        self.sections[section.number] = section
        self.changed()

    def remove_section(self, number: int) -> None:
        """The section goes with everything in it; its number is never given again."""
        for key in [key for key, title in self.titles.items() if title.section == number]:
            self.remove(key)
        for key in [key for key, made in self.collections.items() if made.section == number]:
            del self.collections[key]
        del self.sections[number]
        self.version += 1

    def copy(self, key: int, section: int, now: int, *, edition: str | None = None) -> int:
        """The same title once more, under a key of its own: in another section or edition."""
        old = self.titles[key]
        new = replace(
            old,
            key=self.new_key(old.block),
            section=section,
            folder=self.sections[section].title.lower(),
            edition=edition,
            collections=(),
            added_at=now,
            updated_at=now,
        )
        self.add(new)
        return new.key

    def unmount(self, section: int, share: float = 1.0) -> int:
        """Takes away so much of a section, as if a drive were missing; says how many titles."""
        keys = sorted(key for key, title in self.titles.items() if title.section == section)
        gone = keys[len(keys) - round(len(keys) * share) :]
        self._away += [self.remove(key) for key in gone]
        return len(gone)

    def remount(self) -> int:
        """Brings back what `unmount` took, under its old keys."""
        back, self._away = self._away, []
        for title in back:
            self.add(title)
        return len(back)

    def readd(self, key: int, now: int) -> int:
        """Takes a title out and scans it in again: the same guid under a new key."""
        title = self.remove(key)
        title.key = self.new_key(title.block)
        title.added_at = title.updated_at = now
        self.add(title)
        return title.key

    def tag(self, collection: Collection, keys: Iterable[int]) -> None:
        for title in (self.titles[key] for key in keys if key in self.titles):
            if title.key not in collection.members:
                collection.members.append(title.key)
                title.collections = (*title.collections, collection.title)
        self.changed(collection)

    def rename(self, item: Title | Collection, title: str, now: int) -> None:
        """Renaming a collection renames the tag on its titles."""
        if isinstance(item, Collection):
            for member in (self.titles[key] for key in item.members):
                tags = (title if tag == item.title else tag for tag in member.collections)
                member.collections = tuple(tags)
        item.title, item.sort_title = title, sort_title(title)
        self.changed(item, now=now)

    def untag(self, collection: Collection, keys: Iterable[int]) -> None:
        for key in [key for key in keys if key in collection.members]:
            collection.members.remove(key)
            title = self.titles[key]
            title.collections = tuple(t for t in title.collections if t != collection.title)
        self.changed(collection)


def read_library(name: str = "MoodRec demo", folder: Path = HERE) -> Library:
    """The demo library that ships with MoodRec."""
    films = _lines(folder / "films.jsonl")
    shows = _lines(folder / "series.jsonl")
    titles = [title_from(line, FIRST_FILM + n) for n, line in enumerate(films)]
    key = FIRST_SHOW
    for line in shows:
        show = title_from(line, key)
        titles.append(show)
        key += show.block
    return Library(name, titles)


def title_from(line: dict[str, Any], key: int) -> Title:
    """One line of the file as a title; `seasons` is what makes it a show."""
    known: dict[str, Any] = {name: _clean(line.get(source)) for name, source in FIELDS.items()}
    known |= {name: tuple(_clean(line.get(name)) or ()) for name in TAGS}
    known["summary"] = known["summary"] or ""
    kind = "show" if "seasons" in line else "movie"
    return Title(key, kind, seasons=tuple(line.get("seasons") or ()), **known)


FIELDS = {
    "title": "title",
    "year": "year",
    "minutes": "runtime_minutes",
    "language": "language",
    "content_rating": "content_rating",
    "studio": "studio",
    "audience_rating": "audience_rating",
    "critic_rating": "critic_rating",
    "imdb": "imdb",
    "tmdb": "tmdb",
    "original_title": "original_title",
    "released": "released",
    "summary": "summary",
}
TAGS = ("genres", "directors", "writers", "cast", "countries", "collections")


def _clean(value: Any) -> Any:
    """Text without the characters XML cannot carry; everything else as it is."""
    if isinstance(value, list):
        return [_clean(entry) for entry in value]
    return NOT_XML.sub("", value) if isinstance(value, str) else value


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]
