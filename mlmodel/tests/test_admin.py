"""The model's versions in the admin: put to use, rolled back, switched off; never unpacked."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mlmodel.models import ModelVersion
from moodrec.jobs.models import Job
from moodrec.tests import builders as build

pytestmark = pytest.mark.django_db
LIST = "/admin/mlmodel/modelversion/"


@pytest.fixture
def owner(client: Client) -> Client:
    client.force_login(build.owner())
    return client


@pytest.fixture
def versions() -> list[ModelVersion]:
    return [build.version(n, active=n == 2, accepted=n < 3) for n in (1, 2, 3)]


def in_use() -> list[int]:
    return list(ModelVersion.objects.filter(active=True).values_list("number", flat=True))


def choose(owner: Client, action: str, *rows: ModelVersion) -> str:
    told = {"action": action, "_selected_action": [row.pk for row in rows]}
    return owner.post(LIST, told, follow=True).content.decode()


def press(owner: Client, button: str, *row: object) -> str:
    address = reverse(f"admin:mlmodel_modelversion_{button}", args=row)
    return owner.post(address, follow=True).content.decode()


def test_a_version_is_put_to_use_from_the_list(owner: Client, versions: list[ModelVersion]) -> None:
    assert "Version 3 is in use" in choose(owner, "activate", versions[2])
    assert in_use() == [3]


def test_only_one_version_is_put_to_use(owner: Client, versions: list[ModelVersion]) -> None:
    assert "Choose the one version" in choose(owner, "activate", *versions)
    assert in_use() == [2]


def test_a_version_is_put_to_use_from_its_page(owner: Client, versions: list[ModelVersion]) -> None:
    press(owner, "activate_row", versions[2].pk)
    assert in_use() == [3]


@pytest.mark.parametrize("nonsense", ["0", "99", "x"])
def test_a_version_that_is_not_there_is_not_found(owner: Client, nonsense: str) -> None:
    assert owner.post(f"{LIST}{nonsense}/activate/").status_code == 404


def test_rolling_back_goes_to_the_version_before(
    owner: Client, versions: list[ModelVersion]
) -> None:
    assert "version 1 is in use" in press(owner, "roll_back")
    assert in_use() == [1]
    assert "There is no version before" in press(owner, "roll_back")
    assert in_use() == [1]


def test_none_is_used(owner: Client, versions: list[ModelVersion]) -> None:
    assert "the prior scores" in press(owner, "use_none")
    assert in_use() == []


def test_training_is_asked_for_where_no_version_is_yet(owner: Client) -> None:
    assert reverse("admin:mlmodel_modelversion_retrain_now") in owner.get(LIST).content.decode()
    press(owner, "retrain_now")
    assert Job.objects.get().kind == "train"


def test_a_version_shows_its_metrics(owner: Client, versions: list[ModelVersion]) -> None:
    text = owner.get(f"{LIST}{versions[0].pk}/change/").content.decode()
    assert "&quot;auc&quot;: 0.71" in text


def test_no_page_reads_the_bytes_of_a_model(owner: Client, versions: list[ModelVersion]) -> None:
    with CaptureQueriesContext(connection) as queries:
        owner.get(LIST)
        owner.get(f"{LIST}{versions[0].pk}/change/")
        choose(owner, "use_none", versions[0])
    assert not [query for query in queries if '"artifact"' in query["sql"]]
