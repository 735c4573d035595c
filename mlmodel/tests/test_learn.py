"""When to train: enough and new; and what becomes of a version that is not used."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from feedback.models import Feedback
from mlmodel import artifact, learn, registry, serving
from mlmodel.judging import judgement
from mlmodel.models import ModelVersion
from moodrec.jobs.run import JobFailed, JobSkipped
from moodrec.tests import builders

pytestmark = pytest.mark.django_db


def say(liked: bool, genre: str, days_ago: float) -> None:
    item = builders.title(f"{genre} {days_ago}", genres=[genre], audience_rating=7.0)
    said_at = timezone.now() - timedelta(days=days_ago)
    stars = 5 if liked else 1
    builders.feedback(item, said_at=said_at, rating=stars, completed=liked, would_watch_again=liked)


def a_steady_household(days_ago: int = 100) -> None:
    """Loves Westerns and hates musicals."""
    for day in range(days_ago, days_ago - 24, -2):
        say(True, "Western", day)
        say(False, "Musical", day - 1)


def turned_around() -> None:
    """All at once the same household hates Westerns and loves musicals."""
    for day in range(24, 4, -2):
        say(False, "Western", day)
        say(True, "Musical", day - 1)


@pytest.fixture
def version() -> int:
    """One version, in use, and nothing new to learn."""
    a_steady_household()
    return int(learn.run()["version"])


def spoil(number: int) -> None:
    """As a library upgrade would: the version is still there and can't be loaded any more."""
    ModelVersion.objects.filter(number=number).update(artifact=b"of other libraries")
    serving.forget()


def in_use() -> int | None:
    return ModelVersion.objects.filter(active=True).values_list("number", flat=True).first()


def test_a_version_that_is_not_used_is_not_fitted_twice(version: int) -> None:
    turned_around()
    assert learn.run()["active"] is False
    with pytest.raises(JobSkipped, match="Nothing new"):
        learn.run()
    assert (in_use(), ModelVersion.objects.count()) == (version, 2)


def test_a_rollback_stays_until_there_is_something_new(version: int) -> None:
    a_steady_household(60)
    assert learn.run()["active"] is True
    registry.rollback()
    with pytest.raises(JobSkipped, match="Nothing new"):
        learn.run()
    assert in_use() == version
    say(True, "Western", 1)
    assert learn.run()["active"] is True


def test_no_model_stays_no_model_until_there_is_something_new(version: int) -> None:
    registry.reset()
    with pytest.raises(JobSkipped, match="Nothing new"):
        learn.run()
    assert in_use() is None
    say(True, "Western", 1)
    assert learn.run()["active"] is True


def test_no_model_stays_no_model_though_the_libraries_changed(version: int) -> None:
    registry.reset()
    spoil(version)
    with pytest.raises(JobSkipped, match="Nothing new"):
        learn.run()


def test_what_was_passed_over_is_not_something_new_by_itself(version: int) -> None:
    then = timezone.now() - timedelta(days=4)
    ask = builders.ask(asked_at=then)
    builders.suggestion(ask=ask, rank=2)
    builders.feedback(on=builders.suggestion(ask=ask, rank=1), said_at=then)
    with time_machine.travel(then + timedelta(days=2), tick=False):
        learn.run()  # the other title is passed over only after three days
    with pytest.raises(JobSkipped, match="Nothing new"):
        learn.run()


def test_who_asks_for_training_takes_back_that_there_is_no_model(version: int) -> None:
    registry.reset()
    assert learn.run(asked=True)["active"] is True


def test_who_asks_for_what_is_in_use_gets_no_copy_of_it(version: int) -> None:
    with pytest.raises(JobSkipped, match="Nothing new"):
        learn.run(asked=True)


def test_a_version_that_can_t_be_loaded_is_trained_again(version: int) -> None:
    spoil(version)
    assert learn.run()["version"] == version + 1
    active = serving.active()
    assert active is not None
    assert active.number == version + 1


