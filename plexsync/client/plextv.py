"""Talk to plex.tv: linking by PIN, who somebody is, which servers there are, who may use ours.

Every call is one short request of this install's identifier. plex.tv answers JSON or XML, as it
likes; both are understood. Raises PlexError, and nothing else, with neither token nor address in it.
"""

import time
from dataclasses import dataclass
from typing import Any

from plexsync.client.errors import PlexError
from plexsync.client.plextv_call import call, complete, number, rows, strange, truth

PIN_TRIES = 3
PIN_SECONDS = 10  # for all of them
PAUSE_SECONDS = 0.5  # between them


@dataclass(frozen=True, slots=True)
class Pin:
    """A question put to plex.tv: may this install act for you? The token is '' until the yes."""

    id: int
    code: str
    token: str


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody's plex.tv account. Names change; the number stays."""

    id: int
    username: str
    name: str


@dataclass(frozen=True, slots=True)
class Address:
    """One of the addresses that a server told plex.tv of itself."""

    uri: str
    host: str
    port: int
    local: bool
    relay: bool


@dataclass(frozen=True, slots=True)
class Server:
    """A Plex Media Server that an account may use, with the account's token for it."""

    name: str
    machine_identifier: str
    owned: bool
    token: str
    addresses: tuple[Address, ...]
    owner: str = ""
    https_required: bool = False
    online: bool = True
    nearby: bool = False


@dataclass(frozen=True, slots=True)
class HomeUser:
    """A member of the Plex Home; managed ones have no account of their own."""

    id: int
    name: str
    protected: bool
    managed: bool
    admin: bool


@dataclass(frozen=True, slots=True)
class Share:
    """Somebody a server is shared with, and their token for it ('' where plex.tv keeps it back)."""

    plex_id: int
    name: str
    token: str


def create_pin(*, strong: bool = True) -> Pin:
    """Ask for a pin: a strong one for app.plex.tv, else four characters for plex.tv/link."""
    answer = call("POST", "/api/v2/pins", params={"strong": "true"} if strong else {})
    return _pin(answer)


def pin(pin_id: int) -> Pin:
    """Return the pin as it is now; missing where it is unknown or too old."""
    deadline = time.monotonic() + PIN_SECONDS
    for attempt in range(PIN_TRIES):
        try:
            return _pin(call("GET", f"/api/v2/pins/{pin_id}"))
        except PlexError as error:
            last = attempt == PIN_TRIES - 1 or time.monotonic() > deadline
            if last or error.kind != "unreachable":
                raise
            time.sleep(PAUSE_SECONDS)
    raise AssertionError  # the last attempt returned or raised


def account(token: str) -> Account:
    node = call("GET", "/api/v2/user", token)
    account_id = number(node.get("id"))
    if not account_id:
        raise strange()
    username = str(node.get("username") or node.get("title") or f"plex-{account_id}")
    return Account(account_id, username, str(node.get("title") or username))


def servers(token: str) -> list[Server]:
    """Return the servers this account may use, its own first."""
    wanted = {"includeHttps": "1", "includeRelay": "1", "includeIPv6": "1"}
    answer = call("GET", "/api/v2/resources", token, params=wanted)
    found = [_server(row) for row in rows(answer, "resource", "Device") if _serves(row)]
    return sorted((each for each in found if each.machine_identifier), key=lambda s: not s.owned)


def home_users(token: str) -> list[HomeUser]:
    """Return the members of the account's Plex Home, itself included; none where it has no Home."""
    answer = call("GET", "/api/home/users", token)
    members = rows(answer, "User", "user") or rows(answer, "users")
    return [
        HomeUser(
            id=number(row.get("id")),
            name=str(row.get("title") or row.get("username") or row.get("id")),
            protected=truth(row.get("protected")),
            managed=truth(row.get("restricted")),
            admin=truth(row.get("admin")),
        )
        for row in complete(answer, members)
        if number(row.get("id"))
    ]


def shared_servers(token: str, machine_identifier: str) -> list[Share]:
    """Return whom the account's server is shared with. Raises forbidden where it isn't theirs."""
    answer = call("GET", f"/api/servers/{machine_identifier}/shared_servers", token)
    return [
        Share(
            plex_id=plex_id,
            name=str(row.get("username") or row.get("email") or plex_id),
            token=str(row.get("accessToken") or ""),
        )
        for row in complete(answer, rows(answer, "SharedServer"))
        if (plex_id := number(row.get("userID")))
    ]


def switch(token: str, user_id: int, pin: str = "") -> str:
    """Return an account token of a member of the Plex Home; forbidden where its PIN is wrong."""
    path = f"/api/home/users/{user_id}/switch"
    node = call("POST", path, token, params={"pin": pin} if pin else {})
    found = str(node.get("authenticationToken") or node.get("authToken") or "")
    if not found:
        raise strange()
    return found


def sign_out(token: str) -> None:
    """Make plex.tv forget this token."""
    call("DELETE", "/api/v2/users/signout", token)


def _pin(node: dict[str, Any]) -> Pin:
    pin_id, code = number(node.get("id")), str(node.get("code") or "")
    if not pin_id or not code:
        raise strange()
    return Pin(pin_id, code, str(node.get("authToken") or ""))


def _serves(row: dict[str, Any]) -> bool:
    return "server" in str(row.get("provides") or "").split(",")


def _server(row: dict[str, Any]) -> Server:
    known = rows(row, "connection", "Connection") or rows(row, "connections")
    return Server(
        name=str(row.get("name") or "Plex"),
        machine_identifier=str(row.get("clientIdentifier") or ""),
        owned=truth(row.get("owned")),
        token=str(row.get("accessToken") or ""),
        addresses=tuple(_address(each) for each in known if each.get("uri")),
        owner=str(row.get("sourceTitle") or ""),
        https_required=truth(row.get("httpsRequired")),
        online=truth(row.get("presence", True)),
        nearby=truth(row.get("publicAddressMatches")),
    )


def _address(row: dict[str, Any]) -> Address:
    return Address(
        uri=str(row["uri"]).rstrip("/"),
        host=str(row.get("address") or ""),
        port=number(row.get("port")),
        local=truth(row.get("local")),
        relay=truth(row.get("relay")),
    )
