"""Metrics by hand."""

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.metrics import log_loss as log_loss_of_sklearn
from sklearn.metrics import roc_auc_score

from mlmodel.judging import metrics

LIKED = np.array([True, False, True, False])
SCORE = np.array([0.9, 0.8, 0.7, 0.1])
ROWS = st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=12)
quiet = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_auc_counts_the_pairs_in_the_right_order() -> None:
    assert metrics.auc(LIKED, SCORE) == 0.75  # of 4 pairs only (0.7, 0.8) is wrong


def test_a_tie_is_half_a_pair() -> None:
    assert metrics.auc(np.array([True, False]), np.array([0.5, 0.5])) == 0.5


def test_a_weight_counts_a_row_as_often_as_it_says() -> None:
    weight = np.array([1.0, 3.0, 1.0, 1.0])
    assert metrics.auc(LIKED, SCORE, weight) == 5 / 8


def test_auc_of_one_class_is_undefined() -> None:
    assert metrics.auc(np.array([True, True]), np.array([0.1, 0.2])) is None
    assert metrics.auc(np.zeros(0, dtype=bool), np.zeros(0)) is None


def test_all_in_the_right_order_is_1_and_not_a_hair_more() -> None:
    liked, score = np.array([False, False, True, True]), np.array([0.1, 0.2, 0.3, 0.4])
    assert metrics.auc(liked, score, np.array([1.3, 0.8, 1.2, 0.7])) == 1.0


def test_how_far_luck_may_set_two_apart_is_the_spread_of_their_differences() -> None:
    label, even = np.array([1.0, 1.0]), np.array([0.5, 0.5])
    found = metrics.standard_error(label, even, np.array([0.5, 0.25]))
    assert found == pytest.approx(np.log(2) / (2 * np.sqrt(2)))  # differences: 0 and log 2
    assert metrics.standard_error(label, even, even) == 0.0
    assert metrics.standard_error(label, even, even, np.zeros(2)) == 0.0


def test_precision_is_the_share_liked_of_the_first_three() -> None:
    assert metrics.precision_at(LIKED, SCORE) == pytest.approx(2 / 3)
    assert metrics.precision_at(LIKED[:1], SCORE[:1]) == 1.0
    assert metrics.precision_at(LIKED[:0], SCORE[:0]) is None


def test_ndcg_counts_the_first_place_most() -> None:
    best = 1 + 1 / np.log2(3)
    assert metrics.ndcg_at(LIKED, SCORE) == pytest.approx((1 + 0.5) / best)
    assert metrics.ndcg_at(~LIKED, np.array([0.1, 0.9, 0.2, 0.8])) == pytest.approx(1.0)
    assert metrics.ndcg_at(LIKED[:1], SCORE[:1]) == 1.0
    assert metrics.ndcg_at(np.array([False]), SCORE[:1]) is None


def test_tied_scores_get_what_their_orders_get_on_average() -> None:
    liked, tied = np.array([True, False, False, True]), np.full(4, 0.5)
    orders = [liked[list(order)] for order in itertools.permutations(range(4))]
    falling = np.array([0.9, 0.7, 0.5, 0.3])
    for metric in (metrics.ndcg_at, metrics.precision_at):
        each = [metric(order, falling) or 0.0 for order in orders]
        assert metric(liked, tied) == pytest.approx(np.mean(each))


def test_log_loss_of_a_coin_is_log_two() -> None:
    assert metrics.log_loss(np.array([1.0, 0.0]), np.full(2, 0.5)) == pytest.approx(np.log(2))
    assert metrics.log_loss(np.array([1.0]), np.array([0.0])) == pytest.approx(-np.log(1e-6))
    assert metrics.log_loss(np.zeros(0), np.zeros(0)) is None


def test_calibration_compares_what_was_said_with_what_was_enjoyed() -> None:
    found = metrics.calibration(np.array([1.0, 0.0, 1.0]), np.array([0.85, 0.95, 0.1]))
    assert [bin_["from"] for bin_ in found] == [0.0, 0.8]
    assert found[1]["score"] == pytest.approx(0.9)
    assert (found[1]["enjoyed"], found[1]["answers"]) == (0.5, 2.0)


def test_a_weak_answer_weighs_little_in_calibration() -> None:
    weight = np.array([3.0, 1.0, 0.0])
    [found] = metrics.calibration(np.array([1.0, 0.0, 0.0]), np.full(3, 0.9), weight)
    assert (found["enjoyed"], found["answers"]) == (0.75, 2.0)


@quiet
@given(ROWS)
def test_auc_and_loss_agree_with_scikit_learn(rows: list[tuple[bool, int]]) -> None:
    liked, score = np.array([row[0] for row in rows]), np.array([(row[1] + 1) / 7 for row in rows])
    assert metrics.log_loss(liked.astype(float), score) == pytest.approx(
        log_loss_of_sklearn(liked, score, labels=[False, True])
    )
    if len(set(liked.tolist())) == 2:
        assert metrics.auc(liked, score) == pytest.approx(roc_auc_score(liked, score))


@quiet
@given(ROWS)
def test_every_rank_metric_lies_between_0_and_1(rows: list[tuple[bool, int]]) -> None:
    label, score = np.array([float(row[0]) for row in rows]), np.array([row[1] / 5 for row in rows])
    found = metrics.measure(label, score)
    assert all(
        value is None or 0 <= value <= 1 for key, value in found.items() if key != "log_loss"
    )


@pytest.mark.parametrize(
    ("new", "old", "worse"),
    [
        ({"log_loss": 0.60}, {"log_loss": 0.55}, True),
        ({"log_loss": 0.552}, {"log_loss": 0.55}, False),  # within noise
        ({"log_loss": 0.50}, {"log_loss": 0.55}, False),
        ({"log_loss": None, "auc": 0.6}, {"log_loss": 0.5, "auc": 0.7}, True),
        ({"log_loss": None, "auc": None}, {"log_loss": 0.5, "auc": 0.7}, False),
        ({}, {}, False),
    ],
)
def test_a_model_is_worse_if_its_loss_is_or_else_its_ranking(
    new: dict[str, float | None], old: dict[str, float | None], worse: bool
) -> None:
    assert metrics.worse(new, old) is worse


def test_each_fold_ranks_only_its_own_answers() -> None:
    """Either model ranks rightly; that the second expects more of everything is no fault."""
    label, score = np.array([1.0, 0.0, 1.0, 0.0]), np.array([0.4, 0.3, 0.9, 0.8])
    assert metrics.measure(label, score)["auc"] == 0.75
    assert metrics.measure(label, score, fold=np.array([0, 0, 1, 1]))["auc"] == 1.0


def test_a_fold_counts_by_the_pairs_it_holds() -> None:
    label, score = np.array([1.0, 0.0, 0.0, 0.0, 1.0]), np.array([0.9, 0.1, 0.2, 0.5, 0.4])
    fold = np.array([0, 0, 0, 1, 1])  # two pairs right, one wrong
    assert metrics.measure(label, score, fold=fold)["auc"] == pytest.approx(2 / 3)
