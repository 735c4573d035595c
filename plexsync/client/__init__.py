"""Talk to Plex: the only importer of plexapi. Elements in, plain records out, PlexError or nothing."""

import os

os.environ.setdefault("PLEXAPI_PLEXAPI_AUTORELOAD", "false")  # lower case, or it is ignored
from plexsync.client.errors import PlexError
from plexsync.client.server import (
    BATCH,
    PAGE,
    Batch,
    PlexClient,
    fingerprint,
)
from plexsync.client.walking import Page, Skipped

__all__ = [
    "BATCH",
    "PAGE",
    "Batch",
    "Page",
    "PlexClient",
    "PlexError",
    "Skipped",
    "fingerprint",
]
