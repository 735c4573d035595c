"""Metrics of any shape are read with care."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlmodel.page import reading
from mlmodel.tests.test_charts import anything


def measured(ours: float, rules: float, gain: list[float] | None = None) -> dict[str, Any]:
    told: dict[str, Any] = {"model": {"auc": ours}, "prior": {"auc": rules}}
    return told if gain is None else {**told, "intervals": {"gain": {"auc": gain}}}


@pytest.mark.parametrize(
    ("metrics", "says"),
    [
        (measured(0.8, 0.7, [0.02, 0.2]), "clear"),
        (measured(0.8, 0.7, [-0.02, 0.2]), "slight"),
        (measured(0.8, 0.7), "slight"),
        ({**measured(0.8, 0.7), "intervals": {"gain": {"log_loss": [-0.3, -0.1]}}}, "percentages"),
        ({**measured(0.8, 0.7), "intervals": {"gain": {"log_loss": [-0.3, 0.1]}}}, "slight"),
        (measured(0.7, 0.7, [-0.1, 0.1]), "none"),
        (measured(0.6, 0.7, [-0.2, -0.01]), "worse"),
        ({"model": {"auc": None}, "prior": {"auc": 0.7}}, ""),
        ({}, ""),
    ],
)
def test_better_is_said_only_where_it_is_sure(metrics: dict[str, Any], says: str) -> None:
    assert reading.gain(metrics) == says


@given(found=st.dictionaries(st.sampled_from(["model", "prior", "intervals"]), anything))
def test_metrics_of_any_shape_are_survived(found: dict[str, Any]) -> None:
    assert reading.gain(found) in {"", "clear", "percentages", "slight", "none", "worse"}
