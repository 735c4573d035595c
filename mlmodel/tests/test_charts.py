"""Pictures of how good a model is: well-formed and harmless whatever was measured."""

import math
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from mlmodel.page.charts import Chart, calibration, learning_curve, likely

CURVE = [
    {"answers": 10, "model": {"auc": 0.62, "log_loss": 0.66}, "prior": {"auc": 0.65}},
    {"answers": 40, "model": {"auc": 0.71, "log_loss": 0.6}, "prior": {"auc": 0.64}},
    {"answers": 80, "model": {"auc": 0.78, "log_loss": 0.5}, "prior": {"auc": 0.66}},
]
BINS = [
    {"from": 0.2, "score": 0.3, "enjoyed": 0.25, "answers": 8.0},
    {"from": 0.6, "score": 0.7, "enjoyed": 0.68, "answers": 31.0},
]
METRICS = {
    "curve": CURVE,
    "calibration": BINS,
    "intervals": {"model": {"auc": [0.7, 0.86]}, "gain": {"auc": [0.03, 0.2]}},
}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
numbers = st.none() | st.floats() | st.integers() | st.floats(0, 1)
curves = st.fixed_dictionaries(
    {
        "answers": numbers | st.integers(0, 5000),
        "model": anything | st.fixed_dictionaries({"auc": numbers}),
        "prior": anything | st.fixed_dictionaries({"auc": numbers}),
    }
)
bins = st.fixed_dictionaries(
    {"score": numbers, "enjoyed": numbers, "answers": numbers | st.integers(1, 500)}
)
metrics = st.fixed_dictionaries(
    {
        "curve": anything | st.lists(curves | anything, max_size=6),
        "calibration": anything | st.lists(bins | anything, max_size=6),
        "intervals": anything | st.fixed_dictionaries({"model": st.just({"auc": [0.1, None]})}),
    }
)


def drawn(chart: Chart) -> tuple[str, ET.Element]:
    text = render_to_string("mlmodel/_chart.html", {"chart": chart})
    start, end = text.index("<svg"), text.index("</svg>") + len("</svg>")
    return text, ET.fromstring(text[start:end])  # noqa: S314 - our own template


def test_the_learning_curve_ends_in_what_is_sure() -> None:
    chart = learning_curve(METRICS)
    assert chart is not None
    last = chart.lines[1].dots[-1]
    assert float(last.high) < float(last.y) < float(last.low)  # up is less in a picture
    assert chart.rows[-1] == ["80", "78", "66"]
    assert "With 80 answers" in chart.says or "with 80 in 78" in chart.says


def test_better_is_drawn_higher() -> None:
    chart = learning_curve(METRICS)
    assert chart is not None
    first, _, last = chart.lines[1].dots
    assert float(last.y) < float(first.y)
    assert float(last.x) > float(first.x)


def test_when_it_says_70_percent_the_picture_says_what_was_enjoyed() -> None:
    chart = calibration(METRICS)
    assert chart is not None
    assert chart.says.startswith("When it said about 70 %, you enjoyed 68 % (31 answers).")
    assert chart.rows[1][:3] == ["70 %", "68 %", "31"]
    assert float(chart.lines[1].dots[1].r) > float(chart.lines[1].dots[0].r)


@pytest.mark.parametrize(
    ("part", "answers", "low", "high"), [(0.5, 100, 0.404, 0.596), (0.0, 10, 0.0, 0.278)]
)
def test_the_likely_span_is_wilson_s(part: float, answers: float, low: float, high: float) -> None:
    assert likely(part, answers) == pytest.approx((low, high), abs=0.001)


@pytest.mark.parametrize(
    "thin", [{}, {"curve": CURVE[:1], "calibration": []}, {"curve": None, "calibration": 3}]
)
def test_what_is_too_thin_to_draw_is_not_drawn(thin: dict[str, Any]) -> None:
    assert learning_curve(thin) is None
    assert calibration(thin) is None


@given(found=metrics)
def test_a_picture_is_well_formed_whatever_was_measured(found: dict[str, Any]) -> None:
    for chart in (learning_curve(found), calibration(found)):
        if chart is None:
            continue
        text, svg = drawn(chart)
        assert svg.get("role") == "img"
        assert "style=" not in text
        assert "nan" not in text.lower()
        assert "inf" not in text.lower()
        for element in svg.iter():
            for name in ("x", "y", "cx", "cy", "r", "x1", "x2", "y1", "y2"):
                assert math.isfinite(float(element.get(name, "0")))
                assert 0 <= float(element.get(name, "0")) <= 360
        assert len(chart.rows) <= 6
        assert all(len(row) == len(chart.heads) for row in chart.rows)


def test_the_picture_names_itself_and_its_meaning() -> None:
    chart = calibration(METRICS)
    assert chart is not None
    text, svg = drawn(chart)
    named = str(svg.get("aria-labelledby")).split()
    assert all(f'id="{name}"' in text for name in named)
    assert text.count("<table") == 1
