"""Metrics by hand, and a judge that predicts each answer before it is learnt."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from mlmodel import evaluation
from mlmodel.records import Candidate, Example, Moment, Title
from mlmodel.training import Model, train

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHELF = [
    Title.from_json(
        {
            "id": str(number),
            "title": f"Film {number}",
            "genres": ["Horror" if number % 2 else "Comedy"],
            "audience_rating": 5 + number % 7 / 2,
        }
    )
    for number in range(60)
]
LIKED = np.array([True, False, True, False])
SCORE = np.array([0.9, 0.8, 0.7, 0.1])


def answers(count: int) -> list[Example]:
    """Horror is loved, comedy is not."""
    return [
        Example(
            Candidate(title, Moment(), "ada"),
            0.95 if "Horror" in title.genres else 0.05,
            1.0,
            START + timedelta(days=day),
        )
        for day, title in enumerate(SHELF[:count])
    ]


def answer(day: int) -> Example:
    return replace(answers(1)[0], at=START + timedelta(days=day))


def test_auc_counts_the_pairs_in_the_right_order() -> None:
    assert evaluation.auc(LIKED, SCORE) == 0.75  # of 4 pairs only (0.7, 0.8) is wrong


def test_a_tie_is_half_a_pair() -> None:
    assert evaluation.auc(np.array([True, False]), np.array([0.5, 0.5])) == 0.5


def test_a_weight_counts_a_row_as_often_as_it_says() -> None:
    weight = np.array([1.0, 3.0, 1.0, 1.0])
    assert evaluation.auc(LIKED, SCORE, weight) == 5 / 8


def test_auc_of_one_class_is_undefined() -> None:
    assert evaluation.auc(np.array([True, True]), np.array([0.1, 0.2])) is None
    assert evaluation.auc(np.zeros(0, dtype=bool), np.zeros(0)) is None


def test_precision_is_the_share_liked_of_the_first_three() -> None:
    assert evaluation.precision_at(LIKED, SCORE) == pytest.approx(2 / 3)
    assert evaluation.precision_at(LIKED[:1], SCORE[:1]) == 1.0
    assert evaluation.precision_at(LIKED[:0], SCORE[:0]) is None


def test_ndcg_counts_the_first_place_most() -> None:
    best = 1 + 1 / np.log2(3)
    assert evaluation.ndcg_at(LIKED, SCORE) == pytest.approx((1 + 0.5) / best)
    assert evaluation.ndcg_at(~LIKED, np.array([0.1, 0.9, 0.2, 0.8])) == pytest.approx(1.0)
    assert evaluation.ndcg_at(LIKED[:1], SCORE[:1]) == 1.0
    assert evaluation.ndcg_at(np.array([False]), SCORE[:1]) is None


def test_log_loss_of_a_coin_is_log_two() -> None:
    assert evaluation.log_loss(np.array([1.0, 0.0]), np.full(2, 0.5)) == pytest.approx(np.log(2))
    assert evaluation.log_loss(np.array([1.0]), np.array([0.0])) == pytest.approx(-np.log(1e-6))
    assert evaluation.log_loss(np.zeros(0), np.zeros(0)) is None


def test_calibration_compares_what_was_said_with_what_was_enjoyed() -> None:
    found = evaluation.calibration(np.array([1.0, 0.0, 1.0]), np.array([0.85, 0.95, 0.1]))
    assert [bin_["from"] for bin_ in found] == [0.0, 0.8]
    assert found[1]["score"] == pytest.approx(0.9)
    assert (found[1]["enjoyed"], found[1]["answers"]) == (0.5, 2.0)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=12))
def test_auc_agrees_with_scikit_learn(rows: list[tuple[bool, int]]) -> None:
    liked, score = np.array([row[0] for row in rows]), np.array([row[1] / 5 for row in rows])
    found = evaluation.auc(liked, score)
    if found is None:
        assert len(set(liked.tolist())) == 1
    else:
        assert found == pytest.approx(roc_auc_score(liked, score))


def test_what_is_learnt_beats_the_prior_on_the_newest_answers() -> None:
    found = evaluation.evaluate(train, answers(48), SHELF)
    assert (found["examples"], found["held_out"]) == (48, 12)
    assert found["model"]["auc"] > found["prior"]["auc"]
    assert not evaluation.worse(found["model"], found["prior"])
    assert evaluation.worse(found["prior"], found["model"])


def test_every_answer_is_predicted_before_it_is_learnt() -> None:
    learnt: list[int] = []

    def spy(examples: Sequence[Example], titles: Sequence[Title]) -> Model:
        learnt.append(len(examples))
        return train(examples, titles)

    evaluation.evaluate(spy, answers(40)[::-1], SHELF, share=0.25, folds=5)
    assert learnt == [30, 32, 34, 36, 38]


def test_another_model_is_judged_on_the_same_answers() -> None:
    old = train(answers(10), SHELF)
    found = evaluation.evaluate(train, answers(40), SHELF, other=old)
    assert found["other"]["log_loss"] > found["model"]["log_loss"]


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_hardly_any_answers_are_judged_without_a_fuss(count: int) -> None:
    found = evaluation.evaluate(train, answers(count), SHELF)
    assert found["model"]["auc"] is None
    json.dumps(found, allow_nan=False)


def test_a_report_is_json() -> None:
    report = evaluation.evaluate(train, answers(30), SHELF)
    assert json.loads(json.dumps(report, allow_nan=False)) == report


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
    assert evaluation.worse(new, old) is worse


def test_with_enough_answers_given_here_the_judgement_is_on_those() -> None:
    here = [answer(day) for day in range(evaluation.LEAST_JUDGED)]
    plex = [replace(answer(100 + day), source="plex") for day in range(80)]
    few = sorted([*here[1:], *plex], key=lambda row: row.at)
    enough = sorted([*here, *plex], key=lambda row: row.at)
    assert len(evaluation.judged(few)) == len(few)
    assert [enough[place].source for place in evaluation.judged(enough)] == ["feedback"] * len(here)


def test_each_fold_is_predicted_by_a_model_of_all_that_is_older_plex_s_stars_among_it() -> None:
    here = [answer(2 * day) for day in range(evaluation.LEAST_JUDGED)]
    plex = [replace(answer(2 * day + 1), source="plex") for day in range(evaluation.LEAST_JUDGED)]
    learnt: list[Sequence[Example]] = []

    def learn(rows: Sequence[Example], titles: Sequence[Title]) -> Model:
        learnt.append(rows)
        return train(rows, titles)

    found = evaluation.evaluate(learn, [*plex, *here], [], share=0.25, folds=1)
    assert found["held_out"] == 5
    [rows] = learnt
    assert max(row.at for row in rows) < here[-5].at
    assert {row.source for row in rows} == {"feedback", "plex"}
