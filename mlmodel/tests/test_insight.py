"""What a model believes is read from its weights, and what moved it agrees with fitting again without it."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr

from mlmodel import insight
from mlmodel.influence import moved, steps
from mlmodel.insight import LEAST_LOGIT
from mlmodel.records import Candidate, Example, Moment, Title
from mlmodel.tests.test_training import SHELF, answer, answers
from mlmodel.training import Model, train

BONG = "Bong Joon-ho"


def numbered(examples: list[Example]) -> list[Example]:
    return [replace(each, origin=place) for place, each in enumerate(examples, start=1)]


def household() -> list[Example]:
    """Ada loves horror, Ben comedies; they do not agree, and now and then surprise."""
    found = [*answers(60), *answers(45, viewer="ben", loves="Comedy")]
    return numbered(
        [
            replace(each, label=1 - each.label if place % 13 == 3 else each.label, weight=weight)
            for place, (each, weight) in enumerate(
                zip(found, np.tile([1.0, 0.7, 0.3], 40).tolist(), strict=False)
            )
        ]
    )


def traits(found: list[dict[str, object]]) -> dict[object, float]:
    return {belief["trait"]: float(str(belief["logit"])) for belief in found}


@pytest.fixture(scope="module")
def learnt() -> Model:
    return train(household(), SHELF)


def test_it_says_what_each_viewer_loves_and_does_not(learnt: Model) -> None:
    found = insight.of(learnt, household(), SHELF)
    ada, ben = (traits(found["viewers"][viewer]) for viewer in ("ada", "ben"))
    assert ada["genre horror"] > 0.1
    assert ben["genre comedy"] > 0.1
    assert ben.get("genre horror", 0) < ada["genre horror"]


def test_a_belief_is_the_weight_that_the_score_uses(learnt: Model) -> None:
    """Two films that differ in nothing but a genre differ by that belief."""
    found = traits(insight.of(learnt, household(), SHELF)["viewers"]["ada"])
    terms = dict(learnt.terms(Candidate(SHELF[0], Moment(), "ada")))
    both = terms["household|genre horror"] + terms["viewer:ada|genre horror"]
    assert found["genre horror"] == pytest.approx(both, abs=0.002)


def test_loving_all_decades_alike_is_no_belief_about_a_decade(learnt: Model) -> None:
    """Each title is of some decade: only what differs between them says anything."""
    shelf = insight._shelf(learnt, household(), SHELF)
    decades = np.array([name.startswith("decade ") for name in shelf.names])
    worth = insight._worth(shelf, np.where(decades, 0.7, 0.0))
    np.testing.assert_allclose(worth, 0, atol=1e-12)
    one = np.array([name == "decade 1985" for name in shelf.names])
    found = insight._worth(shelf, np.where(one, 1.0, 0.0))
    assert found[one][0] > 0 > found[decades & ~one].max()


def test_a_name_needs_two_answers_before_it_is_spoken_of() -> None:
    films = [
        Title(str(n), f"Film {n}", genres=("Drama",), directors=(BONG,), cast=(f"Actor {n}",))
        for n in range(3)
    ]
    examples = numbered([*household(), *(answer(film, 0.98, days=99) for film in films)])
    found = insight.of(train(examples, SHELF), examples, SHELF)["viewers"]["ada"]
    told = {belief["trait"]: belief for belief in found}
    assert told[f"director {BONG}"]["answers"] == 3
    assert told[f"director {BONG}"]["odds"] > 1
    assert not [trait for trait in told if "Actor" in trait]


def test_what_depends_on_the_moment_says_when(learnt: Model) -> None:
    found = insight.of(learnt, household(), SHELF)["moments"]
    assert {belief["when"] for belief in found} <= {
        "mood:funny", "company:group", "minutes:100", "daypart:evening", "weekend",
    }  # fmt: skip
    assert all(abs(belief["logit"]) >= LEAST_LOGIT for belief in found)


def test_the_house_rules_lead_until_answers_say_otherwise(learnt: Model) -> None:
    few = numbered(answers(5))
    at_first = insight.of(train(few, SHELF), few, SHELF)["rules"]
    later = insight.of(learnt, household(), SHELF)["rules"]
    assert 1 >= at_first > later >= 0


@pytest.mark.parametrize("kind", ["logistic", "tree"])
def test_it_is_json_whatever_was_learnt(kind: str) -> None:
    for examples in ([], numbered(answers(6)), household()):
        for titles in ([], SHELF[:1], SHELF):
            model = train(examples, titles, kind=kind)  # type: ignore[arg-type]
            json.dumps(insight.of(model, examples, titles), allow_nan=False)


def test_of_a_tree_it_tells_what_is_asked_first() -> None:
    tree = train(household(), SHELF, kind="tree")
    found = insight.of(tree, household(), SHELF)["questions"]
    first = int(tree.pipeline["classifier"].tree_.tree_.feature[0])
    assert found[0] == tree.features.column_names([first])[0]
    assert 1 <= len(found) == len(set(found)) <= 5


def test_the_estimate_agrees_with_fitting_again_without_each_answer(learnt: Model) -> None:
    examples = household()
    found = steps(learnt, examples, looked_at=len(examples))
    places = list(found)[::3]
    real = []
    for place in places:
        without = train([*examples[:place], *examples[place + 1 :]], SHELF)
        one = [examples[place].candidate]
        logits = [np.log(m.predict(one)[0] / (1 - m.predict(one)[0])) for m in (learnt, without)]
        real.append(logits[0] - logits[1])
    estimate = [found[place] for place in places]
    assert spearmanr(estimate, real).statistic > 0.9
    assert np.median(np.array(estimate) / np.array(real)) == pytest.approx(1, abs=0.2)


def test_a_surprise_moves_more_than_what_was_expected(learnt: Model) -> None:
    examples = household()
    first = moved(learnt, examples)[0]
    example = next(each for each in examples if each.origin == first["origin"])
    before = first["without"]
    assert abs(example.label - before) > 0.5
    assert abs(example.label - first["score"]) < abs(example.label - before)


def test_what_cannot_be_taken_back_is_not_listed(learnt: Model) -> None:
    nameless = [replace(example, origin=None) for example in household()]
    assert moved(learnt, nameless) == []
