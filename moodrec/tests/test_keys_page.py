"""The page of API keys: made once, shown once, ended for good; nobody touches another's."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken
from rest_framework.test import APIClient

from moodrec.pages import keys

pytestmark = pytest.mark.django_db


def made_by(browser: Client) -> str:
    page = browser.post(reverse("key-make")).content.decode()
    found = re.search(r'<pre class="secret"[^>]*>(\w+)</pre>', page)
    assert found
    return found[1]


def status(key: str) -> int:
    return APIClient().get("/api/viewers", HTTP_AUTHORIZATION=f"Token {key}").status_code


def test_a_key_works_is_shown_once_and_ends(client: Client, ada: User) -> None:
    client.force_login(ada)
    key = made_by(client)
    assert status(key) == 200
    page = client.get(reverse("keys")).content.decode()
    assert key[:8] in page
    assert key not in page
    there = reverse("key-revoke", args=[AuthToken.objects.get().token_key])
    assert "Revoke this key?" in client.get(there).content.decode()
    assert status(key) == 200
    client.post(there)
    assert status(key) == 401


def test_a_new_key_is_kept_by_no_cache(client: Client, ada: User) -> None:
    client.force_login(ada)
    assert "no-store" in client.post(reverse("key-make"))["Cache-Control"]


def test_a_member_s_key_is_theirs_and_no_more(client: Client, ada: User, ben: User) -> None:
    client.force_login(ben)
    key = made_by(client)
    assert AuthToken.objects.get().user == ben
    script = APIClient()
    assert script.get("/readyz", HTTP_AUTHORIZATION=f"Token {key}").json().keys() == {"status"}


def test_nobody_sees_or_ends_another_s_key_but_the_owner(
    client: Client, ada: User, ben: User
) -> None:
    hers, _key = AuthToken.objects.create(ada)
    his, _key = AuthToken.objects.create(ben)
    client.force_login(ben)
    assert hers.token_key[:8] not in client.get(reverse("keys")).content.decode()
    assert client.post(reverse("key-revoke", args=[hers.token_key])).status_code == 404
    client.force_login(ada)
    page = client.get(reverse("keys")).content.decode()
    assert his.token_key[:8] in page
    assert "Ben" in page
    client.post(reverse("key-revoke", args=[his.token_key]))
    assert AuthToken.objects.get() == hers


def test_too_many_keys_are_refused_with_the_cure(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "MOST", 1)
    client.force_login(ada)
    made_by(client)
    answer = client.post(reverse("key-make"), follow=True)
    assert "Revoke one first." in answer.content.decode()
    assert AuthToken.objects.count() == 1