def test_with_too_few_answers_to_train_again_none_that_can_t_be_loaded_stays_in_use(
    version: int,
) -> None:
    Feedback.objects.all().delete()  # with the viewer who said it, say
    spoil(version)
    with pytest.raises(JobSkipped, match="0 answers so far"):
        learn.run(asked=True)
    assert in_use() is None
    assert serving.trouble() is None


def test_an_older_version_of_the_same_answers_steps_in_for_good(version: int) -> None:
    newer = int(learn.run(force=True)["version"])
    spoil(newer)
    with pytest.raises(JobSkipped, match="Nothing new"):
        learn.run()
    assert in_use() == version


def test_another_kind_of_model_is_something_new(version: int, settings: Any) -> None:
    settings.MODEL_KIND = "tree"
    learn.run()
    assert list(ModelVersion.objects.values_list("kind", flat=True)) == ["tree", "logistic"]
    with pytest.raises(JobSkipped, match="Nothing new"):
        learn.run()


def test_a_new_version_that_is_worse_leaves_none_that_can_t_be_loaded_in_use(version: int) -> None:
    turned_around()
    spoil(version)
    assert learn.run()["active"] is False
    assert in_use() is None
    with pytest.raises(JobSkipped, match="Nothing new"):
        learn.run()


def test_a_version_stores_its_proof_and_what_it_believes(version: int) -> None:
    row = ModelVersion.objects.get()
    assert {"model", "prior", "popularity", "random", "intervals"} <= row.metrics.keys()
    assert {"calibration", "curve", "kinds", "hits", "sources"} <= row.metrics.keys()
    assert row.insight["household"]


def test_a_tree_that_did_worse_is_replaced_and_not_tried_again_every_night(
    version: int, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MODEL_KIND = "tree"
    monkeypatch.setattr(judgement, "chosen", lambda kinds, wanted: "logistic")
    learn.run()
    assert set(ModelVersion.objects.values_list("kind", flat=True)) == {"logistic"}
    with pytest.raises(JobSkipped, match="Nothing new"):
        learn.run()


def test_a_model_that_may_not_be_stored_leaves_the_one_in_use(
    version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(True, "Western", 1)
    monkeypatch.setattr(artifact, "MOST_BYTES", 100)
    with pytest.raises(JobFailed, match="stays in use"):
        learn.run()
    assert in_use() == version


def put_aside(client: Client) -> Feedback:
    """The owner's click beside the household's oldest answer."""
    row = Feedback.objects.earliest("said_at")
    client.force_login(builders.owner())
    client.post(f"/model/answers/{row.pk}/aside")
    return row


def test_what_learnt_an_answer_put_aside_scores_no_more_though_the_new_version_is_worse(
    client: Client, version: int
) -> None:
    turned_around()
    put_aside(client)
    assert in_use() == version  # until the worker has trained
    found = learn.run(asked=True)
    assert (found["active"], in_use()) == (False, None)
    assert "learnt an answer that was taken back: the house rules score" in found["detail"]
    assert "taken back: the house rules score" in client.get("/model").content.decode()


def test_a_version_that_learnt_what_was_put_aside_is_not_what_the_new_one_is_compared_with(
    client: Client, version: int
) -> None:
    a_steady_household(60)
    assert "since_active" in learn.evaluate_log()
    put_aside(client)
    assert "since_active" not in learn.run(asked=True)["metrics"]
    assert not ModelVersion.objects.filter(number=version, accepted=True).exists()  # no way back
    assert not registry.withdrawn()


def test_an_answer_taken_up_again_at_once_leaves_all_as_it_was(
    client: Client, version: int
) -> None:
    row = put_aside(client)
    assert registry.withdrawn()
    client.post(f"/model/answers/{row.pk}/again")
    with pytest.raises(JobSkipped, match="Nothing new"):
        learn.run(asked=True)
    assert not registry.withdrawn()
    assert in_use() == version
