"""The plain record: of the suggestions that were taken up, how many were enjoyed."""

from typing import Any

import pytest

from feedback.models import Ask, Suggestion
from mlmodel.judging.hits import hits
from mlmodel.models import FreshStart
from moodrec.tests import builders

pytestmark = pytest.mark.django_db


def shown(*, version: int | None = None, rank: int = 1, **fields: Any) -> Suggestion:
    return builders.suggestion(ask=builders.ask(model_version=version), rank=rank, **fields)


def said(on: Suggestion, stars: int, **fields: Any) -> None:
    answers = {"rating": stars, "completed": None, "would_watch_again": None}
    builders.feedback(on=on, **{**answers, **fields})


def test_learnt_picks_and_those_of_the_prior_are_counted_apart() -> None:
    said(shown(version=3), 5)
    said(shown(version=4), 1)
    said(shown(version=4), 4)
    said(shown(), 2)
    found = hits()
    assert (found["learned"]["picked"], found["learned"]["enjoyed"]) == (3, 2)
    assert found["learned"]["rate"] == pytest.approx(2 / 3)
    assert (found["prior"]["picked"], found["prior"]["rate"]) == (1, 0.0)


def test_what_nobody_took_up_is_not_counted() -> None:
    shown(version=3)
    builders.feedback()  # of a title that nobody had suggested
    assert hits()["learned"] == {
        "picked": 0,
        "enjoyed": 0,
        "rate": None,
        "first": {"picked": 0, "enjoyed": 0, "rate": None},
    }


def test_what_stood_first_is_counted_by_itself_too() -> None:
    said(shown(version=3, rank=1), 5)
    said(shown(version=3, rank=2), 1)
    found = hits()["learned"]
    assert (found["rate"], found["first"]["rate"]) == (0.5, 1.0)


def test_two_who_watched_together_are_one_hit_or_miss() -> None:
    together = shown(version=3)
    said(together, 5, viewer=builders.viewer("Ada"))
    said(together, 4, viewer=builders.viewer("Ben"))
    assert hits()["learned"]["picked"] == 1


def test_what_was_put_aside_or_said_before_learning_began_anew_is_not_counted() -> None:
    said(shown(version=3), 5, teaches=False)
    assert hits()["learned"]["picked"] == 0
    said(shown(version=3), 5)
    assert hits()["learned"]["picked"] == 1
    FreshStart.objects.create()
    assert hits()["learned"]["picked"] == 0


def test_made_up_answers_are_not_counted_beside_a_real_plex() -> None:
    builders.connection(is_demo=False)
    said(shown(version=3), 5, source=Ask.Source.DEMO)
    assert hits()["learned"]["picked"] == 0
