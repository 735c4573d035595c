"""Linking Plex and signing in with it, in a real Chromium against the real thing and a plex.tv."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from moodrec.tests.chromium import PHONE, SECONDS
from moodrec.tests.installs import Install, free_ports, home_of
from moodrec.tests.plextv import way
from plexsync.demo.generated import generated_library
from plexsync.demo.plextv import DemoPlexTv
from plexsync.demo.server import DemoPlex

pytestmark = [pytest.mark.browser, pytest.mark.processes]
COMPLAINTS: list[str] = []


@pytest.fixture(scope="module")
def plex_tv() -> Iterator[DemoPlexTv]:
    """plex.tv, which knows three addresses of ana's server: one of them leads there."""
    with (
        DemoPlex(generated_library(60), token="canary-token-of-ana") as plex,
        DemoPlexTv(plex) as tv,
    ):
        relay = way("https://127.0.0.1:9", local=False, relay=True)
        tv.connections = [way("http://127.0.0.2:9"), relay, way(plex.url)]
        yield tv


@pytest.fixture(scope="module")
def link(plex_tv: DemoPlexTv, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A fresh install; yields the link it printed."""
    there = {"PLEX_TV_URL": plex_tv.url, "PLEX_APP_URL": plex_tv.url}
    with Install(tmp_path_factory.mktemp("home"), {**there, **free_ports()}).up() as link:
        yield link


def new_page(chromium: Browser, link: str, **options: object) -> Page:
    """A phone of its own; what its console complains of is noted."""
    context = chromium.new_context(viewport=PHONE, base_url=home_of(link), **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.on("console", lambda line: COMPLAINTS.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: COMPLAINTS.append(str(error)))
    return page


def fits(page: Page) -> None:
    """The page does not scroll sideways on a phone."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.fixture(scope="module")
def ana(chromium: Browser, link: str) -> Iterator[Page]:
    page = new_page(chromium, link)
    yield page
    page.context.close()


def test_the_owner_sets_everything_up_with_plex(ana: Page, link: str) -> None:
    """One-time link → Plex's page → the account's servers → the library."""
    ana.goto(link)
    fits(ana)
    ana.get_by_role("button", name="Sign in with Plex").click()
    expect(ana.get_by_text("MoodRec")).to_be_visible()  # Plex's page names who asks
    ana.get_by_role("button", name="I am ana").click()
    expect(ana.get_by_role("heading", name="Which server is yours?")).to_be_visible()
    expect(ana.get_by_role("radio", checked=True)).to_have_count(1)
    ana.get_by_text("What did not work").click()
    expect(ana.get_by_text("Nobody answers there").first).to_be_visible()
    fits(ana)
    ana.get_by_role("button", name=re.compile("^Connect ")).click()
    expect(ana.locator("[data-job-title]")).to_have_text("Done", timeout=90 * SECONDS)
    expect(ana.get_by_role("switch")).to_have_count(2)
    fits(ana)
    ana.goto("/connect")
    expect(ana.get_by_text("Connected", exact=True)).to_be_visible()
    fits(ana)


def test_a_friend_signs_in_with_plex_without_scripts(
    ana: Page, chromium: Browser, link: str
) -> None:
    """Ours, that is: Plex's own page needs them, so the yes is said on it with scripts on."""
    page = new_page(chromium, link)
    page.route("**/static/js/*", lambda route: route.abort())
    page.goto("/history")
    page.get_by_role("button", name="Sign in with Plex").click()
    page.get_by_role("button", name="I am ben").click()
    expect(page).to_have_url(re.compile("/history$"))
    page.context.close()
    COMPLAINTS.clear()  # of the scripts that were kept away


def test_a_code_typed_elsewhere_moves_the_page_by_itself(
    ana: Page, chromium: Browser, link: str, plex_tv: DemoPlexTv
) -> None:
    page = new_page(chromium, link)
    page.goto("/sign-in")
    page.get_by_role("button", name="Use a code on another device").click()
    code = page.locator(".link-code [aria-hidden]").inner_text()
    expect(page.get_by_text("Waiting for your yes")).to_be_visible()
    fits(page)
    plex_tv.approve(code, "cleo")
    expect(page.get_by_role("heading", name="What shall we watch?")).to_be_visible(
        timeout=20 * SECONDS
    )
    page.context.close()


def test_a_stranger_is_told_why_not(ana: Page, chromium: Browser, link: str) -> None:
    page = new_page(chromium, link)
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with Plex").click()
    page.get_by_role("button", name="I am eve").click()
    expect(page.get_by_role("heading", name="This is not your Plex")).to_be_visible()
    fits(page)
    page.context.close()
    refused = [line for line in COMPLAINTS if "403" in line]
    COMPLAINTS[:] = [line for line in COMPLAINTS if line not in refused]


def test_a_library_is_switched_off_and_on(ana: Page) -> None:
    ana.goto("/sync")
    before = ana.locator(".lead").inner_text()
    ana.get_by_role("switch").first.uncheck()
    ana.get_by_role("button", name="Save the switches").click()
    expect(ana.get_by_text("switched off")).to_be_visible()
    expect(ana.locator(".lead")).not_to_have_text(before, use_inner_text=True)
    ana.get_by_role("switch").first.check()
    ana.get_by_role("button", name="Save the switches").click()
    expect(ana.get_by_text("switched off")).to_have_count(0)


def test_letting_go_and_linking_again(ana: Page) -> None:
    ana.goto("/connect")
    ana.get_by_role("link", name="Disconnect").click()
    ana.get_by_role("button", name="Disconnect").click()
    expect(ana.get_by_text("Disconnected", exact=True)).to_be_visible()
    fits(ana)
    ana.get_by_role("button", name="Sign in with Plex").click()
    ana.get_by_role("button", name="I am ana").click()
    ana.get_by_role("button", name=re.compile("^Connect ")).click()
    expect(ana.get_by_role("heading", name="Your library", exact=True)).to_be_visible()


def test_nothing_complained_on_the_way() -> None:
    assert COMPLAINTS == []
