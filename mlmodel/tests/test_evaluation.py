"""A judge that predicts each answer before it is learnt, and tells what that is worth."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from mlmodel import evaluation
from mlmodel.records import Candidate, Example, Moment, Title
from mlmodel.training import Model, train

START = datetime(2026, 3, 1, 20, tzinfo=UTC)
SHELF = [
    Title.from_json(
        {
            "id": str(number),
            "title": f"Film {number}",
            "genres": ["Horror" if number % 2 else "Comedy"],
            "audience_rating": 5 + number % 7 / 2,
        }
    )
    for number in range(120)
]


def answers(count: int) -> list[Example]:
    """One a day: horror is loved, comedy is not."""
    return [
        Example(
            Candidate(title, Moment(), "ada"),
            0.95 if "Horror" in title.genres else 0.05,
            1.0,
            START + timedelta(days=day),
        )
        for day, title in enumerate(SHELF[:count])
    ]


class Spy:
    """Trains, and remembers what it was given to learn."""

    def __init__(self) -> None:
        self.learnt: list[Sequence[Example]] = []

    def __call__(self, examples: Sequence[Example], titles: Sequence[Title]) -> Model:
        self.learnt.append(examples)
        return train(examples, titles)


def judged(rows: Sequence[Example]) -> dict[str, Any]:
    return evaluation.evaluate(train, rows, SHELF)


@pytest.fixture(scope="module")
def clear() -> dict[str, Any]:
    """The report on a log where learning helps a lot."""
    return judged(answers(100))


def test_what_is_learnt_beats_what_needs_no_learning(clear: dict[str, Any]) -> None:
    assert (clear["examples"], clear["held_out"]) == (100, 25)
    for without in ("prior", "popularity", "random"):
        assert clear["model"]["auc"] > clear[without]["auc"] + 0.2
    assert clear["model"]["log_loss"] < clear["prior"]["log_loss"]


def test_the_gain_is_sure_where_learning_helps_a_lot(clear: dict[str, Any]) -> None:
    gain = clear["intervals"]["gain"]
    assert gain["auc"][0] > 0  # ranks better
    assert gain["log_loss"][1] < 0  # is less surprised


def test_luck_and_a_rating_are_no_probabilities(clear: dict[str, Any]) -> None:
    assert clear["random"]["auc"] == 0.5
    assert clear["random"]["log_loss"] == pytest.approx(np.log(2))
    assert clear["popularity"]["log_loss"] is None
    assert clear["intervals"]["popularity"]["log_loss"] is None


def test_the_learning_curve_starts_at_the_prior_and_climbs(clear: dict[str, Any]) -> None:
    points = clear["curve"]
    assert [point["answers"] for point in points] == [0, 5, 10, 20, 40, 75]
    assert points[0]["model"] == points[0]["prior"]
    assert points[-1]["model"]["auc"] > points[0]["model"]["auc"] + 0.2


def test_the_calibration_counts_every_held_out_answer(clear: dict[str, Any]) -> None:
    assert sum(bin_["answers"] for bin_ in clear["calibration"]) == 25


def test_a_report_is_json_and_the_same_each_time(clear: dict[str, Any]) -> None:
    assert json.loads(json.dumps(clear, allow_nan=False)) == clear
    assert judged(answers(100)) == clear


def test_every_answer_is_predicted_before_it_is_learnt() -> None:
    spy, held = Spy(), evaluation.newest(answers(80)[::-1])
    assert [row.at for row in held.rows] == [row.at for row in answers(80)[60:]]
    evaluation.predict(spy, held, SHELF)
    assert [len(rows) for rows in spy.learnt] == [60, 65, 70, 75]


def test_all_is_held_out_of_few_answers_and_never_too_many_of_many() -> None:
    assert len(evaluation.newest(answers(9)).places) == 9
    many = [replace(answers(1)[0], at=START + timedelta(hours=hour)) for hour in range(6000)]
    assert len(evaluation.newest(many).places) == evaluation.MOST_HELD_OUT


def test_the_first_one_s_word_does_not_tell_the_second_one_s() -> None:
    both = [
        replace(
            row, candidate=replace(row.candidate, viewer=viewer), at=row.at + timedelta(hours=h)
        )
        for row in answers(20)
        for viewer, h in (("ada", 0), ("ben", 1))
    ]
    held = evaluation.HeldOut(both, range(21, 40))  # the cut lies between the two of one evening
    known = evaluation.older(held)
    assert len(known) == 20
    assert both[20] not in known
    assert both[19] in known


def test_nor_does_a_word_on_its_copy_in_another_library() -> None:
    rows = answers(3)
    film = rows[2].candidate.title
    copy = replace(rows[1].candidate, title=replace(film, id="copy", title=film.title.upper()))
    rows[1] = replace(rows[1], candidate=copy)
    assert evaluation.older(evaluation.HeldOut(rows, [2])) == rows[:1]


def test_seeing_it_again_much_later_is_another_watch() -> None:
    rows = [*answers(3), replace(answers(1)[0], at=START + timedelta(days=60))]
    assert evaluation.older(evaluation.HeldOut(rows, [3])) == rows[:3]


def test_what_was_said_after_a_moment_is_held_out_alone() -> None:
    held = evaluation.said_after(answers(30), START + timedelta(days=24))
    assert [row.candidate.title.id for row in held.rows] == ["25", "26", "27", "28", "29"]


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_hardly_any_answers_are_judged_without_a_fuss(count: int) -> None:
    found = judged(answers(count))
    assert found["held_out"] == count
    assert found["intervals"]["model"]["auc"] is None
    json.dumps(found, allow_nan=False)


def test_with_enough_answers_given_here_the_judgement_is_on_those() -> None:
    here = answers(evaluation.LEAST_JUDGED)
    plex = [replace(row, source="plex", at=row.at + timedelta(days=90)) for row in answers(80)]
    assert len(evaluation.judged([*here[1:], *plex])) == len(here) - 1 + len(plex)
    assert evaluation.judged([*here, *plex]) == list(range(len(here)))


@pytest.mark.parametrize("source", ["passed", "watched"])
def test_what_nobody_spoke_of_teaches_and_is_not_judged_on(source: str) -> None:
    unspoken = [replace(row, source=source, at=row.at + timedelta(hours=1)) for row in answers(30)]
    held = evaluation.newest([*answers(30), *unspoken])
    assert {row.source for row in held.rows} == {"feedback"}
    assert {row.source for row in evaluation.older(held)} == {"feedback", source}


def test_unknown_ratings_count_as_usual_ones() -> None:
    titles = [replace(SHELF[0], audience_rating=rating) for rating in (9.0, None, 3.0)]
    high, unknown, low = evaluation.by_rating([Candidate(title) for title in titles])
    assert high > unknown > low


def test_where_there_is_nothing_to_learn_nothing_is_gained() -> None:
    """Labels by a coin: a judge that let anything leak would find something."""
    found: list[float] = []
    for seed in range(12):
        coins = np.random.default_rng(seed).random(100) < 0.5
        rows = [
            replace(row, label=0.95 if coin else 0.05)
            for row, coin in zip(answers(100), coins, strict=True)
        ]
        held = evaluation.newest(rows, share=0.6)
        found.append(held.measure(evaluation.predict(train, held, SHELF))["auc"] or 0)
    assert abs(np.mean(found) - 0.5) < 0.07
