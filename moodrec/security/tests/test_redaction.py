"""No secret gets into a log, in whatever form somebody prints it."""

import json
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodrec.security.redaction import RedactingFormatter, redact

NAMES = [
    "X-Plex-Token", "x-plex-token", "access_token", "accessToken", "auth-token", "api_key",
    "apikey", "password", "secret",
]  # fmt: skip
FORMS = [
    "GET /library?a=1&{name}={secret}&b=2",
    "http://plex:32400/photo?{name}={secret}",
    "http%3A%2F%2Fplex%3Fa%3D1%26{name}%3D{secret}%26b",
    "{name}: {secret}",
    "{{'{name}': '{secret}', 'b': 2}}",
    '{{"{name}":"{secret}"}}',
    "{{'{name}': b'{secret}'}}",
    "[('{name}', '{secret}'), ('b', 2)]",
    "connect({name}='{secret}')",
    "{name} = {secret}",
    '<Server {name}="{secret}"/>',
]
HEADERS = ["Authorization: {s}", "Authorization: Token {s}", "'Authorization': 'Bearer {s}'",
           "Authorization: Basic {s}"]  # fmt: skip
letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~+/="
secrets = st.text(alphabet=letters, min_size=8, max_size=60).filter(lambda s: s[0].isalnum())


@pytest.mark.parametrize("form", FORMS)
@given(secret=secrets, name=st.sampled_from(NAMES))
def test_no_secret_survives(form: str, secret: str, name: str) -> None:
    canary = f"canary{secret}"
    line = redact(form.format(name=name, secret=canary))
    assert "canary" not in line
    assert "***" in line


@pytest.mark.parametrize("form", HEADERS)
@given(secret=secrets)
def test_no_credentials_survive(form: str, secret: str) -> None:
    assert "canary" not in redact(form.format(s=f"canary{secret}"))


@given(st.lists(st.sampled_from([*NAMES, "=", ": ", "Token ", "'", ",", "b", "x9", "://", "@"])))
def test_redacting_twice_is_redacting_once(pieces: list[str]) -> None:
    once = redact("".join(pieces))
    assert redact(once) == once


def test_one_time_links_are_blanked() -> None:
    line = redact("GET /welcome/Zm9vYmFyYmF6cXV4LXNlY3JldA 302")
    assert line == "GET /welcome/*** 302"


def test_passwords_in_addresses_are_blanked() -> None:
    line = redact("can't reach redis://:canary@redis:6379/0 or postgres://moodrec:canary@db/x")
    assert line == "can't reach redis://***@redis:6379/0 or postgres://***@db/x"


def test_everything_else_stays_as_it_is() -> None:
    line = "Sync of 'The Secret Garden' (1993): 3 titles, tokens are masked; see http://nas:32400/x"
    assert redact(line) == line


def test_a_traceback_tells_no_secret_either() -> None:
    try:
        int("http://plex/?X-Plex-Token=canary")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "failed", None, sys.exc_info())
    line = RedactingFormatter().format(record)
    assert "Traceback" in line
    assert "canary" not in line


def test_arguments_of_a_message_are_redacted() -> None:
    told = json.dumps({"X-Plex-Token": "canary"})
    record = logging.LogRecord("x", logging.INFO, "", 1, "headers %s", (told,), None)
    assert RedactingFormatter().format(record) == 'headers {"X-Plex-Token": "***"}'


def test_a_player_s_token_and_a_pin_in_an_address_are_blanked() -> None:
    told = "/player/playback/playMedia?offset=0&token=canary-1&commandID=1"
    asked = "POST https://plex.tv/api/home/users/7/switch?pin=9182 HTTP/1.1"
    assert "canary" not in redact(told)
    assert "9182" not in redact(asked)
    assert redact("The token was refused, pin 1 too.") == "The token was refused, pin 1 too."
