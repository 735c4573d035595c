"""Records read anything and give back what they were."""

import json
import math
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlmodel.records import (
    Candidate,
    Moment,
    Title,
    daypart_of,
    is_weekend,
)

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
HOSTILE = st.dictionaries(st.sampled_from(Title.__slots__), JSON)


def test_a_catalogue_line_becomes_a_title() -> None:
    title = Title.from_json(
        {"id": "tt1", "title": "Alien", "year": 1979, "genres": ["Horror"], "audience_rating": 8.5}
    )
    assert (title.id, title.year, title.type, title.genres) == ("tt1", 1979, "movie", ("Horror",))
    assert (title.audience_rating, title.critic_rating, title.summary) == (8.5, None, "")


@calm
@given(HOSTILE)
def test_hostile_metadata_never_raises_and_reads_back_as_itself(data: dict[str, object]) -> None:
    title = Title.from_json(data)
    assert Title.from_json(json.loads(json.dumps(title.to_json()))) == title


@calm
@given(
    st.dictionaries(st.sampled_from(["moods", "company", "minutes", "daypart", "weekend"]), JSON)
)
def test_hostile_moments_never_raise_and_read_back_as_themselves(data: dict[str, object]) -> None:
    moment = Moment.from_json(data)
    assert Moment.from_json(json.loads(json.dumps(moment.to_json()))) == moment


@pytest.mark.parametrize("value", [math.nan, math.inf, -1, 0, 11, "much", True, [8], 10**400])
def test_a_rating_that_cannot_be_is_unknown(value: object) -> None:
    assert Title.from_json({"audience_rating": value}).audience_rating is None


def test_a_candidate_survives_json() -> None:
    moment = Moment((("funny", 0.5),), "group", 90, "evening", weekend=True)
    candidate = Candidate(Title("1", "Up", genres=("Family",)), moment, "ada", seen=True)
    assert Candidate.from_json(json.loads(json.dumps(candidate.to_json()))) == candidate


def test_moods_may_be_names_pairs_or_a_mapping() -> None:
    expected = (("funny", 1.0), ("scary", 1.0))
    for moods in (["scary", "Funny"], [["funny", 1], ["scary", 1]], {"funny": 1, "scary": 1.0}):
        assert Moment.from_json({"moods": moods}).moods == expected


@pytest.mark.parametrize(
    ("hour", "part"),
    [
        (4, "night"),
        (5, "morning"),
        (12, "afternoon"),
        (17, "evening"),
        (21, "evening"),
        (22, "night"),
    ],
)
def test_the_day_has_four_parts(hour: int, part: str) -> None:
    assert daypart_of(datetime(2026, 1, 1, hour, tzinfo=UTC)) == part


@pytest.mark.parametrize(
    ("day", "hour", "weekend"),
    [(2, 16, False), (2, 17, True), (3, 12, True), (4, 23, True), (5, 4, True), (5, 5, False)],
)
def test_the_weekend_is_from_friday_evening_to_sunday_night(
    day: int, hour: int, weekend: bool
) -> None:
    assert is_weekend(datetime(2026, 1, day, hour, tzinfo=UTC)) is weekend
