"""What every page knows about the connection to Plex."""

from django.http import HttpRequest

from plexsync.models import Connection


def connection(request: HttpRequest) -> dict[str, object]:
    """Give templates the connection; asked of the database only where a template reads it."""
    return {"plex": Connection.current}
