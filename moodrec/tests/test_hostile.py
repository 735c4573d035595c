"""The most hostile library there is, through the whole product: nothing breaks, nothing breaks out."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Q
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from playwright.sync_api import Browser, Locator, Page, expect

from feedback import log
from feedback.models import Feedback
from mlmodel import learn
from mlmodel.models import ModelVersion, MoodRule
from mlmodel.moods import Rule
from mlmodel.moodtable import rules as mood_rules
from moodrec.jobs import queue, run
from moodrec.jobs.models import Job
from moodrec.tests import builders
from moodrec.tests.chromium import PHONE
from moodrec.tests.every_page import places, watched
from moodrec.tests.injections import found_in_page, is_of_the_library, strict_json
from moodrec.tests.installs import Install, free_ports, home_of
from moodrec.tests.test_access import ROUTES
from moodrec.tests.test_journey import own_account
from plexsync import sync
from plexsync.demo.hostile import PAYLOADS, hostile_library
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, MediaItem, Viewer
from recommender import gatherings
from recommender.models import Guest

MOODS = "/admin/mlmodel/moodrule/"
PEOPLE = """
from plexsync.demo.hostile import PAYLOADS
from plexsync.models import Library, Viewer
for payload in PAYLOADS[:6]:
    Viewer.add(payload[:40])
for library, payload in zip(Library.objects.all(), PAYLOADS):
    Library.objects.filter(pk=library.pk).update(title=payload[:100])
"""
GUESTS = """
from django.contrib.auth.models import User
from moodrec.tests.test_hostile import guests_named_so
guests_named_so(User.objects.get(username="ada"))
"""
MOST = 25  # suggestions an ask, so that the page holds many titles


# --- the finder finds ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "payload", [p for p in PAYLOADS if "<" in p or "onmouse" in p or "onf" in p]
)
@pytest.mark.parametrize("place", ["<p>{}</p>", '<a title="{}">x</a>', "<a title='{}'>x</a>"])
def test_what_breaks_out_is_found(payload: str, place: str) -> None:
    broken = [found_in_page(where.format(payload)) for where in (place, "<p>{}</p>", '<b x="{}">')]
    broken.append(found_in_page(f"<b x='{payload}'>"))
    assert any(broken), payload


def test_not_a_number_is_found() -> None:
    with pytest.raises(ValueError, match="NaN"):
        strict_json('{"year": NaN}')


# --- every page and every answer ----------------------------------------------------------------


@pytest.fixture
def plex() -> Iterator[DemoPlex]:
    with DemoPlex(hostile_library(), token="canary-token-of-ana") as server:
        yield server


@pytest.fixture
def house(plex: DemoPlex, ada: User, ben: User) -> User:
    """A household that did everything with these titles that can be done; its owner."""
    sync.connect(plex.url, plex.token)
    switches = ("write_stars", "tonight_playlist", "mood_playlists", "mood_collections")
    Connection.objects.update(**dict.fromkeys(switches, True))
    assert job("sync").state == "succeeded"
    _say_something_of_everything(ada, ben)
    guests_named_so(ada)
    Viewer.objects.filter(user=ben).update(name=PAYLOADS[2])
    mood_rules.change([Rule("collection", payload[:100], "funny", 2.0) for payload in PAYLOADS])
    for kind in ("plays", "train", "stars", "shelves"):
        done = job(kind)
        assert done.state == "succeeded", (kind, done.detail)
    return ada


def guests_named_so(host: User) -> str:
    """Invite a guest of each hostile name; return the link's last part."""
    token = gatherings.invite(host)
    evening = gatherings.hosted_by(host)
    names = [payload[:40] for payload in PAYLOADS]
    Guest.objects.bulk_create(Guest(gathering=evening, name=name) for name in names)
    return token


def _say_something_of_everything(*users: User) -> None:
    items = list(MediaItem.objects.order_by("pk"))
    for user in users:
        viewer = Viewer.objects.get(user=user)
        for start in range(0, len(items), MOST):
            ask = builders.ask(viewers=[viewer], user=user)
            for place, item in enumerate(items[start : start + MOST], 1):
                shown = builders.suggestion(item, ask=ask, rank=place)
                if (item.pk + viewer.pk) % 3:
                    told = {"rating": 1 + item.pk % 5, "completed": bool(item.pk % 2)}
                    log.said(viewer, item, told, suggestion=shown)
        for item in items:
            builders.favorite(item, viewer=viewer)


def job(kind: str) -> Job:
    Job.objects.filter(state__in=Job.ACTIVE).delete()
    row = queue.request(kind)
    run.run(row.pk)
    row.refresh_from_db()
    return row


