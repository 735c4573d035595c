"""The faults of the demo server: each switch does what it says, to the real plexapi."""

from __future__ import annotations

from collections.abc import Iterator
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
