"""The resources of plex.tv: an account's servers with their addresses, and its players."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from plexsync.demo.http import Answer, Call, Route, route
from plexsync.demo.people import ANA, Account, digest
from plexsync.demo.plextv_answers import answered, moment
from plexsync.demo.routes_server import TELEVISION, VERSION

if TYPE_CHECKING:
    from plexsync.demo.plextv import DemoPlexTv

_JOINED = 1_600_000_000


def resources(tv: DemoPlexTv, call: Call) -> Answer:
    """Servers and players of the account; a stranger has a server too, only not this one."""
    account = call.user
    token = tv.server_token(account)
    found = [_server(tv, call, token)] if token else []
    if account.kind == "stranger":
        found.append(_foreign_server(account))
    if account.lives_here and tv.players:
        found.append(_player(call))
    return answered(call, "resource", found)


def _server(tv: DemoPlexTv, call: Call, token: str) -> dict[str, Any]:
    library, account = tv.plex.library, call.user
    return {
        **_resource(library.name, library.machine_identifier, "server"),
        "product": "Plex Media Server",
        "productVersion": VERSION,
        "ownerId": None if account.owner else ANA.plex_id,
        "sourceTitle": None if account.owner else ANA.name,
        "accessToken": token,
        "owned": account.owner,
        "home": account.lives_here and not account.owner,
        "connections": _connections(tv, call),
    }


def _resource(name: str, machine: str, provides: str) -> dict[str, Any]:
    return {
        "name": name,
        "platform": "Linux",
        "platformVersion": "demo",
        "device": "Docker Container",
        "clientIdentifier": machine,
        "createdAt": moment(_JOINED),
        "lastSeenAt": moment(time.time()),
        "provides": provides,
        "publicAddress": "198.51.100.7",
        "synced": False,
        "relay": True,
        "presence": True,
        "httpsRequired": False,
        "publicAddressMatches": True,
        "dnsRebindingProtection": False,
        "natLoopbackSupported": False,
    }


def _connections(tv: DemoPlexTv, call: Call) -> list[dict[str, Any]]:
    """A stale address of a machine that moved, the real one, and those that were asked for."""
    if tv.connections is not None:
        return tv.connections
    here = urlsplit(tv.plex.url)
    host, port = here.hostname or "", here.port or 80
    code = tv.plex.library.machine_identifier[:32]
    found = [
        _connection("http", "127.0.0.2", 9, local=True),
        _connection(here.scheme, host, port, local=True),
    ]
    if call.asked("includeHttps") == "1":
        name = f"{host.replace('.', '-')}.{code}.plex.direct"
        found.append(_connection("https", host, port, name, local=True))
    if call.asked("includeRelay") == "1":
        name = f"203-0-113-9.{code}.plex.direct"
        found.append(_connection("https", "203.0.113.9", 8443, name, relay=True))
    if call.asked("includeIPv6") == "1":
        found.append(_connection("http", "2001:db8::7", 32400, "[2001:db8::7]"))
    return found


def _connection(
    protocol: str,
    address: str,
    port: int,
    name: str = "",
    *,
    local: bool = False,
    relay: bool = False,
) -> dict[str, Any]:
    return {
        "protocol": protocol,
        "address": address,
        "port": port,
        "uri": f"{protocol}://{name or address}:{port}",
        "local": local,
        "relay": relay,
        "IPv6": ":" in address,
    }


def _foreign_server(account: Account) -> dict[str, Any]:
    return {
        **_resource("Somebody else's server", digest("server", account.name) * 2, "server"),
        "product": "Plex Media Server",
        "productVersion": VERSION,
        "ownerId": None,
        "sourceTitle": None,
        "accessToken": digest("foreign server", account.name),
        "owned": True,
        "home": False,
        "connections": [_connection("http", "127.0.0.3", 9, local=True)],
    }


def _player(call: Call) -> dict[str, Any]:
    return {
        **_resource("Living room TV", TELEVISION, "client,player,pubsub-player"),
        "product": "Plex for Android (TV)",
        "productVersion": "10.8.0",
        "platform": "Android",
        "device": "Television",
        "ownerId": None,
        "sourceTitle": None,
        "accessToken": call.asked("X-Plex-Token"),
        "owned": call.user.owner,
        "home": not call.user.owner,
        "connections": [_connection("http", "127.0.0.2", 32500, local=True)],
    }


ROUTES: list[Route] = [route("GET", r"/api/v2/resources", "resources", resources)]
