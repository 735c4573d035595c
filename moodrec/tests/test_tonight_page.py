"""The ask in a real Chromium: chips, the count, a PIN, and a guest on a second phone."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from moodrec.tests.chromium import PHONE, SECONDS
from moodrec.tests.installs import Install, free_ports, home_of

pytestmark = [pytest.mark.browser, pytest.mark.processes]

MIA = """
from plexsync import pins
from plexsync.models import Viewer
viewer = Viewer.add("Mia")
viewer.content_cap = 12
viewer.save()
pins.set_pin(viewer, "2468")
"""
FITS = re.compile(r"(\d+) titles fit")
APART = 400  # milliseconds after which a second tap on a mood is no quick one
SLOW = """() => document.addEventListener("change", () => {
    const until = performance.now() + 500;
    while (performance.now() < until);
}, { once: true })"""


@dataclass
class House:
    """An install with the demo's household, and a child with a PIN and an age cap."""

    browser: Browser
    base: str
    complaints: list[str] = field(default_factory=list)

    def phone(self) -> BrowserContext:
        """Return a phone of its own; what its console complains of is kept."""
        context = self.browser.new_context(viewport=PHONE, base_url=self.base)
        context.on("console", lambda line: self._heard(line.type, line.text))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        return context

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(text)


@pytest.fixture(scope="module")
def house(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[House, Page]]:
    """Yield the house, and the page of its owner who has just signed in."""
    install = Install(tmp_path_factory.mktemp("home"), free_ports())
    with install.up("--demo") as link:
        assert install.manage("shell", "-c", MIA).returncode == 0
        there = House(chromium, home_of(link))
        page = there.phone().new_page()
        page.goto(link)
        yield there, page


def fitting(page: Page, action: Callable[[], object]) -> int:
    """Do something that has the count taken anew, and return it."""
    with page.expect_response(re.compile(r"/fits\?")):
        action()
    expect(page.locator("#fits")).to_have_text(FITS)
    expect(page.locator("#fits")).not_to_have_attribute("aria-busy", "true")
    found = FITS.search(page.locator("#fits").inner_text())
    assert found is not None
    return int(found.group(1))


def asked_anew(page: Page) -> int:
    """Open the form; return how many titles there are. No count is on its way any more."""
    return fitting(page, lambda: page.goto("/"))


def degree(page: Page, mood: str) -> str | None:
    return page.locator(f".chip[data-mood={mood}]").get_attribute("data-degree")


def test_each_tap_on_a_mood_goes_one_further(house: tuple[House, Page]) -> None:
    _there, page = house
    everything = asked_anew(page)
    counts = []
    for expected in ("wanted", "strong", "avoid", "off"):
        page.wait_for_timeout(APART)
        counts.append(fitting(page, page.locator(".chip[data-mood=funny]").click))
        assert degree(page, "funny") == expected
    wanted, strong, avoided, off = counts
    assert strong < wanted < everything
    assert wanted + avoided == off == everything
    expect(page.locator("[data-moods-said]")).to_have_text("Funny: either way")
    page.locator(".chip[data-mood=scary]").dblclick()
    assert degree(page, "scary") == "avoid"


def test_two_quick_taps_are_quick_on_a_busy_phone_too(house: tuple[House, Page]) -> None:
    _there, page = house
    page.goto("/")
    page.evaluate(SLOW)
    page.locator(".chip[data-mood=funny]").dblclick()
    assert degree(page, "funny") == "avoid"


def test_the_chips_work_by_keyboard_alone(house: tuple[House, Page]) -> None:
    _there, page = house
    page.goto("/")
    page.get_by_label("Tense").focus()
    page.keyboard.press("Space")
    page.wait_for_timeout(APART)
    page.keyboard.press("Space")
    assert degree(page, "tense") == "strong"
    page.keyboard.press("Enter")
    expect(page.locator("article.card").first).to_be_visible()


def test_the_way_back_leads_to_the_form_as_it_was_left(house: tuple[House, Page]) -> None:
    """Of its own accord a browser ticks the boxes again, and knows nothing of "very much" and "none"."""
    _there, page = house
    asked_anew(page)
    page.locator(".folded > summary").click()
    fitting(page, page.get_by_label("A film", exact=True).check)
    fitting(page, page.locator(".chip[data-mood=scary]").dblclick)
    fitting(page, page.locator(".chip[data-mood=funny]").click)
    page.wait_for_timeout(APART)
    count = fitting(page, page.locator(".chip[data-mood=funny]").click)
    page.goto("/library")
    page.go_back()
    expect(page.locator("#fits")).to_have_text(re.compile(rf"\b{count} titles fit"))
    degrees = [degree(page, mood) for mood in ("funny", "scary", "tense")]
    assert degrees == ["strong", "avoid", "off"]
    expect(page.get_by_text("A film", exact=True)).to_be_visible()
    page.goto("/")
    assert degree(page, "funny") == "off"  # asked anew


def test_what_blocks_is_loosened_on_the_form(house: tuple[House, Page]) -> None:
    _there, page = house
    page.goto("/")
    page.locator(".folded > summary").click()
    page.locator(".chip[data-mood=scary]").click()
    page.get_by_label("minutes at most").fill("10")
    page.get_by_label("minutes at most").blur()
    expect(page.locator("#fits")).to_contain_text("Nothing fits.")
    assert fitting(page, page.locator("[data-loosen=minutes]").click) > 0


def test_a_child_comes_with_a_pin_and_the_count_says_what_that_means(
    house: tuple[House, Page],
) -> None:
    _there, page = house
    asked_anew(page)
    before = fitting(page, page.locator(".chip[data-mood=funny]").click)
    page.get_by_role("link", name=re.compile("Mia")).click()
    page.get_by_label("Mia’s PIN").fill("1111")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_text("That is not the PIN.")).to_be_visible()
    page.get_by_label("Mia’s PIN").fill("2468")
    capped = fitting(page, page.get_by_role("button", name="Unlock").click)
    expect(page.get_by_role("checkbox", name="Mia")).to_be_checked()
    expect(page.locator("#fits")).to_contain_text("Up to 12, because Mia is here.")
    assert degree(page, "funny") == "wanted"  # nothing answered before is lost
    assert capped < before


def test_a_guest_joins_on_their_own_phone_and_sees_the_three(house: tuple[House, Page]) -> None:
    there, page = house
    page.goto("/")
    page.get_by_role("button", name="Invite a guest").click()
    link = page.locator(".invitation a").inner_text()
    guest = there.phone().new_page()
    guest.goto(link)
    guest.get_by_label("Your name").fill("Joe")
    guest.locator(".chip[data-mood=scary]").dblclick()
    guest.get_by_role("button", name="Send my wishes").click()
    expect(guest.get_by_text("Your wishes are in")).to_be_visible()
    expect(page.locator("#guests")).to_contain_text("Joe", timeout=10 * SECONDS)
    expect(page.locator("#guests")).to_contain_text("not Scary")
    page.get_by_role("button", name="Find our three").click()
    expect(guest.locator(".choices h3")).to_have_count(3, timeout=10 * SECONDS)
    poster = guest.locator(".choices img").first
    expect(poster).to_have_js_property("complete", value=True)
    expect(poster).not_to_have_js_property("naturalWidth", 0)


def test_nothing_complained_on_the_way(house: tuple[House, Page]) -> None:
    assert house[0].complaints == []
