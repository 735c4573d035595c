"""An evening by keyboard alone: Tab, Space and Enter lead everywhere, and focus is never lost."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from moodrec.tests.demo_home import Home

pytestmark = [pytest.mark.browser, pytest.mark.processes]
FAR = 150  # tabs: farther than that, nobody goes
_FOCUSED = """() => {
    const e = document.activeElement;
    const label = e.labels?.[0]?.textContent;
    const own = e.matches("input, select, textarea") ? "" : e.textContent;
    return (e.getAttribute("aria-label") || label || own || "").replace(/\\s+/g, " ").trim();
}"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called so."""
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if re.search(name, page.evaluate(_FOCUSED)):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            hidden = page.evaluate("getComputedStyle(document.activeElement).opacity") == "0"
            assert hidden or outline != "none", f"nobody sees that {name} has the focus"
            return
    pytest.fail(f"No Tab leads to {name} at {page.url}")


def press(page: Page, name: str, key: str = "Enter") -> None:
    tab_to(page, name)
    page.keyboard.press(key)


def say_it_was_finished(page: Page) -> None:
    before = page.get_by_text("Noted").count()
    tab_to(page, "^Yes")
    page.keyboard.press("Space")
    press(page, "^Save")
    expect(page.get_by_text("Noted")).to_have_count(before + 1)


def test_an_evening_by_keyboard_alone(demo_home: Home, page: Page) -> None:
    """Sign in → ask → three → favourite → how was it → spin → history → settings → sign out."""
    page.goto(f"{demo_home.url}sign-in")
    tab_to(page, "^Username")
    page.keyboard.type("demo")
    tab_to(page, "^Password")
    page.keyboard.type("a-long-pass-word-1")
    page.keyboard.press("Enter")
    expect(page).to_have_url(demo_home.url)

    press(page, "^Funny", "Space")
    press(page, "^Find our three")
    expect(page.locator("article.card")).to_have_count(3)
    press(page, "^Favourite: ", "Space")
    expect(page.locator(".heart[aria-pressed=true]").first).to_be_visible()
    press(page, "^How was it")
    say_it_was_finished(page)
    first = page.locator("article.card h2").all_inner_texts()
    press(page, "^Just spin again")
    expect(page.locator("article.card h2").first).not_to_have_text(first[0])

    press(page, "^History$")
    expect(page).to_have_url(re.compile("/history$"))
    press(page, "^Change what")
    expect(page.locator("details.talk[open] summary:focus")).to_be_visible()
    say_it_was_finished(page)
    press(page, "^Settings$")
    expect(page).to_have_url(re.compile("/settings$"))
    press(page, "^Sign demo out$")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_the_first_tab_leads_past_the_menu(demo_home: Home, page: Page) -> None:
    page.goto(f"{demo_home.url}sign-in")
    page.evaluate("document.activeElement.blur()")
    page.evaluate("document.querySelector('.skip').focus()")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
