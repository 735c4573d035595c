"""The hostile library: it is what it says, and the same at every start."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest
import requests

from plexsync.demo.hostile import PAYLOADS, THUMBS, hostile_library
from plexsync.demo.server import DemoPlex

ALL = "/library/sections/{}/all?sort=id&includeGuids=1"


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoPlex]:
    with DemoPlex(hostile_library(), token="owner") as plex:
        yield plex


def ask(demo: DemoPlex, path: str) -> bytes:
    return requests.get(demo.url + path, headers={"X-Plex-Token": "owner"}, timeout=20).content


def read(demo: DemoPlex, path: str) -> list[ET.Element]:
    return list(parse(re.sub(rb"[\x00-\x08]", b"", ask(demo, path))))


def parse(data: bytes) -> ET.Element:
    return ET.fromstring(data)  # noqa: S314


def titled(items: list[ET.Element], title: str) -> ET.Element:
    return next(item for item in items if item.get("title") == title)


def test_it_is_the_same_at_every_start(demo: DemoPlex) -> None:
    assert hostile_library().machine_identifier == demo.library.machine_identifier


def test_a_plain_parser_does_not_get_through_it(demo: DemoPlex) -> None:
    with pytest.raises(ET.ParseError):
        parse(ask(demo, ALL.format(1)))


def test_titles_lack_what_every_title_has(demo: DemoPlex) -> None:
    films = read(demo, ALL.format(1))
    assert any(film.get("title") is None for film in films)
    assert any(film.get("ratingKey") is None for film in films)
    for name in ("year", "duration", "guid", "thumb", "addedAt"):
        assert titled(films, f"No {name}").get(name) is None


def test_numbers_and_dates_are_none(demo: DemoPlex) -> None:
    films = read(demo, ALL.format(1))
    assert titled(films, "Number NaN").get("duration") == "NaN"
    assert {"0", "9999", "10000", "-44"} <= {film.get("year") for film in films}
    assert "99999999999999999999" in {film.get("addedAt") for film in films}


def test_rating_keys_and_guids_are_repeated_and_no_numbers(demo: DemoPlex) -> None:
    keys = [film.get("ratingKey") for film in read(demo, ALL.format(1))]
    assert keys.count("1001") == 3
    assert {"abc", "../../accounts", "-5", ""} <= set(keys)


def test_one_film_has_ten_thousand_genres(demo: DemoPlex) -> None:
    film = titled(read(demo, ALL.format(1)), "Ten thousand genres")
    full = read(demo, f"/library/metadata/{film.get('ratingKey')}")[0]
    assert len(full.findall("Genre")) == 10_000


def test_every_payload_stands_in_every_text(demo: DemoPlex) -> None:
    films = {film.get("title"): film for film in read(demo, ALL.format(1))}
    assert len(PAYLOADS) == 25
    for payload in PAYLOADS:
        film = films[payload]
        assert {film.get(name) for name in ("summary", "studio", "editionTitle")} == {payload}
        assert {film.find(tag).get("tag") for tag in ("Genre", "Role", "Collection")} == {payload}  # type: ignore[union-attr]


def test_pictures_lead_elsewhere(demo: DemoPlex) -> None:
    thumbs = {film.get("thumb") for film in read(demo, ALL.format(1))}
    assert set(THUMBS) <= thumbs


def test_there_are_libraries_of_other_things(demo: DemoPlex) -> None:
    sections = read(demo, "/library/sections")
    assert {s.get("type") for s in sections} == {"movie", "show", "artist", "photo"}
    assert sections[0].get("title") == "<script>alert('films')</script>"
    assert sections[-1].get("title") is None


def test_series_are_empty_or_without_numbers(demo: DemoPlex) -> None:
    assert titled(read(demo, ALL.format(2)), "No episodes").get("leafCount") == "0"
    episodes = read(demo, "/library/sections/2/all?type=4&sort=id")
    assert sum(episode.get("index") is None for episode in episodes) == 3
    assert sum(episode.get("grandparentRatingKey") is None for episode in episodes) == 2


def test_it_can_be_read_as_json_too(demo: DemoPlex) -> None:
    headers = {"X-Plex-Token": "owner", "Accept": "application/json"}
    answer = requests.get(demo.url + ALL.format(1), headers=headers, timeout=20).json()
    assert len(answer["MediaContainer"]["Metadata"]) >= 100
