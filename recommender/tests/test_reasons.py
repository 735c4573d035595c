"""A reason is said only for a term that the score had."""

import pytest

from mlmodel.records import Candidate, Moment, Title
from recommender.reasons import TELLING, explain

ALIEN = Title(
    id="1", title="Alien", year=1979, genres=("Horror",), runtime_minutes=117, audience_rating=8.5
)
NAMES = {"ada": "Ada"}


def candidate(**moment: object) -> Candidate:
    return Candidate(ALIEN, Moment.from_json(moment), "ada")


def test_a_term_that_moved_nothing_is_not_said() -> None:
    found = explain(candidate(), [("prior:quality", TELLING / 2)], NAMES)
    assert not any("8.5" in reason for reason in found.reasons)


def test_the_rating_is_a_reason_only_where_it_spoke_for_the_title() -> None:
    assert explain(candidate(), [("prior:quality", 1.0)], NAMES).reasons == [
        "Audiences rate it 8.5 of 10."
    ]
    assert explain(candidate(), [("prior:quality", -1.0)], NAMES).drawback == (
        "Audiences rate it only 8.5 of 10."
    )


def test_the_rating_named_is_the_one_that_decided() -> None:
    split = Candidate(Title("1", "Split", audience_rating=5.9, critic_rating=9.5))
    assert explain(split, [("prior:quality", 0.4)], {}).reasons == ["Critics rate it 9.5 of 10."]
    assert explain(split, [("prior:quality", -0.4)], {}).drawback == (
        "Audiences rate it only 5.9 of 10."
    )


def test_the_largest_term_comes_first() -> None:
    terms = [("prior:quality", 0.4), ("household|genre horror", 0.9)]
    assert explain(candidate(), terms, NAMES).reasons[0] == "You have enjoyed horror."


def test_household_and_viewer_are_one_opinion() -> None:
    terms = [("household|genre horror", 0.2), ("viewer:ada|genre horror", 0.5)]
    assert explain(candidate(), terms, NAMES).reasons == ["Ada has enjoyed horror."]
    terms = [("household|genre horror", 0.2), ("viewer:ada|genre horror", -0.5)]
    assert explain(candidate(), terms, NAMES).drawback == "Ada has been cool on horror."


def test_a_mood_bends_a_trait() -> None:
    found = explain(candidate(moods=["scary"]), [("mood:scary|genre horror", 0.3)], NAMES)
    assert found.reasons == ["When you ask for scary, horror works for you."]


def test_too_long_for_the_time_is_a_drawback_in_minutes() -> None:
    found = explain(candidate(minutes=110), [("prior:time", -0.4)], NAMES)
    assert found.drawback == "7 minutes over your time."


def test_there_is_always_a_reason_and_at_most_three() -> None:
    assert explain(candidate(), [], NAMES).reasons == ["Nothing in particular: it simply fits."]
    many = [(f"household|director Number {n}", 0.5) for n in range(9)]
    assert len(explain(candidate(), many, NAMES).reasons) == 3


@pytest.mark.parametrize("trait", ["", "base", "audience rating", "unheard of"])
def test_a_trait_without_words_is_left_unsaid(trait: str) -> None:
    found = explain(candidate(), [(f"household|{trait}", 1.0)], NAMES)
    assert found.reasons == ["Nothing in particular: it simply fits."]
