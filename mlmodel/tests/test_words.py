"""Traits and contexts have words, the same wherever they are told."""

import pytest

from mlmodel import words
from mlmodel.traits import FIXED


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("director Bong Joon-ho", "films by Bong Joon-ho"),
        ("actor Song Kang-ho", "films with Song Kang-ho"),
        ("genre science fiction", "science fiction"),
        ("genre thriller", "thrillers"),
        ("mood scary", "scary titles"),
        ("franchise toy story", "titles of “Toy Story”"),
        ("collection Alien Collection", "titles in “Alien Collection”"),
        ("decade 1995", "titles of the 1990s"),
        ("length 90", "titles of about 90 minutes"),
        ("seen", "titles seen before"),
        ("rated PG-13", "titles rated PG-13"),
        ("something new", "something new"),
        ("genre", "genre"),
        ("", ""),
    ],
)
def test_a_trait_is_said_in_words(name: str, says: str) -> None:
    assert words.trait(name) == says


def test_every_column_that_all_titles_have_is_said_in_words() -> None:
    assert not [name for name in FIXED if words.trait(name) == name]


def test_braces_in_a_name_are_just_a_name() -> None:
    assert words.trait("director {0.__class__}") == "films by {0.__class__}"
    assert words.trait("studio {0.__class__}") == "titles of the studio {0.__class__}"


@pytest.mark.parametrize(
    "kind", ["director", "actor", "genre", "studio", "collection", "franchise"]
)
def test_a_very_long_name_is_cut(kind: str) -> None:
    assert len(words.trait(f"{kind} {'x' * 300}")) < 70


def test_a_moment_is_said_in_words() -> None:
    assert words.moment("mood:funny") == "when funny is asked for"
    assert words.moment("minutes:100") == "with about 100 minutes"
    assert words.moment("weekend") == "at weekends"
