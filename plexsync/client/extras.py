"""What Plex keeps beside a title: its trailer."""

from plexsync.client.server import PlexClient

_TRAILER = "1"  # Plex's number of the kind of extra


def trailer(client: PlexClient, rating_key: str) -> str:
    """Return the key of the title's trailer, an item of its own; "" where it has none. Raises PlexError."""
    for element in client.query(f"/library/metadata/{rating_key}/extras"):
        if element.get("subtype") == "trailer" or element.get("extraType") == _TRAILER:
            return element.get("ratingKey", "")
    return ""
