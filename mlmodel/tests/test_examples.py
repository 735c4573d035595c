"""From the log to examples."""

from datetime import timedelta

import pytest
from django.utils import timezone

from feedback.models import Feedback
from mlmodel.examples import digest, examples
from mlmodel.labels import LABEL_WEIGHTS
from moodrec.tests import builders

pytestmark = pytest.mark.django_db


def test_an_answer_teaches_what_the_scorer_saw_not_today_s_catalogue() -> None:
    shown = builders.suggestion(builders.title("Alien", audience_rating=8.5))
    builders.feedback(on=shown, rating=5)
    shown.item.audience_rating = 2.0
    shown.item.save()
    [example] = examples()
    assert example.candidate.title.audience_rating == 8.5
    assert dict(example.candidate.moment.moods) == {"tense": 1.0}
    assert example.label > 0.9


def test_an_empty_answer_teaches_nothing() -> None:
    builders.feedback(rating=None, completed=None, would_watch_again=None)
    assert examples() == []


def test_passed_over_counts_a_little_once_another_of_the_three_was_spoken_of() -> None:
    then = timezone.now() - timedelta(days=5)
    ask = builders.ask(asked_at=then)
    taken = builders.suggestion(builders.title("Taken"), ask=ask, rank=1)
    builders.suggestion(builders.title("Passed"), ask=ask, rank=2)
    assert examples() == []  # nobody spoke: perhaps nobody watched anything
    builders.feedback(on=taken, rating=4, said_at=then)
    passed = next(e for e in examples() if e.source == "passed")
    assert passed.candidate.title.title == "Passed"
    assert (passed.label, passed.weight) == (LABEL_WEIGHTS.passed, LABEL_WEIGHTS.passed_weight)


def test_what_was_shown_today_is_not_passed_over_yet() -> None:
    ask = builders.ask()
    builders.suggestion(builders.title("Still there"), ask=ask, rank=2)
    builders.feedback(on=builders.suggestion(builders.title("Taken"), ask=ask), rating=4)
    assert [e.source for e in examples()] == ["feedback"]


def test_the_demo_household_teaches_only_the_demo() -> None:
    current = builders.connection()
    builders.feedback(builders.title(), source="demo")
    assert examples() == []
    current.is_demo = True
    current.save()
    assert len(examples()) == 1


def test_of_what_one_viewer_said_of_a_title_in_a_week_the_last_counts() -> None:
    item, now = builders.title(), timezone.now()
    shown = builders.suggestion(item)
    builders.feedback(on=shown, rating=5, said_at=now - timedelta(hours=2))
    builders.feedback(item, rating=1, would_watch_again=False, said_at=now)
    assert [example.label < 0.5 for example in examples()] == [True]


def test_said_again_after_more_than_a_week_counts_twice() -> None:
    item, now = builders.title(), timezone.now()
    builders.feedback(on=builders.suggestion(item), said_at=now - timedelta(days=8))
    builders.feedback(item, said_at=now)
    assert len(examples()) == 2


def test_each_viewer_has_their_own_last_word() -> None:
    item, now = builders.title(), timezone.now()
    for name in ("Ada", "Ben"):
        builders.feedback(item, viewer=builders.viewer(name), said_at=now)
    assert len(examples()) == 2


def test_an_empty_answer_takes_nothing_back() -> None:
    item, now = builders.title(), timezone.now()
    builders.feedback(on=builders.suggestion(item), rating=5, said_at=now - timedelta(hours=2))
    builders.feedback(item, rating=None, completed=None, would_watch_again=None, said_at=now)
    assert [example.label > 0.9 for example in examples()] == [True]


def test_the_digest_changes_with_every_answer() -> None:
    row = builders.feedback(builders.title(), rating=4)
    before = digest(examples())
    assert digest(examples()) == before
    Feedback.objects.filter(pk=row.pk).update(rating=2)
    assert digest(examples()) != before
