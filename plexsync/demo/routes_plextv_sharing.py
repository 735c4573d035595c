"""The people of plex.tv: the Plex Home, friends, and whom a server is shared with."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from plexsync.demo.elements import attributes, tag
from plexsync.demo.http import Answer, Call, Route, container, route
from plexsync.demo.people import GUESTS, PEOPLE, Account
from plexsync.demo.plextv_answers import person, refused

if TYPE_CHECKING:
    from plexsync.demo.plextv import DemoPlexTv

_ACCEPTED = 1_600_000_000
_HOME = 4_711_000
# After so many wrong PINs of a home user plex.tv asks for patience.
MOST_WRONG_PINS = 5


def home_users(_tv: DemoPlexTv, call: Call) -> Answer:
    """The Plex Home of whoever asks: one is alone in it unless one is ana's family."""
    here = [a for a in PEOPLE if a.lives_here] if call.user.lives_here else [call.user]
    pairs = (("friendlyName", "myPlex"), ("id", _HOME), ("name", "Home"), ("size", len(here)))
    return _container("".join(_home_user(account) for account in here), pairs)


def _home_user(account: Account) -> str:
    pairs = {
        **person(account),
        "uuid": account.uuid,
        "hasPassword": account.kind != "managed",
        "admin": account.owner,
        "home": True,
    }
    return tag("User", _flat(pairs))


def _flat(pairs: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(k, int(v) if isinstance(v, bool) else v) for k, v in pairs.items()]


def _container(inside: str, pairs: Any) -> Answer:
    answer = container(inside, pairs)
    answer.content_type = "application/xml; charset=utf-8"
    return answer


def switch(tv: DemoPlexTv, call: Call, number: str) -> Answer:
    """Act as somebody of the same home; whoever has a PIN wants it typed."""
    account = next((a for a in PEOPLE if str(a.plex_id) == number and a.lives_here), None)
    if not call.user.lives_here or account is None:
        return refused(call, 404)
    if tv.wrong_pins >= MOST_WRONG_PINS:
        return refused(call, 429)
    if account.pin and call.asked("pin") != account.pin:
        tv.wrong_pins += 1
        return refused(call, 403, 1041, "Invalid PIN")
    tv.wrong_pins = 0
    shown = {**person(account), "authenticationToken": tv.new_token(account)}
    shown |= {"uuid": account.uuid, "home": True, "admin": account.owner}
    return _xml_only("user", shown)


def _xml_only(name: str, shown: dict[str, Any]) -> Answer:
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<{name}{attributes(_flat(shown))}/>\n'
    return Answer(xml.encode(), 201, "application/xml; charset=utf-8")


def friends(tv: DemoPlexTv, call: Call) -> Answer:
    """Everybody one shares with, those at home included."""
    people = [a for a in GUESTS if tv.server_token(a)] if call.user.owner else []
    machine = tv.plex.library.machine_identifier
    pairs = (
        ("friendlyName", "myPlex"),
        ("identifier", "com.plexapp.plugins.myplex"),
        ("machineIdentifier", machine),
        ("totalSize", len(people)),
        ("size", len(people)),
    )
    return _container("".join(_friend(tv, account) for account in people), pairs)


def _friend(tv: DemoPlexTv, account: Account) -> str:
    library = tv.plex.library
    server = (
        ("id", account.plex_id + 20_000_000),
        ("serverId", 8_001),
        ("machineIdentifier", library.machine_identifier),
        ("name", library.name),
        ("lastSeenAt", int(time.time())),
        ("allLibraries", int(account.sections is None)),
        ("owned", 0),
        ("pending", 0),
    )
    pairs = {
        **person(account),
        "home": account.lives_here,
        "allowTuners": 0,
        "allowSync": 1,
        "allowCameraUpload": 0,
        "allowChannels": 0,
        "filterAll": "",
    }
    return tag("User", _flat(pairs), tag("Server", server))


def shared_servers(tv: DemoPlexTv, call: Call, machine: str) -> Answer:
    """Who the server is shared with and their tokens on it: for its owner only."""
    if machine != tv.plex.library.machine_identifier:
        return refused(call, 404)
    if not call.user.owner:
        return refused(call, 403)
    shared = [(token, a) for token, a in tv.plex.accounts.items() if not a.owner]
    pairs = (
        ("friendlyName", "myPlex"),
        ("identifier", "com.plexapp.plugins.myplex"),
        ("machineIdentifier", machine),
        ("size", len(shared)),
    )
    inside = "".join(_shared(tv, token, account) for token, account in shared)
    return _container(inside, pairs)


def _shared(tv: DemoPlexTv, token: str, account: Account) -> str:
    pairs = (
        ("id", account.plex_id + 10_000_000),
        ("username", account.name),
        ("email", account.email),
        ("userID", account.plex_id),
        ("accessToken", token),
        ("name", tv.plex.library.name),
        ("acceptedAt", _ACCEPTED),
        ("invitedAt", _ACCEPTED),
        ("allowSync", 1),
        ("owned", 0),
        ("allLibraries", int(account.sections is None)),
        ("machineIdentifier", tv.plex.library.machine_identifier),
    )
    return tag("SharedServer", pairs)


ROUTES: list[Route] = [
    route("GET", r"/api/home/users/?", "home users", home_users),
    route("POST", r"/api/home/users/(\d+)/switch", "switch", switch),
    route("GET", r"/api/users/?", "friends", friends),
    route("GET", r"/api/servers/([^/]+)/shared_servers", "shared servers", shared_servers),
]
