"""What was said, as a probability."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlmodel.labels import LABEL_WEIGHTS, MOST_WEIGHT, label_of


def test_nothing_said_teaches_nothing() -> None:
    assert label_of(None, None, None) is None


@pytest.mark.parametrize(
    ("stars", "label"), [(1, 0), (2, 2), (3, 4), (4, 6), (5, 8), (9, 8), (0, 0)]
)
def test_stars_alone_have_the_configured_label(stars: int, label: int) -> None:
    found = label_of(stars, None, None)
    assert found is not None
    assert found[0] == pytest.approx(LABEL_WEIGHTS.stars[label])
    assert found[1] == pytest.approx(LABEL_WEIGHTS.stars_weights[label])


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


@settings(deadline=None)
@given(
    st.none() | st.floats(1, 5),
    st.none() | st.booleans(),
    st.none() | st.booleans(),
)
def test_a_label_is_a_probability_and_its_weight_bounded(
    rating: float | None, completed: bool | None, again: bool | None
) -> None:
    found = label_of(rating, completed, again)
    if found is not None:
        assert 0 < found[0] < 1
        assert 0 < found[1] <= MOST_WEIGHT
