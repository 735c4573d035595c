"""Versions: one is in use, three are kept, and there is a way back."""

from typing import Any

import pytest

from mlmodel import registry, serving
from mlmodel.artifact import BadArtifact
from mlmodel.models import ModelVersion
from mlmodel.tests.test_serving import of_another_install, trainings
from mlmodel.training import Model, train
from moodrec.tests.builders import published, spoil

pytestmark = pytest.mark.django_db


def test_one_version_is_active_and_the_last_three_are_kept(model: Model) -> None:
    for _ in range(6):
        published(model)
    kept = ModelVersion.objects.order_by("number").values_list("number", "active")
    assert list(kept) == [(3, False), (4, False), (5, False), (6, True)]


def test_versions_that_were_not_used_push_out_none_that_was(model: Model) -> None:
    for _ in range(5):
        published(model)
    for _ in range(4):
        published(model, activate_it=False)
    kept = ModelVersion.objects.order_by("number").values_list("number", "accepted", "active")
    assert list(kept) == [
        (2, True, False),
        (3, True, False),
        (4, True, False),
        (5, True, True),
        (9, False, False),  # the newest, so that the same answers are not fitted again
    ]


def test_a_number_that_another_training_took_first_is_no_failure(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(model)
    numbers = iter([1, 2])  # the first was read before the other training stored its version
    monkeypatch.setattr(registry, "_next_number", lambda: next(numbers))
    assert published(model).number == 2
    assert ModelVersion.objects.get(active=True).number == 2


def test_a_version_that_is_not_better_is_kept_but_not_used(model: Model) -> None:
    published(model)
    published(model, activate_it=False)
    active = serving.active()
    assert active is not None
    assert active.number == 1


def test_rolling_back_uses_the_version_before(model: Model) -> None:
    published(model)
    published(model)
    row = registry.rollback()
    assert row is not None
    assert row.number == 1
    assert serving.active() is not None
    assert registry.rollback() is None


def test_rolling_back_passes_over_what_was_never_used(model: Model) -> None:
    published(model)
    published(model, activate_it=False)
    published(model)
    row = registry.rollback()
    assert row is not None
    assert row.number == 1


def test_rolling_back_never_returns_to_what_was_rolled_back_before(model: Model) -> None:
    published(model)
    published(model)
    registry.rollback()
    published(model)
    row = registry.rollback()
    assert row is not None
    assert row.number == 1


def test_what_the_owner_puts_to_use_is_accepted(model: Model) -> None:
    row = published(model, activate_it=False)
    registry.activate(row)
    published(model)
    assert registry.rollback() == row


def test_a_model_that_is_none_is_not_published(model: Model) -> None:
    broken = train([], [])
    broken.pipeline["classifier"].coef_[0, 0] = float("nan")
    with pytest.raises(BadArtifact, match="no numbers"):
        published(broken)
    assert not ModelVersion.objects.exists()


def test_rolling_back_passes_over_what_can_t_be_used(model: Model) -> None:
    first, second, _third = (published(model) for _ in range(3))
    spoil(second)
    assert registry.rollback() == first


def test_settling_puts_what_scores_to_use(model: Model) -> None:
    first, second = published(model), published(model)
    registry.settle()
    assert ModelVersion.objects.get(active=True) == second
    spoil(second)
    registry.settle()
    assert ModelVersion.objects.get(active=True) == first
    spoil(first)
    registry.settle()
    assert not ModelVersion.objects.filter(active=True).exists()


def test_of_a_restored_household_only_our_own_models_are_kept(model: Model, settings: Any) -> None:
    first, second = published(model), published(model)
    spoil(second, artifact=of_another_install(model, settings))
    assert registry.keep_ours() == 1
    assert ModelVersion.objects.get() == first
    assert ModelVersion.objects.get().active
    assert trainings() == ["queued"]
    assert registry.keep_ours() == 0
