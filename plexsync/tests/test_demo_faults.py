"""The faults of the demo server: each switch does what it says, to the real plexapi."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import requests
from plexapi.exceptions import BadRequest, Unauthorized
from plexapi.server import PlexServer

from plexsync.demo.generated import generated_library
from plexsync.demo.server import DemoPlex

Plex: Any = PlexServer  # plexapi carries no types
TOKEN = "owner"
SECTION = "/library/sections/1/all"


@pytest.fixture
def demo() -> Iterator[DemoPlex]:
    with DemoPlex(generated_library(300), token="owner", seeded=False) as plex:
        yield plex


@pytest.fixture
def plex(demo: DemoPlex) -> Any:
    server = Plex(demo.url, demo.token)
    server.library.sections()
    demo.requests.clear()
    return server


def ask(
    demo: DemoPlex, method: str, path: str, told: Any = None, token: str = TOKEN
) -> requests.Response:
    return requests.request(
        method, demo.url + path, json=told, headers={"X-Plex-Token": token}, timeout=10
    )


def set_fault(demo: DemoPlex, **told: Any) -> None:
    assert ask(demo, "POST", "/demo/faults", told).status_code == 200


def page(demo: DemoPlex, start: int = 0, size: int = 50) -> requests.Response:
    return ask(
        demo, "GET", f"{SECTION}?X-Plex-Container-Start={start}&X-Plex-Container-Size={size}"
    )


def parse(data: bytes) -> ET.Element:
    return ET.fromstring(data)  # noqa: S314


def keys(answer: requests.Response) -> list[str]:
    return [item.attrib["ratingKey"] for item in parse(answer.content)]


def test_faults_are_set_shown_and_cleared(demo: DemoPlex) -> None:
    set_fault(demo, status=503, only_path="/library")
    assert ask(demo, "GET", "/demo/faults").json()["status"] == 503
    assert page(demo).status_code == 503
    assert ask(demo, "DELETE", "/demo/faults").json()["status"] is None
    assert page(demo).status_code == 200


def test_only_the_owner_sets_faults(demo: DemoPlex) -> None:
    assert ask(demo, "POST", "/demo/faults", {"status": 503}, token="wrong").status_code == 401
    assert (
        ask(demo, "POST", "/demo/faults", {"status": 503}, token=demo.ben_token).status_code == 403
    )
    assert page(demo).status_code == 200


def test_a_fault_that_does_not_exist_is_refused(demo: DemoPlex) -> None:
    assert "no such fault: stauts" in ask(demo, "POST", "/demo/faults", {"stauts": 503}).text
    assert ask(demo, "POST", "/demo/faults", {"status": 999}).status_code == 400


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, Unauthorized),
        (403, BadRequest),
        (429, BadRequest),
        (503, BadRequest),
        (520, TypeError),
    ],
)
def test_a_status_reaches_plexapi_as_from_a_real_server(
    demo: DemoPlex, plex: Any, status: int, error: type[Exception]
) -> None:
    demo.faults.set({"status": status})
    with pytest.raises(error):
        plex.query("/library/sections")


def test_faults_can_be_given_at_the_start() -> None:
    with DemoPlex(generated_library(10), faults={"status": 503}) as demo:
        assert requests.get(demo.url + "/identity", timeout=5).status_code == 503


def test_a_fault_strikes_only_where_it_is_told(demo: DemoPlex) -> None:
    set_fault(demo, status=403, only_path="/accounts")
    assert ask(demo, "GET", "/accounts").status_code == 403
    assert page(demo).status_code == 200


def test_a_fault_starts_at_the_nth_request_and_ends_after_so_many(demo: DemoPlex) -> None:
    set_fault(demo, status=503, only_path=SECTION, after_requests=3, times=1)
    assert [page(demo).status_code for _ in range(5)] == [200, 200, 503, 200, 200]


def test_a_slow_server_runs_into_the_timeout(demo: DemoPlex) -> None:
    set_fault(demo, slow_ms=1_500, only_path=SECTION)
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(demo.url + SECTION, headers={"X-Plex-Token": "owner"}, timeout=0.2)


def test_a_truncated_answer_does_not_parse(demo: DemoPlex, plex: Any) -> None:
    set_fault(demo, truncate=True, only_path=SECTION)
    with pytest.raises(ET.ParseError):
        plex.query(SECTION)


def test_a_reset_breaks_the_connection_in_the_middle(demo: DemoPlex) -> None:
    set_fault(demo, reset=True, only_path=SECTION, times=1)
    with pytest.raises(
        (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError)
    ):
        page(demo, size=300)
    assert page(demo).status_code == 200


def test_a_capped_page_makes_plexapi_lose_titles(demo: DemoPlex, plex: Any) -> None:
    films = plex.library.section("Films")
    assert len(films.all(container_size=100)) == 270
    set_fault(demo, cap_page=40, only_path=SECTION)
    assert len(keys(page(demo, size=100))) == 40
    assert len(films.all(container_size=100)) < 270


def test_a_server_may_ignore_paging(demo: DemoPlex) -> None:
    set_fault(demo, ignore_paging=True)
    assert len(keys(page(demo, start=100))) == 270


def test_the_total_may_shrink_in_the_middle_of_a_walk(demo: DemoPlex) -> None:
    set_fault(demo, shrink=0.6)
    totals = [parse(page(demo, start).content).get("totalSize") for start in (0, 50)]
    assert totals == ["270", "162"]


def test_pages_may_repeat(demo: DemoPlex) -> None:
    set_fault(demo, duplicate_pages=True)
    assert keys(page(demo, 0)) == keys(page(demo, 50))


def test_a_forbidden_character_breaks_a_plain_parser_and_plexapi_cleans_it(
    demo: DemoPlex, plex: Any
) -> None:
    set_fault(demo, bad_char=True)
    with pytest.raises(ET.ParseError):
        parse(page(demo).content)
    assert len(plex.query(SECTION)) == 270


def test_a_proxy_in_between_answers_html_with_200(demo: DemoPlex) -> None:
    set_fault(demo, html=True)
    with pytest.raises(ET.ParseError):
        Plex(demo.url, demo.token)


@pytest.mark.parametrize(("form", "kind"), [("html", "text/html"), ("json", "application/json")])
def test_maintenance_is_a_503_in_two_forms(demo: DemoPlex, form: str, kind: str) -> None:
    set_fault(demo, maintenance=form)
    answer = page(demo)
    assert (answer.status_code, answer.headers["Content-Type"]) == (503, kind)
    assert "Maintenance" in answer.text
    if form == "json":
        assert answer.json()["code"] == 503


def test_every_third_title_may_lack_what_is_usually_there(demo: DemoPlex) -> None:
    set_fault(demo, missing_attrs=True)
    items = list(parse(page(demo, size=90).content))
    bare = [item for item in items if item.get("title") is None]
    assert 20 <= len(bare) <= 40
    assert all(item.get("guid") is None and item.get("ratingKey") for item in bare)


def test_requests_are_counted_by_kind(demo: DemoPlex, plex: Any) -> None:
    plex.library.section("Films").all(container_size=100)
    plex.fetchItems([1001, 1002])
    plex.fetchItem(1001)
    shown = ask(demo, "GET", "/demo/requests").json()
    assert shown["kinds"]["listing"] == 3
    assert (shown["kinds"]["metadata batch"], shown["kinds"]["single item"]) == (1, 1)
    assert shown["peak"] == 1
    assert ask(demo, "DELETE", "/demo/requests").json()["total"] == 0


def test_titles_can_be_removed_renamed_and_watched(demo: DemoPlex, plex: Any) -> None:
    version = ask(demo, "GET", "/demo/library").json()["version"]
    changed = ask(
        demo, "POST", "/demo/library", {"remove": 5, "rename": {"1010": "The Renamed"}}
    ).json()
    assert changed["films"] == 265
    assert changed["version"] > version
    film = plex.fetchItem(1010)
    assert (film.title, film.titleSort) == ("The Renamed", "Renamed")
    ask(demo, "POST", "/demo/library", {"watched": {"account": "ben", "keys": [1010]}})
    assert Plex(demo.url, demo.ben_token).fetchItem(1010).viewCount == 1
    assert plex.fetchItem(1010).viewCount == 0
    assert ask(demo, "POST", "/demo/library", {"explode": 1}).status_code == 400


def test_a_show_added_again_takes_its_episodes_along(demo: DemoPlex, plex: Any) -> None:
    show = plex.library.section("Series").all()[0]
    count = len(show.episodes())
    key = ask(demo, "POST", "/demo/library", {"readd": [show.ratingKey]}).json()["readded"][
        str(show.ratingKey)
    ]
    again = plex.fetchItem(key)
    assert (again.guid, len(again.episodes())) == (show.guid, count)


def test_stopping_hangs_up_on_waiting_clients(demo: DemoPlex) -> None:
    session = requests.Session()
    assert session.get(demo.url + "/identity", timeout=5).status_code == 200
    demo.stop()
    with pytest.raises(requests.exceptions.ConnectionError):
        session.get(demo.url + "/identity", timeout=5)


# Switches for what real servers have been seen doing


def test_big_pages_are_slow_and_small_ones_are_not(demo: DemoPlex) -> None:
    set_fault(demo, slow_page_ms=1_500, slow_page_over=100, only_path=SECTION)
    where = f"{demo.url}{SECTION}?X-Plex-Token={TOKEN}&X-Plex-Container-Size="
    assert requests.get(f"{where}100", timeout=10).status_code == 200
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(f"{where}101", timeout=0.3)


def test_a_token_may_die_after_so_many_titles(demo: DemoPlex) -> None:
    set_fault(demo, deny_after_items=100)
    assert [page(demo, n * 50).status_code for n in range(3)] == [200, 200, 401]


def test_an_unclaimed_server_knows_nobody_and_lets_everybody_in(demo: DemoPlex) -> None:
    set_fault(demo, unclaimed=True)
    assert parse(requests.get(demo.url + "/identity", timeout=5).content).get("claimed") == "0"
    root = parse(requests.get(demo.url + "/", timeout=5).content)
    assert (root.get("myPlex"), root.get("myPlexSigninState")) == ("0", "none")


def test_what_is_the_owners_may_be_forbidden_to_the_owner(demo: DemoPlex) -> None:
    set_fault(demo, forbid_owner=True)
    assert ask(demo, "GET", "/accounts").status_code == 403
    assert page(demo).status_code == 200


def test_a_server_may_say_how_long_to_wait(demo: DemoPlex) -> None:
    set_fault(demo, status=429, retry_after=120)
    answer = page(demo)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "120")


@pytest.mark.parametrize("status", [400, 422, 498, 500, 502, 504, 522])
def test_a_server_or_a_proxy_may_answer_any_error(demo: DemoPlex, status: int) -> None:
    set_fault(demo, status=status)
    assert page(demo).status_code == status


@pytest.mark.parametrize("character", ["\x04", "&#4;", "&nbsp;"])
def test_one_title_may_have_a_character_that_breaks_every_answer_it_is_in(
    demo: DemoPlex, character: str
) -> None:
    set_fault(demo, bad_char_of=1005, bad_char_as=character)
    for path in (f"{SECTION}?sort=id", "/library/metadata/1005", "/library/metadata/1004,1005"):
        with pytest.raises(ET.ParseError):
            parse(ask(demo, "GET", path).content)
    assert keys(ask(demo, "GET", "/library/metadata/1004")) == ["1004"]


def test_an_answer_may_be_empty_with_200(demo: DemoPlex) -> None:
    set_fault(demo, empty=True)
    answer = page(demo)
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_total_may_grow_in_the_middle_of_a_walk(demo: DemoPlex) -> None:
    set_fault(demo, grow=7)
    totals = [parse(page(demo, start).content).get("totalSize") for start in (0, 50)]
    assert totals == ["270", "277"]


def test_pages_may_overlap(demo: DemoPlex) -> None:
    set_fault(demo, overlap=10)
    assert keys(page(demo, 0))[-10:] == keys(page(demo, 50))[:10]


def test_every_third_title_may_have_numbers_that_are_none(demo: DemoPlex) -> None:
    set_fault(demo, garbage_numbers=True)
    odd = [item for item in parse(page(demo, size=90).content) if item.get("year") == "MCMXC"]
    assert 15 <= len(odd) <= 45
    assert {(item.get("duration"), item.get("rating")) for item in odd} == {("NaN", "inf")}


def test_an_old_server_does_not_know_what_to_leave_out(demo: DemoPlex) -> None:
    path = f"{SECTION}?excludeElements=Media&excludeFields=summary&X-Plex-Container-Size=5"
    assert "<Media " not in ask(demo, "GET", path).text
    set_fault(demo, ignore_excludes=True)
    text = ask(demo, "GET", path).text
    assert "<Media " in text
    assert " summary=" in text


def test_bytes_may_drip_so_that_no_read_is_late_and_the_answer_is(demo: DemoPlex) -> None:
    set_fault(demo, drip_ms=25, only_path=SECTION)
    begun = time.monotonic()
    where = f"{demo.url}{SECTION}?X-Plex-Token={TOKEN}&X-Plex-Container-Size=2"
    answer = requests.get(where, timeout=1)
    assert len(parse(answer.content)) == 2
    assert time.monotonic() - begun > 1


def test_the_server_may_redirect_to_another_host(demo: DemoPlex) -> None:
    set_fault(demo, redirect="http://evil.example", only_path="/library")
    answer = requests.get(
        demo.url + SECTION, headers={"X-Plex-Token": TOKEN}, timeout=5, allow_redirects=False
    )
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"http://evil.example{SECTION}",
    )


def test_an_answer_may_come_packed(demo: DemoPlex) -> None:
    set_fault(demo, gzip=True)
    answer = page(demo)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(keys(answer)) == 50


def test_an_answer_may_be_far_too_long(demo: DemoPlex) -> None:
    set_fault(demo, pad_bytes=6_000_000)
    assert (
        len(
            ask(
                demo,
                "GET",
                "/photo/:/transcode?url=/library/metadata/1001/thumb/1&width=9&height=9",
            ).content
        )
        > 6_000_000
    )


def test_a_certificate_may_be_for_another_name() -> None:
    with DemoPlex(generated_library(10), tls="*.abc.plex.direct") as demo:
        assert demo.url.startswith("https://127.0.0.1:")
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(demo.url + "/identity", timeout=5)


def test_a_certificate_that_fits_is_trusted_by_whoever_has_it(tmp_path: Path) -> None:
    with DemoPlex(generated_library(10), tls="127.0.0.1") as demo:
        assert demo.certificate
        trusted = tmp_path / "demo.pem"
        trusted.write_text(demo.certificate.pem)
        answer = requests.get(demo.url + "/identity", timeout=5, verify=str(trusted))
        assert answer.status_code == 200


def test_a_token_can_be_renewed_and_the_old_one_is_dead(demo: DemoPlex) -> None:
    token = demo.renew("ana")
    assert page(demo).status_code == 401
    assert ask(demo, "GET", SECTION, token=token).status_code == 200


# What happens to a library


def change(demo: DemoPlex, **told: Any) -> Any:
    return ask(demo, "POST", "/demo/library", told).json()


def total(demo: DemoPlex, section: int = 1) -> int:
    answer = ask(demo, "GET", f"/library/sections/{section}/all?X-Plex-Container-Size=0")
    return int(parse(answer.content).attrib["totalSize"])


def test_a_title_matched_anew_has_another_guid_under_its_key(demo: DemoPlex, plex: Any) -> None:
    change(demo, rematch={"1001": "plex://movie/other"})
    assert plex.fetchItem(1001).guid == "plex://movie/other"


def test_an_edition_is_a_second_title_with_the_same_guid(demo: DemoPlex, plex: Any) -> None:
    key = change(demo, edition={"1001": "Director's Cut"})["edition"]["1001"]
    one, other = plex.fetchItems([1001, key])
    assert one.guid == other.guid
    assert (one.editionTitle, other.editionTitle) == (None, "Director's Cut")
    assert one.media[0].parts[0].file != other.media[0].parts[0].file


def test_several_files_of_a_title_are_one_title(demo: DemoPlex, plex: Any) -> None:
    change(demo, versions={"1001": 3})
    film = plex.fetchItem(1001)
    assert len({part.file for media in film.media for part in media.parts}) == 3


def test_a_trashed_title_stays_listed_and_says_so(demo: DemoPlex) -> None:
    change(demo, trash=[1001])
    assert parse(ask(demo, "GET", "/library/metadata/1001").content)[0].get("deletedAt")
    assert total(demo) == 270
    change(demo, restore=[1001])
    assert parse(ask(demo, "GET", "/library/metadata/1001").content)[0].get("deletedAt") is None


def test_a_section_can_be_added_with_copies_and_removed_again(demo: DemoPlex, plex: Any) -> None:
    told = {"key": 3, "title": "Films 4K", "copies": 20}
    copies = change(demo, add_section=told)["add_section"]
    plex.library.reload()
    films = plex.library.section("Films 4K").all()
    assert {film.ratingKey for film in films} == set(copies.values())
    assert {film.guid for film in films} == {plex.fetchItem(int(key)).guid for key in copies}
    change(demo, remove_section=3)
    assert ask(demo, "GET", "/library/sections/3/all").status_code == 404
    assert "Films 4K" not in ask(demo, "GET", "/library/sections").text


def test_a_drive_can_go_missing_and_come_back(demo: DemoPlex) -> None:
    assert change(demo, unmount={"1": 0.6})["unmount"] == {"1": 162}
    assert total(demo) == 108
    change(demo, unmount={"1": 1})
    assert total(demo) == 0
    assert change(demo, remount=True)["remount"] == 270
    assert keys(ask(demo, "GET", f"{SECTION}?sort=id"))[0] == "1001"


def test_a_section_says_when_it_changed_and_when_it_is_being_scanned(demo: DemoPlex) -> None:
    def films() -> ET.Element:
        return parse(ask(demo, "GET", "/library/sections").content)[0]

    before = films()
    change(demo, touch=[1001], refreshing={"1": True})
    after = films()
    assert (before.get("refreshing"), after.get("refreshing")) == ("0", "1")
    assert int(after.attrib["contentChangedAt"]) > int(before.attrib["contentChangedAt"])


def test_marking_rating_and_leaving_half_way_are_state_without_history(
    demo: DemoPlex, plex: Any
) -> None:
    change(
        demo,
        marked={"account": "ana", "keys": [1001]},
        begun={"account": "ana", "keys": [1002], "minutes": 30},
        rated={"account": "ana", "keys": [1003], "rating": 7},
    )
    seen, begun, rated = plex.fetchItems([1001, 1002, 1003])
    assert (seen.viewCount, begun.viewOffset, rated.userRating) == (1, 1_800_000, 7.0)
    assert plex.history() == []
    change(demo, marked={"account": "ana", "keys": [1001], "seen": False})
    assert plex.fetchItem(1001).viewCount == 0
