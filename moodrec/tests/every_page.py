"""Every page there is, found in the URL conf, and what can be wrong with one in a browser."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import BrowserContext, Dialog, Page, ViewportSize

from moodrec.tests.chromium import PHONE
from moodrec.tests.test_access import ROUTES

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
LEAVES_ALONE = {"sign-out", "welcome", "healthz", "readyz", "manifest", "service-worker"}
SMALL: ViewportSize = {"width": 320, "height": 640}
DESK: ViewportSize = {"width": 1280, "height": 900}
NIL = "00000000-0000-0000-0000-000000000001"

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
COLOURS = ["color-contrast"]  # all that another theme can change in the same size
_RUN_AXE = """async (runOnly) => {
    const wanted = { resultTypes: ["violations"], runOnly };
    const found = await axe.run(document, wanted);
    return found.violations.filter((each) => ["serious", "critical"].includes(each.impact))
        .map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ")}`);
}"""
_THERE = "() => !document.querySelector('[aria-busy=true]')"  # what is being fetched is faded
_STILL = """() => Promise.race([
    new Promise((done) => setTimeout(done, 400)),
    Promise.allSettled(document.getAnimations().map((each) => each.finished)),
])"""
_SMALL_TARGETS = """() => {
    const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: false });
    const place = (e) => ["radio", "checkbox"].includes(e.type) ? e.closest("label") ?? e : e;
    const inText = (e) => e.tagName === "A" && getComputedStyle(e).display === "inline"
        && (e.closest("dd") || e.parentElement.textContent.trim() !== e.textContent.trim());
    return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
        .filter((e) => e.type !== "hidden" && seen(e) && !inText(e) && !e.closest(".sr-only, .skip"))
        .map((e) => [e, place(e).getBoundingClientRect()])
        .filter(([, box]) => box.width > 1 && box.height < 43.5)
        .map(([e, box]) => `${e.outerHTML.slice(0, 90)} is ${Math.round(box.height)} px high`);
}"""
_LISTEN = """window.__violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
    window.__violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));"""


@dataclass(frozen=True)
class Place:
    """A page: the name of its route and an address of it."""

    name: str
    address: str


def places(home: str, context: BrowserContext, ask: str) -> list[Place]:
    """Return every route that answers this person's browser with a page of ours."""
    found = []
    for name, address in ROUTES:
        if name in LEAVES_ALONE or name.startswith("api-"):  # the API's pages are DRF's
            continue
        there = home + address.removeprefix("/").replace(NIL, ask)
        answer = context.request.get(there, headers={"Accept": "text/html"}, max_redirects=0)
        shown = answer.status == 200 and "html" in answer.headers.get("content-type", "")
        if shown and "<html" in answer.text():  # else a part of a page
            found.append(Place(name, there))
    return found


def watched(context: BrowserContext, complaints: list[str]) -> Page:
    """Return a tab whose every complaint is kept: of the console, of the security policy, of scripts."""
    context.add_init_script(_LISTEN)
    page = context.new_page()

    def told(line: Any) -> None:
        if line.type == "error":
            complaints.append(f"{page.url} {line.text}")

    def dismissed(dialog: Dialog) -> None:
        complaints.append(dialog.message)
        dialog.dismiss()

    page.on("console", told)
    page.on("pageerror", lambda error: complaints.append(f"{page.url} {error}"))
    page.on("dialog", dismissed)
    return page


def amiss(page: Page, address: str, looks: list[tuple[ViewportSize, str]]) -> list[str]:
    """Open a page once and look at it in each size and theme; return what is wrong with it."""
    page.goto(address)
    page.wait_for_function(_THERE)
    page.evaluate(AXE)
    found = []
    for number, (size, theme) in enumerate(looks):
        page.set_viewport_size(size)
        page.emulate_media(
            color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce"
        )
        page.evaluate(_STILL)
        wrong = page.evaluate(_RUN_AXE, RULES if number < 2 else COLOURS)
        wrong += _too_wide(page)
        found += [f"{address} {size['width']} {theme}: {each}" for each in wrong]
    found += [f"{address}: {each}" for each in page.evaluate("window.__violations")]
    if "/admin/" in address:  # how Django's own pages are laid out is Django's
        return found
    page.set_viewport_size(SMALL)
    found += [f"{address} 320: {each}" for each in _too_wide(page)]
    page.set_viewport_size(PHONE)
    found += [f"{address}: {each}" for each in page.evaluate(_SMALL_TARGETS)]
    return found + _told_apart(page, address)


def _too_wide(page: Page) -> list[str]:
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{over} px too wide"] if over > 0 else []


def _told_apart(page: Page, address: str) -> list[str]:
    title, heads = page.title(), page.locator("h1").count()
    wrong = [f"{heads} h1"] if heads != 1 else []
    if page.locator("p:empty:not([role])").count():  # what is left of one in which a list stood
        wrong.append("a paragraph was torn apart")
    wrong += (
        [f"title {title!r}"]
        if not title.endswith(" · MoodRec") or title.startswith("MoodRec")
        else []
    )
    return [f"{address}: {each}" for each in wrong]
