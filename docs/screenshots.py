"""Take the pictures of the documentation from a running demo.

    make demo                                   # prints a one-time link
    python docs/screenshots.py LINK [FOLDER]    # all pages, phone and desktop, dark and light

FOLDER is this one unless told; with --readme only what the README shows is taken.
"""

import argparse
import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
TALL = 3000  # pixels: room for the longest part above the bar at the foot of a phone
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
PAGES = {
    "tonight": "/",
    "history": "/history",
    "favorites": "/favorites",
    "model": "/model",
    "sync": "/sync",
    "people": "/people",
    "giving": "/giving-back",
    "preview": "/giving-back?show=tonight_playlist",
    "connect": "/connect",
    "admin": "/admin/",
}
PARTS = {
    "proof": ("/model", "section.proof"),
    "beliefs": ("/model", "section[aria-labelledby=beliefs-title]"),
}
README = {
    "three-desktop-dark", "model-desktop-dark", "proof-desktop-dark", "moods-desktop-dark",
    "sync-phone-dark", "people-phone-dark", "giving-phone-dark",
}  # fmt: skip


def three(page: Page) -> None:
    """Ask for something funny, and show the three."""
    page.goto("/")
    page.get_by_label("Funny").check()
    page.get_by_role("button", name="Find our three").click()
    page.locator("article.card").first.wait_for()
    page.wait_for_load_state("networkidle")


def moods(page: Page) -> None:
    """Try the table of moods on a title."""
    page.goto("/admin/mlmodel/moodrule/?q=Fargo")
    page.get_by_role("link", name="Fargo").first.click()
    page.wait_for_load_state("networkidle")


def shoot(browser: Browser, link: str, folder: Path, *, readme: bool) -> None:
    base = link.partition("/welcome")[0]
    signed_in = browser.new_context(base_url=base)
    signed_in.new_page().goto(link)
    state = signed_in.storage_state()
    for device, (width, height) in SIZES.items():
        for scheme in ("dark", "light"):
            context = browser.new_context(
                base_url=base,
                storage_state=state,
                viewport={"width": width, "height": height},
                device_scale_factor=2 if device == "phone" else 1,
                color_scheme="dark" if scheme == "dark" else "light",
            )
            name, wanted = f"{device}-{scheme}", README if readme else None
            _pages(context.new_page(), folder, name, wanted)
            context.close()


def _pages(page: Page, folder: Path, name: str, wanted: set[str] | None) -> None:
    """Take each page, or the first screen of each that is wanted; of a long page a part of it alone."""
    doors = {
        "three": three,
        "moods": moods,
        **{title: _door(path) for title, path in PAGES.items()},
    }
    for title, door in doors.items():
        if wanted is None or f"{title}-{name}" in wanted:
            door(page)
            page.screenshot(path=folder / f"{title}-{name}.png", full_page=wanted is None)
    for title, (path, part) in PARTS.items():
        if wanted is None or f"{title}-{name}" in wanted:
            _door(path)(page)
            page.set_viewport_size({"width": SIZES[name.partition("-")[0]][0], "height": TALL})
            page.locator(part).screenshot(path=folder / f"{title}-{name}.png")


def _door(path: str) -> Callable[[Page], None]:
    """Return what opens an address and waits until all of it is there."""

    def opened(page: Page) -> None:
        page.goto(path)
        page.wait_for_load_state("networkidle")

    return opened


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("link")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--readme", action="store_true")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        shoot(chromium, given.link, given.folder, readme=given.readme)
