"""The demo Plex server itself: checks the token, finds the route, answers in one write."""

from __future__ import annotations

import secrets
import socket
import time
from contextlib import nullcontext
from dataclasses import replace
from threading import RLock
from typing import Any

from plexsync.demo import (
    changes,
    hooks,
    routes_collections,
    routes_control,
    routes_library,
    routes_photos,
    routes_playback,
    routes_playlists,
    routes_server,
)
from plexsync.demo.as_json import as_json, wants_json
from plexsync.demo.faults import instead, spoil
from plexsync.demo.habits import seed_watching
from plexsync.demo.http import Answer, Call, Handling, Route, refusal
from plexsync.demo.library import Library
from plexsync.demo.listing import Listings
from plexsync.demo.people import ANA, GUESTS, Account, digest, named
from plexsync.demo.playlists import Playlists
from plexsync.demo.sessions import Played, Sessions
from plexsync.demo.titles import Item
from plexsync.demo.watching import Watching
from plexsync.demo.websocket import NOTIFICATIONS, Listeners, playing, timeline, wants_websocket
from plexsync.demo.wire import Served

ROUTES: list[Route] = [
    *routes_library.ROUTES,
    *routes_photos.ROUTES,
    *routes_playback.ROUTES,
    *routes_playlists.ROUTES,
    *routes_collections.ROUTES,
    *routes_server.ROUTES,
]
OPEN = {"/identity"}


class DemoPlex(Served):
    """A Plex server over a library, with its owner ana and those it is shared with."""

    def __init__(
        self,
        library: Library,
        port: int = 0,
        token: str | None = None,
        host: str = "127.0.0.1",
        *,
        faults: dict[str, Any] | None = None,
        seeded: bool = True,
        tls: str | None = None,
    ) -> None:
        """`tls` is the name in the certificate of a server that speaks https."""
        self.library = library
        self.token = token or secrets.token_urlsafe(15)
        guests = {digest(guest.name, self.token): guest for guest in GUESTS}
        self.accounts = {self.token: ANA, **guests}
        self.transient: dict[str, Account] = {}
        self.watching = Watching()
        if seeded:
            seed_watching(self.watching, library, list(self.accounts.values()))
        self.listings, self.playlists = Listings(library), Playlists()
        self.sessions = Sessions()
        self.television = False
        """Whether a television on the server's network can be told what to play."""
        self.played: list[Played] = []
        self.listeners = Listeners()
        self.lock = RLock()
        super().__init__(host, port, faults, tls)

    @property
    def library_server(self) -> DemoPlex:
        return self

    @property
    def ben_token(self) -> str:
        return self.token_of("ben")

    def who(self, token: str) -> Account | None:
        return self.accounts.get(token) or self.transient.get(token)

    def token_of(self, name: str) -> str:
        """The token this account acts with here; KeyError where it may not."""
        return {account.name: token for token, account in self.accounts.items()}[name]

    def withdraw(self, name: str) -> None:
        """Ends what was shared with the account: its token means nothing any more."""
        self.accounts.pop(self.token_of(name))

    def share(self, account: Account, token: str | None = None) -> None:
        """Shares with the account, as at first or anew."""
        self.accounts[token or digest(account.name, self.token)] = account

    def renew(self, name: str) -> str:
        """A new token in place of the account's old one, which is dead now."""
        account, token = named(name), secrets.token_urlsafe(15)
        self.accounts = {t: a for t, a in self.accounts.items() if a != account} | {token: account}
        if account.owner:
            self.token = token
        return token

    def change(self, **told: Any) -> dict[str, Any]:
        """Changes the library or what people watched: see `changes`."""
        with self.lock:
            return changes.made(self, told)

    def post_hook(self, url: str, event: str, key: int, account: str = "ana") -> int:
        """Calls a webhook as the server would of itself; the status that came back."""
        return hooks.post(self, url, event, key, named(account))

    def notify(self, notification: dict[str, Any]) -> None:
        """Sends a notification to everybody who listens at the websocket."""
        self.listeners.tell(notification)

    def tell_played(self, key: int, state: str = "stopped", offset: int = 0) -> None:
        """What the server says of itself when a player reports."""
        self.notify(playing(key, state, offset))

    def tell_scanned(self, item: Item, *, deleted: bool = False) -> None:
        """What the server says of itself when an item was read in, or went."""
        self.notify(timeline(item, deleted=deleted))

    def tell_read(self, key: int) -> None:
        item = self.library.find(key)
        if item:
            self.tell_scanned(item)

    def upgraded(self, call: Call, connection: socket.socket) -> bool:
        """Whether the request began a websocket, which then has been served to its end."""
        if call.path != NOTIFICATIONS or not wants_websocket(call):
            return False
        if self.who(call.asked("X-Plex-Token")) is None or instead(self._struck(call)):
            return False
        self.requests.begin("websocket")
        self.listeners.serve(connection, call.headers.get("Sec-WebSocket-Key") or "")
        self.requests.end(101)
        return True

    def _struck(self, call: Call) -> Call:
        call.struck = self.faults.strike(call.path)
        return call

    def stop(self) -> None:
        self.listeners.close()
        super().stop()

    def answer(self, call: Call) -> Answer:
        """1. find the route; 2. let faults strike; 3. check the token; 4. answer."""
        call.account = self.who(call.asked("X-Plex-Token"))
        if call.path.startswith("/demo/"):
            return routes_control.answer(call)
        kind, handler, found = self._routed(call)
        self.requests.begin(kind)
        answer = refusal(503)
        try:
            answer = self._considered(call, kind, handler, found)
        finally:
            self.requests.end(answer.status)
        return answer

    def _considered(
        self, call: Call, kind: str, handler: Handling | None, found: tuple[str, ...]
    ) -> Answer:
        call.struck = call.struck or self.faults.strike(call.path)
        time.sleep(float(str(call.struck.get("slow_ms") or 0)) / 1000)
        if faulty := instead(call):
            return faulty
        if call.struck.get("unclaimed"):
            call.account = ANA  # nobody's server is everybody's on its own network
        if call.path not in OPEN and (call.account is None or self.faults.denies(call.struck)):
            return refusal(401)
        if call.account and call.struck.get("forbid_owner"):
            call.account = replace(call.account, owner=False)
        if handler is None:
            return refusal(404)
        # Pictures take long to draw and change nothing: they need not wait for each other.
        with nullcontext() if kind == "photo" else self.lock:
            answer = handler(call, *found)
        self.faults.served(answer.rows)
        return spoil(call, as_json(answer) if wants_json(call) else answer)

    def _routed(self, call: Call) -> tuple[str, Handling | None, tuple[str, ...]]:
        for method, pattern, kind, handler in ROUTES:
            if method == call.method and (match := pattern.fullmatch(call.path)):
                return kind, handler, match.groups()
        return "unknown", None, ()
