"""Who has watched and rated what: one diary per account, and the history of plays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from plexsync.demo.titles import Collection, Episode, Item, Season, Title


@dataclass(slots=True)
class Watch:
    """What one account did with one film or episode."""

    count: int = 0
    viewed_at: int | None = None
    offset: int | None = None
    rating: float | None = None
    rated_at: int | None = None


UNTOUCHED = Watch()


@dataclass(slots=True)
class Play:
    """A line of the history; keeps the item, because the history outlives it."""

    number: int
    account: int
    item: Title | Episode
    at: int
    device: int = 1


@dataclass(slots=True)
class Diary:
    """The watches of one account, by rating key."""

    watches: dict[int, Watch] = field(default_factory=dict)

    def of(self, key: int) -> Watch:
        """To read only: untouched items share one empty watch."""
        return self.watches.get(key, UNTOUCHED)

    def entry(self, key: int) -> Watch:
        return self.watches.setdefault(key, Watch())

    def seen(self, keys: Iterable[int]) -> int:
        return sum(1 for key in keys if self.of(key).count)

    def summed(self, item: Item) -> Watch:
        """The watch of an item; shows and seasons add up their episodes."""
        own = self.of(item.key)
        if isinstance(item, (Episode, Collection)) or (
            isinstance(item, Title) and item.kind == "movie"
        ):
            return own
        return self._over(own, item)

    def _over(self, own: Watch, item: Title | Season) -> Watch:
        touched = [self.watches[key] for key in item.leaf_keys if key in self.watches]
        viewed = [watch.viewed_at for watch in touched if watch.viewed_at]
        total = sum(watch.count for watch in touched)
        return Watch(total, max(viewed, default=None), None, own.rating, own.rated_at)

    def scrobble(self, keys: Iterable[int], now: int) -> None:
        """Marks as watched: sets state only, a real server writes no history for it either."""
        for watch in map(self.entry, keys):
            watch.count += 1
            watch.viewed_at, watch.offset = now, None

    def unscrobble(self, keys: Iterable[int]) -> None:
        for watch in map(self.entry, keys):
            watch.count, watch.viewed_at, watch.offset = 0, None, None

    def rate(self, key: int, rating: float, now: int) -> None:
        """Plex clears a rating by -1."""
        watch = self.entry(key)
        watch.rating = rating if rating >= 0 else None
        watch.rated_at = now if rating >= 0 else None


class Watching:
    """The diaries of all accounts and their common history, oldest play first."""

    def __init__(self) -> None:
        self.diaries: dict[int, Diary] = {}
        self.plays: list[Play] = []
        self._numbers = 0

    def of(self, account: int) -> Diary:
        return self.diaries.setdefault(account, Diary())

    def play(self, account: int, item: Title | Episode, at: int, device: int = 1) -> Play:
        """Watched to the end: a view and a line of history."""
        self.of(account).scrobble([item.key], at)
        self._numbers += 1
        play = Play(self._numbers, account, item, at, device)
        self.plays.append(play)
        return play

    def sort(self) -> None:
        self.plays.sort(key=lambda play: play.at)

    def forget(self, number: int) -> None:
        self.plays = [play for play in self.plays if play.number != number]
