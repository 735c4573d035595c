"""Mood profiles say what most people would say."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlmodel.moods import BUILT_IN, GENRES, MOODS, Rule, Table, genres_of, profile, profiles
from mlmodel.moodtable.table import BASE, COLLECTIONS, MOST_WORDS, PAIRS, SAME_GENRE
from mlmodel.moodtable.words import WORDS
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
    rows = [*GENRES.values(), *PAIRS.values(), *COLLECTIONS.values()]
    named = {mood for row in rows for mood in row} | set(WORDS) | set(BASE)
    assert named == set(MOODS)
    assert all(pair == tuple(sorted(pair)) and set(pair) <= set(GENRES) for pair in PAIRS)
    assert {genre for known in SAME_GENRE.values() for genre in known} <= set(GENRES)


def chance(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def test_evidence_adds_up_to_the_profile() -> None:
    """A family comedy of 80 minutes, rated 6 (5.5 to 6.5), about a ghost and a killer."""
    title = replace(
        film("Comedy", "Family", summary="A ghost, a killer.", minutes=80), audience_rating=6.0
    )
    found = profile(title)
    # base, comedy, family, and 80 minutes; “killer” speaks against it, “ghost” does not matter
    assert found["funny"] == pytest.approx(chance(-1.4 + 3.2 + 0.2 + 0.3 - 0.5))
    # base, comedy, family, “ghost” and “killer”; neither length nor rating says anything
    assert found["scary"] == pytest.approx(chance(-2.6 - 0.9 - 1.0 + 1.2 + 0.6))
    # base, comedy, family, rating, “killer”
    assert found["dark"] == pytest.approx(chance(-1.4 - 0.4 - 1.5 - 0.3 + 0.5))


def test_two_genres_say_together_what_neither_says_alone() -> None:
    both = Table.of().said_of(film("Horror", "Comedy"))
    assert [said.weights for said in both if said.sign == "genres"] == [PAIRS["comedy", "horror"]]
    assert profile(film("Comedy", "Horror")) == pytest.approx(profile(film("Horror", "Comedy")))
    dark = BASE["dark"] + GENRES["comedy"]["dark"] + GENRES["horror"]["dark"]
    assert profile(film("Comedy", "Horror"))["dark"] == pytest.approx(chance(dark + 0.8))


def test_a_word_of_the_title_counts_as_one_of_the_summary() -> None:
    named = Title("1", "The Haunted Wedding")
    assert profile(named) == profile(film(summary="The Haunted Wedding"))
    assert profile(named)["scary"] > profile(film())["scary"]


def test_all_words_together_are_kept_within_bounds() -> None:
    found = profile(film(summary="ghost demon zombie vampire werewolf monster"))
    assert found["scary"] == pytest.approx(chance(BASE["scary"] + MOST_WORDS))


@pytest.mark.parametrize(
    ("rating", "mood", "says"),
    [("G", "dark", -0.8), ("FSK 12", "dark", 0.0), ("R", "dark", 0.4), ("de/18", "scary", 0.4)],
)
def test_the_age_of_any_countrys_rating_speaks(rating: str, mood: str, says: float) -> None:
    rated = profile(replace(film(), content_rating=rating))
    assert rated[mood] == pytest.approx(chance(BASE[mood] + says))


def test_a_collection_speaks_by_any_whole_part_of_its_name_once() -> None:
    one = replace(film(), collections=("Our Christmas  films",))
    two = replace(film(), collections=("Christmas classics", "A Muppet CHRISTMAS"))
    assert profile(one)["relaxing"] == pytest.approx(chance(BASE["relaxing"] + 1.2))
    assert profile(two)["relaxing"] == pytest.approx(chance(BASE["relaxing"] + 1.2 + 0.8))
    assert profile(replace(film(), collections=("Christmassy",))) == profile(film())


def test_a_title_keeps_the_profile_that_it_brings() -> None:
    own = replace(film("Comedy"), moods=(0.5,) * len(MOODS))
    assert profiles([own, film("Comedy")]).tolist() == [
        [0.5] * len(MOODS),
        list(profile(film("Comedy")).values()),
    ]


def test_a_rule_takes_the_place_of_the_built_in_number() -> None:
    ruled = Table.of([Rule("genre", "Comedy", "funny", -1.0), Rule("word", "ghost", "scary", 0.0)])
    [row] = ruled.profiles([film("Comedy", summary="Ghosts")])
    assert row[MOODS.index("funny")] == pytest.approx(chance(-1.4 - 1.0))
    assert row[MOODS.index("scary")] == pytest.approx(chance(-2.6 - 0.9))
    assert ruled.digest != BUILT_IN.digest == Table.of().digest


def test_a_rule_for_another_name_of_a_genre_adds_to_what_the_genre_says() -> None:
    ruled = Table.of([Rule("genre", "Anime", "romantic", 1.0)])
    [row] = ruled.profiles([film("Animation", "Anime")])
    before = profile(film("Animation"))["romantic"]
    assert row[MOODS.index("romantic")] == pytest.approx(
        chance(math.log(before / (1 - before)) + 1)
    )


def test_a_loud_word_of_the_household_is_heard_over_the_bounds() -> None:
    ruled = Table.of([Rule("word", "godzilla", "funny", 5.0)])
    [row] = ruled.profiles([film(summary="Godzilla")])
    assert row[MOODS.index("funny")] == pytest.approx(chance(BASE["funny"] + 5))


genre_lists = st.lists(st.sampled_from([*GENRES, *SAME_GENRE, "Kaiju", ""]), max_size=6)
summaries = st.text(max_size=200) | st.lists(st.sampled_from(sorted(BUILT_IN.words))).map(" ".join)
rules = st.builds(
    Rule,
    st.sampled_from(["genre", "word", "collection"]),
    st.sampled_from(["kaiju", "comedy", "anime", "ghost", "christmas"]),
    st.sampled_from(MOODS),
    st.floats(-5, 5),
)


@calm
@given(genre_lists, st.randoms())
def test_the_order_of_genres_does_not_matter(genres: list[str], random: object) -> None:
    shuffled = list(genres)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    np.testing.assert_allclose(profiles([film(*genres)]), profiles([film(*shuffled)]), rtol=1e-12)


@calm
@given(genre_lists, summaries, rules, st.floats(0, 5))
def test_a_rule_moves_its_own_mood_only_and_more_evidence_never_lowers_it(
    genres: list[str], summary: str, rule: Rule, more: float
) -> None:
    title = replace(film(*genres, summary=summary), collections=("A Christmas with Comedy",))
    louder_rule = rule._replace(evidence=min(rule.evidence + more, 5.0))
    tables = (BUILT_IN, Table.of([rule]), Table.of([louder_rule]))
    plain, ruled, louder = (table.profiles([title])[0] for table in tables)
    place = MOODS.index(rule.mood)
    assert np.delete(ruled, place).tolist() == np.delete(plain, place).tolist()
    assert ruled[place] <= louder[place] + 1e-12
    if rule.name == "kaiju":  # the table lacks it: it moves its mood in its direction
        assert (ruled[place] - plain[place]) * rule.evidence >= 0


@calm
@given(summaries, st.text(), st.lists(st.text()), st.text())
def test_what_the_signs_say_adds_up_to_the_profile(
    summary: str, name: str, collections: list[str], rating: str
) -> None:
    title = Title("1", name, summary=summary, collections=tuple(collections), content_rating=rating)
    said = BUILT_IN.said_of(title)
    for mood, share in profile(title).items():
        words = sum(each.weights.get(mood, 0) for each in said if each.sign == "word")
        rest = sum(each.weights.get(mood, 0) for each in said if each.sign != "word")
        bounded = min(max(words, -MOST_WORDS), MOST_WORDS)
        assert share == pytest.approx(chance(rest + bounded))
