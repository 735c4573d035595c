"""The pages that connect Plex and show a sync: the owner's alone, and every failure is named."""

import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from moodrec.jobs.models import Job
from moodrec.tests import builders
from plexsync.demo.library import read_library
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, Library, MediaItem
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
def demo(settings: Settings) -> Iterator[DemoPlex]:
    """The demo server, as `up` would run it."""
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
    assert problems(answer).startswith("Plex refused this token. Was it copied whole")
    assert plex.url in answer.content.decode()  # what was typed stays, but for the token
    assert not Connection.objects.exists()
    assert not Job.objects.exists()


def test_an_address_where_nobody_answers_is_told(browser: Client) -> None:
    answer = browser.post("/connect", {"url": "127.0.0.1:9", "token": "t"})
    assert problems(answer) == "Nobody answers there. Is the server on, and the address right?"


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


@pytest.mark.parametrize("host", ["169.254.169.254", "[fe80::1]", "0.0.0.0:32400", "8.8.8.8:32400"])
def test_addresses_where_no_plex_can_be_are_not_called(browser: Client, host: str) -> None:
    """The sockets of tests reach loopback only: a call would be an error of another kind."""
    answer = browser.post("/connect", {"url": f"http://{host}", "token": "t"})
    assert "No Plex can be" in problems(answer) or "unencrypted" in problems(answer)


def test_no_token_goes_to_what_is_no_plex(browser: Client, plex: DemoPlex) -> None:
    plex.faults.set({"html": True})
    browser.post("/connect", {"url": plex.url, "token": plex.token})
    assert not any("X-Plex-Token" in call.headers for call in plex.requests.asked)


def test_a_certificate_that_does_not_fit_can_be_accepted_for_this_server(
    browser: Client, certified_plex: DemoPlex
) -> None:
    told = {"url": certified_plex.url.replace("http:", "https:"), "token": certified_plex.token}
    assert "Accept this server" not in browser.get("/connect").content.decode()
    answer = browser.post("/connect", told)
    assert "certificate does not fit" in problems(answer)
    assert "Accept this server" in answer.content.decode()
    assert not Connection.objects.exists()
    assert browser.post("/connect", {**told, "unverified": "on"})["Location"] == "/sync"
    assert Connection.objects.get().unverified


@pytest.fixture
def certified_plex(tmp_path: Path) -> Iterator[DemoPlex]:
    """A Plex that speaks https with a certificate made at home."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=nas", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = DemoPlex(read_library(), token="canary-token-of-ana")
    server._http.socket = context.wrap_socket(server._http.socket, server_side=True)
    server._http.handle_error = lambda *_args: None  # type: ignore[method-assign]
    with server:
        yield server


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
    browser: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO_PLEX_URL = "http://127.0.0.1:9"
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


# --- libraries --------------------------------------------------------------------------------


def saved(browser: Client, *on: Library, shown: list[Library]) -> str:
    """Save the form of these libraries, those ``on`` switched on; return the page that follows."""
    form = {"shown": [each.pk for each in shown], "on": [each.pk for each in on]}
    return browser.post("/sync/libraries", form, follow=True).content.decode()


def test_a_library_is_switched_off_and_its_titles_leave_the_offer(browser: Client) -> None:
    alien = builders.title()
    other = builders.library("Series", type="show")
    revision = alien.library.revision
    saved(browser, other, shown=[alien.library, other])
    alien.library.refresh_from_db()
    assert (alien.library.enabled, MediaItem.objects.on_offer().count()) == (False, 0)
    assert alien.library.revision > revision  # what was computed from its titles is old
    assert not Job.objects.exists()


def test_a_library_that_is_switched_on_is_read(browser: Client) -> None:
    films = builders.library(enabled=False)
    saved(browser, films, shown=[films])
    films.refresh_from_db()
    assert (films.enabled, Job.objects.get().kind) == (True, "sync")


def test_a_library_that_a_sync_finds_meanwhile_stays_on(browser: Client) -> None:
    films = builders.library()
    assert f'name="shown" value="{films.pk}"' in browser.get("/sync").content.decode()
    found = builders.library("Series", type="show")
    saved(browser, shown=[films])
    films.refresh_from_db()
    found.refresh_from_db()
    assert (films.enabled, found.enabled) == (False, True)


def test_switches_of_another_server_stay(browser: Client) -> None:
    old = builders.library("Old", connection=builders.connection(active=False))
    builders.connection(machine_identifier="machine-2")
    saved(browser, shown=[old])
    old.refresh_from_db()
    assert old.enabled


def test_a_library_that_is_held_says_why_and_what_to_do(browser: Client) -> None:
    films = builders.library(held_since=timezone.now(), held_count=412)
    page = browser.get("/sync").content.decode()
    assert "412 titles vanished at once" in page
    assert "They are really gone" in page
    guest = Client()
    guest.force_login(builders.member())
    assert "They are really gone" not in guest.get("/sync").content.decode()
    assert browser.post(f"/sync/libraries/{builders.library('Series').pk}/gone").status_code == 404
    assert films.held_since


def test_the_owner_believes_that_titles_are_gone(
    browser: Client, synced: Connection, plex: DemoPlex
) -> None:
    films = synced.libraries.get(type="movie")
    films.items.update(missing_since=timezone.now())
    Library.objects.filter(pk=films.pk).update(held_since=timezone.now(), held_count=270)
    assert browser.post(f"/sync/libraries/{films.pk}/gone")["Location"] == "/sync"
    films.refresh_from_db()
    assert films.held_since is None
    assert not films.items.filter(available=True).exists()


def test_switches_are_set_back(browser: Client) -> None:
    films, shows = builders.library(), builders.library("Series", type="show", enabled=False)
    undo = f"/sync/libraries?undo=1&amp;shown={films.pk}&amp;shown={shows.pk}&amp;on={films.pk}"
    assert undo in saved(browser, shows, shown=[films, shows])
    browser.post(undo.replace("&amp;", "&"))
    films.refresh_from_db()
    shows.refresh_from_db()
    assert (films.enabled, shows.enabled) == (True, False)
