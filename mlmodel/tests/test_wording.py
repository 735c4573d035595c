"""What the model believes and how good it is, in plain words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlmodel.page import wording
from mlmodel.tests.test_charts import anything
from mlmodel.traits import FIXED


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("director Bong Joon-ho", "films by Bong Joon-ho"),
        ("actor Song Kang-ho", "Song Kang-ho in the cast"),
        ("genre science fiction", "science fiction"),
        ("mood scary", "scary titles"),
        ("decade 1995", "the 1990s"),
        ("length 90", "about 90 minutes long"),
        ("seen", "titles seen before"),
        ("rated PG-13", "titles rated PG-13"),
        ("something new", "something new"),
    ],
)
def test_a_trait_is_said_in_words(name: str, says: str) -> None:
    assert wording.trait(name) == says


def test_every_column_that_all_titles_have_is_said_in_words() -> None:
    assert not [name for name in FIXED if wording.trait(name) == name]


def test_braces_in_a_name_are_just_a_name() -> None:
    assert wording.trait("director {0.__class__}") == "films by {0.__class__}"


def test_a_moment_is_said_in_words() -> None:
    assert wording.moment("mood:funny") == "when funny is asked for"
    assert wording.moment("minutes:100") == "with about 100 minutes"
    assert wording.moment("weekend") == "at weekends"


def measured(ours: float, rules: float, gain: list[float] | None = None) -> dict[str, Any]:
    told: dict[str, Any] = {"model": {"auc": ours}, "prior": {"auc": rules}}
    return told if gain is None else {**told, "intervals": {"gain": {"auc": gain}}}


@pytest.mark.parametrize(
    ("metrics", "says"),
    [
        (measured(0.8, 0.7, [0.02, 0.2]), "clear"),
        (measured(0.8, 0.7, [-0.02, 0.2]), "slight"),
        (measured(0.8, 0.7), "slight"),
        (measured(0.7, 0.7, [-0.1, 0.1]), "none"),
        (measured(0.6, 0.7, [-0.2, -0.01]), "worse"),
        ({"model": {"auc": None}, "prior": {"auc": 0.7}}, ""),
        ({}, ""),
    ],
)
def test_better_is_said_only_where_it_is_sure(metrics: dict[str, Any], says: str) -> None:
    assert wording.gain(metrics) == says


@given(found=st.dictionaries(st.sampled_from(["model", "prior", "intervals"]), anything))
def test_metrics_of_any_shape_are_survived(found: dict[str, Any]) -> None:
    assert wording.gain(found) in {"", "clear", "slight", "none", "worse"}
