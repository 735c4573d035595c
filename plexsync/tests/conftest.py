"""A Plex server for every test that asks for one, and a household connected to it."""

from collections.abc import Iterator

import pytest

from plexsync import sync
from plexsync.client import PlexClient
from plexsync.demo.generated import generated_library
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection

TOKEN = "canary-token-of-ana"


@pytest.fixture
def plex() -> Iterator[DemoPlex]:
    """A server of 270 films and 30 series."""
    with DemoPlex(generated_library(300), token=TOKEN) as server:
        yield server


@pytest.fixture
def client(plex: DemoPlex) -> PlexClient:
    return PlexClient(plex.url, plex.token, "client-1")


@pytest.fixture
def connected(db: None, plex: DemoPlex) -> Connection:
    """The household, connected to the server, nothing read yet."""
    row = sync.connect(plex.url, plex.token)
    plex.requests.clear()
    return row


@pytest.fixture
def synced(connected: Connection, plex: DemoPlex) -> Connection:
    """The household after its first sync."""
    sync.run()
    plex.requests.clear()
    return connected


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Listings in pages of 100, so that a walk has a middle."""
    monkeypatch.setattr(PlexClient.listing, "__kwdefaults__", {"size": 100})
