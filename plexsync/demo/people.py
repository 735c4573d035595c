"""Who the demo knows: the accounts of plex.tv and what each may do on the demo's server."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from plexsync.demo.titles import FILMS


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody with an account at plex.tv. On the server the owner is number 1, others keep theirs."""

    plex_id: int
    name: str
    kind: str
    """owner, friend, home (of the owner's Plex Home), managed (no login of their own) or stranger."""
    pin: str = ""
    sections: frozenset[int] | None = None
    """The libraries that are shared with them; None for all."""
    owner: bool = False
    restricted: bool = False

    @property
    def number(self) -> int:
        return 1 if self.kind == "owner" else self.plex_id

    @property
    def email(self) -> str:
        return "" if self.kind == "managed" else f"{self.name}@household.example"

    @property
    def lives_here(self) -> bool:
        return self.kind in {"owner", "home", "managed"}

    @property
    def uuid(self) -> str:
        return digest(f"uuid of {self.plex_id}", "")[:16]

    def may_see(self, section: int) -> bool:
        return self.sections is None or section in self.sections


ANA = Account(4_711_001, "ana", "owner", owner=True)
BEN = Account(4_711_002, "ben", "friend")
CLEO = Account(4_711_003, "cleo", "home", pin="1234")
DORA = Account(4_711_004, "dora", "managed", sections=frozenset({FILMS}), restricted=True)
EVE = Account(4_711_009, "eve", "stranger")
PEOPLE = (ANA, BEN, CLEO, DORA, EVE)
GUESTS = (BEN, CLEO, DORA)


def named(name: str) -> Account:
    """The account of this name; KeyError where the demo knows nobody of it."""
    return {account.name: account for account in PEOPLE}[name]


def digest(what: str, secret: str) -> str:
    """A token derived from a secret: whoever was given the one can act as everybody of the demo."""
    return hashlib.sha256(f"{what} of {secret}".encode()).hexdigest()[:20]
