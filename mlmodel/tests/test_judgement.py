"""What is put to use, and why: never what is worse on the household's own newest answers."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast

import numpy as np
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlmodel.judging.judgement import Judgement, chosen, judge, surely_better
from mlmodel.judging.metrics import LOSS_TOLERANCE
from mlmodel.records import Candidate, Example, Moment, Title
from mlmodel.training import Model, train
from moodrec.phrases import told

START = datetime(2026, 3, 1, 20, tzinfo=UTC)
SHELF = [
    Title(str(n), f"Film {n}", genres=(("Western", "Musical")[n % 2],), audience_rating=7.0)
    for n in range(60)
]
LEARNERS = {
    "logistic": partial(train, kind=cast("Any", "logistic")),
    "tree": partial(train, kind=cast("Any", "tree")),
}


def answer(day: int, *, liked: bool, **fields: Any) -> Example:
    candidate = Candidate(SHELF[day % len(SHELF)], Moment(), "ada")
    label = 0.95 if liked else 0.05
    return replace(Example(candidate, label, 1.0, START + timedelta(days=day)), **fields)


def steady(days: range) -> list[Example]:
    """Musicals are loved, Westerns are not."""
    return [answer(day, liked=day % 2 == 1) for day in days]


def turned(days: range) -> list[Example]:
    return [answer(day, liked=day % 2 == 0) for day in days]


class Constant:
    """A way of training whose model always says the same."""

    def __init__(self, says: float) -> None:
        self.says = says

    def __call__(self, _examples: Sequence[Example], _titles: Sequence[Title]) -> Model:
        return cast("Model", self)

    def predict(self, candidates: Sequence[Candidate]) -> Any:
        return np.full(len(candidates), self.says)


def judgement(rows: Sequence[Example], *, wanted: str = "logistic", **of: Any) -> Judgement:
    return judge({**LEARNERS, **of.pop("learners", {})}, wanted, rows, SHELF, **of)


def test_a_model_that_learnt_is_put_to_use_and_said_to_be_better() -> None:
    found = judgement(steady(range(60)))
    assert (found.good, found.kind) == (True, "logistic")
    assert found.verdict.startswith("is in use: on the 20 newest answers it was better than no")


def test_a_model_worse_than_no_learning_is_not() -> None:
    found = judgement([*steady(range(40)), *turned(range(40, 60))])
    assert not found.good
    assert "worse than no learning" in found.verdict


def test_a_model_worse_than_the_one_in_use_is_not() -> None:
    """The one in use knows; the new one was told nonsense, though it still beats no learning."""
    active = replace(train(steady(range(40)), SHELF), newest_answer=START + timedelta(days=39))
    dull = {"logistic": lambda rows, titles: train(rows[:6], titles)}
    found = judgement(steady(range(60)), active=active, learners=dull)
    assert found.metrics["since_active"]["answers"] == 20
    assert not found.good
    assert "worse than the version in use" in found.verdict


def test_a_little_worse_on_a_few_answers_may_be_luck_and_is_used() -> None:
    """The dull version in use is luckier with three surprises than the new one, which is right with the rest."""
    active = replace(train(steady(range(20)), SHELF), newest_answer=START + timedelta(days=51))
    found = judgement(
        [*steady(range(52)), *turned(range(52, 55)), *steady(range(55, 60))], active=active
    )
    since = found.metrics["since_active"]
    assert since["model"]["log_loss"] > since["active"]["log_loss"] + LOSS_TOLERANCE
    assert found.good


def test_hardly_anything_said_since_can_t_tell_two_versions_apart() -> None:
    active = replace(train([], SHELF), newest_answer=START + timedelta(days=56))
    assert "since_active" not in judgement(steady(range(60)), active=active).metrics


def test_both_kinds_are_measured_on_the_same_answers() -> None:
    metrics = judgement(steady(range(60)), wanted="tree").metrics
    assert set(metrics["kinds"]) == {"logistic", "tree"}
    assert metrics["model"] == metrics["kinds"][metrics["kind"]]


def test_a_tree_that_does_worse_gives_way_to_the_logistic_regression() -> None:
    found = judgement(steady(range(60)), wanted="tree", learners={"tree": Constant(0.5)})
    assert (found.kind, found.metrics["wanted"], found.good) == ("logistic", "tree", True)
    assert "for the decision tree did worse" in found.verdict
    assert len(found.verdict) <= 200


def test_a_tree_that_is_wanted_and_no_worse_stays() -> None:
    assert chosen({"tree": {"log_loss": 0.6}, "logistic": {"log_loss": 0.6}}, "tree") == "tree"
    assert chosen({"tree": {"log_loss": 0.1}, "logistic": {"log_loss": 0.6}}, "logistic") == (
        "logistic"
    )


def test_scores_that_are_no_numbers_are_never_put_to_use() -> None:
    nowhere = Constant(math.nan)
    found = judgement(steady(range(30)), learners={"logistic": nowhere, "tree": nowhere})
    assert (found.good, found.verdict) == (False, "is not used: some of its scores are no numbers")
    json.dumps(found.metrics, allow_nan=False)


def test_a_kind_whose_scores_are_no_numbers_gives_way_to_the_other() -> None:
    found = judgement(steady(range(30)), wanted="tree", learners={"tree": Constant(math.nan)})
    assert (found.kind, found.good) == ("logistic", True)


def test_better_is_said_only_where_the_whole_interval_is_a_gain() -> None:
    assert surely_better({"auc": [0.01, 0.2], "log_loss": [-0.1, 0.1]})
    assert surely_better({"auc": None, "log_loss": [-0.1, -0.01]})
    assert not surely_better({"auc": [-0.01, 0.2], "log_loss": [-0.1, 0.0]})
    assert not surely_better({"auc": None, "log_loss": None})


ODD = st.builds(
    lambda title, label, weight, day, source: Example(
        Candidate(title, Moment(), "ada"), label, weight, START + timedelta(days=day), source
    ),
    st.sampled_from([SHELF[0], SHELF[1], Title("", ""), Title("x", "X", year=1850)]),
    st.sampled_from([0.0, 0.5, 0.5, 1.0]),
    st.sampled_from([0.0, 1.0, 1.0]),
    st.integers(0, 3),
    st.sampled_from(["feedback", "plex", "passed", "watched"]),
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ODD, max_size=30), st.booleans())
def test_no_log_however_odd_stops_the_judgement(rows: list[Example], one_title: bool) -> None:
    shelf = SHELF[:1] if one_title else []
    found = judge(LEARNERS, "logistic", rows, shelf)
    json.dumps(found.metrics, allow_nan=False)
    assert np.isfinite(LEARNERS["logistic"](rows, shelf).predict([Candidate(SHELF[0])])).all()


def test_the_verdict_names_the_loss_that_decided_and_the_ranking() -> None:
    found = judgement(steady(range(60)))
    model, before = found.metrics["model"], found.metrics["prior"]
    losses = f"log loss {round(model['log_loss'], 2)} against {round(before['log_loss'], 2)}"
    ranks = f"AUC {round(model['auc'], 2)} against {round(before['auc'], 2)}"
    assert found.verdict.endswith(f"better than no learning ({losses}, {ranks})")
    with translation.override("fr"):
        assert f"perte logarithmique {losses[9:13]}".replace(".", ",") in told(found.verdict)
