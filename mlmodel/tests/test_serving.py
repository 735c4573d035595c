"""The version that scores: the one in use, else the last good one; and a training is asked for."""

from collections.abc import Sequence
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.utils import timezone

from mlmodel import mending, registry, serving
from mlmodel.artifact import pack
from mlmodel.models import ModelVersion
from mlmodel.training import Model
from moodrec.jobs import queue
from moodrec.jobs.models import Job
from moodrec.tests import builders
from moodrec.tests.builders import published, spoil

pytestmark = pytest.mark.django_db


def trouble() -> serving.Trouble:
    found = serving.trouble()
    assert found is not None
    return found


def trainings() -> Sequence[str]:
    return list(Job.objects.filter(kind="train").values_list("state", flat=True))


def test_a_bad_artifact_leaves_the_prior_scoring(
    model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    row = published(model)
    ModelVersion.objects.filter(pk=row.pk).update(artifact=b"rubbish")
    assert serving.active() is None
    assert "the prior scores" in caplog.text


def test_another_thread_may_forget_what_this_one_just_loaded(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Forgetful(dict[int, Any]):
        def __contains__(self, key: object) -> bool:
            found = super().__contains__(key)
            self.clear()  # what the other thread does, at the worst moment
            return found

        def __setitem__(self, key: int, value: Any) -> None:
            super().__setitem__(key, value)
            self.clear()

    monkeypatch.setattr(serving, "_loaded", Forgetful())
    published(model)
    assert serving.active() is not None
    assert serving.active() is not None


def of_another_install(model: Model, settings: Any) -> bytes:
    ours, settings.DATA_KEYS = settings.DATA_KEYS, ["a key of another install"]
    artifact = pack(model, inputs="x", examples=9)
    settings.DATA_KEYS = ours
    return artifact


def test_the_last_good_version_scores_where_the_one_in_use_can_t(
    model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    _first, second, third, fourth = (published(model) for _ in range(4))
    spoil(third, fourth)
    active = serving.active()
    assert active is not None
    assert active.number == second.number
    assert trouble() == serving.Trouble(4, "it is not a model of MoodRec", instead=2)
    assert "version 2 scores" in caplog.text


def test_what_was_never_in_use_or_was_rolled_back_does_not_step_in(model: Model) -> None:
    published(model)
    published(model)
    registry.rollback()  # leaves 2
    published(model, activate_it=False)
    fourth = published(model)
    spoil(fourth)
    assert trouble().instead == 1


def test_a_version_of_another_install_is_not_used(model: Model, settings: Any) -> None:
    row = published(model)
    spoil(row, artifact=of_another_install(model, settings))
    assert serving.active() is None
    assert trouble() == serving.Trouble(
        1, "it is damaged, or was not made by this install", instead=None
    )


def test_an_old_model_of_ours_in_another_version_s_row_is_noticed(model: Model) -> None:
    """Signed it is: whoever can write the rows could otherwise bring back what was taken back."""
    older = published(model, inputs="what was said before", answers=5)
    newer = published(model, inputs="what was said since", answers=9)
    spoil(newer, artifact=bytes(older.artifact))
    assert trouble().cause == "it is the model of another version"
    active = serving.active()
    assert active is not None
    assert active.number == older.number


def test_a_row_too_large_is_not_even_read(
    model: Model, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = published(model)
    monkeypatch.setattr("mlmodel.artifact.MOST_BYTES", len(bytes(row.artifact)) - 1)
    with django_assert_max_num_queries(20) as done:
        assert serving.active() is None
    asked = [query["sql"] for query in done.captured_queries if '"artifact"' in query["sql"]]
    assert asked
    assert all("LENGTH" in sql for sql in asked)


def test_no_model_in_use_is_no_trouble(model: Model) -> None:
    spoil(published(model, activate_it=False))
    assert serving.trouble() is None
    assert trainings() == []


def test_training_is_asked_for_once_though_many_processes_notice(model: Model) -> None:
    spoil(published(model))
    for _ in range(3):  # each as another process would
        serving.forget()
        serving.active()
        serving.trouble()
    assert trainings() == ["queued"]
    Job.objects.update(state=Job.State.SKIPPED)  # too few answers, say: no loop comes of it
    serving.forget()
    serving.active()
    assert trainings() == ["skipped"]


def test_what_the_schedule_trained_lately_is_no_answer_to_a_version_that_went_bad(
    model: Model,
) -> None:
    row = published(model)
    builders.job("train", state=Job.State.SKIPPED)  # nothing new, minutes before an upgrade, say
    spoil(row)
    trouble()
    assert trainings() == ["queued", "skipped"]


def test_two_upgrades_within_the_hour_are_two_trainings_and_a_loop_is_none(model: Model) -> None:
    """Where the worker still runs the old code, whatever it trains is bad for the web process."""
    for _ in range(6):
        spoil(published(model))
        trouble()
        Job.objects.update(state=Job.State.SUCCEEDED)
    assert trainings() == ["succeeded"] * mending.MOST_ASKED


def test_training_is_asked_for_again_while_the_trouble_lasts(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mending, "LOOK_AGAIN_SECONDS", 0.0)
    spoil(published(model))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        trouble()
        Job.objects.update(state=Job.State.FAILED, created_at=timezone.now())
        clock.shift(60)
        serving.active()
        assert trainings() == ["failed"]  # not every minute
        clock.shift(mending.ASK_AGAIN)
        serving.active()
        assert trainings() == ["queued", "failed"]


def test_a_page_is_answered_though_no_training_can_be_asked_for(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any, **_named: Any) -> None:
        raise OperationalError("database or disk is full")

    spoil(published(model))
    monkeypatch.setattr(queue, "request", full)
    assert serving.active() is None
    assert trouble().number == 1


def test_text_in_the_place_of_a_model_is_none(model: Model) -> None:
    row = published(model)
    with connection.cursor() as cursor:  # as by hand, past Django
        cursor.execute("UPDATE mlmodel_modelversion SET artifact = 'rubbish'")
    serving.forget()
    assert serving.active() is None
    assert serving.fault(row) == "it is not a model of MoodRec"


def test_a_version_dropped_while_it_is_looked_at_is_no_error(model: Model) -> None:
    row = published(model, activate_it=False)
    ModelVersion.objects.all().delete()  # by a training that ends just now
    serving.forget()
    assert "it is gone" in serving.fault(row)


def test_the_owner_is_told_on_every_page_and_nobody_else_is(model: Model, client: Any) -> None:
    _older, newer = published(model), published(model)
    owner, member = builders.owner(), builders.member()
    builders.viewer("Ada", user=owner)
    builders.viewer("Ben", user=member)
    builders.title()
    client.force_login(owner)
    assert "can’t be used" not in client.get("/history").content.decode()
    spoil(newer, artifact=b"MOODREC-MODEL\n<b>rubbish")
    page = client.get("/history").content.decode()
    assert "Version 2 of your model can’t be used:" in page
    assert "Version 1 picks" in " ".join(page.split())
    client.force_login(member)
    assert "can’t be used" not in client.get("/history").content.decode()
