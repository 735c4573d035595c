"""Intervals by drawing evenings anew: what a draw measures, by hand; and what intervals tell."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlmodel.judging import bootstrap, metrics

START = datetime(2026, 3, 1, 20, tzinfo=UTC)
LABEL = np.array([0.95, 0.05, 0.95, 0.05])
SCORE = np.array([0.9, 0.8, 0.7, 0.1])
ONES = np.ones(4)


def test_an_evening_ends_with_six_quiet_hours() -> None:
    hours = [0, 1, 5, 24, 25, 31]
    times = [START + timedelta(hours=hour) for hour in hours]
    assert bootstrap.evenings(times).tolist() == [0, 0, 0, 1, 1, 2]


def test_a_long_sitting_counts_as_several_evenings() -> None:
    times = [START + timedelta(minutes=minute) for minute in range(30)]
    assert np.bincount(bootstrap.evenings(times)).tolist() == [12, 12, 6]


def test_nothing_said_is_no_evening() -> None:
    assert bootstrap.evenings([]).tolist() == []


def test_a_draw_of_everything_once_measures_what_the_metrics_do() -> None:
    found = bootstrap.draws(SCORE, LABEL, ONES, np.ones((1, 4), dtype=np.int64))
    expected = metrics.measure(LABEL, SCORE, ONES)
    assert {name: values[0] for name, values in found.items()} == pytest.approx(expected)


def test_what_is_drawn_twice_counts_as_two_answers() -> None:
    times = np.array([[2, 1, 0, 1]])
    rows = np.repeat(np.arange(4), times[0])
    found = bootstrap.draws(SCORE, LABEL, ONES, times)
    expected = metrics.measure(LABEL[rows], SCORE[rows], ONES[rows])
    assert {name: values[0] for name, values in found.items()} == pytest.approx(expected)


def test_a_draw_ranks_fold_by_fold_as_the_metrics_do() -> None:
    fold, once = np.array([0, 0, 1, 1]), np.ones((1, 4), dtype=np.int64)
    found = bootstrap.draws(SCORE, LABEL, ONES, once, fold)
    expected = metrics.measure(LABEL, SCORE, ONES, fold)
    assert {name: values[0] for name, values in found.items()} == pytest.approx(expected)


def test_tied_scores_are_half_a_pair_in_every_draw() -> None:
    times = np.array([[1, 1, 1, 1], [3, 1, 0, 2]])
    found = bootstrap.draws(np.full(4, 0.5), LABEL, ONES, times)
    assert found["auc"].tolist() == [0.5, 0.5]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 20), st.integers(0, 3)), min_size=1, max_size=15
    )
)
def test_any_draw_measures_what_the_metrics_do_of_its_answers(
    rows: list[tuple[bool, int, int]],
) -> None:
    liked = np.array([row[0] for row in rows])
    score = np.array([row[1] / 20 + place * 1e-6 for place, row in enumerate(rows)])  # no ties
    times = np.array([[row[2] for row in rows]])
    picked = np.repeat(np.arange(len(rows)), times[0])
    found = bootstrap.draws(score, liked.astype(float), np.ones(len(rows)), times)
    expected = metrics.measure(liked[picked].astype(float), score[picked])
    for name, value in expected.items():
        assert found[name][0] == pytest.approx(np.nan if value is None else value, nan_ok=True)


def a_log(good: bool, count: int = 60) -> tuple[dict[str, metrics.Floats], metrics.Floats]:
    """Scores of a model that knows, beside a prior that knows nothing."""
    rng = np.random.default_rng(3)
    label = (np.arange(count) % 2).astype(float)
    model = 0.5 + (0.3 if good else 0.0) * (label - 0.5) + rng.normal(0, 0.15, count)
    return {"model": np.clip(model, 0.02, 0.98), "prior": rng.uniform(0.3, 0.7, count)}, label


def of(
    scores: dict[str, metrics.Floats], label: metrics.Floats
) -> dict[str, dict[str, list[float]]]:
    return bootstrap.intervals(  # type: ignore[return-value]
        scores, label, np.ones(len(label)), np.arange(len(label))
    )


def test_a_clear_gain_lies_above_nothing_and_none_lies_on_both_sides() -> None:
    low, high = of(*a_log(good=True))["gain"]["auc"]
    assert 0 < low < high <= 1
    low, high = of(*a_log(good=False))["gain"]["auc"]
    assert low < 0 < high


def test_the_interval_holds_the_metric_and_is_narrower_for_more_answers() -> None:
    scores, label = a_log(good=True)
    low, high = of(scores, label)["model"]["auc"]
    assert low < (metrics.auc(label > 0, scores["model"]) or 0) < high
    scores, label = a_log(good=True, count=600)
    few, many = high - low, np.ptp(of(scores, label)["model"]["auc"])
    assert many < few / 2


def test_luck_is_as_often_right_as_wrong() -> None:
    low, high = of(*a_log(good=True))["random"]["auc"]
    assert low < 0.5 < high
    assert low == pytest.approx(1 - high, abs=0.05)


def test_answers_of_one_evening_are_drawn_together_so_they_tell_less() -> None:
    scores, label = a_log(good=True, count=120)
    alone = bootstrap.intervals(scores, label, np.ones(120), np.arange(120))
    together = bootstrap.intervals(
        {name: np.repeat(values[:20], 6) for name, values in scores.items()},
        np.repeat(label[:20], 6),
        np.ones(120),
        np.repeat(np.arange(20), 6),
    )
    widths = [np.ptp(found["model"]["log_loss"] or []) for found in (alone, together)]
    assert widths[1] > 1.5 * widths[0]


def test_few_evenings_tell_no_interval() -> None:
    scores, label = a_log(good=True, count=bootstrap.LEAST_EVENINGS - 1)
    assert set(of(scores, label)["model"].values()) == {None}


def test_one_class_has_no_auc_to_draw() -> None:
    found = of({"model": np.linspace(0.1, 0.9, 20)}, np.ones(20))
    assert found["model"]["auc"] is None
    assert found["model"]["log_loss"] is not None


def test_the_same_seed_draws_the_same() -> None:
    assert of(*a_log(good=True)) == of(*a_log(good=True))


def test_of_few_evenings_too_about_nineteen_intervals_in_twenty_hold_the_truth() -> None:
    """Eight evenings of one to three answers that share a mood; the truth is what 20,000 evenings say."""
    rng = np.random.default_rng(0)

    def log(count: int) -> tuple[dict[str, metrics.Floats], metrics.Floats, metrics.Places]:
        evening = np.repeat(np.arange(count), rng.integers(1, 4, count))
        joy = rng.normal(0, 0.7, count)[evening] + rng.normal(0, 1, len(evening))
        guess = {"model": 0.7 * joy, "prior": 0.3 * joy}
        scores = {
            name: _chance(mean + rng.normal(0, 0.6, len(joy))) for name, mean in guess.items()
        }
        return scores, np.where(rng.random(len(joy)) < _chance(joy), 0.95, 0.05), evening

    scores, label, _ = log(20_000)
    losses = [metrics.log_loss(label, scores[name]) or 0.0 for name in ("model", "prior")]
    held = 0
    for _ in range(200):
        scores, label, evening = log(8)
        found = bootstrap.intervals(scores, label, np.ones(len(label)), evening)
        low, high = found["gain"]["log_loss"] or (0.0, 0.0)
        held += low <= losses[0] - losses[1] <= high
    assert held / 200 > 0.9


def _chance(logits: metrics.Floats) -> metrics.Floats:
    found: metrics.Floats = 1 / (1 + np.exp(-logits))
    return found
