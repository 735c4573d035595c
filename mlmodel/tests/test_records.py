"""Records read anything and give back what they were."""

import json
import math
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlmodel.records import (
    LABEL_WEIGHTS,
    Candidate,
    Moment,
    Title,
    daypart_of,
    is_weekend,
    label_of,
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


def test_nothing_said_teaches_nothing() -> None:
    assert label_of(None, None, None) is None


@pytest.mark.parametrize(
    ("stars", "label"), [(1, 0), (2, 2), (3, 4), (4, 6), (5, 8), (9, 8), (0, 0)]
)
def test_stars_alone_have_the_configured_label(stars: int, label: int) -> None:
    found = label_of(stars, None, None)
    assert found is not None
    assert found[0] == pytest.approx(LABEL_WEIGHTS.stars[label])
    assert found[1] == 1.0


def test_finished_is_a_weak_yes_and_abandoned_a_weak_no() -> None:
    weights = LABEL_WEIGHTS
    finished, abandoned = label_of(None, True, None), label_of(None, False, None)
    assert finished is not None
    assert abandoned is not None
    assert np.allclose(finished, (weights.finished, weights.finished_weight))
    assert np.allclose(abandoned, (weights.abandoned, weights.abandoned_weight))


def test_finishing_a_five_star_film_does_not_lower_it() -> None:
    alone, both = label_of(5, None, None), label_of(5, True, None)
    assert alone is not None
    assert both is not None
    assert both[0] > alone[0]


@calm
@given(
    st.none() | st.floats(1, 5),
    st.none() | st.booleans(),
    st.none() | st.booleans(),
)
def test_a_label_is_a_probability_and_its_weight_at_most_one(
    rating: float | None, completed: bool | None, again: bool | None
) -> None:
    found = label_of(rating, completed, again)
    if found is not None:
        assert 0 < found[0] < 1
        assert 0 < found[1] <= 1
