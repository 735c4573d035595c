"""Take the pictures of the documentation from a running demo, and of the first run from a fresh install.

make demo                                    # prints a one-time link
python docs/screenshots.py LINK              # what README and docs show
python docs/screenshots.py LINK --all FOLDER # every page, phone and desktop, dark and light

DATA_DIR=$(mktemp -d) PORT=5050 make run     # prints a one-time link
python docs/screenshots.py LINK --first-run  # from the first account to the first ask
"""

import argparse
import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
TALL = 3000  # pixels: room for the longest part above the bar at the foot of a phone
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
SETTLED = 1500  # milliseconds: a count of what fits is asked for 300 ms after the last tap
ON_SCREEN = """[...document.images].filter(image => {
    const {top, bottom, left} = image.getBoundingClientRect();
    return top < innerHeight && bottom > 0 && left < innerWidth;
}).every(image => image.complete && image.naturalWidth)"""
PAGES = {
    "tonight": "/",
    "history": "/history",
    "favorites": "/favorites",
    "library": "/library",
    "model": "/model",
    "settings": "/settings",
    "jobs": "/jobs",
    "sync": "/sync",
    "people": "/people",
    "giving": "/giving-back",
    "preview": "/giving-back?show=tonight_playlist",
    "connect": "/connect",
    "data": "/my-data",
    "admin": "/admin/",
}
PARTS = {
    "proof": ("/model", "section.proof"),
    "beliefs": ("/model", "section[aria-labelledby=beliefs-title]"),
}
SHOWN = {  # in README and docs; each is one screen, or one part
    "three-desktop-dark", "model-desktop-dark", "proof-desktop-dark", "moods-desktop-dark",
    "sync-phone-dark", "people-phone-dark", "giving-phone-dark",
    "tonight-phone-dark", "three-phone-dark", "why-phone-dark", "spin-phone-dark", "guest-phone-light",
    "how-phone-dark", "saved-phone-dark", "history-phone-dark", "library-phone-dark",
    "whynot-phone-dark", "settings-phone-light",
}  # fmt: skip
PASSWORD = "a long evening on the sofa"  # noqa: S105 (of an install that is thrown away)


def tonight(page: Page) -> None:
    """Two people, something funny, nothing scary."""
    page.goto("/")
    if page.locator("#say-goodbye").count():  # to the guests of an earlier picture
        page.locator("#say-goodbye").click()
        page.get_by_role("button", name="Invite a guest").wait_for()
    asked_back = page.get_by_role("button", name="Didn’t watch")
    for _row in range(asked_back.count()):  # of an evening that the demo made up
        asked_back.first.click()
        page.wait_for_load_state("networkidle")
    for face in page.locator("#ask [name=viewer]").all():
        face.check()
    page.locator("#vibe-funny").check()
    page.locator("label[for=vibe-scary]").dblclick()
    page.locator("[name=time][value='120']").check()
    page.wait_for_timeout(SETTLED)
    page.evaluate("window.scrollTo(0, 0)")


def three(page: Page) -> None:
    """Ask for that, and show the three."""
    tonight(page)
    page.get_by_role("button", name="Find our three").click()
    page.locator("article.card").first.wait_for()
    page.wait_for_load_state("networkidle")


def why(page: Page) -> None:
    """Scroll to what is said for and against the first of the three."""
    three(page)
    page.locator("article.card").first.evaluate("card => card.scrollIntoView({block: 'end'})")
    page.evaluate("window.scrollBy(0, 80)")  # above the bar at the foot


def spin(page: Page) -> None:
    """Say that the three were too long, and show the next."""
    three(page)
    page.get_by_role("button", name="Too long").click()
    page.get_by_text("Round 2").wait_for()
    page.wait_for_load_state("networkidle")


def how(page: Page) -> None:
    """Say of the first of the three how it was: finished, again, five stars."""
    three(page)
    card = page.locator("article.card").first
    card.get_by_text("How was it?").click()
    for group in ("Finished it?", "Watch it again?"):
        card.get_by_role("group", name=group).first.get_by_label("Yes").check()
    card.get_by_label("5 stars").check()
    card.get_by_role("button", name="Save").first.evaluate(
        "e => e.scrollIntoView({block: 'center'})"
    )


def saved(page: Page) -> None:
    """Save that, and show what MoodRec answers."""
    how(page)
    page.locator("article.card").first.get_by_role("button", name="Save").first.click()
    page.get_by_text("Noted").first.wait_for()
    page.wait_for_timeout(SETTLED)


