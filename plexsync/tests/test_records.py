"""From XML to records: what Plex says is kept, what is wrong or hostile never hurts."""

import re
from datetime import UTC, date, datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plexsync.records import Section, image_path, title_record

ATTRIBUTES = [
    "ratingKey", "guid", "type", "title", "titleSort", "originalTitle", "editionTitle", "thumb",
    "art", "addedAt", "year", "duration", "contentRating", "originallyAvailableAt", "summary",
    "studio", "audienceRating", "rating", "childCount", "leafCount", "viewedLeafCount",
    "viewCount", "lastViewedAt", "userRating",
]  # fmt: skip
TAGS = ["Genre", "Director", "Writer", "Role", "Country", "Collection", "Label", "Guid"]
numbers = st.one_of(st.integers(), st.floats()).map(str)
hostile = st.one_of(
    st.text(max_size=50),
    numbers,
    st.sampled_from(["", "-1", "1e999", "9" * 5000, "٣", "²", "\x00\x04", "2024-W01-1", "<b>"]),
)
entries = st.dictionaries(st.sampled_from(ATTRIBUTES), hostile)
tags = st.lists(st.tuples(st.sampled_from(TAGS), hostile), max_size=40)


def fields(*children: tuple[str, str], **attributes: str) -> dict[str, Any]:
    element = Element("Video", attributes)
    for tag, value in children:
        SubElement(element, tag, {"tag": value, "id": value})
    return title_record(element).fields


@given(entries, tags)
def test_no_entry_is_hostile_enough_to_raise(
    attributes: dict[str, str], children: list[tuple[str, str]]
) -> None:
    found = fields(*children, **attributes)
    assert found["title"]
    assert found["year"] is None or 1870 <= found["year"] < 2200
    for name in ("audience_rating", "critic_rating", "user_rating"):
        assert found[name] is None or 0 <= found[name] <= 10
    for name in ("view_count", "watched_episodes"):
        assert 0 <= found[name] < 2**31


@settings(max_examples=50)
@given(entries, tags)
def test_no_control_character_and_no_endless_text_gets_through(
    attributes: dict[str, str], children: list[tuple[str, str]]
) -> None:
    found = fields(*children, **attributes)
    texts = [v for v in found.values() if isinstance(v, str)]
    texts += [name for v in found.values() if isinstance(v, list) for name in v]
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", "".join(texts))
    assert max(map(len, texts)) <= 5000


@given(hostile)
def test_no_image_path_leads_out_of_the_library(path: str) -> None:
    found = image_path(Element("Video", {"thumb": path}), "thumb")
    assert found in {"", path}
    assert not found or found.startswith("/library/")


@pytest.mark.parametrize(
    "path",
    [
        "http://10.0.0.1/admin",
        "//evil.example/x",
        "/library/metadata/1/thumb/1?url=http://10.0.0.1",
        "/library/metadata/../../identity",
        "/library/metadata/1/thumb/1\n",
        "/library/metadata/1/thumb/" + "1" * 300,
        "/library/metadata/١/thumb/1",
        "/:/prefs",
    ],
)
def test_a_hostile_thumb_is_dropped(path: str) -> None:
    assert fields(thumb=path)["thumb"] == ""


@pytest.mark.parametrize("key", ["", "1" * 21, "1/../2", "all?x=1"])
def test_a_library_whose_key_is_no_number_is_none(key: str) -> None:
    assert Section.of(Element("Directory", {"key": key, "type": "movie"})).key == ""


def test_an_entry_is_read_as_plex_says_it() -> None:
    found = fields(
        title="Alien",
        year="1979",
        duration="6990000",
        rating="9.3",
        audienceRating="9.4",
        contentRating="gb/15",
        originallyAvailableAt="1979-05-25",
        addedAt="1700000000",
        viewCount="2",
        thumb="/library/metadata/1/thumb/2",
    )
    assert (found["year"], found["runtime_minutes"], found["view_count"]) == (1979, 116, 2)
    assert (found["critic_rating"], found["audience_rating"]) == (9.3, 9.4)
    assert (found["content_rating"], found["content_age"]) == ("gb/15", 15)
    assert found["released_on"] == date(1979, 5, 25)
    assert found["added_at"] == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert found["thumb"] == "/library/metadata/1/thumb/2"


def full(*media: Element, **attributes: str) -> dict[str, Any]:
    element = Element("Video", {"ratingKey": "7", **attributes})
    element.extend(media)
    return title_record(element).fields


