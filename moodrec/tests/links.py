"""Every address that a page, a stylesheet or an answer of the API leads to."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

_ADDRESSES = {"href", "src", "action", "formaction", "poster", "data-url", "data-base", "hx-get",
              "hx-post", "hx-put", "hx-delete", "hx-patch", "hx-push-url", "hx-replace-url"}  # fmt: skip
_CSS = re.compile(r"""url\(\s*["']?([^"')]+)""")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.sent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        posted = tag == "form" and told.get("method", "").lower() == "post"
        for name, value in told.items():
            if name == "srcset":
                self.links += [each.split()[0] for each in value.split(",") if each.strip()]
            elif name in _ADDRESSES or (name.startswith("data-") and value.startswith("/")):
                by_button = posted or name in {"formaction", "hx-post", "hx-put", "hx-delete"}
                (self.sent if by_button or name in _NOT_PAGES else self.links).append(value)


_NOT_PAGES = {"hx-push-url", "hx-replace-url"}


def of_page(text: str) -> tuple[list[str], list[str]]:
    """Return the addresses a page links to, and those its buttons send to."""
    page = _Page()
    page.feed(text)
    page.close()
    return _real(page.links), _real(page.sent)


def _real(found: list[str]) -> list[str]:
    return [each for each in found if each not in {"", "true", "false"}]


def of_style(text: str) -> list[str]:
    return [each for each in _CSS.findall(text) if not each.startswith("data:")]


def of_json(text: str) -> list[str]:
    """Return what looks like an address among the values, whatever its key."""
    return [
        each for each in _values(json.loads(text)) if each.startswith(("/", "http://localhost"))
    ]


def _values(told: Any) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        for each in told.values():
            yield from _values(each)
    elif isinstance(told, list):
        for each in told:
            yield from _values(each)
