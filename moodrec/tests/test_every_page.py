"""Every page, for everybody who may see it: nothing unreadable, nothing too small, nothing broken."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize

from moodrec.tests.chromium import PHONE
from moodrec.tests.demo_home import Home
from moodrec.tests.every_page import DESK, Place, amiss, places, watched

pytestmark = [pytest.mark.browser, pytest.mark.processes]
ALL = [(PHONE, "dark"), (DESK, "light"), (DESK, "dark"), (PHONE, "light")]
SOME = ALL[:1]
MUST = {
    "stranger": {"sign-in", "offline"},
    "ben": {"tonight", "history", "favorites", "model", "play", "three"},
    "demo": {"tonight", "history", "favorites", "model", "play", "three", "sync", "people"},
}
_ASK = """
from feedback.models import Ask
print(Ask.objects.filter(viewers__user__username="{name}").latest("asked_at").pk)
"""


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport=PHONE)
    yield made
    made.close()


@pytest.mark.parametrize(("name", "looks"), [("demo", ALL), ("ben", SOME), ("stranger", SOME)])
def test_every_page_is_fit_for_everybody(
    demo_home: Home, context: BrowserContext, name: str, looks: list[tuple[ViewportSize, str]]
) -> None:
    """axe-core, sideways scrolling, targets of 44 px, the security policy, the console, titles."""
    complaints: list[str] = []
    page = watched(context, complaints)
    ask = "0"
    if name != "stranger":
        page.goto(demo_home.new_link(name))
        ask = demo_home.told("shell", "--verbosity=0", "--command", _ASK.format(name=name)).strip()
    there = places(demo_home.url, context, ask)
    assert MUST[name] <= {each.name for each in there}
    if ask != "0":
        there.append(Place("why of an ask", f"{demo_home.url}titles/1/why?ask={ask}"))
    found = [each for place in there for each in amiss(page, place.address, looks)]
    told = "\n".join(found + complaints)
    assert not told, told
