"""The choice of at most three titles."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.ranking import ROLES, Choice, Field, choose


def field(scores: list[float], **columns: Any) -> Field:
    """Candidates with these scores; alike in everything else unless told."""
    size = len(scores)
    moods = np.array(columns.get("moods") or [[0.5] * 3] * size, dtype=float).reshape(size, 3)
    return Field(
        scores=np.array(scores),
        priors=np.array(columns.get("priors") or scores),
        moods=moods,
        years=np.array(columns.get("years") or [2000.0] * size),
        shown=np.array(columns.get("shown") or [0.0] * size),
    )


def places(found: list[Choice]) -> list[int]:
    return [choice.place for choice in found]


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_the_safe_bet_is_the_best_score() -> None:
    assert choose(field([0.2, 0.9, 0.5]), 1, rng()) == [Choice(1, "safe_bet")]


def test_what_was_passed_over_lately_steps_back() -> None:
    # 0.80 shown three times is worth 1.39 - 1.2 = 0.19 in log-odds, less than 0.6's 0.41
    assert places(choose(field([0.8, 0.6], shown=[3, 0]), 1, rng())) == [1]


def test_the_stretch_is_unlike_the_safe_bet() -> None:
    # being alike in mood costs 1.6 logits, so the third, a bit worse but different, comes first
    moods = [[1, 0, 0], [1, 0, 0], [0, 1, 1]]
    found = choose(field([0.9, 0.85, 0.75], moods=moods), 2, rng())
    assert places(found) == [0, 2]


def test_nothing_to_choose_from_is_no_choice() -> None:
    assert choose(field([]), 3, rng()) == []


def test_the_wildcard_favours_the_better_and_still_varies() -> None:
    candidates = field([0.95, 0.9, *([0.7] * 5), *([0.05] * 5)])
    wild = [choose(candidates, 3, np.random.default_rng(seed))[2].place for seed in range(60)]
    assert len(set(wild)) > 2
    assert sum(place < 7 for place in wild) > 50


@given(st.lists(st.floats(0.01, 0.99), max_size=30), st.integers(1, 3), st.integers(0, 99))
def test_choices_are_distinct_in_order_of_roles_and_as_many_as_there_can_be(
    scores: list[float], count: int, seed: int
) -> None:
    found = choose(field(scores), count, np.random.default_rng(seed))
    assert len(set(places(found))) == len(found) == min(count, len(scores))
    assert [choice.role for choice in found] == list(ROLES[: len(found)])
