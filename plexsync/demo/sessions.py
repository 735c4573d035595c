"""What is playing now, and the play queues players are handed."""

from __future__ import annotations

from dataclasses import dataclass, field

from plexsync.demo.titles import Episode, Title


@dataclass(slots=True)
class Session:
    """One player showing one item."""

    number: int
    account: int
    user: str
    item: Title | Episode
    offset: int = 0
    state: str = "playing"
    player: str = "living-room-tv"


@dataclass(frozen=True, slots=True)
class Played:
    """What a player was told to play: by whom, from where, and to which player it was addressed."""

    account: str
    key: int
    target: str
    query: dict[str, str]


@dataclass(slots=True)
class Queue:
    """An ordered list of items a player works through; item ids count on across queues."""

    number: int
    items: list[tuple[int, Title | Episode]]
    selected: int = 0
    uri: str = ""
    version: int = 1
    shuffled: bool = False


@dataclass(slots=True)
class Sessions:
    """Sessions by account and player, queues by number."""

    playing: dict[tuple[int, str], Session] = field(default_factory=dict)
    queues: dict[int, Queue] = field(default_factory=dict)
    _counted: int = 0

    def _next(self) -> int:
        self._counted += 1
        return self._counted

    def report(
        self, account: int, user: str, item: Title | Episode, offset: int, state: str, player: str
    ) -> None:
        """A player says where it is; a stopped one is forgotten."""
        where = (account, player)
        if state == "stopped":
            self.playing.pop(where, None)
            return
        known = self.playing.get(where)
        number = known.number if known else self._next()
        self.playing[where] = Session(number, account, user, item, offset, state, player)

    def queue(self, items: list[Title | Episode], uri: str, selected: int = 0) -> Queue:
        number = self._next()
        queue = Queue(number, [(self._next(), item) for item in items], selected, uri)
        self.queues[number] = queue
        return queue
