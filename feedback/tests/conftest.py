"""The demo Plex server and a household connected to it, for tests that give something back."""

from plexsync.tests.conftest import connected, plex, synced

__all__ = ["connected", "plex", "synced"]
