"""A viewer with a PIN is chosen on a device only after it was typed there."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from feedback.models import Ask
from moodrec.tests import builders
from moodrec.tests.household import client_of
from plexsync import pins
from plexsync.models import MediaItem, Viewer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(client: Client, ada: User, films: list[MediaItem]) -> Client:
    client.force_login(ada)
    return client


@pytest.fixture
def mia(browser: Client) -> Viewer:
    viewer = builders.viewer("Mia")
    pins.set_pin(viewer, "2468")
    return viewer


def is_locked(browser: Client) -> bool:
    faces = browser.get("/").context["faces"]
    return any(face.is_locked for face in faces if face.viewer.slug == "mia")


def asked_as_mia(browser: Client) -> bool:
    before = Ask.objects.count()
    browser.post("/", {"viewer": "mia"})
    return Ask.objects.count() > before


def test_without_the_pin_nobody_is_this_viewer(browser: Client, mia: Viewer) -> None:
    assert is_locked(browser)
    assert not asked_as_mia(browser)
    answer = browser.post("/", {"viewer": ["ada", "mia"]}).content.decode()
    assert "Type Mia’s PIN first." in answer
    assert "titles fit" not in browser.get("/fits", {"viewer": "mia"}).content.decode()


def test_with_the_pin_they_are_there_for_four_hours(browser: Client, mia: Viewer) -> None:
    assert browser.post("/unlock/mia", {"pin": "2468"})["Location"] == "/"
    face = next(face for face in browser.get("/").context["faces"] if face.viewer == mia)
    assert face.chosen
    assert asked_as_mia(browser)
    with time_machine.travel(timezone.now() + timedelta(hours=4, minutes=1), tick=False):
        assert is_locked(browser)
        assert not asked_as_mia(browser)


def test_another_device_does_not_know_them(browser: Client, mia: Viewer, ada: User) -> None:
    browser.post("/unlock/mia", {"pin": "2468"})
    other = Client()
    other.force_login(ada)
    assert is_locked(other)


@pytest.mark.parametrize("pin", ["", "0000", "24680", "246", "x"])
def test_a_wrong_pin_opens_nothing(browser: Client, mia: Viewer, pin: str) -> None:
    answer = browser.post("/unlock/mia", {"pin": pin})
    assert answer.status_code == 200
    assert is_locked(browser)


def test_tries_are_few(browser: Client, mia: Viewer) -> None:
    for _ in range(10):
        answer = browser.post("/unlock/mia", {"pin": "1111"})
    assert "tried too often" in answer.content.decode()
    assert "tried too often" in browser.post("/unlock/mia", {"pin": "2468"}).content.decode()
    assert is_locked(browser)


def test_one_s_own_viewer_is_no_exception(
    client: Client, ben: User, films: list[MediaItem]
) -> None:
    pins.set_pin(Viewer.objects.get(user=ben), "1357")
    client.force_login(ben)
    client.post("/", {})
    assert not Ask.objects.get().viewers.exists()
    client.post("/unlock/ben", {"pin": "1357"})
    client.post("/", {})
    assert Ask.objects.latest("asked_at").viewers.get().slug == "ben"


def test_on_the_page_only_the_face_changes(browser: Client, mia: Viewer) -> None:
    form = browser.get("/unlock/mia", headers=HTMX).content.decode()
    assert "<html" not in form
    answer = browser.post("/unlock/mia", {"pin": "2468"}, headers=HTMX)
    assert answer["HX-Retarget"] == f"#face-{mia.pk}"
    assert "checked" in answer.content.decode()


def test_the_pin_is_in_no_page(browser: Client, mia: Viewer) -> None:
    wrong = browser.post("/unlock/mia", {"pin": "8642"}).content.decode()
    assert "8642" not in wrong
    assert mia.pin not in wrong + browser.get("/").content.decode()


def test_nobody_can_be_unlocked_who_is_not_there(browser: Client, mia: Viewer) -> None:
    Viewer.objects.filter(pk=mia.pk).update(enabled=False)
    assert browser.post("/unlock/mia", {"pin": "2468"}).status_code == 404
    assert browser.get("/unlock/nobody").status_code == 404


def test_a_key_is_no_device_and_needs_no_pin_but_the_cap_holds(ada: User, mia: Viewer) -> None:
    Viewer.objects.filter(pk=mia.pk).update(content_cap=6)
    answer = client_of(ada).get("/recommend", {"viewer": "mia"}).json()
    assert answer["suggestions"] == []
