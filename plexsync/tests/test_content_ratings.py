"""The age a content rating asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plexsync.content_ratings import AGES, age_of


@pytest.mark.parametrize(
    ("rating", "age"),
    [
        ("G", 0), ("PG", 8), ("PG-13", 13), ("R", 17), ("NC-17", 18), ("TV-MA", 17),
        ("TV-14", 14), ("TV-Y7", 7), ("gb/15", 15), ("gb/U", 0), ("gb/12A", 12), ("de/16", 16),
        ("FSK 12", 12), ("au/MA15+", 15), ("br/L", 0), ("se/Btl", None), ("fr/Tous publics", 0),
        ("Not Rated", None), ("Unrated", None), ("", None), (None, None), ("99", None),
    ],
)  # fmt: skip
def test_a_rating_asks_for_an_age(rating: str | None, age: int | None) -> None:
    assert age_of(rating) == age


@given(st.text(max_size=40))
def test_any_text_gives_an_age_or_none(rating: str) -> None:
    age = age_of(rating)
    assert age is None or 0 <= age <= 21


@given(st.sampled_from(sorted(AGES)), st.sampled_from(["", "de/", "gb/", "us/"]))
def test_country_and_case_change_nothing(rating: str, country: str) -> None:
    assert age_of(country + rating.upper()) == AGES[rating]
