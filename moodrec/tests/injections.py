"""Find what a hostile title broke out into: scripts, handlers, frames, addresses elsewhere."""

import json
from html.parser import HTMLParser
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

_NEVER = {"iframe", "base", "object", "embed", "math", "style", "frameset", "applet"}
_ADDRESSES = {"href", "src", "action", "formaction", "poster", "data", "xlink:href"}
_OURS = ("/static/", "/admin/jsi18n/")
_SCHEMES = {"", "http", "https", "mailto", "plex"}
_ELSEWHERE = ("evil.example", "169.254", "127.0.0.1:6379")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag in _NEVER or (tag == "meta" and told.get("http-equiv", "").lower() == "refresh"):
            self.found.append(f"<{tag}>")
        self._script = tag == "script"
        if self._script and not told.get("src", "").startswith(_OURS):
            self._script = told.get("type") != "application/json"
            self.found += ["<script> of nobody's"] if self._script else []
        self.found += [f"{name}= on <{tag}>" for name in told if name.startswith("on")]
        self.found += [
            f"{name}={told[name][:60]!r} on <{tag}>"
            for name in told.keys() & _ADDRESSES
            if _leads_elsewhere(told[name])
        ]

    def handle_endtag(self, tag: str) -> None:
        self._script = False


def _leads_elsewhere(address: str) -> bool:
    try:
        split = urlsplit(address.strip())
    except ValueError:
        return True
    return split.scheme.lower() not in _SCHEMES or any(e in split.netloc for e in _ELSEWHERE)


def found_in_page(text: str) -> list[str]:
    """Return what no page of ours holds unless a title put it there."""
    page = _Page()
    page.feed(text)
    page.close()
    return page.found


def strict_json(text: str) -> Any:
    """Return what this JSON says; ValueError for NaN and infinity, which no browser reads."""
    return json.loads(text, parse_constant=_not_a_number)


def _not_a_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def is_of_the_library(path: str) -> bool:
    """Tell whether Plex was asked for a picture of its library and nothing else."""
    plain = unquote(path)
    return plain.startswith("/library/") and ".." not in plain and "://" not in plain