def guest(page: Page) -> None:
    """Invite a guest, and show what they see on their own phone."""
    page.goto("/")
    if page.get_by_role("button", name="Invite a guest").count():
        page.get_by_role("button", name="Invite a guest").click()
    page.goto(page.locator(".invitation a").first.get_attribute("href") or "/")
    page.get_by_label("Your name").fill("Cleo")
    page.locator("#vibe-uplifting").check()
    page.evaluate("window.scrollTo(0, 0)")


def whynot(page: Page) -> None:
    """Ask why a title was not one of the three."""
    three(page)
    page.goto("/library?q=Alien")
    page.locator("#shelf a").first.click()
    page.wait_for_url("**/titles/*")
    page.goto(f"{page.url}/why")


def moods(page: Page) -> None:
    """Try the table of moods on a title."""
    page.goto("/admin/mlmodel/moodrule/?q=Fargo")
    page.get_by_role("link", name="Fargo").first.click()
    page.wait_for_load_state("networkidle")


DOORS: dict[str, Callable[[Page], None]] = {
    "three": three,
    "why": why,
    "spin": spin,
    "how": how,
    "saved": saved,
    "guest": guest,
    "whynot": whynot,
    "moods": moods,
}


def looks(browser: Browser, base: str, state: object) -> dict[str, BrowserContext]:
    """Return a browser for each device and theme, signed in as `state` says."""
    return {
        f"{device}-{scheme}": browser.new_context(
            base_url=base,
            storage_state=state,  # type: ignore[arg-type]
            viewport={"width": width, "height": height},
            device_scale_factor=1.5 if device == "phone" else 1,
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
        )
        for device, (width, height) in SIZES.items()
        for scheme in ("dark", "light")
    }


def shoot(browser: Browser, link: str, folder: Path, wanted: set[str] | None) -> None:
    """Take the pictures that are wanted; all where `wanted` is None."""
    base = link.partition("/welcome")[0]
    signed_in = browser.new_context(base_url=base)
    signed_in.new_page().goto(link)
    for look, context in looks(browser, base, signed_in.storage_state()).items():
        _pages(context.new_page(), folder, look, wanted)
        context.close()


def _pages(page: Page, folder: Path, look: str, wanted: set[str] | None) -> None:
    """Take each page, or the first screen of each that is wanted; of a long page a part of it alone."""
    doors = {**{title: _door(path) for title, path in PAGES.items()}, "tonight": tonight, **DOORS}
    for title, door in doors.items():
        if wanted is None or f"{title}-{look}" in wanted:
            door(page)
            _posters(page)
            page.screenshot(path=folder / f"{title}-{look}.png", full_page=wanted is None)
    for title, (path, part) in PARTS.items():
        if wanted is None or f"{title}-{look}" in wanted:
            _door(path)(page)
            page.set_viewport_size({"width": SIZES[look.partition("-")[0]][0], "height": TALL})
            page.locator(part).screenshot(path=folder / f"{title}-{look}.png")


def _posters(page: Page) -> None:
    """Wait until every picture on the screen is there."""
    for _look in range(50):
        if page.evaluate(ON_SCREEN):
            break
        page.wait_for_timeout(100)


def _door(path: str) -> Callable[[Page], None]:
    """Return what opens an address and waits until all of it is there."""

    def opened(page: Page) -> None:
        page.goto(path)
        page.wait_for_load_state("networkidle")

    return opened


def first_run(browser: Browser, link: str, folder: Path) -> None:
    """Walk from the link of a fresh install to its first page, as somebody with a phone."""
    page = looks(browser, link.partition("/welcome")[0], None)["phone-dark"].new_page()

    def picture(title: str) -> None:
        page.screenshot(path=folder / f"{title}-phone-dark.png")

    page.goto(link)
    picture("welcome")
    page.get_by_label("Username").fill("robin")
    for field in ("password1", "password2"):
        page.locator(f"[name={field}]").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    page.get_by_role("button", name="Use the demo library").wait_for()
    picture("door")
    page.get_by_role("button", name="Use the demo library").click()
    page.get_by_text("Ask now with").or_(page.get_by_text("to choose from")).first.wait_for()
    picture("reading")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("link")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--first-run", action="store_true")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        if given.first_run:
            first_run(chromium, given.link, given.folder)
        else:
            shoot(chromium, given.link, given.folder, None if given.all else SHOWN)
