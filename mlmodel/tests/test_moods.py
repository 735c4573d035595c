"""Mood profiles say what most people would say."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlmodel.moods import BASE, GENRES, MOODS, SAME_GENRE, WORDS, genres_of, profile, profiles
from mlmodel.records import Title

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def film(*genres: str, summary: str = "", minutes: int | None = None) -> Title:
    return Title("1", "A film", genres=genres, summary=summary, runtime_minutes=minutes)


@pytest.mark.parametrize(
    ("genres", "mood"),
    [
        (["Comedy"], "funny"),
        (["Action"], "action"),
        (["Drama"], "dramatic"),
        (["Family"], "relaxing"),
        (["Thriller"], "tense"),
        (["Horror"], "scary"),
        (["Romance"], "romantic"),
        (["Action & Adventure"], "action"),
        (["Crime", "Drama", "Thriller"], "tense"),
    ],
)
def test_a_kind_of_film_has_the_mood_everybody_expects(genres: list[str], mood: str) -> None:
    assert profile(film(*genres))[mood] >= 0.5


@pytest.mark.parametrize(
    ("genre", "mood"), [("Comedy", "scary"), ("Horror", "relaxing"), ("Family", "dark")]
)
def test_a_kind_of_film_lacks_the_mood_nobody_expects(genre: str, mood: str) -> None:
    assert profile(film(genre))[mood] < 0.2


def test_genre_names_are_read_in_any_case_and_by_any_name() -> None:
    assert genres_of([" sci-fi & FANTASY ", "Fantasy"]) == ("science fiction", "fantasy")
    assert profile(film("COMEDY")) == profile(film("comedy"))


def test_words_of_the_summary_count_in_their_forms() -> None:
    silent = profile(film("Drama"))["scary"]
    for summary in ("A ghost.", "Ghosts everywhere!", "GHOST"):
        assert profile(film("Drama", summary=summary))["scary"] > silent


def test_a_word_counts_once_however_often_it_is_said() -> None:
    once, often = film(summary="love"), film(summary="love love, love; love")
    assert profile(once) == profile(often)


def test_a_title_of_which_nothing_is_known_has_no_mood_for_sure() -> None:
    assert max(profile(film()).values()) < 0.5


def test_profiles_are_the_rows_of_profile() -> None:
    titles = [film("Comedy"), film("Horror", summary="A haunted house"), film(minutes=200)]
    assert profiles(titles).shape == (3, len(MOODS))
    assert profiles([]).shape == (0, len(MOODS))
    np.testing.assert_allclose(profiles(titles)[1], list(profile(titles[1]).values()))


@calm
@given(st.lists(st.text()), st.text(), st.none() | st.integers(1, 100_000))
def test_any_title_has_every_mood_between_0_and_1(
    genres: list[str], summary: str, minutes: int | None
) -> None:
    found = profile(film(*genres, summary=summary, minutes=minutes))
    assert tuple(found) == MOODS
    assert all(0 <= share <= 1 for share in found.values())


def test_the_table_names_only_moods_of_the_vocabulary() -> None:
    named = {mood for row in GENRES.values() for mood in row} | set(WORDS) | set(BASE)
    assert named == set(MOODS)
    assert {genre for known in SAME_GENRE.values() for genre in known} <= set(GENRES)
