"""Signing in holds, whatever else the browser was asking for at that moment."""

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from moodrec import accounts

pytestmark = pytest.mark.django_db
NAME = settings.SESSION_COOKIE_NAME
PASSWORD = "a long pass phrase"


@pytest.fixture
def ada() -> User:
    return accounts.make("ada", PASSWORD)


@pytest.mark.parametrize("page", ["/offline", "/sign-in", "/library"])
def test_a_late_answer_to_the_session_before_leaves_the_new_cookie_alone(
    ada: User, page: str
) -> None:
    late = Client()
    late.cookies[NAME] = "the-name-before-signing-in"
    assert NAME not in late.get(page).cookies


def test_signing_out_takes_the_cookie_back(ada: User) -> None:
    client = Client()
    client.force_login(ada)
    gone = client.post("/sign-out").cookies[NAME]
    assert (gone.value, gone["max-age"]) == ("", 0)


def test_signing_in_with_an_old_cookie_gives_a_new_one(ada: User) -> None:
    client = Client()
    client.cookies[NAME] = "the-name-before-signing-in"
    client.post("/sign-in", {"username": "ada", "password": PASSWORD})
    assert client.cookies[NAME].value not in {"", "the-name-before-signing-in"}
    assert client.get("/library").status_code == 200
