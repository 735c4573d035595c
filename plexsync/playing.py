"""As whom to play, and where a player finds the server."""

from ipaddress import ip_address
from urllib.parse import urlsplit, urlunsplit

from plexsync.models import Connection, Viewer

_LIVE_HERE = {Viewer.PlexKind.OWNER, Viewer.PlexKind.HOME, Viewer.PlexKind.MANAGED}


def is_elsewhere(viewer: Viewer | None) -> bool:
    """Tell whether this is a friend of the household by Plex's word, who may be anywhere."""
    if viewer is None or viewer.plex_id is None or viewer.owns_plex_state:
        return False
    return viewer.plex_kind not in _LIVE_HERE


def token_of(viewer: Viewer | None) -> str:
    """Return the token that plays as this viewer; '' where the connection's own has to do."""
    return "" if viewer is None or viewer.owns_plex_state else viewer.plex_token


def address_for_players(connection: Connection, host: str) -> str:
    """Return the address at which a television reaches the server.

    ``host`` is the name at which a browser reached us. On the same machine as Plex, and with Plex
    known by nothing but 127.0.0.1, it is Plex's too.
    """
    local = [str(way["uri"]) for way in connection.addresses if way.get("local")]
    reachable = [uri for uri in (*local, connection.url) if not _is_loopback(uri)]
    return reachable[0] if reachable else _at(host, connection.url)


def _is_loopback(uri: str) -> bool:
    host = urlsplit(uri).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _at(host: str, url: str) -> str:
    name = urlsplit(f"//{host}").netloc.rpartition("@")[2]
    bare = name.rsplit(":", 1)[0] if name.rpartition(":")[2].isdigit() else name
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit(parts._replace(netloc=f"{bare}{port}"))