def addresses() -> Iterator[str]:
    """Every page, with every title on those that show one."""
    yield from (address for name, address in ROUTES if name not in {"welcome", "api-docs"})
    for number, item in enumerate(MediaItem.objects.order_by("pk")):
        yield f"/titles/{item.pk}/play"
        yield f"/api/media/{item.rating_key}"
        if item.title.startswith("Thumb") or not number % 10:  # the server draws each
            yield f"/posters/{item.pk}/150"
            yield f"/art/{item.pk}/640"
    for ask in Viewer.objects.get(name="Ada").asks.all():
        yield f"/asks/{ask.pk}"
        yield f"/api/asks/{ask.pk}"
    yield from (
        f"{page}?page={n}" for page in ("/history", "/api/media", "/api/asks") for n in range(1, 6)
    )
    yield from (f"/recommend?vibe={vibe}" for vibe in ("funny", "dark", "uplifting"))
    yield from (f"/recommend?vibe=funny&viewer=ada&viewer=ben&order={o}" for o in ("any", "first"))


def back_office() -> Iterator[str]:
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        if model is MoodRule:  # a single page, with a title to try
            yield from (f"{MOODS}?try={pk}&q=%3Cs" for pk in tried())
            continue
        rows = model._default_manager.order_by("pk").values_list("pk", flat=True)
        rows = rows if model is MediaItem else rows[:MOST]
        yield from (reverse(f"{name}_change", args=[pk]) for pk in rows)


def tried() -> list[int]:
    return list(MediaItem.objects.order_by("pk").values_list("pk", flat=True)[::7])


def trouble(browser: Client, address: str) -> list[str]:
    """Return what is wrong with the answer."""
    answer = browser.get(address)
    body = b"".join(answer) if answer.streaming else answer.content
    found = [f"status {answer.status_code}"] if answer.status_code >= 500 else []
    kind = answer.get("Content-Type", "")
    if "json" in kind:
        strict_json(body.decode())
    elif "html" in kind or "svg" in kind:
        found += found_in_page(body.decode())
    if "evil" in str(answer.headers) or "evil" in answer.cookies:
        found.append("a header that a title wrote")
    return [f"{address}: {each}" for each in found]


@pytest.mark.django_db
def test_no_page_breaks_and_no_title_breaks_out(house: User, plex: DemoPlex) -> None:
    assert MediaItem.objects.count() > 80
    owner, member = Client(raise_request_exception=False), Client(raise_request_exception=False)
    owner.force_login(house)
    member.force_login(User.objects.get(username="ben"))
    looked = list(addresses())
    assert len(looked) > 300
    found = [each for address in looked for each in trouble(owner, address)]
    found += [each for address in looked[::3] for each in trouble(member, address)]
    found += [each for address in back_office() for each in trouble(owner, address)]
    assert found == []
    _only_pictures_of_the_library_were_asked_for(plex)


def _only_pictures_of_the_library_were_asked_for(plex: DemoPlex) -> None:
    asked = [urlsplit(a.target) for a in plex.requests.asked if a.target.startswith("/photo")]
    paths = [parse_qs(each.query)["url"][0] for each in asked]
    assert paths
    assert [path for path in paths if not is_of_the_library(path)] == []


@pytest.mark.django_db
def test_the_words_of_a_hostile_title_are_shown_as_words(house: User) -> None:
    owner = Client()
    owner.force_login(house)
    for item in MediaItem.objects.filter(title__contains="{{"):
        page = owner.get(f"/titles/{item.pk}/play").content.decode()
        assert "{{ 7*7 }}" in page
    assert MediaItem.objects.filter(title__contains="<script>").exists()


@pytest.mark.django_db
def test_the_names_of_guests_are_shown_as_words(house: User) -> None:
    owner = Client()
    owner.force_login(house)
    page = owner.get("/").text
    assert found_in_page(page) == []
    assert escape(PAYLOADS[0][:40]) in page


