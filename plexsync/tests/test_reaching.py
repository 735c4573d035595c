"""The connected server is reached at whichever of its addresses answers, and never mixed up."""

from pathlib import Path
from typing import Any

import pytest

from moodrec.tests.installs import free_port
from plexsync import sync
from plexsync.client import PlexError
from plexsync.demo.generated import generated_library
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, MediaItem
from plexsync.tests.test_sync import run_job

pytestmark = pytest.mark.django_db


def addresses(*uris: str) -> list[dict[str, Any]]:
    return [{"uri": uri, "local": True, "relay": False} for uri in uris]


def test_a_server_that_moved_is_found_at_another_of_its_addresses(
    synced: Connection, plex: DemoPlex
) -> None:
    silent = f"http://127.0.0.1:{free_port()}"
    Connection.objects.update(url=silent, addresses=addresses(silent, plex.url))
    assert sync.run()["titles"] == 300
    synced.refresh_from_db()
    assert (synced.url, synced.state) == (plex.url, "ok")


def test_another_machine_at_one_of_the_addresses_is_left_alone(
    synced: Connection, plex: DemoPlex
) -> None:
    silent = f"http://127.0.0.1:{free_port()}"
    with DemoPlex(generated_library(40, seed=2), token=plex.token) as other:
        Connection.objects.update(url=silent, addresses=addresses(silent, other.url))
        assert run_job().state == "failed"
        assert set(other.requests.kinds) == {"identity"}  # and nothing was told to it
    synced.refresh_from_db()
    assert synced.url == silent


def test_another_machine_at_the_address_in_use_changes_nothing(
    synced: Connection, plex: DemoPlex
) -> None:
    with DemoPlex(generated_library(40, seed=2), token=plex.token) as other:
        Connection.objects.update(url=other.url)
        job = run_job()
        assert set(other.requests.kinds) == {"identity"}
    assert job.detail == "Another Plex server answers at this address. Connect Plex again."
    assert MediaItem.objects.on_offer().count() == 300


def test_a_token_that_dies_on_the_way_stops_the_sync_at_once(
    synced: Connection, plex: DemoPlex, small_pages: None
) -> None:
    plex.faults.set({"deny_after_items": 100})
    job = run_job()
    assert (job.state, job.result) == ("failed", {"retry": False})
    assert job.detail == "Plex refused the token. Link MoodRec with Plex again."
    assert plex.requests.kinds["identity"] == 2  # where is it, and is it really it
    assert sum(plex.requests.kinds.values()) <= 8
    synced.refresh_from_db()
    assert synced.state == "denied"
    assert MediaItem.objects.on_offer().count() == 300


def test_one_refusal_is_no_dead_token(synced: Connection, plex: DemoPlex) -> None:
    plex.faults.set({"status": 401, "only_path": "/library/sections/", "times": 1})
    job = run_job()
    assert (job.state, job.result) == ("failed", {})  # and is tried again before long
    assert "refused one request, but takes the token" in job.detail
    assert sync.run()["complete"]


@pytest.mark.parametrize("status", [429, 498, 500, 502, 503, 504, 520, 522])
def test_a_busy_server_is_tried_again_later(
    synced: Connection, plex: DemoPlex, status: int
) -> None:
    plex.faults.set({"status": status})
    job = run_job()
    assert (job.state, job.result) == ("failed", {"soon": True})
    assert f"{status}: it is starting or busy" in job.detail
    assert MediaItem.objects.on_offer().count() == 300


@pytest.mark.parametrize("status", [404, 500, 403])
def test_one_library_that_fails_does_not_stop_the_others(
    synced: Connection, plex: DemoPlex, status: int
) -> None:
    plex.library.remove(200_001)
    plex.faults.set({"status": status, "only_path": "/library/sections/1"})
    done = sync.run()
    assert (done["titles"], done["missing"], done["complete"]) == (299, 1, False)
    assert done["problems"][0].startswith("Films: ")
    assert done["problems"][0] in done["detail"]


def test_an_unclaimed_server_is_mirrored_without_a_token() -> None:
    with DemoPlex(generated_library(40), faults={"unclaimed": True}) as plex:
        sync.connect(plex.url, "")
        assert sync.run()["titles"] == 40


def test_a_certificate_that_nobody_vouches_for_is_named_with_its_cure() -> None:
    with DemoPlex(generated_library(40), token="t", tls="*.abc.plex.direct") as plex:
        with pytest.raises(PlexError) as caught:
            sync.connect(plex.url, "t")
        assert (caught.value.kind, "plex.direct address" in str(caught.value)) == (
            "unreachable",
            True,
        )
        row = sync.connect(plex.url, "t", unverified=True)
        assert (row.unverified, sync.run()["titles"]) == (True, 40)


def test_an_accepted_certificate_is_accepted_though_the_environment_names_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text("")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    with DemoPlex(generated_library(40), token="t", tls="nas.local") as plex:
        sync.connect(plex.url, "t", unverified=True)
        assert sync.run()["titles"] == 40


def test_an_encrypted_address_that_falls_silent_is_not_exchanged_for_a_plain_one(
    synced: Connection, plex: DemoPlex
) -> None:
    silent = f"https://127.0.0.1:{free_port()}"
    Connection.objects.update(url=silent, addresses=addresses(silent, plex.url))
    assert run_job().state == "failed"
    assert not plex.requests.kinds
    synced.refresh_from_db()
    assert synced.url == silent


def test_a_certificate_accepted_unchecked_is_accepted_at_no_other_address() -> None:
    with DemoPlex(generated_library(40), token="t", tls="nas.local") as plex:
        row = sync.connect(plex.url, "t", unverified=True)
        silent = f"https://127.0.0.1:{free_port()}"
        Connection.objects.update(url=silent, addresses=addresses(silent, plex.url))
        plex.requests.clear()
        assert run_job().state == "failed"
        assert not plex.requests.kinds
    row.refresh_from_db()
    assert row.url == silent


def test_the_tokens_of_a_server_that_another_took_the_place_of_are_forgotten(
    synced: Connection,
) -> None:
    Connection.objects.update(account_token="account", hook_secret="hook")
    with DemoPlex(generated_library(40, seed=2), token="t") as other:
        sync.connect(other.url, "t")
    synced.refresh_from_db()
    assert (synced.token, synced.account_token, synced.hook_secret) == ("", "", "")
