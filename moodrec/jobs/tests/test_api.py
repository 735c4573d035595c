"""The jobs over HTTP: who may see which."""

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from moodrec.tests import builders
from moodrec.tests.household import client_of

pytestmark = pytest.mark.django_db


def test_only_the_owner_sees_jobs_that_name_people(api: APIClient, ben: User) -> None:
    said = builders.job("plays", detail="Reading what Ada watched")
    builders.job("train")
    of_ben = client_of(ben)
    assert [job["kind"] for job in of_ben.get("/api/jobs").json()] == ["train"]
    assert of_ben.get(f"/api/jobs/{said.pk}").status_code == 404
    assert [job["kind"] for job in api.get("/api/jobs").json()] == ["train", "plays"]
    assert api.get(f"/api/jobs/{said.pk}").json()["detail"] == "Reading what Ada watched"


def test_only_the_owner_is_told_the_details_which_name_libraries(api: APIClient, ben: User) -> None:
    sync = builders.job("sync", detail="Grown-up films: 100 of 200")
    of_ben = client_of(ben)
    assert of_ben.get(f"/api/jobs/{sync.pk}").json()["detail"] == ""
    assert [job["detail"] for job in of_ben.get("/api/jobs").json()] == [""]
    assert api.get(f"/api/jobs/{sync.pk}").json()["detail"] == "Grown-up films: 100 of 200"
