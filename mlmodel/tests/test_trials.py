"""Trials learn what training learns, and nothing of the answers they are not given."""

from dataclasses import replace

import numpy as np
import pytest

from mlmodel.config import KINDS, Kind
from mlmodel.judging.trials import Trials
from mlmodel.records import Example
from mlmodel.tests.test_insight import household
from mlmodel.tests.test_training import SHELF
from mlmodel.training import train

ANSWERS = household()
EARLIER, LATER = ANSWERS[:25], ANSWERS[25:]


@pytest.mark.parametrize("kind", KINDS)
def test_a_trial_predicts_what_a_model_trained_on_the_same_answers_predicts(kind: Kind) -> None:
    asked = [answer.candidate for answer in LATER]
    trial = Trials(ANSWERS, SHELF, kind=kind, seed=3)(EARLIER, SHELF)
    model = train(EARLIER, SHELF, kind=kind, seed=3)
    assert trial.predict(asked) == pytest.approx(model.predict(asked), abs=1e-5)
    assert np.ptp(model.predict(asked)) > 0.02  # it learnt something


@pytest.mark.parametrize("kind", KINDS)
def test_a_trial_knows_nothing_of_what_later_answers_say(kind: Kind) -> None:
    asked = [answer.candidate for answer in LATER]
    turned: list[Example] = [replace(answer, label=1 - answer.label) for answer in LATER]
    found = [
        Trials([*EARLIER, *later], SHELF, kind=kind)(EARLIER, SHELF).predict(asked)
        for later in (LATER, turned)
    ]
    assert found[0].tolist() == found[1].tolist()


def test_only_candidates_of_the_log_can_be_predicted() -> None:
    trial = Trials(EARLIER, SHELF)(EARLIER, SHELF)
    with pytest.raises(KeyError):
        trial.predict([LATER[0].candidate])
