"""A household with the demo's films and a key for its API."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from knox.models import AuthToken
from rest_framework.test import APIClient

from moodrec.celery import app
from moodrec.tests import builders
from plexsync.models import MediaItem

FILMS = Path(__file__).parents[2] / "plexsync" / "demo" / "films.jsonl"


def rows_of(path: Path) -> Iterator[MediaItem]:
    columns = {"title", "year", "genres", "runtime_minutes", "directors", "cast", "countries"}
    columns |= {"audience_rating", "critic_rating", "summary", "collections"}
    library = builders.library()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=5000):
        facts = json.loads(line)
        yield MediaItem(
            library=library,
            rating_key=str(number),
            guid=f"plex://movie/{number}",
            type="movie",
            content_rating=facts["content_rating"] or "",
            **{name: facts[name] for name in columns},
        )


@pytest.fixture
def films(db: None) -> list[MediaItem]:
    """The demo's 212 films in the catalogue, as a sync would store them."""
    return MediaItem.objects.bulk_create(rows_of(FILMS))


@pytest.fixture
def ada(db: None) -> User:
    """The owner, who watches too."""
    user = builders.owner()
    builders.viewer("Ada", user=user, owns_plex_state=True)
    return user


@pytest.fixture
def browser(ada: User) -> Client:
    """A browser in which the owner is signed in."""
    browser = Client()
    browser.force_login(ada)
    return browser


@pytest.fixture
def ben(db: None) -> User:
    """A member of the household who owns nothing."""
    user = builders.member()
    builders.viewer("Ben", user=user)
    return user


@pytest.fixture
def broker_away(monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a broker that refuses, which Celery uses; what connections it had it forgets."""
    address = "redis://127.0.0.1:9/0"
    monkeypatch.setattr(app.conf, "broker_url", address)
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    return address


def client_of(user: User) -> APIClient:
    """A script with this user's key."""
    _row, key = AuthToken.objects.create(user)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    return client


@pytest.fixture
def api(ada: User) -> APIClient:
    return client_of(ada)
