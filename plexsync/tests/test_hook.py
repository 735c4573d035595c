"""The webhook: a hint behind a secret address, and nothing more."""

import json
import logging
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from moodrec.jobs.models import Job
from moodrec.security.redaction import redact
from moodrec.tests import builders
from plexsync.models import Connection
from plexsync.pages import hook

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Connection:
    row = builders.connection()
    hook.renew(row)
    return row


@pytest.fixture
def browser() -> Client:
    return Client()


def send(row: Connection, *, secret: str | None = None, **told: Any) -> int:
    payload = {"event": "media.scrobble", "Server": {"uuid": row.machine_identifier}, **told}
    stranger = Client(enforce_csrf_checks=True)
    address = f"/plex/hook/{row.hook_secret if secret is None else secret}"
    picture = SimpleUploadedFile("thumb.jpg", b"\xff\xd8 a picture", "image/jpeg")
    body = {"payload": json.dumps(payload), "thumb": picture}
    return int(stranger.post(address, body).status_code)


def jobs() -> int:
    return Job.objects.filter(kind="plays").count()


def test_a_hint_has_the_plays_looked_at(house: Connection) -> None:
    assert send(house) == 200
    house.refresh_from_db()
    assert house.hinted_at is not None
    assert jobs() == 1


def test_a_thousand_replays_are_one_job(house: Connection) -> None:
    for _ in range(1_000):
        assert send(house) == 200
    assert jobs() == 1


@pytest.mark.parametrize("secret", ["wrong", "é", "0" * 32])
def test_a_wrong_secret_leads_nowhere(house: Connection, secret: str) -> None:
    assert send(house, secret=secret) == 404
    assert jobs() == 0


def test_without_an_address_or_a_connection_there_is_no_door(house: Connection) -> None:
    Connection.objects.update(hook_secret="")
    house.hook_secret = ""
    assert send(house, secret="x") == 404
    known = "known-secret"
    Connection.objects.update(active=False)
    assert send(house, secret=known) == 404


def test_another_server_s_hints_are_not_ours(house: Connection) -> None:
    assert send(house, Server={"uuid": "another"}) == 404
    assert send(house, Server=None) == 404
    assert jobs() == 0


@pytest.mark.parametrize("event", ["media.play", "library.new", None])
def test_what_tells_nothing_of_watching_is_answered_and_forgotten(
    house: Connection, event: str | None
) -> None:
    assert send(house, event=event) == 200
    assert jobs() == 0


@pytest.mark.parametrize("body", ["", "no json", "[]", "3", "[" * 100_000])
def test_what_is_no_webhook_of_plex_is_refused(
    browser: Client, house: Connection, body: str
) -> None:
    answer = browser.post(f"/plex/hook/{house.hook_secret}", {"payload": body})
    assert answer.status_code == 400


def test_a_body_too_long_is_not_read(browser: Client, house: Connection) -> None:
    picture = SimpleUploadedFile("thumb.jpg", b"x" * hook.MOST_BYTES, "image/jpeg")
    body = {"payload": json.dumps({"event": "media.stop"}), "thumb": picture}
    assert browser.post(f"/plex/hook/{house.hook_secret}", body).status_code == 400


def test_the_address_is_shown_to_the_owner_and_can_be_renewed(
    browser: Client, ada: User, house: Connection
) -> None:
    builders.title()
    builders.ask(
        viewers=[builders.viewer()], user=ada
    )  # the first run, whose steps hide it, is over
    browser.force_login(ada)
    before = house.hook_secret
    assert f"http://testserver/plex/hook/{before}" in browser.get("/people").content.decode()
    browser.post("/people/hook")
    house.refresh_from_db()
    assert len(house.hook_secret) >= 22  # of 64 letters each: more than 128 bits
    assert send(house, secret=before) == 404
    assert send(house) == 200


def test_the_secret_stays_out_of_the_log(
    browser: Client, house: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        browser.get(f"/plex/hook/{house.hook_secret}")  # 405, which Django logs
    assert any(house.hook_secret in record.getMessage() for record in caplog.records)
    assert not any(house.hook_secret in redact(r.getMessage()) for r in caplog.records)
