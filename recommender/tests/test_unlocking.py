"""A viewer with a PIN is chosen on a device only after it was typed there."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from feedback.models import Ask, Dismissal
from moodrec.tests import builders
from moodrec.tests.household import client_of
from plexsync import pins
from plexsync.models import MediaItem, Viewer
from recommender.moment import Answers
from recommender.suggest import Request, suggest

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
    Viewer.objects.filter(pk=mia.pk).update(enabled=False, pin="")
    assert browser.get("/unlock/mia").status_code == 404
    assert browser.get("/unlock/nobody").status_code == 404


def test_who_is_not_here_any_more_keeps_the_pin_for_past_evenings(
    browser: Client, mia: Viewer, ada: User
) -> None:
    ask = an_evening_of(mia, ada)
    Viewer.objects.filter(pk=mia.pk).update(enabled=False)
    there = f"/asks/{ask.pk}/spin"
    assert browser.post(there)["Location"].startswith("/unlock/mia")
    assert browser.get("/my-data/export.json", {"viewer": "mia"}).status_code == 302
    browser.post("/unlock/mia", {"pin": "2468"})
    assert browser.post(there)["Location"].startswith("/asks/")
    assert not asked_as_mia(browser)


def test_a_key_is_no_device_and_needs_no_pin_but_the_cap_holds(ada: User, mia: Viewer) -> None:
    Viewer.objects.filter(pk=mia.pk).update(content_cap=6)
    answer = client_of(ada).get("/recommend", {"viewer": "mia"}).json()
    assert answer["suggestions"] == []


def an_evening_of(viewer: Viewer, ada: User) -> Ask:
    return suggest(Request(Answers(), [viewer], user=ada))


def test_an_earlier_ask_is_spun_again_only_with_the_pin_and_one_comes_back_to_it(
    browser: Client, mia: Viewer, ada: User
) -> None:
    ask = an_evening_of(mia, ada)
    answer = browser.post(f"/asks/{ask.pk}/spin", {"spin": "too_long"})
    assert answer["Location"] == f"/unlock/mia?next=%2Fasks%2F{ask.pk}"
    assert Ask.objects.count() == 1
    page = browser.get(answer["Location"]).content.decode()
    assert "Type Mia’s PIN first." in page
    assert 'hx-post="/unlock' not in page  # a page of its own has no face to swap
    there = browser.post("/unlock/mia", {"pin": "2468", "next": f"/asks/{ask.pk}"})
    assert there["Location"] == f"/asks/{ask.pk}"
    browser.post(f"/asks/{ask.pk}/spin", {"spin": "too_long"})
    assert Ask.objects.count() == 2


def test_a_part_of_the_page_that_asks_for_the_pin_leads_the_whole_page_there(
    browser: Client, mia: Viewer, ada: User
) -> None:
    ask = an_evening_of(mia, ada)
    answer = browser.post(f"/asks/{ask.pk}/spin", headers=HTMX)
    assert answer["HX-Redirect"].startswith("/unlock/mia")


def test_a_title_is_loosened_for_them_only_with_the_pin(
    browser: Client, mia: Viewer, ada: User, films: list[MediaItem]
) -> None:
    ask = an_evening_of(mia, ada)
    answer = browser.post(f"/titles/{films[0].pk}/loosen", {"ask": str(ask.pk)})
    assert answer["Location"].startswith("/unlock/mia")
    assert Ask.objects.count() == 1


@pytest.mark.parametrize("why", ["not_tonight", "seen_it", "never"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_card_is_put_away_for_them_only_with_the_pin(
    browser: Client, mia: Viewer, ada: User, why: str, headers: dict[str, str]
) -> None:
    ask = an_evening_of(mia, ada)
    there = f"/suggestions/{ask.suggestions.get(rank=1).pk}/away"
    answer = browser.post(there, {"why": why}, headers=headers)
    way = answer.get("HX-Redirect") or answer["Location"]
    assert way == f"/unlock/mia?next=%2Fasks%2F{ask.pk}"
    assert (ask.suggestions.count(), Dismissal.objects.count()) == (3, 0)
    browser.post("/unlock/mia", {"pin": "2468"})
    browser.post(there, {"why": why}, headers=headers)
    assert (ask.suggestions.count(), Dismissal.objects.get().viewer) == (4, mia)


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_after_the_pin_nobody_is_led_elsewhere(browser: Client, mia: Viewer, there: str) -> None:
    answer = browser.post("/unlock/mia", {"pin": "2468", "next": there})
    assert "evil" not in answer["Location"]


def test_a_browser_asks_the_api_as_them_only_with_the_pin(browser: Client, mia: Viewer) -> None:
    answer = browser.get("/recommend", {"viewer": "mia"})
    assert (answer.status_code, answer.json()) == (400, {"viewer": ["Type Mia’s PIN first."]})
    assert not Ask.objects.exists()
    browser.post("/unlock/mia", {"pin": "2468"})
    assert browser.get("/recommend", {"viewer": "mia"}).status_code == 200


def test_a_new_pin_is_asked_for_where_the_old_one_was_typed(browser: Client, mia: Viewer) -> None:
    browser.post("/unlock/mia", {"pin": "2468"})
    assert not is_locked(browser)
    pins.set_pin(mia, "1357")
    assert is_locked(browser)
