"""Host headers: the home network's names and addresses are ours, a stranger's never."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from moodrec.security.hosts import is_itself, is_ours

words = st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
public = st.sampled_from(
    ["com", "net", "de", "xyz", "example", "localdomain", "lan.com", "local.io"]
)
ports = st.sampled_from(["", ":80", ":5000"])


@given(words, words, public, ports)
def test_no_name_that_a_stranger_can_register_is_ours(
    sub: str, name: str, top: str, port: str
) -> None:
    assert not is_ours(f"{name}.{top}{port}", [])
    assert not is_ours(f"{sub}.{name}.{top}{port}", [])


@given(st.ip_addresses(), ports)
def test_every_address_is_ours(address: object, port: str) -> None:
    host = f"[{address}]" if ":" in str(address) else str(address)
    assert is_ours(f"{host}{port}", [])


@given(words, st.sampled_from(["", ".local", ".lan", ".home.arpa", ".internal"]), ports)
def test_names_of_the_home_network_are_ours(name: str, suffix: str, port: str) -> None:
    assert is_ours(f"{name}{suffix}{port}", [])


@given(st.text(max_size=40))
def test_no_header_is_odd_enough_to_raise(host: str) -> None:
    assert is_ours(host, []) in {True, False}


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("films.example.com", True),
        ("FILMS.example.com:443", True),
        ("other.example.com", False),
        ("films.example.com.evil.net", False),
        ("evil.net.", False),
        ("127.0.0.1.evil.net", False),
        ("", False),
    ],
)
def test_configured_names_are_ours_and_only_they(host: str, ours: bool) -> None:
    assert is_ours(host, ["films.example.com"]) is ours


@pytest.mark.parametrize(
    ("host", "itself"),
    [
        ("localhost", True),
        ("LocalHost:5000", True),
        ("127.0.0.1:5000", True),
        ("[::1]", True),
        ("[::1]:5000", True),
        ("192.168.1.2:5000", False),
        ("nas", False),
    ],
)
def test_a_name_that_means_the_device_itself_is_known(host: str, itself: bool) -> None:
    assert is_itself(host) is itself


@pytest.mark.parametrize(("host", "status"), [("nas:5000", 200), ("evil.net", 400)])
@pytest.mark.filterwarnings("ignore")
def test_a_page_is_not_served_under_a_strangers_name(host: str, status: int) -> None:
    assert (
        Client(raise_request_exception=False).get("/healthz", headers={"host": host}).status_code
        == status
    )
