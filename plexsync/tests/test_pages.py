"""The pages that connect Plex and show a sync: the owner's alone, and every failure is named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from moodrec.jobs.models import Job
from moodrec.tests import builders
from plexsync.demo.library import read_library
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection
from plexsync.pages import connect as views
from plexsync.pages.connect import ConnectForm

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    """The owner's browser."""
    browser = Client()
    browser.force_login(builders.owner())
    return browser


@pytest.fixture
def demo(settings: Settings, tmp_path: Path) -> Iterator[DemoPlex]:
    """The demo server, as `up` would run it."""
    settings.DEMO_WANTED = tmp_path / "run" / "demo-wanted"
    with DemoPlex(read_library(), token=settings.DEMO_PLEX_TOKEN) as server:
        settings.DEMO_PLEX_URL = server.url
        yield server


def problems(answer: object) -> str:
    return " ".join(answer.context["form"].non_field_errors())  # type: ignore[attr-defined]


def test_the_right_address_and_token_connect_and_start_a_sync(
    browser: Client, plex: DemoPlex
) -> None:
    answer = browser.post("/connect", {"url": f" {plex.url}/ ", "token": plex.token})
    assert (answer.status_code, answer["Location"]) == (302, "/sync")
    assert (Connection.objects.get().url, Job.objects.get().kind) == (plex.url, "sync")
    assert browser.get("/sync").status_code == 200


def test_a_wrong_token_is_told(browser: Client, plex: DemoPlex) -> None:
    answer = browser.post("/connect", {"url": plex.url, "token": "wrong"})
    assert problems(answer) == "Plex refused the token. Link MoodRec with Plex again."
    assert not Connection.objects.exists()
    assert not Job.objects.exists()


def test_an_address_where_nobody_answers_is_told(browser: Client) -> None:
    answer = browser.post("/connect", {"url": "127.0.0.1:9", "token": "t"})
    assert problems(answer) == "Plex is not reachable. Is the server on, the address right?"


def test_an_address_of_something_else_is_told(browser: Client, plex: DemoPlex) -> None:
    plex.faults.set({"html": True})
    answer = browser.post("/connect", {"url": plex.url, "token": plex.token})
    assert "Is another program at this address?" in problems(answer)


@pytest.mark.parametrize(
    "url",
    ["", "http://", "ftp://nas:32400", "http://nas:port", "javascript:alert(1)", "http://a b"],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    assert "url" in ConnectForm({"url": url, "token": "t"}).errors


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("192.168.1.20:32400", "http://192.168.1.20:32400"),
        ("nas:32400", "http://nas:32400"),
        ("http://nas:32400/", "http://nas:32400"),
        ("http://[fd00::1]:32400", "http://[fd00::1]:32400"),
        ("https://10-0-0-2.abc.plex.direct:32400", "https://10-0-0-2.abc.plex.direct:32400"),
    ],
)
def test_addresses_of_a_home_network_are_taken(typed: str, url: str) -> None:
    form = ConnectForm({"url": typed, "token": "t"})
    assert form.is_valid()
    assert form.cleaned_data["url"] == url


def test_the_token_is_never_shown_again(browser: Client, plex: DemoPlex) -> None:
    browser.post("/connect", {"url": plex.url, "token": plex.token})
    page = browser.get("/connect").content.decode()
    assert plex.url in page
    assert plex.token not in page
    wrong = browser.post("/connect", {"url": "http://127.0.0.1:9", "token": plex.token})
    assert plex.token not in wrong.content.decode()


@pytest.mark.parametrize(
    ("method", "path"), [("get", "/connect"), ("post", "/connect"), ("post", "/connect/demo")]
)
def test_only_the_owner_connects(method: str, path: str) -> None:
    browser = Client()
    assert getattr(browser, method)(path).status_code == 302  # to the sign-in page
    browser.force_login(builders.member())
    assert getattr(browser, method)(path).status_code == 403


def test_the_demo_library_connects(browser: Client, demo: DemoPlex, settings: Settings) -> None:
    answer = browser.post("/connect/demo")
    assert answer["Location"] == "/sync"
    row = Connection.objects.get()
    assert (row.is_demo, row.url) == (True, demo.url)
    assert settings.DEMO_WANTED.exists()  # so that `up` keeps it running
    assert Job.objects.get().kind == "sync"


def test_connecting_a_server_of_ones_own_ends_the_demo(
    browser: Client, demo: DemoPlex, plex: DemoPlex, settings: Settings
) -> None:
    browser.post("/connect/demo")
    browser.post("/connect", {"url": plex.url, "token": plex.token})
    current = Connection.current()
    assert current is not None
    assert not current.is_demo
    assert not settings.DEMO_WANTED.exists()


def test_a_demo_that_does_not_start_is_told(
    browser: Client, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO_WANTED, settings.DEMO_PLEX_URL = tmp_path / "wanted", "http://127.0.0.1:9"
    monkeypatch.setattr(views, "DEMO_SECONDS", 0)
    answer = browser.post("/connect/demo", follow=True)
    assert "The demo server does not answer" in answer.content.decode()
    assert not settings.DEMO_WANTED.exists()


def test_without_a_connection_the_sync_page_leads_to_one(browser: Client) -> None:
    assert browser.get("/sync")["Location"] == "/connect"


def test_the_sync_button_starts_one_sync(browser: Client) -> None:
    builders.connection()
    for _ in range(2):
        assert browser.post("/sync")["Location"] == "/sync"
    assert Job.objects.count() == 1
