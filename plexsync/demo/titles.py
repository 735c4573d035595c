"""What the demo library holds: films, shows with their seasons and episodes, and collections."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeAlias

FILMS, SERIES = 1, 2
"""Section numbers; a real server hands them out in the order the sections were made."""

# Fixed, not "now": a restart must not make every title look freshly added to a sync.
FIRST_ADDED = 1_672_560_000  # 2023-01-01
LAST_ADDED = 1_790_812_800  # 2026-10-01


@dataclass(slots=True, eq=False)
class Title:
    """A film or a show. `mark`, drawn from what it is, settles every invented detail."""

    key: int
    kind: str
    title: str
    year: int | None = None
    genres: tuple[str, ...] = ()
    minutes: int | None = None
    directors: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    language: str | None = None
    content_rating: str | None = None
    studio: str | None = None
    audience_rating: float | None = None
    critic_rating: float | None = None
    imdb: str | None = None
    tmdb: int | None = None
    collections: tuple[str, ...] = ()
    original_title: str | None = None
    released: str | None = None
    summary: str = ""
    seasons: tuple[int, ...] = ()
    invented: bool = False
    guid: str = ""
    mark: int = 0
    sort_title: str = ""
    added_at: int = 0
    updated_at: int = 0
    tvdb: int | None = None
    section: int = 0
    folder: str = ""
    edition: str | None = None
    labels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    """Of the soundtracks, by code; the title's own language, or English, if none is named."""
    versions: int = 1
    """How many files there are of it, each a `Media`."""
    deleted_at: int | None = None
    """Since when its file is gone and it waits for the trash to be emptied."""
    raw: dict[str, str | None] | None = None
    """Attributes as they are to stand in the XML, whatever they should be; None leaves one out."""
    raw_episodes: dict[str, str | None] | None = None

    def __post_init__(self) -> None:
        identity = self.imdb or f"{self.title}|{self.year}"
        digest = hashlib.sha1(f"{self.kind}:{identity}".encode(), usedforsecurity=False).hexdigest()
        self.guid = self.guid or f"plex://{self.kind}/{digest[:24]}"
        self.mark = int(digest[24:36], 16)
        self.sort_title = self.sort_title or sort_title(self.title)
        self.added_at = self.added_at or FIRST_ADDED + self.mark % (LAST_ADDED - FIRST_ADDED)
        self.updated_at = self.updated_at or self.added_at + self.mark % 2_000_000
        self.section = self.section or (FILMS if self.kind == "movie" else SERIES)
        self.folder = self.folder or ("films" if self.kind == "movie" else "series")

    @property
    def spoken(self) -> tuple[str, ...]:
        """The languages of its soundtracks; some foreign films have an English one besides."""
        own = self.language or "en"
        dubbed = ("en",) if own != "en" and self.mark % 3 else ()
        return self.languages or (own, *dubbed)

    @property
    def duration(self) -> int | None:
        """Milliseconds, as Plex counts; for a show that of a typical episode.

        Odd seconds, as files have, but rounding gives the minutes back.
        """
        return self.minutes * 60_000 + self.mark % 25_000 if self.minutes else None

    @property
    def leaf_keys(self) -> range:
        """The keys of a show's episodes: they follow its own key and those of its seasons."""
        start = self.key + 1 + len(self.seasons)
        return range(start, start + sum(self.seasons))

    @property
    def block(self) -> int:
        """How many keys the title takes, its seasons and episodes included."""
        return 1 + len(self.seasons) + sum(self.seasons)


@dataclass(slots=True, eq=False)
class Season:
    """One season, made when somebody looks: a big library would hold tens of thousands."""

    show: Title
    index: int

    kind = "season"

    @property
    def section(self) -> int:
        return self.show.section

    @property
    def key(self) -> int:
        return self.show.key + self.index

    @property
    def title(self) -> str:
        return f"Season {self.index}"

    @property
    def guid(self) -> str:
        return self.show.guid.replace("/show/", "/season/")[:-3] + f"{self.index:03d}"

    @property
    def leaf_keys(self) -> range:
        start = self.show.leaf_keys.start + sum(self.show.seasons[: self.index - 1])
        return range(start, start + self.show.seasons[self.index - 1])

    @property
    def sort_title(self) -> str:
        return self.title

    @property
    def added_at(self) -> int:
        return self.show.added_at

    @property
    def updated_at(self) -> int:
        return self.show.updated_at

    @property
    def year(self) -> int | None:
        return self.show.year + self.index - 1 if self.show.year else None


@dataclass(slots=True, eq=False)
class Episode:
    """One episode, made when somebody looks."""

    show: Title
    season: int
    index: int
    key: int

    kind = "episode"

    @property
    def section(self) -> int:
        return self.show.section

    @property
    def title(self) -> str:
        return f"Episode {self.index}"

    @property
    def guid(self) -> str:
        place = f"{self.season % 100:02d}{self.index % 1000:03d}"
        return self.show.guid.replace("/show/", "/episode/")[:-5] + place

    @property
    def sort_title(self) -> str:
        return self.title

    @property
    def mark(self) -> int:
        return (self.show.mark ^ (self.key * 2_654_435_761)) & 0xFFFF_FFFF_FFFF

    @property
    def duration(self) -> int | None:
        """Within a minute or two of the typical length."""
        typical = self.show.duration
        return typical + self.mark % 150_000 - 75_000 if typical else None

    @property
    def released(self) -> str | None:
        """Weekly from the show's first day, a new season each year."""
        if not self.show.released:
            return None
        weeks = timedelta(weeks=self.index - 1, days=364 * (self.season - 1))
        return (date.fromisoformat(self.show.released) + weeks).isoformat()

    @property
    def year(self) -> int | None:
        return self.show.year + self.season - 1 if self.show.year else None

    @property
    def added_at(self) -> int:
        return self.show.added_at

    @property
    def updated_at(self) -> int:
        return self.show.updated_at

    @property
    def content_rating(self) -> str | None:
        return self.show.content_rating

    @property
    def audience_rating(self) -> float | None:
        return self.show.audience_rating


@dataclass(slots=True, eq=False)
class Collection:
    """A collection is an item of its own, with a key, and its titles carry its name as a tag."""

    key: int
    title: str
    section: int
    members: list[int] = field(default_factory=list)
    summary: str = ""
    added_at: int = LAST_ADDED
    updated_at: int = LAST_ADDED
    sort_title: str = ""
    subtype: str = "movie"
    sort: int = 0
    """In which order its titles are shown; 2 is the order of `members`."""

    kind = "collection"

    def __post_init__(self) -> None:
        self.sort_title = self.sort_title or sort_title(self.title)

    @property
    def guid(self) -> str:
        digest = hashlib.sha1(self.title.encode(), usedforsecurity=False).hexdigest()
        return f"collection://{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:28]}"


Item: TypeAlias = Title | Season | Episode | Collection


def sort_title(title: str) -> str:
    """Plex files a title under its first word that is not an article."""
    first, _, rest = title.partition(" ")
    return rest if rest and first.lower() in {"the", "a", "an"} else title


def seasons_of(show: Title) -> Iterator[Season]:
    return (Season(show, number) for number in range(1, len(show.seasons) + 1))


def episodes_of(show: Title, only: int | None = None) -> Iterator[Episode]:
    """The episodes of a show in order, or those of one season of it."""
    key = show.leaf_keys.start
    for season, count in enumerate(show.seasons, start=1):
        if only in {None, season}:
            yield from (Episode(show, season, n + 1, key + n) for n in range(count))
        key += count
