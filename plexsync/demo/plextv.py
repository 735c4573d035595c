"""A demo plex.tv: accounts, pins, resources, the Plex Home and who a server is shared with.

Stands for https://plex.tv and https://app.plex.tv beside a `DemoPlex`.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from threading import RLock
from typing import Any

from plexsync.demo import (
    routes_plextv,
    routes_plextv_pages,
    routes_plextv_servers,
    routes_plextv_sharing,
)
from plexsync.demo.faults import instead
from plexsync.demo.http import Answer, Call, Handling, Route
from plexsync.demo.people import Account, digest, named
from plexsync.demo.plextv_answers import refused
from plexsync.demo.server import DemoPlex
from plexsync.demo.wire import Served

ROUTES: list[Route] = [
    *routes_plextv.ROUTES,
    *routes_plextv_servers.ROUTES,
    *routes_plextv_sharing.ROUTES,
    *routes_plextv_pages.ROUTES,
]
STRONG_SECONDS, LINK_SECONDS = 1_800, 900
# What plex.tv/link has to type: no letters or digits that look like others.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(slots=True)
class Pin:
    """A sign-in that waits for somebody to say yes."""

    number: int
    code: str
    client: str
    product: str
    made_at: float
    expires_in: int
    token: str | None = None

    @property
    def expired(self) -> bool:
        return time.time() >= self.made_at + self.expires_in


class DemoPlexTv(Served):
    """plex.tv as the household of the demo knows it.

    ana owns the server, ben is a friend, cleo lives in ana's Plex Home behind the PIN 1234, dora
    is a managed user of it, and eve is a stranger with a server of her own.
    """

    def __init__(
        self,
        plex: DemoPlex,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        faults: dict[str, Any] | None = None,
    ) -> None:
        self.plex = plex
        self.pins: dict[int, Pin] = {}
        self.tokens: dict[str, Account] = {}
        self.wrong_pins = 0
        self.players = True
        """Whether a television of the household is switched on and says so."""
        self.connections: list[dict[str, Any]] | None = None
        """The addresses told of the server instead of the usual ones."""
        self.lock = RLock()
        super().__init__(host, port, faults)

    @property
    def library_server(self) -> DemoPlex:
        return self.plex

    def approve(self, code: str | int, name: str = "ana") -> Pin:
        """What somebody does who signs in as `name` and says yes; KeyError for an unknown code."""
        pin = self.pin(code)
        pin.token = self.token_of(name)
        return pin

    def expire(self, code: str | int) -> None:
        self.pin(code).expires_in = 0

    def pin(self, code: str | int) -> Pin:
        """A pin by its code or its number; KeyError where there is none."""
        wanted = str(code).upper()
        for pin in self.pins.values():
            if wanted in {pin.code.upper(), str(pin.number)} and not pin.expired:
                return pin
        raise KeyError(code)

    def make_pin(self, client: str, product: str, *, strong: bool) -> Pin:
        code = (
            secrets.token_hex(12) if strong else "".join(secrets.choice(_LETTERS) for _ in range(4))
        )
        lasts = STRONG_SECONDS if strong else LINK_SECONDS
        number = 700_000_001 + len(self.pins)
        self.pins[number] = Pin(number, code, client, product, time.time(), lasts)
        return self.pins[number]

    def token_of(self, name: str) -> str:
        """The account's token at plex.tv, which is not its token on the server."""
        account = named(name)
        for token, holder in self.tokens.items():
            if holder == account:
                return token
        return self.new_token(account)

    def new_token(self, account: Account) -> str:
        token = digest(f"account {account.name} {secrets.token_hex(4)}", self.plex.token)
        self.tokens[token] = account
        return token

    def revoke(self, name: str) -> None:
        """All of the account's tokens die, as after a changed password."""
        account = named(name)
        for token in [token for token, holder in self.tokens.items() if holder == account]:
            del self.tokens[token]

    def withdraw(self, name: str) -> None:
        """The owner takes back what was shared with the account."""
        self.plex.withdraw(name)

    def share(self, name: str) -> None:
        """The owner shares with the account (again)."""
        self.plex.share(named(name))

    def server_token(self, account: Account) -> str | None:
        """The token of an account on the demo's server; None where it may not look at it."""
        found = (token for token, holder in self.plex.accounts.items() if holder == account)
        return next(found, None)

    def answer(self, call: Call) -> Answer:
        """1. find the route; 2. let faults strike; 3. check who asks; 4. answer."""
        kind, handler, found = self._routed(call)
        self.requests.begin(kind)
        answer = refused(call, 500)
        try:
            answer = self._considered(call, handler, found)
        finally:
            self.requests.end(answer.status)
        return answer

    def _considered(self, call: Call, handler: Handling | None, found: tuple[str, ...]) -> Answer:
        call.struck = self.faults.strike(call.path)
        time.sleep(float(str(call.struck.get("slow_ms") or 0)) / 1000)
        if status := call.struck.get("status"):
            return refused(call, int(str(status)))
        if faulty := instead(call):
            return faulty
        if handler is None:
            return refused(call, 404)
        if call.path.startswith("/api/") and not call.asked("X-Plex-Client-Identifier"):
            return refused(call, 400)
        call.account = self.tokens.get(call.asked("X-Plex-Token"))
        if call.account is None and not routes_plextv.is_open(call):
            return refused(call, int(str(call.struck.get("dead_token_status") or 401)))
        with self.lock:
            return handler(self, call, *found)

    def _routed(self, call: Call) -> tuple[str, Handling | None, tuple[str, ...]]:
        for method, pattern, kind, handler in ROUTES:
            if method == call.method and (match := pattern.fullmatch(call.path)):
                return kind, handler, match.groups()
        return "unknown", None, ()
