"""The first run goes on where the household is: after a reload, on another device, after a failure."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from moodrec.security.models import OneTimeLink
from moodrec.tests import builders
from plexsync import first_run
from plexsync.models import Viewer

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> str:
    """Where this user lands on a device that MoodRec never saw."""
    return str(
        Client().post("/sign-in", {"username": "ada", "password": "pass-word-1"})["Location"]
    )


def by_link(user: User) -> str:
    return str(Client().get(f"/welcome/{OneTimeLink.create_token(user)}")["Location"])


def test_another_device_goes_on_with_the_step_that_is_next(ada: User) -> None:
    assert (signed_in(ada), by_link(ada)) == ("/connect", "/connect")
    builders.connection()
    assert (signed_in(ada), by_link(ada)) == ("/sync", "/sync")
    builders.title()
    assert (signed_in(ada), by_link(ada)) == ("/people", "/people")
    builders.viewer("Mia")
    assert signed_in(ada) == "/people"  # one may add more
    builders.ask(user=ada, viewers=[ada.viewer])
    assert (signed_in(ada), by_link(ada)) == ("/", "/")


def test_a_member_is_led_to_no_page_of_the_owner(ben: User, ada: User) -> None:
    answer = Client().post("/sign-in", {"username": "ben", "password": "pass-word-1"})
    assert answer["Location"] == "/"


def test_the_demo_s_household_needs_no_questions(ada: User) -> None:
    builders.title()
    Viewer.objects.update(is_demo=True)
    assert first_run.next_page() == "tonight"


def test_each_page_says_how_far_it_is(browser: Client) -> None:
    assert 'aria-current="step"' in browser.get("/connect").content.decode()
    builders.title()
    assert [(s.page, s.is_done) for s in first_run.steps("people")] == [
        ("owner", True), ("connect", True), ("sync", True), ("people", False),
    ]  # fmt: skip
    page = browser.get("/people").content.decode()
    assert page.count('class="done"') == 3
    assert "what shall we watch?" in page


def test_once_somebody_asked_no_page_speaks_of_steps(browser: Client, ada: User) -> None:
    builders.title()
    builders.ask(user=ada, viewers=[ada.viewer])
    for address in ("/connect", "/sync", "/people"):
        assert 'aria-current="step"' not in browser.get(address).content.decode()


def test_titles_can_be_asked_for_while_the_rest_is_read(browser: Client) -> None:
    for n in range(3):
        builders.title(f"Film {n}", thumb="/t")
    builders.job(
        "sync", state="running", progress=0.25, detail="Films: 3 of 12", started_at=timezone.now()
    )
    page = browser.get("/sync").content.decode()
    assert "Ask now with the 3 titles read so far" in page
    assert "Films: 3 of 12" in page
    assert 'value="0.250"' in page
    assert page.count("/posters/") == 3
    assert 'hx-get="/sync"' in page


def test_a_sync_that_has_begun_shows_no_length_it_does_not_know(browser: Client) -> None:
    builders.connection()
    builders.job("sync", state="queued")
    page = browser.get("/sync").content.decode()
    assert "Waiting for the worker" in page
    assert "<progress" in page
    assert 'value="0' not in page


def test_a_reload_of_the_torn_link_goes_on_for_whom_it_let_in() -> None:
    client = Client()
    address = f"/welcome/{OneTimeLink.create_token(None)}"
    assert client.get(address)["Location"] == "/owner"
    again = client.get(address)
    assert again.status_code == 410
    assert 'href="/owner"' in again.content.decode()
    assert 'href="/sign-in"' in Client().get(address).content.decode()


@pytest.mark.parametrize("address", ["/connect", "/sync", "/people", "/people/1"])
def test_a_page_of_setting_up_asks_the_database_little(
    browser: Client, address: str, django_assert_max_num_queries: Any
) -> None:
    builders.title()
    builders.job("sync", state="running")
    for n in range(20):
        builders.viewer(f"Viewer {n}")
    with django_assert_max_num_queries(12):
        browser.get(address.replace("1", str(Viewer.objects.order_by("pk")[0].pk)))
