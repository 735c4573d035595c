"""Versions: one is in use, the last good one steps in for it, and there is a way back."""

from collections.abc import Sequence
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.utils import timezone

from mlmodel import mending, registry
from mlmodel.artifact import MOST_BYTES, BadArtifact, pack
from mlmodel.models import ModelVersion
from mlmodel.records import Title
from mlmodel.training import Model, train
from moodrec.jobs import queue
from moodrec.jobs.models import Job
from moodrec.tests import builders

TITLES = [Title(id=str(n), title=f"Title {n}", year=1990 + n, genres=("Drama",)) for n in range(8)]


@pytest.fixture(scope="module")
def model() -> Model:
    return train([], TITLES)


def publish(model: Model, **fields: Any) -> ModelVersion:
    given = {"answers": 9, "inputs": "x", "metrics": {}, "activate_it": True, "verdict": "good"}
    return registry.publish(model, **{**given, **fields})


def spoil(*rows: ModelVersion, artifact: bytes = b"rubbish") -> None:
    ModelVersion.objects.filter(pk__in=[row.pk for row in rows]).update(artifact=artifact)
    registry.forget()


def trouble() -> registry.Trouble:
    found = registry.trouble()
    assert found is not None
    return found


def trainings() -> Sequence[str]:
    return list(Job.objects.filter(kind="train").values_list("state", flat=True))


