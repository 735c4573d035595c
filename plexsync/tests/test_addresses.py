"""Which address of a server is tried, which is called best, and what is said of the others."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.utils.translation import get_language, override
from pytest_django import Settings

from plexsync import addresses
from plexsync.client import asking
from plexsync.client.plextv import Address, Server
from plexsync.demo.generated import generated_library
from plexsync.demo.server import DemoPlex

IDENTITY = b'<MediaContainer machineIdentifier="machine-1" version="1.43"/>'


def server(*known: Address, machine: str = "machine-1", https_required: bool = False) -> Server:
    return Server("Den", machine, True, "t", known, https_required=https_required)


def at(uri: str, *, local: bool = True, relay: bool = False, host: str = "127.0.0.1") -> Address:
    return Address(uri, host, int(uri.rpartition(":")[2]), local, relay)


@contextmanager
def answering(body: bytes = IDENTITY, status: int = 200, **headers: str) -> Iterator[int]:
    """A server on loopback which says this to everything; yields its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None: ...

    http = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield http.server_address[1]
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


@pytest.fixture
def certified(tmp_path: Path) -> Iterator[int]:
    """A Plex whose certificate nobody but its owner signed; yields its port."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=nas", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(IDENTITY)

        def log_message(self, *_args: object) -> None: ...

    class Quiet(HTTPServer):
        def handle_error(self, *_args: object) -> None: ...

    http = Quiet(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    http.socket = context.wrap_socket(http.socket, server_side=True)
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield http.server_address[1]
    http.shutdown()
    http.server_close()
    thread.join()


def test_home_comes_before_internet_and_the_relay_is_last() -> None:
    found = addresses.candidates(
        server(
            at("https://relay.plex.direct:8443", local=False, relay=True, host="203.0.113.9"),
            at("https://far.plex.direct:443", local=False, host="203.0.113.8"),
            at("https://10-0-0-2.abc.plex.direct:32400", host="10.0.0.2"),
        )
    )
    assert [each.uri for each in found] == [
        "https://10-0-0-2.abc.plex.direct:32400",
        "http://10.0.0.2:32400",  # where the router breaks plex.direct names
        "https://far.plex.direct:443",
        "https://relay.plex.direct:8443",
    ]


def test_plain_http_goes_nowhere_but_home() -> None:
    found = addresses.candidates(
        server(
            at("http://203.0.113.8:32400", local=False, host="203.0.113.8"),
            at(
                "http://8.8.8.8:32400", local=True, host="8.8.8.8"
            ),  # a public address, called local
        )
    )
    assert found == []


def test_a_server_that_wants_encryption_is_not_asked_without() -> None:
    known = at("https://10-0-0-2.abc.plex.direct:32400", host="10.0.0.2")
    assert addresses.candidates(server(known, https_required=True)) == [known]


def test_the_address_that_answers_comes_first_with_its_time(plex: DemoPlex) -> None:
    machine = plex.library.machine_identifier
    dead, alive = at("http://127.0.0.1:9"), at(plex.url)
    first, second = addresses.choices(server(dead, alive, machine=machine))
    assert (first.uri, first.ok, second.ok) == (plex.url, True, False)
    assert first.words.endswith(" ms")
    assert second.words == "nobody answers there"


def test_no_token_goes_along(plex: DemoPlex) -> None:
    addresses.choices(server(at(plex.url), machine=plex.library.machine_identifier))
    (asked,) = plex.requests.asked
    assert (asked.target, [n for n in asked.headers if "plex" in n.lower()]) == ("/identity", [])


def test_another_server_at_the_address_is_told(plex: DemoPlex) -> None:
    with DemoPlex(generated_library(3), token="t") as other:
        other.library.machine_identifier = "another"
        (choice,) = addresses.choices(server(at(other.url), machine="machine-1"))
    assert (choice.ok, choice.words) == (False, "another Plex server answers there")


@pytest.mark.parametrize(
    ("body", "status", "headers", "failure"),
    [
        (b"<html>It works!</html>", 200, {}, "other"),
        (b"", 200, {}, "other"),
        (b"x" * 100_000, 200, {}, "timeout"),
        (IDENTITY, 503, {}, "other"),
        (b"", 302, {"Location": "http://127.0.0.1:9/identity"}, "redirect"),
    ],
)
def test_what_is_no_plex_is_told(
    body: bytes, status: int, headers: dict[str, str], failure: str
) -> None:
    with answering(body, status, **headers) as port:
        assert asking.ask(f"http://127.0.0.1:{port}").failure == failure


def test_a_silent_address_is_not_waited_for(
    plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "SECONDS", 0.2)
    plex.faults.set({"slow_ms": 2000})
    assert asking.ask(plex.url).failure == "timeout"


def test_a_certificate_that_does_not_fit_is_named_with_its_cure(certified: int) -> None:
    uri = f"https://127.0.0.1:{certified}"
    (choice,) = addresses.choices(server(at(uri), https_required=True))
    assert not choice.ok
    assert "not for an IP address" in choice.words
    assert f"http://127.0.0.1:{certified}" in choice.words


def test_a_certificate_is_accepted_unchecked_only_where_one_says_so(certified: int) -> None:
    uri = f"https://127.0.0.1:{certified}"
    assert asking.ask(uri).failure == "certificate"
    assert asking.ask(uri, unverified=True).machine_identifier == "machine-1"


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254",
        "http://169.254.1.1:32400",
        "http://[fe80::1]:32400",
        "http://224.0.0.1:32400",
        "http://0.0.0.0:32400",
        "http://[::ffff:169.254.169.254]:80",
        "http://2852039166/",  # 169.254.169.254 as one number
        "http://8.8.8.8:32400",  # on the internet, in clear
    ],
)
def test_addresses_where_no_plex_can_be_are_refused(url: str) -> None:
    assert addresses.refusal(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:32400",
        "http://192.168.1.20:32400",
        "http://10.1.2.3:32400",
        "http://[fd00::1]:32400",
        "http://[::ffff:192.168.1.20]:32400",
        "http://100.64.0.7:32400",
        "https://8.8.8.8:32400",
    ],
)
def test_addresses_at_home_are_not(url: str) -> None:
    assert addresses.refusal(url) == ""


def test_our_own_broker_is_not_a_plex(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:6399/0"
    assert addresses.refusal("http://127.0.0.1:6399")
    assert addresses.refusal("http://127.0.0.1:6398") == ""


def test_a_name_that_stands_for_another_address_a_moment_later_is_not_spoken_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who looks at the name only before calling is fooled: we look at whom the socket reached."""
    with answering() as port:
        monkeypatch.setattr(asking, "is_forbidden", lambda ip, *_more: ip == "127.0.0.1")
        assert asking.ask(f"http://localhost:{port}").failure == "forbidden"


def test_a_name_nobody_knows_is_just_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_more: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert addresses.refusal("http://nas:32400") == ""
    assert asking.ask("http://nas:32400").failure == "refused"


def test_addresses_are_told_in_the_reader_s_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are asked in threads of their own, which know no reader."""

    def spoken(address: Address, _machine: str) -> addresses.Choice:
        words = get_language() or ""
        return addresses.Choice(address.uri, local=True, relay=False, ok=True, words=words)

    monkeypatch.setattr(addresses, "_tried", spoken)
    with override("de"):
        found = addresses.choices(server(at("http://192.168.1.2:32400")))
    assert {choice.words for choice in found} == {"de"}
