"""Draw the app's icons for home screens from static/img/icon.svg: `python docs/icons.py`."""

import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "static" / "img"
GROUND = "#2a1614"  # the picture's own
SAFE = 0.78  # of a maskable icon: a phone may cut the rest away


def draw(
    page: Page, name: str, size: int, *, share: float = 1, ground: str = "transparent"
) -> None:
    """Write the picture at this size, filling so much of its ground."""
    svg = (IMAGES / "icon.svg").read_text(encoding="utf-8")
    look = f"svg {{ width: {size * share}px; height: {size * share}px; display: block }}"
    body = f"margin: 0; height: {size}px; display: grid; place-items: center; background: {ground}"
    page.set_viewport_size({"width": size, "height": size})
    page.set_content(f"<style>body {{ {body} }} {look}</style>{svg}")
    page.screenshot(path=IMAGES / f"{name}-{size}.png", omit_background=True)


if __name__ == "__main__":
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        sheet = browser.new_page()
        draw(sheet, "icon", 192)
        draw(sheet, "icon", 512)
        draw(sheet, "icon", 180, ground=GROUND)
        draw(sheet, "maskable", 512, share=SAFE, ground=GROUND)
        browser.close()
