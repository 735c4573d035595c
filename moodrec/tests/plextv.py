"""A plex.tv for every test that asks for one, beside the test's Plex server."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.http import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from plexsync.demo.plextv import DemoPlexTv
from plexsync.demo.server import DemoPlex

PAUSE = "plexsync.client.plextv.PAUSE_SECONDS"


@pytest.fixture
def plex_tv(
    plex: DemoPlex, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DemoPlexTv]:
    """plex.tv as ana's household knows it; the settings lead there."""
    monkeypatch.setattr(PAUSE, 0)
    with DemoPlexTv(plex) as server:
        server.connections = [way(plex.url)]  # no name of the world is looked up
        settings.PLEX_TV_URL = settings.PLEX_APP_URL = server.url
        yield server


def way(uri: str, *, local: bool = True, relay: bool = False) -> dict[str, object]:
    """An address as plex.tv tells it of a server."""
    split = urlsplit(uri)
    return {
        "protocol": split.scheme,
        "address": split.hostname,
        "port": split.port,
        "uri": uri,
        "local": local,
        "relay": relay,
        "IPv6": False,
    }


def asked(answer: HttpResponseBase) -> dict[str, str]:
    """Return what a redirect to plex.tv's page asks there."""
    _page, _, fragment = answer["Location"].partition("#?")
    return dict(parse_qsl(fragment))


def say_yes(browser: Client, plex_tv: DemoPlexTv, start: str, name: str, **form: str) -> str:
    """Start at a page, say yes at plex.tv as somebody, and return the address one comes back to."""
    question = asked(browser.post(start, form))
    plex_tv.approve(question["code"], name)
    split = urlsplit(question["forwardUrl"])
    return f"{split.path}?{split.query}"
