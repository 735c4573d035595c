"""The choice of at most three titles."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.ranking import POOL, PROMISE, ROLES, Choice, Field, choose, pool, worth


def field(scores: list[float], **columns: Any) -> Field:
    """Candidates with these scores, unlike each other in everything unless told."""
    size = len(scores)
    moods = np.eye(size, dtype=float) if "moods" not in columns else np.array(columns["moods"])
    zeros = np.zeros(size)
    return Field(
        scores=np.array(scores, dtype=float),
        worth=worth(np.array(scores), zeros, zeros, zeros.astype(bool)),
        doubts=np.array(columns.get("doubts") or [1.0] * size),
        moods=moods,
        years=np.array(columns.get("years") or [np.nan] * size),
        genres=np.array(columns.get("genres") or [0] * size, dtype=np.int64),
        people=np.array(columns.get("people") or [[0, 0]] * size, dtype=np.int64).reshape(size, 2),
        stories=np.array(columns.get("stories") or list(range(size)), dtype=np.int64),
    )


def places(found: list[Choice]) -> list[int]:
    return [choice.place for choice in found]


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def worths(
    scores: list[float],
    passed: list[float] | None = None,
    resting: list[float] | None = None,
    misery: list[bool] | None = None,
) -> list[float]:
    none = [0.0] * len(scores)
    against = (np.array(passed or none), np.array(resting or none))
    found: list[float] = worth(
        np.array(scores), *against, np.array(misery or none, dtype=bool)
    ).tolist()
    return found


def test_the_safe_bet_is_the_best_score() -> None:
    assert choose(field([0.2, 0.9, 0.5]), 1, rng()) == [Choice(1, "safe_bet")]


def test_what_was_passed_over_lately_steps_back_and_comes_again() -> None:
    # 0.80 shown thrice just now: 1.39 - 2.1 = -0.71, less than 0.6's 0.41; weeks later it is 1.39 - 0.26
    assert worths([0.8, 0.6], passed=[3, 0]) == pytest.approx([-0.714, 0.405], abs=0.001)
    assert worths([0.8, 0.6], passed=[3 / 8, 0]) == pytest.approx([1.124, 0.405], abs=0.001)


def test_what_was_just_seen_rests() -> None:
    fresh, rested = worths([0.95, 0.5], resting=[1, 0])
    assert fresh < rested


def test_what_somebody_would_dislike_comes_after_everything_else() -> None:
    loved, poor = worths([0.99, 0.01], misery=[True, False])
    assert loved < poor


def test_the_pool_holds_the_best_in_order() -> None:
    values = rng().permutation(POOL * 3).astype(float)
    found = pool(values)
    assert values[found].tolist() == sorted(values.tolist(), reverse=True)[:POOL]
    assert pool(np.zeros(3)).tolist() == [0, 1, 2]


def test_the_stretch_is_unlike_the_safe_bet() -> None:
    # alike in moods and genres costs 1.6 * 0.7 logits, so the third, a bit worse but different, comes first
    moods = [[1, 0, 0], [1, 0, 0], [0, 1, 1]]
    found = choose(field([0.9, 0.85, 0.75], moods=moods, genres=[3, 3, 4]), 2, rng())
    assert places(found) == [0, 2]


def test_the_stretch_is_the_uncertain_one_of_equals() -> None:
    found = choose(field([0.9, 0.8, 0.8, 0.8], doubts=[1, 1, 1.5, 1]), 2, rng())
    assert places(found) == [0, 2]


def test_a_stretch_must_promise_enough_however_uncertain() -> None:
    poor = 0.9 * PROMISE - 0.01
    assert places(choose(field([0.9, 0.6, poor], doubts=[1, 1, 99]), 2, rng())) == [0, 1]
    assert places(choose(field([0.9, poor], doubts=[1, 1]), 2, rng())) == [0, 1]  # nothing else


def test_no_two_of_one_franchise_even_if_there_are_fewer_titles_then() -> None:
    assert places(choose(field([0.9, 0.89, 0.3], stories=[7, 7, 8]), 3, rng())) == [0, 2]
    assert places(choose(field([0.9, 0.89], stories=[7, 7]), 3, rng())) == [0]


def test_a_second_film_by_one_director_comes_only_where_there_is_little_else() -> None:
    people = [[5, 1], [5, 2], [6, 3]]
    assert places(choose(field([0.9, 0.89, 0.7], people=people), 2, rng())) == [0, 2]
    assert places(choose(field([0.9, 0.89, 0.3], people=people), 2, rng())) == [0, 1]


def test_nobody_known_is_not_one_director() -> None:
    assert places(choose(field([0.9, 0.89, 0.7]), 2, rng())) == [0, 1]


def test_nothing_to_choose_from_is_no_choice() -> None:
    assert choose(field([]), 3, rng()) == []


def test_the_wildcard_favours_the_better_and_still_varies() -> None:
    candidates = field([0.95, 0.9, *([0.7] * 5), *([0.05] * 5)])
    wild = [choose(candidates, 3, rng(seed))[2].place for seed in range(60)]
    assert len(set(wild)) > 2
    assert all(place < 7 for place in wild)


def test_the_chance_that_is_stored_is_the_one_the_wildcard_was_drawn_with() -> None:
    candidates = field([0.95, 0.9, 0.85, 0.7])
    drawn = [choose(candidates, 3, rng(seed))[2] for seed in range(3000)]
    for place in (2, 3):
        [chance] = {choice.chance for choice in drawn if choice.place == place}
        share = sum(choice.place == place for choice in drawn) / len(drawn)
        assert chance == pytest.approx(share, abs=0.03)
    assert [choice.chance for choice in choose(candidates, 2, rng())] == [None, None]


@given(st.lists(st.floats(0.01, 0.99), max_size=30), st.integers(1, 3), st.integers(0, 99))
def test_choices_are_distinct_in_order_of_roles_and_as_many_as_there_can_be(
    scores: list[float], count: int, seed: int
) -> None:
    found = choose(field(scores), count, rng(seed))
    assert len(set(places(found))) == len(found) == min(count, len(scores))
    assert [choice.role for choice in found] == list(ROLES[: len(found)])


def test_no_other_of_the_three_is_likelier_to_be_a_hit_than_the_safe_bet() -> None:
    """What is, was passed over lately: next to the safe bet it would be a contradiction."""
    found = field([0.8, 0.7, 0.6, 0.5])
    passed = np.array([2.0, 0.0, 0.0, 0.0])
    none = np.zeros(4)
    tired = replace(found, worth=worth(found.scores, passed, none, none.astype(bool)))
    assert sorted(places(choose(tired, 3, rng()))) == [1, 2, 3]
    assert places(choose(tired, 1, rng())) == [1]


def test_a_stretch_knows_whether_it_is_less_sure_than_the_safe_bet() -> None:
    surer, unsure = (choose(field([0.9, 0.8], doubts=[1.0, d]), 2, rng()) for d in (0.5, 1.5))
    assert (surer[1].unsure, unsure[1].unsure) == (False, True)
