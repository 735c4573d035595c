"""The apps that the server can send a title to, and sending one; always through the server.

Never straight to the app: plexapi would carry our token in every later request of this process.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.etree.ElementTree import Element

from moodrec.phrases import phrase
from plexsync.client.errors import PlexError
from plexsync.client.plextv_call import call, rows, truth
from plexsync.client.server import PlexClient
from plexsync.client.shelves import address_of

PLAYER_SECONDS = 5  # somebody waits, the remote in hand
_DEAF = {"Plex Web", "Plex for Windows", "Plex for Mac"}  # can't be controlled since 2022
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Player:
    """An open Plex app that takes commands."""

    identifier: str
    name: str
    product: str


def players(client: PlexClient) -> list[Player]:
    """Return the apps in the server's network that can be told to play. Raises PlexError."""
    found = [_player(entry) for entry in client.query("/clients") if _plays(entry)]
    return list({player.identifier: player for player in found if player.identifier}.values())


def players_of_account(account_token: str) -> list[Player]:
    """Return the apps in this house that plex.tv knows to be open: the server may know fewer.

    Raises PlexError.
    """
    answer = call("GET", "/api/v2/resources", account_token)
    return [
        Player(str(row["clientIdentifier"]), str(row.get("name")), str(row.get("product") or ""))
        for row in rows(answer, "resource", "Device")
        if _is_open_here(row)
    ]


def _is_open_here(row: dict[str, Any]) -> bool:
    is_player = "player" in str(row.get("provides") or "").split(",")
    is_here = truth(row.get("presence")) and truth(row.get("publicAddressMatches"))
    return is_player and is_here and row.get("product") not in _DEAF and "clientIdentifier" in row


def _plays(entry: Element) -> bool:
    return "playback" in (entry.get("protocolCapabilities") or "").split(",")


def _player(entry: Element) -> Player:
    identifier = entry.get("machineIdentifier") or ""
    return Player(identifier, entry.get("name") or "Plex app", entry.get("product") or "")


def play(client: PlexClient, player: str, rating_key: str, address: str) -> None:
    """Start a film or an episode on a player; ``address`` is where that reaches the server.

    Raises PlexError.
    """
    queue = _queue(client, rating_key)
    server = urlsplit(address)
    command = {
        "providerIdentifier": "com.plexapp.plugins.library",
        "machineIdentifier": client.machine_identifier,
        "protocol": server.scheme,
        "address": server.hostname or "",
        "port": server.port or _PORTS.get(server.scheme, 0),
        "offset": 0,
        "key": f"/library/metadata/{rating_key}",
        "type": "video",
        "containerKey": f"/playQueues/{queue}?window=100&own=1",
        "token": _transient_token(client),
        "commandID": 1,
    }
    _send(client, player, f"/player/playback/playMedia?{urlencode(command)}")


def _queue(client: PlexClient, rating_key: str) -> str:
    told = {"type": "video", "uri": address_of(client, [rating_key]), "continuous": 1, "own": 1}
    made = client.send("POST", f"/playQueues?{urlencode(told)}")
    number = made.get("playQueueID") if made is not None else None
    if not number:
        raise PlexError("not_plex", phrase("Plex did not say what it would play."))
    return number


def _transient_token(client: PlexClient) -> str:
    """Return a short-lived token for the player: ours stays here."""
    return client.query("/security/token?type=delegation&scope=all").get("token") or ""


def _send(client: PlexClient, player: str, path: str) -> None:
    try:
        client.send("GET", path, {"X-Plex-Target-Client-Identifier": player})
    except PlexError as error:
        if error.kind != "not_plex":  # players answer in broken XML, or just "OK": it plays
            raise
