"""Walks over listings of servers that are slow, cap pages, count wrongly or write broken XML."""

from typing import Any

import pytest

from plexsync import sync
from plexsync.client import PlexClient, PlexError
from plexsync.client import server as module
from plexsync.client.parsing import parsed
from plexsync.demo.generated import generated_library
from plexsync.demo.hostile import hostile_library
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, Library, MediaItem

LISTING = "/library/sections/1/all"


@pytest.mark.django_db
def test_two_thousand_titles_cost_two_pages_and_ten_batches() -> None:
    with DemoPlex(generated_library(2_000), token="t") as plex:
        sync.connect(plex.url, plex.token)
        plex.requests.clear()
        assert sync.run()["titles"] == 2_000
        kinds = plex.requests.kinds
        episodes = sum("type=4" in asked.target for asked in plex.requests.asked)
        assert (kinds["listing"] - episodes, kinds["metadata batch"]) == (3, 10)
        assert kinds["single item"] == kinds["leaves"] == kinds["children"] == 0


@pytest.mark.django_db
def test_a_page_that_is_too_long_for_the_server_is_asked_for_in_halves(
    connected: Connection, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "READ_SECONDS", 0.3)
    slow = {"slow_page_ms": 600, "slow_page_over": 100, "only_path": "/library/sections/"}
    plex.faults.set(slow)
    done = sync.run()
    assert (done["titles"], done["complete"]) == (300, True)


@pytest.mark.django_db
def test_a_batch_that_is_too_long_for_the_server_is_asked_for_in_halves(
    connected: Connection, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "READ_SECONDS", 0.3)
    plex.faults.set({"slow_page_ms": 600, "slow_page_over": 60, "only_path": "/library/metadata"})
    done = sync.run()
    assert (done["titles"], done["complete"]) == (300, True)


def test_a_server_that_drips_is_as_good_as_silent(
    client: PlexClient, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "READ_SECONDS", 0.2)
    plex.faults.set({"drip_ms": 100})
    with pytest.raises(PlexError, match="did not answer in time"):
        client.query(f"{LISTING}?type=1")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fault", [{"grow": 5}, {"overlap": 7}, {"gzip": True}, {"cap_page": 40, "overlap": 3}]
)
def test_no_title_is_lost_or_doubled_and_none_goes_missing(
    connected: Connection, plex: DemoPlex, small_pages: None, fault: dict[str, Any]
) -> None:
    sync.run()
    plex.faults.set({**fault, "only_path": "/library/sections/"})
    done = sync.run()
    assert (done["titles"], done["missing"], done["held"], done["created"]) == (300, 0, 0, 0)
    assert MediaItem.objects.count() == 300


@pytest.mark.django_db
@pytest.mark.parametrize("character", ["\x04", "&#4;", "&", "\ufffe"])
def test_what_xml_forbids_is_left_out_of_a_title(
    connected: Connection, plex: DemoPlex, character: str
) -> None:
    plex.faults.set({"bad_char_of": 1005, "bad_char_as": character})
    done = sync.run()
    assert (done["titles"], done["complete"], done["skipped"]) == (300, True, [])
    told = MediaItem.objects.get(rating_key="1005").title
    assert told.lstrip("&") == plex.library.titles[1005].title


@pytest.mark.django_db
def test_a_title_that_spoils_its_page_is_left_out_and_named(
    connected: Connection, plex: DemoPlex
) -> None:
    plex.faults.set({"bad_char_of": 1005, "bad_char_as": "<"})
    done = sync.run()
    assert (done["titles"], done["complete"]) == (299, True)
    assert done["skipped"] == [{"key": "1005", "reason": "its XML can't be read"}]
    assert "One entry of Plex can't be used (1005): its XML can't be read." in done["detail"]


def test_html_is_no_plex_however_well_formed() -> None:
    with pytest.raises(PlexError) as caught:
        parsed(b"<html><body>It works</body></html>")
    assert caught.value.kind == "not_plex"


@pytest.mark.django_db
def test_an_empty_answer_is_no_plex(synced: Connection, plex: DemoPlex) -> None:
    plex.faults.set({"empty": True})
    with pytest.raises(Exception, match="not Plex's"):
        sync.run()
    assert MediaItem.objects.on_offer().count() == 300


@pytest.mark.django_db
def test_the_most_hostile_library_is_mirrored_and_what_cannot_be_is_named() -> None:
    with DemoPlex(hostile_library(), token="t") as plex:
        sync.connect(plex.url, plex.token)
        done = sync.run()
        assert done["complete"]
        assert done["titles"] > 30
        reasons = {entry["reason"] for entry in done["skipped"]}
        assert reasons >= {"it has no usable key", "another title has the same key"}
        again = sync.run()
        assert (again["complete"], again["created"], again["missing"]) == (True, 0, 0)
        assert set(Library.objects.values_list("type", flat=True)) == {"movie", "show"}
