"""Under a sub-path behind a real nginx: nothing leads out of it, whether the proxy keeps or strips it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
import requests
from playwright.sync_api import Browser, expect

from moodrec.tests import links
from moodrec.tests.chromium import PHONE
from moodrec.tests.demo_home import BASE, Home
from moodrec.tests.nginx import NGINX, nginx

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
]
ENOUGH = 2  # pages of a kind
SHUT = {"/api/favorites", "/train", "/feedback", "/api/sync"}  # they answer only to a POST


@pytest.fixture(scope="module")
def doors(demo_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with nginx(tmp_path_factory.mktemp("nginx"), BASE, demo_home.port) as origins:
        yield origins


@dataclass
class Walk:
    """Follows every link of our own, a few of each kind; keeps what it finds amiss."""

    origin: str
    browser: requests.Session = field(default_factory=requests.Session)
    seen: set[str] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)
    amiss: list[str] = field(default_factory=list)

    def follow(self, address: str, source: str = "") -> None:
        waiting = [(address, source)]
        while waiting:
            there, page = waiting.pop()
            there = urldefrag(there).url
            if self._is_new(there, page):
                waiting += [(urljoin(there, each), there) for each in self._visit(there, page)]

    def _is_new(self, address: str, page: str) -> bool:
        split = urlsplit(address)
        if f"{split.scheme}://{split.netloc}" != self.origin or address in self.seen:
            return False
        if not split.path.startswith(f"{BASE}/"):
            self.amiss.append(f"{page} leads out to {address}")
            return False
        self.seen.add(address)
        kind = re.sub(r"\d+|[0-9a-f]{8}-[0-9a-f-]{27}", "N", split.path)
        self.kinds[kind] += 1  # however its questions differ: filters combine without end
        return self.kinds[kind] <= ENOUGH

    def _visit(self, address: str, page: str) -> list[str]:
        answer = self.browser.get(
            address, timeout=60, allow_redirects=False, headers={"Accept": "text/html,*/*"}
        )
        path = urlsplit(address).path.removeprefix(BASE)
        if answer.status_code >= 400 and not (answer.status_code == 405 and path in SHUT):
            self.amiss.append(f"{answer.status_code} at {address}, linked from {page}")
        self._cookies(answer)
        if answer.is_redirect:
            return [answer.headers["Location"]]
        return self._links(answer)

    def _cookies(self, answer: requests.Response) -> None:
        for line in answer.raw.headers.getlist("Set-Cookie"):
            if f"; Path={BASE}/" not in line:
                self.amiss.append(f"{answer.url} sets {line.partition('=')[0]} elsewhere: {line}")

    def _links(self, answer: requests.Response) -> list[str]:
        kind = answer.headers.get("Content-Type", "")
        if "html" in kind:
            found, sent = links.of_page(answer.text)
            for each in sent:
                there = urlsplit(urljoin(answer.url, each))
                if there.netloc == urlsplit(self.origin).netloc and not there.path.startswith(
                    f"{BASE}/"
                ):
                    self.amiss.append(f"{answer.url} sends to {each}")
            return found
        if "css" in kind:
            return links.of_style(answer.text)
        return links.of_json(answer.text) if "json" in kind else []


@pytest.mark.parametrize("door", ["kept", "stripped"])
def test_nothing_leads_out_of_the_sub_path(
    demo_home: Home, doors: dict[str, str], door: str
) -> None:
    walk = Walk(doors[door])
    home = f"{doors[door]}{BASE}/"
    walk.follow(f"{home}sign-in")
    token = demo_home.new_link("demo").partition("/welcome/")[2]
    walk.follow(f"{home}welcome/{token}")
    for more in ("api/", "api/docs", "recommend?vibe=funny", "history", "admin/", "healthz",
                 "readyz", "sw.js", "offline", "manifest.webmanifest", "sign-in?next=/"):  # fmt: skip
        walk.follow(home + more)
    assert walk.amiss == []
    assert len(walk.seen) > 200
    routes = " ".join(walk.seen)
    assert all(f"{BASE}/{part}" in routes for part in ("static/", "posters/", "titles/", "asks/"))


def test_the_way_through_in_a_browser_stays_inside(
    demo_home: Home, doors: dict[str, str], chromium: Browser
) -> None:
    """Link → ask → three → spin → sign out, every request of it; and the app's scope is the sub-path."""
    context = chromium.new_context(viewport=PHONE, base_url=doors["stripped"])
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    page.goto(f"{BASE}/welcome/{demo_home.new_link('demo').partition('/welcome/')[2]}")
    page.get_by_role("button", name="Find our three").click()
    expect(page.locator("article.card")).to_have_count(3)
    scope = page.evaluate("navigator.serviceWorker.ready.then((found) => found.scope)")
    assert scope == f"{doors['stripped']}{BASE}/"
    page.get_by_role("button", name=re.compile("^Sign .* out$")).click()
    expect(page).to_have_url(re.compile(f"{BASE}/sign-in"))
    assert wrong == []
    assert [each for each in asked if not urlsplit(each).path.startswith(f"{BASE}/")] == []
    assert {cookie.get("path") for cookie in context.cookies()} <= {f"{BASE}/"}
    context.close()


def test_the_printed_link_and_the_data_the_api_names_carry_the_sub_path(demo_home: Home) -> None:
    assert f"{BASE}/welcome/" in demo_home.link
    key = demo_home.told("apikey", "demo").split()[-1]
    headers = {"Authorization": f"Token {key}"}
    shown = requests.get(f"{demo_home.url}recommend?vibe=funny", headers=headers, timeout=30).json()
    posters = [each["poster"] for each in shown["suggestions"]]
    assert posters
    assert all(poster.startswith(f"{BASE}/posters/") for poster in posters)
    job = requests.post(f"{demo_home.url}train", headers=headers, timeout=30).json()
    assert job["url"] == f"{BASE}/api/jobs/{job['job']}"


def test_files_named_by_content_are_kept_for_good_and_come_compressed(demo_home: Home) -> None:
    page = requests.get(f"{demo_home.url}sign-in", timeout=30).text
    style = re.search(r'href="(\S+/css/moodrec\.\w{12}\.css)"', page)
    assert style
    answer = requests.get(urljoin(demo_home.url, style[1]), timeout=30)
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert (Path(demo_home.install.folder) / "static" / "staticfiles.json").exists()
