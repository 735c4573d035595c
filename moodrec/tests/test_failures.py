"""Where a part of a page can't be fetched, a notice says why and what to do, one at a time."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from moodrec.tests.chromium import PHONE
from moodrec.tests.demo_home import Home

_ASK = (
    "() => { htmx.ajax('GET', `${document.documentElement.dataset.base}a-part`).catch(() => {}); }"
)
pytestmark = [pytest.mark.browser, pytest.mark.processes]
WORDS = {
    0: "MoodRec can’t be reached",
    403: "This page was open for too long",
    404: "That is not there any more",
    413: "That was too much at once",
    422: "That could not be done",
    429: "That was often",
    500: "Something went wrong on our side",
    503: "MoodRec can’t be reached",
}


def signed_in(home: Home, context: BrowserContext, path: str = "") -> Page:
    page = context.new_page()
    page.goto(home.new_link("demo"))
    page.goto(home.url + path)
    return page


def test_each_failure_is_told_with_its_cure(demo_home: Home, chromium: Browser) -> None:
    context = chromium.new_context(viewport=PHONE, service_workers="block")
    page = signed_in(demo_home, context, "history")  # that asks for nothing of its own accord
    answers = iter(WORDS)

    def fail(route: Route) -> None:
        status = next(answers)
        route.fulfill(status=status) if status else route.abort()

    page.route("**/a-part", fail)
    for words in WORDS.values():
        page.evaluate(_ASK)
        expect(page.locator("#notices [data-failed]")).to_contain_text(words)
        expect(page.locator("#notices [data-failed]")).to_have_count(1)
    page.unroute("**/a-part")
    page.route("**/a-part", lambda route: route.fulfill(status=507, headers={"X-Obstacle": "full"}))
    page.evaluate(_ASK)
    expect(page.locator("#notices [data-failed]")).to_contain_text("data is full")
    page.get_by_role("button", name="Close this notice").click()
    expect(page.locator("#notices [data-failed]")).to_have_count(0)
    context.close()


def test_a_failure_is_told_no_longer_than_it_is_true(demo_home: Home, chromium: Browser) -> None:
    context = chromium.new_context(viewport=PHONE, service_workers="block")
    page = signed_in(demo_home, context, "history")
    answers = iter((None, 204, 500, 204))

    def answer(route: Route) -> None:
        status = next(answers)
        route.fulfill(status=status) if status else route.abort()

    page.route("**/a-part", answer)
    page.route("**/another", lambda route: route.fulfill(status=204))
    for broken in (False, True):  # another part says nothing of one that broke
        page.evaluate(_ASK)
        expect(page.locator("#notices [data-failed]")).to_have_count(1)
        if broken:
            page.evaluate(_ASK.replace("a-part", "another"))
            page.wait_for_timeout(300)
            expect(page.locator("#notices [data-failed]")).to_have_count(1)
        page.evaluate(_ASK)
        expect(page.locator("#notices [data-failed]")).to_have_count(0)
    context.close()


def test_without_a_network_nothing_that_was_chosen_is_lost(
    demo_home: Home, chromium: Browser
) -> None:
    context = chromium.new_context(viewport=PHONE)
    page = signed_in(demo_home, context)
    page.locator(".chip[data-mood=funny]").click()
    context.set_offline(True)
    page.get_by_role("button", name="Find our three").click()
    expect(page.locator("#notices [data-failed]")).to_contain_text(WORDS[0])
    expect(page).to_have_url(demo_home.url)
    expect(page.locator(".chip[data-mood=funny] input").first).to_be_checked()
    context.set_offline(False)
    page.get_by_role("button", name="Find our three").click()
    expect(page.locator("article.card")).to_have_count(3)
    context.close()


def test_a_machine_without_a_network_reaches_itself(demo_home: Home, chromium: Browser) -> None:
    context = chromium.new_context(viewport=PHONE)
    context.add_init_script("Object.defineProperty(navigator, 'onLine', { get: () => false })")
    page = signed_in(demo_home, context)
    page.get_by_role("button", name="Find our three").click()
    expect(page.locator("article.card")).to_have_count(3)
    context.close()
