"""The promise of the product over households that nobody picked: drawn by number, all from one spread of tastes.

Five of them live sixty evenings three times: by the prior alone, learning, and learning with the three best shown
and nothing else. The margins are well below the means, for five households differ by chance as well.
"""

from collections.abc import Callable

import numpy as np
import pytest

from moodrec.tests import armchair
from moodrec.tests.armchair import EVENINGS, Life

HOUSEHOLDS = range(5)
LATE = EVENINGS - 20


@pytest.fixture(scope="module")
def lives() -> dict[str, list[Life]]:
    return {
        "prior": [armchair.live(number, learns=False) for number in HOUSEHOLDS],
        "learning": [armchair.live(number) for number in HOUSEHOLDS],
        "greedy": [armchair.live(number, choose=armchair.greedily) for number in HOUSEHOLDS],
    }


def late(life: Life) -> float:
    return life.rate(LATE, EVENINGS)


def early(life: Life) -> float:
    return life.rate(0, 20)


def gains(
    lives: dict[str, list[Life]], over: str, of: Callable[[Life], float]
) -> np.typing.NDArray[np.float64]:
    """By household, what learning has more of than another way of living."""
    pairs = zip(lives["learning"], lives[over], strict=True)
    return np.array([of(ours) - of(theirs) for ours, theirs in pairs])


def test_picks_are_enjoyed_well_above_the_prior_s_rate(lives: dict[str, list[Life]]) -> None:
    found = gains(lives, "prior", late)
    assert found.mean() > 0.05
    assert (found > 0).mean() >= 0.7


def test_and_it_stays(lives: dict[str, list[Life]]) -> None:
    middle = np.mean([life.rate(20, 40) for life in lives["learning"]])
    assert np.mean([late(life) for life in lives["learning"]]) > middle - 0.03


def test_it_comes_to_know_the_whole_library(lives: dict[str, list[Life]]) -> None:
    assert gains(lives, "prior", lambda life: life.auc).mean() > 0.04


def test_exploring_pays_for_itself(lives: dict[str, list[Life]]) -> None:
    """It costs next to nothing in the first weeks, and later on it brings joy: for more was learnt by it."""
    assert gains(lives, "greedy", early).mean() > -0.03
    assert gains(lives, "greedy", late).mean() > 0.02
    assert gains(lives, "greedy", lambda life: life.auc).mean() > 0.01


def test_what_a_mood_means_to_each_of_them_is_learnt(lives: dict[str, list[Life]]) -> None:
    assert gains(lives, "prior", lambda life: life.turn).mean() > 0.03


def test_what_learning_costs_at_first_is_little(lives: dict[str, list[Life]]) -> None:
    """Five answers are few: the first weeks are about as good as the prior's, not better."""
    assert gains(lives, "prior", early).mean() > -0.08
