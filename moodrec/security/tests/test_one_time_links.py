"""One-time links: they work once, for a day, and only their digest is stored."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from moodrec.security.models import LIFETIME, OneTimeLink
from moodrec.tests import builders

pytestmark = pytest.mark.django_db


def test_a_link_works_once() -> None:
    token = OneTimeLink.create_token(None)
    assert OneTimeLink.redeem(token) is not None
    assert OneTimeLink.redeem(token) is None


def test_a_link_expires() -> None:
    token = OneTimeLink.create_token(None)
    OneTimeLink.objects.update(expires_at=timezone.now())
    assert OneTimeLink.redeem(token) is None


def test_a_link_lives_a_day() -> None:
    OneTimeLink.create_token(None)
    left = OneTimeLink.objects.get().expires_at - timezone.now()
    assert LIFETIME - timedelta(minutes=1) < left <= LIFETIME


def test_an_unknown_link_is_nothing() -> None:
    OneTimeLink.create_token(None)
    assert OneTimeLink.redeem("unknown") is None
    assert OneTimeLink.redeem("") is None


def test_the_token_is_kept_nowhere() -> None:
    token = OneTimeLink.create_token(None)
    assert token not in str(OneTimeLink.objects.values().get())


def test_a_link_signs_its_user_in_once() -> None:
    token = OneTimeLink.create_token(builders.member())
    first, second = Client(), Client()
    assert first.get(f"/welcome/{token}")["Location"] == "/"
    assert first.get("/history").status_code == 200
    assert second.get(f"/welcome/{token}").status_code == 410
    assert second.get("/history").status_code == 302


def test_a_first_run_link_opens_the_first_run_to_one_browser() -> None:
    token = OneTimeLink.create_token(None)
    household, stranger = Client(), Client()
    assert household.get(f"/welcome/{token}")["Location"] == "/owner"
    assert household.get("/owner").status_code == 200
    assert stranger.get("/owner").status_code == 403
    told = {"username": "ada", "password1": "long-enough-1", "password2": "long-enough-1"}
    assert stranger.post("/owner", told).status_code == 403
    assert household.post("/owner", told)["Location"] == "/connect"


def test_an_install_that_has_an_owner_is_not_claimed_again() -> None:
    builders.owner()
    token = OneTimeLink.create_token(None)
    browser = Client()
    browser.get(f"/welcome/{token}")
    assert browser.post("/owner", {"username": "eve"})["Location"] == "/sign-in"
    assert browser.get("/history").status_code == 302


def test_dead_links_are_forgotten_when_a_new_one_is_made() -> None:
    OneTimeLink.redeem(OneTimeLink.create_token(None))
    OneTimeLink.create_token(None)
    OneTimeLink.objects.filter(used_at=None).update(expires_at=timezone.now())
    living = OneTimeLink.create_token(None)
    OneTimeLink.create_token(None)
    assert OneTimeLink.objects.count() == 2
    assert OneTimeLink.redeem(living) is not None