@pytest.mark.django_db
def test_a_bad_artifact_leaves_the_prior_scoring(
    model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    row = publish(model)
    ModelVersion.objects.filter(pk=row.pk).update(artifact=b"rubbish")
    assert registry.active() is None
    assert "the prior scores" in caplog.text


@pytest.mark.django_db
def test_one_version_is_active_and_the_last_three_are_kept(model: Model) -> None:
    for _ in range(6):
        publish(model)
    kept = ModelVersion.objects.order_by("number").values_list("number", "active")
    assert list(kept) == [(3, False), (4, False), (5, False), (6, True)]


@pytest.mark.django_db
def test_versions_that_were_not_used_push_out_none_that_was(model: Model) -> None:
    for _ in range(5):
        publish(model)
    for _ in range(4):
        publish(model, activate_it=False)
    kept = ModelVersion.objects.order_by("number").values_list("number", "accepted", "active")
    assert list(kept) == [
        (2, True, False),
        (3, True, False),
        (4, True, False),
        (5, True, True),
        (9, False, False),  # the newest, so that the same answers are not fitted again
    ]


@pytest.mark.django_db
def test_a_number_that_another_training_took_first_is_no_failure(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(model)
    numbers = iter([1, 2])  # the first was read before the other training stored its version
    monkeypatch.setattr(registry, "_next_number", lambda: next(numbers))
    assert publish(model).number == 2
    assert ModelVersion.objects.get(active=True).number == 2


@pytest.mark.django_db
def test_a_version_that_is_not_better_is_kept_but_not_used(model: Model) -> None:
    publish(model)
    publish(model, activate_it=False)
    active = registry.active()
    assert active is not None
    assert active.number == 1


@pytest.mark.django_db
def test_rolling_back_uses_the_version_before(model: Model) -> None:
    publish(model)
    publish(model)
    row = registry.rollback()
    assert row is not None
    assert row.number == 1
    assert registry.active() is not None
    assert registry.rollback() is None


@pytest.mark.django_db
def test_rolling_back_passes_over_what_was_never_used(model: Model) -> None:
    publish(model)
    publish(model, activate_it=False)
    publish(model)
    row = registry.rollback()
    assert row is not None
    assert row.number == 1


@pytest.mark.django_db
def test_rolling_back_never_returns_to_what_was_rolled_back_before(model: Model) -> None:
    publish(model)
    publish(model)
    registry.rollback()
    publish(model)
    row = registry.rollback()
    assert row is not None
    assert row.number == 1


@pytest.mark.django_db
def test_what_the_owner_puts_to_use_is_accepted(model: Model) -> None:
    row = publish(model, activate_it=False)
    registry.activate(row)
    publish(model)
    assert registry.rollback() == row


@pytest.mark.django_db
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

    monkeypatch.setattr(registry, "_loaded", Forgetful())
    publish(model)
    assert registry.active() is not None
    assert registry.active() is not None


def of_another_install(model: Model, settings: Any) -> bytes:
    ours, settings.DATA_KEYS = settings.DATA_KEYS, ["a key of another install"]
    artifact = pack(model, inputs="x", examples=9)
    settings.DATA_KEYS = ours
    return artifact


@pytest.mark.django_db
def test_the_last_good_version_scores_where_the_one_in_use_can_t(
    model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    _first, second, third, fourth = (publish(model) for _ in range(4))
    spoil(third, fourth)
    active = registry.active()
    assert active is not None
    assert active.number == second.number
    assert trouble() == registry.Trouble(4, "it is not a model of MoodRec", instead=2)
    assert "version 2 scores" in caplog.text


@pytest.mark.django_db
def test_what_was_never_in_use_or_was_rolled_back_does_not_step_in(model: Model) -> None:
    publish(model)
    publish(model)
    registry.rollback()  # leaves 2
    publish(model, activate_it=False)
    fourth = publish(model)
    spoil(fourth)
    assert trouble().instead == 1


@pytest.mark.django_db
def test_a_version_of_another_install_is_not_used(model: Model, settings: Any) -> None:
    row = publish(model)
    spoil(row, artifact=of_another_install(model, settings))
    assert registry.active() is None
    assert trouble() == registry.Trouble(
        1, "it is damaged, or was not made by this install", instead=None
    )


@pytest.mark.django_db
def test_an_old_model_of_ours_in_another_version_s_row_is_noticed(model: Model) -> None:
    """Signed it is: whoever can write the rows could otherwise bring back what was taken back."""
    older = publish(model, inputs="what was said before", answers=5)
    newer = publish(model, inputs="what was said since", answers=9)
    spoil(newer, artifact=bytes(older.artifact))
    assert trouble().cause == "it is the model of another version"
    active = registry.active()
    assert active is not None
    assert active.number == older.number


@pytest.mark.django_db
def test_a_row_too_large_is_not_even_read(
    model: Model, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = publish(model)
    monkeypatch.setattr("mlmodel.artifact.MOST_BYTES", len(bytes(row.artifact)) - 1)
    with django_assert_max_num_queries(20) as done:
        assert registry.active() is None
    asked = [query["sql"] for query in done.captured_queries if '"artifact"' in query["sql"]]
    assert asked
    assert all("LENGTH" in sql for sql in asked)


@pytest.mark.django_db
def test_no_model_in_use_is_no_trouble(model: Model) -> None:
    spoil(publish(model, activate_it=False))
    assert registry.trouble() is None
    assert trainings() == []


@pytest.mark.django_db
def test_training_is_asked_for_once_though_many_processes_notice(model: Model) -> None:
    spoil(publish(model))
    for _ in range(3):  # each as another process would
        registry.forget()
        registry.active()
        registry.trouble()
    assert trainings() == ["queued"]
    Job.objects.update(state=Job.State.SKIPPED)  # too few answers, say: no loop comes of it
    registry.forget()
    registry.active()
    assert trainings() == ["skipped"]


@pytest.mark.django_db
def test_what_the_schedule_trained_lately_is_no_answer_to_a_version_that_went_bad(
    model: Model,
) -> None:
    row = publish(model)
    builders.job("train", state=Job.State.SKIPPED)  # nothing new, minutes before an upgrade, say
    spoil(row)
    trouble()
    assert trainings() == ["queued", "skipped"]


@pytest.mark.django_db
def test_two_upgrades_within_the_hour_are_two_trainings_and_a_loop_is_none(model: Model) -> None:
    """Where the worker still runs the old code, whatever it trains is bad for the web process."""
    for _ in range(6):
        spoil(publish(model))
        trouble()
        Job.objects.update(state=Job.State.SUCCEEDED)
    assert trainings() == ["succeeded"] * mending.MOST_ASKED


@pytest.mark.django_db
def test_training_is_asked_for_again_while_the_trouble_lasts(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mending, "LOOK_AGAIN_SECONDS", 0.0)
    spoil(publish(model))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        trouble()
        Job.objects.update(state=Job.State.FAILED, created_at=timezone.now())
        clock.shift(60)
        registry.active()
        assert trainings() == ["failed"]  # not every minute
        clock.shift(mending.ASK_AGAIN)
        registry.active()
        assert trainings() == ["queued", "failed"]


@pytest.mark.django_db
def test_a_page_is_answered_though_no_training_can_be_asked_for(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any, **_named: Any) -> None:
        raise OperationalError("database or disk is full")

    spoil(publish(model))
    monkeypatch.setattr(queue, "request", full)
    assert registry.active() is None
    assert trouble().number == 1


@pytest.mark.django_db
def test_text_in_the_place_of_a_model_is_none(model: Model) -> None:
    row = publish(model)
    with connection.cursor() as cursor:  # as by hand, past Django
        cursor.execute("UPDATE mlmodel_modelversion SET artifact = 'rubbish'")
    registry.forget()
    assert registry.active() is None
    assert registry.fault(row) == "it is not a model of MoodRec"


@pytest.mark.django_db
def test_a_version_dropped_while_it_is_looked_at_is_no_error(model: Model) -> None:
    row = publish(model, activate_it=False)
    ModelVersion.objects.all().delete()  # by a training that ends just now
    registry.forget()
    assert "it is gone" in registry.fault(row)


@pytest.mark.django_db
def test_a_model_that_is_none_is_not_published(model: Model) -> None:
    broken = train([], TITLES)
    broken.pipeline["classifier"].coef_[0, 0] = float("nan")
    with pytest.raises(BadArtifact, match="no numbers"):
        publish(broken)
    assert not ModelVersion.objects.exists()


@pytest.mark.django_db
def test_rolling_back_passes_over_what_can_t_be_used(model: Model) -> None:
    first, second, _third = (publish(model) for _ in range(3))
    spoil(second)
    assert registry.rollback() == first


@pytest.mark.django_db
def test_settling_puts_what_scores_to_use(model: Model) -> None:
    first, second = publish(model), publish(model)
    registry.settle()
    assert ModelVersion.objects.get(active=True) == second
    spoil(second)
    registry.settle()
    assert ModelVersion.objects.get(active=True) == first
    spoil(first)
    registry.settle()
    assert not ModelVersion.objects.filter(active=True).exists()


@pytest.mark.django_db
def test_of_a_restored_household_only_our_own_models_are_kept(model: Model, settings: Any) -> None:
    first, second = publish(model), publish(model)
    spoil(second, artifact=of_another_install(model, settings))
    assert registry.keep_ours() == 1
    assert ModelVersion.objects.get() == first
    assert ModelVersion.objects.get().active
    assert trainings() == ["queued"]
    assert registry.keep_ours() == 0


@pytest.mark.django_db
def test_the_owner_is_told_on_every_page_and_nobody_else_is(model: Model, client: Any) -> None:
    _older, newer = publish(model), publish(model)
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


def test_the_largest_model_is_far_larger_than_any(model: Model) -> None:
    assert len(pack(model)) < MOST_BYTES / 100