def version(file: str, *languages: str) -> Element:
    media = Element("Media")
    part = SubElement(media, "Part", {"file": file})
    SubElement(part, "Stream", {"streamType": "1", "language": "Video"})
    for language in languages:
        SubElement(part, "Stream", {"streamType": "2", "language": language})
    SubElement(part, "Stream", {"streamType": "3", "language": "Subtitles"})
    return media


@pytest.mark.parametrize(
    ("file", "title"),
    [
        ("/data/films/Alien (1979)/Alien (1979).mkv", "Alien (1979)"),
        ("D:\\Films\\Alien.mkv", "Alien"),
        ("", "Untitled (7)"),
    ],
)
def test_a_film_without_a_title_is_named_after_its_file(file: str, title: str) -> None:
    assert full(version(file))["title"] == title
    assert full(version(file), title="Told")["title"] == "Told"


def test_the_languages_are_those_of_the_sound_each_once() -> None:
    assert full(version("/a.mkv", "English", "Deutsch", "English", ""))["languages"] == [
        "English",
        "Deutsch",
    ]
    assert full()["languages"] == []


def test_what_somebody_did_with_a_title_is_read_from_any_entry() -> None:
    found = full(
        viewCount="2",
        viewOffset="61500",
        lastViewedAt="1700000000",
        userRating="7.0",
        lastRatedAt="1700000001",
    )
    assert (found["view_count"], found["view_offset"], found["user_rating"]) == (2, 61, 7.0)
    assert found["last_viewed_at"] < found["rated_at"]
    # absent is never "now", and a rating of nothing is none
    assert (full(viewCount="1")["last_viewed_at"], full(userRating="0")["user_rating"]) == (
        None,
        None,
    )
    # taken back, its date is of no rating
    assert full(viewCount="1", lastRatedAt="1700000001")["rated_at"] is None


@pytest.mark.parametrize(
    ("guid", "ids"),
    [
        ("com.plexapp.agents.imdb://tt1254207?lang=en", ["imdb://tt1254207"]),
        ("com.plexapp.agents.themoviedb://10378?lang=de", ["tmdb://10378"]),
        ("com.plexapp.agents.thetvdb://268592", ["tvdb://268592"]),
        ("com.plexapp.agents.thetvdb://268592/1/1?lang=en", []),
        ("com.plexapp.agents.none://0a1b", []),
        ("plex://movie/5d776b", []),
    ],
)
def test_a_guid_of_the_old_agents_tells_the_external_id(guid: str, ids: list[str]) -> None:
    assert full(guid=guid)["external_ids"] == ids


def test_a_title_in_the_trash_is_not_available() -> None:
    assert (full()["available"], full(deletedAt="1700000000")["available"]) == (True, False)


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e999", "", "eight", "11", "-0.1"])
def test_a_rating_that_is_none_is_none(value: str) -> None:
    found = full(rating=value, audienceRating=value, userRating=value)
    assert found["critic_rating"] is found["audience_rating"] is found["user_rating"] is None


@pytest.mark.parametrize("value", ["-1", "99999999999999", "1e9", "nan", ""])
def test_a_moment_out_of_range_is_none(value: str) -> None:
    found = full(addedAt=value, lastViewedAt=value, viewCount="1")
    assert found["added_at"] is found["last_viewed_at"] is None


def test_a_title_without_anything_is_still_a_title() -> None:
    found = title_record(Element("Video", {"ratingKey": "7"})).fields
    assert found["title"] == "Untitled (7)"
    assert found["genres"] == []
    assert found["year"] is found["runtime_minutes"] is found["added_at"] is None


@pytest.mark.parametrize("key", ["", "1/../2", "1,2", "-1", "²", "9" * 40, "1\n", "a"])
def test_a_key_that_is_no_number_is_none(key: str) -> None:
    assert title_record(Element("Video", {"ratingKey": key})).rating_key == ""


def test_a_name_counts_once_and_nobody_has_more_than_thirty() -> None:
    assert fields(("Genre", "Drama"), ("Genre", " Drama "), ("Genre", ""))["genres"] == ["Drama"]
    assert len(fields(*[("Role", f"Extra {n}") for n in range(10_000)])["cast"]) == 30


def test_emoji_and_other_scripts_stay_as_they_are() -> None:
    assert fields(title="👽 エイリアン \u200fشيء")["title"] == "👽 エイリアン \u200fشيء"


def test_a_section_without_a_name_has_one_here() -> None:
    section = Section.of(Element("Directory", {"key": "3", "type": "movie"}))
    assert (section.key, section.type, section.title) == ("3", "movie", "Untitled")
