"""MoodRec as an app of a device: what it is called, what it keeps, and what it shows without us."""

import json
import re
from collections.abc import Iterator

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, expect

from moodrec.tests.chromium import PHONE
from moodrec.tests.demo_home import BASE, Home


def test_the_manifest_tells_what_a_home_screen_needs(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    told = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert (told["start_url"], told["scope"], told["display"]) == ("/", "/", "standalone")
    assert {"any", "maskable"} <= {icon.get("purpose") for icon in told["icons"]}
    assert [each["url"] for each in told["shortcuts"]] == ["/", "/history", "/favorites"]


def test_every_icon_is_as_large_as_the_manifest_says(client: Client) -> None:
    for icon in client.get("/manifest.webmanifest").json()["icons"]:
        path = finders.find(icon["src"].removeprefix("/static/"))
        assert path
        if icon["type"] == "image/png":
            with Image.open(str(path)) as picture:
                assert f"{picture.width}x{picture.height}" == icon["sizes"]


@pytest.mark.django_db
def test_what_a_device_keeps_names_nobody(client: Client) -> None:
    code = client.get("/sw.js").content.decode()
    shell = json.loads(code.partition("const SHELL = ")[2].partition(";\n")[0])
    assert all(each == "/offline" or each.startswith("/static/") for each in shell)
    assert all(finders.find(each.removeprefix("/static/")) for each in shell if each != "/offline")
    assert "csrf" not in client.get("/offline").content.decode()
    assert not client.get("/offline").cookies


def test_what_is_kept_is_fetched_anew_when_it_changes_as_with_another_language(
    client: Client,
) -> None:
    def name(language: str) -> str:
        code = client.get("/sw.js", headers={"accept-language": language}).text
        return code.partition('CACHE = "')[2].partition('"')[0]

    assert name("en") == name("en") != name("de")


@pytest.fixture
def phone(chromium: Browser, demo_home: Home) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=PHONE)
    yield context
    context.close()


@pytest.mark.browser
@pytest.mark.processes
def test_without_a_network_the_app_says_what_to_do(phone: BrowserContext, demo_home: Home) -> None:
    page = phone.new_page()
    page.goto(demo_home.new_link("demo"))
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    phone.set_offline(True)
    page.goto(f"{demo_home.url}history")
    expect(page.get_by_role("heading", name="The projector is dark")).to_be_visible()
    expect(page.get_by_role("link", name="Try again")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.button')).minHeight") == "44px"
    phone.set_offline(False)
    expect(page.get_by_role("heading", name="The projector is dark")).to_have_count(
        0, timeout=20_000
    )
    assert page.url == f"{demo_home.url}history"


@pytest.mark.browser
@pytest.mark.processes
def test_signing_out_leaves_nothing_of_the_household(
    phone: BrowserContext, demo_home: Home
) -> None:
    page = phone.new_page()
    page.goto(demo_home.new_link("demo"))
    page.evaluate("navigator.serviceWorker.ready")
    page.goto(f"{demo_home.url}history")
    page.get_by_role("button", name=re.compile("^Sign .* out$")).click()
    expect(page).to_have_url(re.compile("/sign-in"))
    kept = page.evaluate("""async () => {
        const names = await caches.keys();
        const all = await Promise.all(names.map(async (n) => (await caches.open(n)).keys()));
        return all.flat().map((request) => new URL(request.url).pathname);
    }""")
    assert f"{BASE}/offline" in kept
    assert [
        each for each in kept if not each.startswith((f"{BASE}/static/", f"{BASE}/offline"))
    ] == []
    stored = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert set(stored) <= {"htmx-current-path-for-history"}  # where this tab is
