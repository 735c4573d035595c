"""The playlists of each account: an ordered list in which a title may stand twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Playlist:
    """A playlist; `entries` pairs the id of each place with the rating key standing there."""

    key: int
    account: int
    title: str
    added_at: int
    updated_at: int
    summary: str = ""
    entries: list[tuple[int, int]] = field(default_factory=list)
    content: str | None = None
    """The query of a smart playlist."""


class Playlists:
    """All playlists by key; each is seen by its own account only."""

    def __init__(self) -> None:
        self.by_key: dict[int, Playlist] = {}
        self._places = 0

    def of(self, account: int) -> list[Playlist]:
        return [playlist for playlist in self.by_key.values() if playlist.account == account]

    def find(self, account: int, key: int) -> Playlist | None:
        playlist = self.by_key.get(key)
        return playlist if playlist and playlist.account == account else None

    def create(self, key: int, account: int, title: str, now: int) -> Playlist:
        self.by_key[key] = Playlist(key, account, title, now, now)
        return self.by_key[key]

    def append(self, playlist: Playlist, keys: Iterable[int], now: int) -> None:
        for key in keys:
            self._places += 1
            playlist.entries.append((self._places, key))
        playlist.updated_at = now

    def take(self, playlist: Playlist, place: int, now: int) -> bool:
        """Takes one place out; says whether it was there."""
        before = len(playlist.entries)
        playlist.entries = [entry for entry in playlist.entries if entry[0] != place]
        playlist.updated_at = now
        return len(playlist.entries) < before

    def move(self, playlist: Playlist, place: int, after: int, now: int) -> bool:
        """Puts one place behind another, or first; says whether it was there."""
        moved = [entry for entry in playlist.entries if entry[0] == place]
        rest = [entry for entry in playlist.entries if entry[0] != place]
        at = next((n + 1 for n, entry in enumerate(rest) if entry[0] == after), 0)
        playlist.entries = [*rest[:at], *moved, *rest[at:]]
        playlist.updated_at = now
        return bool(moved)
