"""Talk to Plex: the only importer of plexapi. Elements in, plain records out, PlexError or nothing."""

import os

os.environ.setdefault("PLEXAPI_PLEXAPI_AUTORELOAD", "false")  # lower case, or it is ignored
from plexsync.client.errors import PlexError
from plexsync.client.server import BATCH, MAX_IMAGE_BYTES, PAGE, Page, PlexClient, fingerprint

__all__ = ["BATCH", "MAX_IMAGE_BYTES", "PAGE", "Page", "PlexClient", "PlexError", "fingerprint"]
