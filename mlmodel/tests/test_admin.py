"""The model's versions in the admin: put to use, rolled back, switched off; never unpacked."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mlmodel.artifact import pack
from mlmodel.models import FreshStart, ModelVersion
from mlmodel.records import Title
from mlmodel.training import train
from moodrec.jobs.models import Job
from moodrec.tests import builders as build

pytestmark = pytest.mark.django_db
LIST = "/admin/mlmodel/modelversion/"


@pytest.fixture
def owner(client: Client) -> Client:
    client.force_login(build.owner())
    return client


@pytest.fixture(scope="module")
def artifact() -> bytes:
    """Of a model that can be used, for rows with what `builders.version` tells."""
    return pack(train([], [Title(id="1", title="Alien")]), inputs="0" * 64, examples=40)


@pytest.fixture
def versions(artifact: bytes) -> list[ModelVersion]:
    told = ({"active": n == 2, "accepted": n < 3, "artifact": artifact} for n in (1, 2, 3))
    return [build.version(n, **fields) for n, fields in enumerate(told, 1)]


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


def test_a_version_that_can_t_be_used_is_not_put_to_use(
    owner: Client, versions: list[ModelVersion]
) -> None:
    bad = build.version(4)
    assert "Version 4 can’t be put to use: it is not a model" in choose(owner, "activate", bad)
    press(owner, "activate_row", bad.pk)
    assert in_use() == [2]


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
    assert "the house rules score" in press(owner, "use_none")
    assert in_use() == []


def test_training_is_asked_for_where_no_version_is_yet(owner: Client) -> None:
    assert reverse("admin:mlmodel_modelversion_retrain_now") in owner.get(LIST).content.decode()
    press(owner, "retrain_now")
    assert Job.objects.get().kind == "train"


def test_a_version_shows_its_metrics(owner: Client, versions: list[ModelVersion]) -> None:
    text = owner.get(f"{LIST}{versions[0].pk}/change/").content.decode()
    assert "&quot;auc&quot;: 0.71" in text


def test_a_version_shows_what_it_believes_in_numbers_one_can_read(owner: Client) -> None:
    belief = {"trait": "genre horror", "logit": -0.123456789}
    row = build.version(insight={"household": [belief]})
    text = owner.get(f"{LIST}{row.pk}/change/").content.decode()
    assert "genre horror" in text
    assert "-0.1235" in text
    assert "-0.12345" not in text


def test_the_list_of_versions_reads_nothing_long(
    owner: Client, versions: list[ModelVersion]
) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert owner.get(LIST).status_code == 200
    read = [query["sql"] for query in queries if '"mlmodel_modelversion"."number"' in query["sql"]]
    assert read
    assert not [sql for sql in read if '"insight"' in sql or '"metrics"' in sql]


def test_fresh_starts_are_listed_and_not_to_be_changed(owner: Client) -> None:
    row = FreshStart.objects.create(by=User.objects.get())
    text = owner.get("/admin/mlmodel/freshstart/").content.decode()
    assert "ada" in text
    page = f"/admin/mlmodel/freshstart/{row.pk}"
    assert owner.get(f"{page}/change/").status_code == 200
    assert owner.post(f"{page}/delete/", {"post": "yes"}).status_code == 403


def test_no_page_reads_the_bytes_of_a_model(owner: Client, versions: list[ModelVersion]) -> None:
    with CaptureQueriesContext(connection) as queries:
        owner.get(LIST)
        owner.get(f"{LIST}{versions[0].pk}/change/")
        choose(owner, "use_none", versions[0])
    assert not [query for query in queries if '"artifact"' in query["sql"]]