@pytest.mark.django_db
def test_the_model_page_tells_of_hostile_names_as_words(house: User, ben: User) -> None:
    version = ModelVersion.objects.get(active=True)
    assert version.insight["moved"]
    named = [f"{kind} {each}" for each in PAYLOADS for kind in ("director", "collection", "genre")]
    beliefs = [{"trait": each, "logit": 0.4, "odds": 1.5, "answers": 2} for each in named]
    when = [{**each, "when": f"mood:{PAYLOADS[0]}"} for each in beliefs]
    version.insight |= {"household": beliefs, "viewers": {"ada": beliefs}, "moments": when}
    version.verdict = f"is in use {PAYLOADS[0]}"[:200]
    version.save()
    Feedback.objects.filter(pk__lte=Feedback.objects.order_by("pk")[9].pk).update(teaches=False)
    browser = Client()
    browser.force_login(house)
    page = browser.get("/model").content.decode()
    assert found_in_page(page) == []
    assert "style=" not in page
    assert escape(PAYLOADS[0]) in page
    assert "{{ 7*7 }}" in page
    for row in Feedback.objects.filter(Q(item__title__contains="<script>"))[:3]:
        browser.post(f"/model/answers/{row.pk}/aside")
        assert found_in_page(browser.get("/model").content.decode()) == []


@pytest.mark.django_db
def test_a_second_round_finds_nothing_to_do(house: User, plex: DemoPlex) -> None:
    job("sync")  # what the household wrote into Plex is seen
    done = job("sync")
    assert (done.result["created"], done.result["updated"], done.result["missing"]) == (0, 0, 0)
    assert job("stars").result["sent"] == 0
    assert job("shelves").result["changed"] == 0
    assert learn.evaluate_log()


# --- in a browser -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Install]]:
    """A fresh install, told of the hostile server; yields the link it printed, and the install."""
    with DemoPlex(hostile_library(), token="canary-token-of-ana") as plex:
        plex_there = {"PLEX_URL": plex.url, "PLEX_TOKEN": plex.token}
        install = Install(tmp_path_factory.mktemp("home"), {**plex_there, **free_ports()})
        with install.up() as link:
            for command in (["sync", "--json"], ["shell", "--verbosity=0", "--command", PEOPLE]):
                done = install.manage(*command)
                assert done.returncode == 0, done.stderr
            yield link, install


def _titles(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    address = "/api/media"
    while address:
        answer = strict_json(page.request.get(address).text())
        found += answer["results"]
        address = answer["next"]
    return found


def _rounds(page: Page) -> Iterator[int]:
    """Loosen what rules all out, spin three times; yield how many titles each round shows."""
    if not page.locator("article.card").count():  # late at night 90 minutes are all there is
        _onward(page, page.locator("button.way").first)
    again = page.get_by_role("button", name="Just spin again")
    yield page.locator("article.card").count()
    for _round in range(3):
        if not again.count():
            return
        _onward(page, again)
        yield page.locator("article.card").count()


def _onward(page: Page, button: Locator) -> None:
    before = page.url
    button.click()
    expect(page).not_to_have_url(before)
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


@pytest.mark.browser
@pytest.mark.processes
def test_in_a_browser_no_title_runs_anything(chromium: Browser, there: tuple[str, Install]) -> None:
    link, install = there
    context = chromium.new_context(viewport=PHONE, base_url=home_of(link))
    complaints: list[str] = []
    page = watched(context, complaints)
    asked_elsewhere: list[str] = []
    cards = 0
    home = urlsplit(home_of(link)).netloc
    page.on(
        "request",
        lambda request: (
            None if urlsplit(request.url).netloc == home else asked_elsewhere.append(request.url)
        ),
    )

    own_account(page, link)
    expect(page.get_by_role("button", name="Sign ada out")).to_be_visible()
    invited = install.manage("shell", "--verbosity=0", "--command", GUESTS)
    assert invited.returncode == 0, invited.stderr
    titles = _titles(page)
    assert len(titles) > 80
    walk = ["/", "/sync", "/history", "/favorites", "/people", "/giving-back", "/model", "/connect"]
    walk += [f"/titles/{number}/play" for number in range(1, len(titles), 6)]
    walk += [
        "/admin/plexsync/mediaitem/",
        "/admin/plexsync/library/",
        "/admin/mlmodel/modelversion/",
    ]
    walk += [f"/admin/mlmodel/moodrule/?try={number}" for number in range(1, len(titles), 20)]
    for vibe in ("Funny", "Dark", ""):
        page.goto("/")
        if vibe:
            page.get_by_label(vibe).check()
        page.get_by_role("button", name="Find our three").click()
        page.wait_for_url("**/asks/*")
        cards += sum(_rounds(page))
    ask = page.url.partition("/asks/")[2][:36]
    walk += [place.address for place in places(f"{home_of(link)}/", context, ask)]
    for address in walk:
        page.goto(address)
        complaints += page.evaluate("window.__violations")
        assert page.evaluate("window.__xss") is None, address
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"] or (
            "/admin/" in address
        ), address
    assert cards > 24  # of three asks, in up to four rounds
    assert complaints == []
    assert asked_elsewhere == []
    context.close()
