"""A browser for installs that run: it keeps its cookies and all it was shown, and sends forms."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import requests


@dataclass
class Form:
    """A form of a page: where it goes, and what it sends as it stands."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and told.get("method") == "post":
            self.found.append(Form(told.get("action", "")))
        unchosen = told.get("type") in {"radio", "checkbox"} and "checked" not in told
        if tag == "input" and self.found and told.get("name") and not unchosen:
            self.found[-1].fields[told["name"]] = told.get("value", "")


@dataclass
class Browser:
    """Somebody who looks at an install."""

    base: str
    session: requests.Session = field(default_factory=requests.Session)
    shown: list[tuple[str, bytes]] = field(default_factory=list)
    """Every address and what it answered, headers too."""

    def get(self, path: str, **options: Any) -> requests.Response:
        return self._kept(self.session.get(urljoin(self.base, path), timeout=60, **options))

    def send(self, page: requests.Response, action: str = "", **typed: str) -> requests.Response:
        """Send the page's form that goes to this address; '' is the page itself."""
        reader = _Forms()
        reader.feed(page.text)
        form = next(form for form in reader.found if form.action == action)
        there = urljoin(page.url, form.action)
        told = {**form.fields, **typed}
        return self._kept(self.session.post(there, told, headers={"Referer": page.url}, timeout=60))

    def _kept(self, last: requests.Response) -> requests.Response:
        for answer in (*last.history, last):
            self.shown.append((answer.url, str(answer.headers).encode() + answer.content))
        return last
