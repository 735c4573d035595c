"""What several people's wishes come to: computed by hand."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlmodel.moods import MOODS
from recommender.moment import Answers, moment_of
from recommender.wishes import Wish, intensities, ruled_out, together

NOW = datetime(2026, 1, 9, 20, tzinfo=UTC)
moods = st.sets(st.sampled_from(MOODS))


def test_without_anything_wanted_very_much_everything_counts_fully() -> None:
    assert intensities(["funny", "dark"], []) == {"funny": 1.0, "dark": 1.0}


def test_beside_what_is_wanted_very_much_the_rest_counts_less() -> None:
    assert intensities(["funny", "dark"], ["dark"]) == {"funny": 0.6, "dark": 1.0}


def test_wishes_are_averaged_over_those_who_wished() -> None:
    voices = [{"funny": 1.0}, {}, {"funny": 0.6, "dark": 1.0}]
    assert together(voices) == {"dark": 0.5, "funny": pytest.approx(0.8)}
    assert together([{}, {}]) == {}


def test_a_couple_and_a_guest_have_a_voice_each() -> None:
    """Two want it funny; the guest wants it dark very much, and romantic."""
    guest = Wish("Mia", vibe=("romantic", "dark"), strong=("dark",))
    answers = Answers(vibe=("funny",), company="group", guests=(guest,))
    asked = dict(moment_of(answers, NOW, present=2).moods)
    assert asked == {
        "funny": pytest.approx(2 / 3),
        "dark": pytest.approx(1 / 3),
        "romantic": pytest.approx(0.2),
    }


def test_guests_alone_decide_where_the_household_has_no_wish() -> None:
    answers = Answers(guests=(Wish("Mia", vibe=("dark",)), Wish("Joe")))
    assert dict(moment_of(answers, NOW, present=3).moods) == {"dark": 1.0}


def test_what_anybody_rules_out_is_out() -> None:
    assert ruled_out([Wish(avoid=("scary",)), Wish(avoid=("tense", "scary"))]) == ("tense", "scary")


@given(moods, moods, moods)
def test_wishes_survive_the_log(vibe: set[str], strong: set[str], avoid: set[str]) -> None:
    asked = Answers().in_the_mood(vibe, strong, avoid)
    guest = Wish("Mia", asked.vibe, asked.strong, asked.avoid)
    told = Answers(asked.vibe, asked.strong, asked.avoid, guests=(guest,))
    assert Answers.from_json(told.to_json()) == told


@given(moods, moods, moods)
def test_no_mood_is_both_wanted_and_ruled_out(
    vibe: set[str], strong: set[str], avoid: set[str]
) -> None:
    asked = Answers(avoid=("dark",)).in_the_mood(vibe, strong, avoid)
    assert set(asked.strong) <= set(asked.vibe)
    assert not set(asked.vibe) & set(asked.avoid)
    assert set(asked.vibe) == (vibe | strong) - avoid


def test_the_newest_word_on_a_mood_holds() -> None:
    before = Answers().in_the_mood(["funny"], ["tense"], ["dark"])
    assert before.in_the_mood(vibe=["dark"]).avoid == ()
    assert before.in_the_mood(vibe=["dark"]).strong == ()
    assert before.in_the_mood(avoid=["tense"]).vibe == ("funny",)


def test_loosening_the_mood_takes_its_strength_along_and_leaves_the_guests_their_wishes() -> None:
    guest = Wish("Mia", vibe=("dark",), avoid=("scary",))
    asked = Answers(minutes=90, until="23:00", guests=(guest,)).in_the_mood(["funny"], ["funny"])
    assert (asked.without("vibe").vibe, asked.without("vibe").strong) == ((), ())
    assert asked.without("strong").vibe == ("funny",)
    assert (asked.without("minutes").minutes, asked.without("minutes").until) == (None, None)
    assert asked.without("guests").guests == (Wish("Mia", vibe=("dark",)),)
