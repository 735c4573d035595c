"""The model page: what it says of the version in use, and what its buttons do."""

import pytest
from django.test import Client

from mlmodel import registry
from mlmodel.models import ModelVersion
from mlmodel.records import Title
from mlmodel.training import train
from moodrec.jobs.models import Job
from moodrec.tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> ModelVersion:
    """A version in use that can be loaded."""
    model = train([], [Title(id="1", title="Alien", genres=("Horror",))])
    return registry.publish(
        model, answers=9, inputs="x", metrics={}, activate_it=True, verdict="is in use"
    )


def page(client: Client) -> str:
    client.force_login(builders.owner())
    return " ".join(client.get("/model").content.decode().split())


def test_the_version_in_use_is_marked(client: Client, version: ModelVersion) -> None:
    text = page(client)
    assert "Your household’s own model" in text
    assert '<span class="mark">in use</span>' in text


def test_a_version_that_can_t_be_believed_is_told_plainly(
    client: Client, version: ModelVersion
) -> None:
    ModelVersion.objects.filter(pk=version.pk).update(artifact=b"rubbish")
    text = page(client)
    assert "The house rules" in text
    assert "Version 1 cannot be used" in text
    assert "train again" in text
    assert '<span class="mark">in use</span>' not in text


def test_a_model_that_is_switched_off_is_told_plainly(
    client: Client, version: ModelVersion
) -> None:
    for _ in range(5):
        builders.feedback()
    registry.reset()
    text = page(client)
    assert "None of the versions below is in use" in text
    assert "wait to be learnt from" not in text


def test_training_now_takes_back_a_rollback(client: Client) -> None:
    client.force_login(builders.owner())
    client.post("/model/train")
    assert Job.objects.get().arguments == {"asked": True}
