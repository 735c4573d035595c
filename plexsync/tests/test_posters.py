"""The picture door: our sizes, nothing but pictures of this library, nothing for strangers."""

import io
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from PIL import Image

from moodrec.tests import builders
from plexsync import posters as module
from plexsync.client import images
from plexsync.demo.server import DemoPlex
from plexsync.kept_pictures import folder
from plexsync.models import Connection, MediaItem
from plexsync.posters import ART, POSTER, content_type, picture
from plexsync.records import title_record
from plexsync.templatetags import pictures
from plexsync.tests.listeners import Listener, listening

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff\xe0"


@pytest.fixture
def film(plex: DemoPlex) -> MediaItem:
    builders.connection(url=plex.url, token=plex.token)
    return builders.title(thumb="/library/metadata/1001/thumb/1", rating_key="1001")


@pytest.fixture
def browser(db: None) -> Client:
    """Ben's browser; `client` is the Plex client in these tests."""
    browser = Client()
    browser.force_login(builders.member())
    return browser


def poster(item: MediaItem, width: int) -> tuple[bytes, str] | None:
    return picture(item, POSTER, width)


@pytest.mark.parametrize("width", POSTER.widths)
def test_a_poster_comes_in_our_sizes(film: MediaItem, browser: Client, width: int) -> None:
    answer = browser.get(f"/posters/{film.pk}/{width}")
    assert answer["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(answer.content)).size == (width, width * 3 // 2)


@pytest.mark.parametrize("width", ART.widths)
def test_art_comes_in_our_sizes(film: MediaItem, browser: Client, width: int) -> None:
    MediaItem.objects.update(art="/library/metadata/1001/art/1")
    answer = browser.get(f"/art/{film.pk}/{width}")
    assert answer["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(answer.content)).size == (width, width * 9 // 16)


@pytest.mark.parametrize("width", [0, 1, 299, 640, 10_000, 10**30])
def test_other_sizes_do_not_exist(film: MediaItem, browser: Client, width: int) -> None:
    assert browser.get(f"/posters/{film.pk}/{width}").status_code == 404
    assert browser.get(f"/art/{film.pk}/300").status_code == 404


def test_a_poster_is_asked_of_plex_once(film: MediaItem, plex: DemoPlex) -> None:
    first = poster(film, 150)
    plex.stop()
    assert poster(film, 150) == first
    assert plex.requests.kinds["photo"] == 1
    assert len(list(folder().iterdir())) == 1


def test_a_new_picture_of_the_same_title_is_fetched(film: MediaItem, plex: DemoPlex) -> None:
    poster(film, 150)
    film.thumb = "/library/metadata/1001/thumb/2"
    poster(film, 150)
    assert plex.requests.kinds["photo"] == 2


@pytest.mark.parametrize(
    "fault", [{"status": 401}, {"status": 503}, {"reset": True}, {"html": True}]
)
def test_a_title_has_a_drawn_poster_while_plex_is_away(
    film: MediaItem, browser: Client, plex: DemoPlex, fault: dict[str, object]
) -> None:
    plex.faults.set({**fault, "only_path": "/photo"})
    answer = browser.get(f"/posters/{film.pk}/300")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert b"Alien" in answer.content
    # and it's not kept: once Plex is back, the picture is shown
    plex.faults.clear()
    module.forget()
    assert browser.get(f"/posters/{film.pk}/300")["Content-Type"] == "image/jpeg"


def test_a_drawn_poster_tells_the_title_as_text(browser: Client) -> None:
    item = builders.title("<script>&", thumb="")
    content = browser.get(f"/posters/{item.pk}/300").content
    assert b"&lt;script&gt;&amp;" in content


@pytest.mark.parametrize("body", [b"<svg xmlns='x'/>", b"<html>", b"GIF89a", b"", b"RIFFxxxxAVI "])
def test_what_is_no_picture_is_not_passed_on(browser: Client, body: bytes) -> None:
    with listening(body, "image/jpeg") as liar:
        builders.connection(url=liar.url)
        item = builders.title(thumb="/library/metadata/1/thumb/1")
        answer = browser.get(f"/posters/{item.pk}/150")
    assert answer["Content-Type"] == "image/svg+xml"  # ours
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not body or body not in answer.content
    assert len(liar.asked) == 1
    assert not folder().exists()


def test_the_kind_is_read_from_the_bytes() -> None:
    assert content_type(JPEG) == "image/jpeg"
    assert content_type(b"\x89PNG\r\n\x1a\n") == "image/png"
    assert content_type(b"RIFF\x00\x00\x00\x00WEBPVP8 ") == "image/webp"
    assert content_type(b"<svg/>") is content_type(b"RIFF\x00\x00\x00\x00AVI ") is None


def test_a_title_of_another_server_is_asked_of_that_one(film: MediaItem, plex: DemoPlex) -> None:
    Connection.objects.update(active=False)
    builders.connection(machine_identifier="other", url="http://127.0.0.1:9")
    assert poster(film, 150) is not None


def test_strangers_see_no_poster(film: MediaItem) -> None:
    for kind in ("posters", "art"):
        answer = Client().get(f"/{kind}/{film.pk}/300")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in")


def test_a_title_that_does_not_exist_has_no_poster(browser: Client) -> None:
    assert browser.get("/posters/999999/300").status_code == 404


def test_the_token_stays_here(film: MediaItem, browser: Client, plex: DemoPlex) -> None:
    answer = browser.get(f"/posters/{film.pk}/300")
    assert plex.token not in str(answer.headers)
    assert plex.token.encode() not in answer.content


def test_a_browser_asks_again_after_a_day_and_is_told_that_nothing_changed(
    film: MediaItem, browser: Client, plex: DemoPlex
) -> None:
    first = browser.get(f"/posters/{film.pk}/150")
    assert first["Cache-Control"] == "private, max-age=86400"
    again = browser.get(f"/posters/{film.pk}/150", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == first["Cache-Control"]


def test_a_browser_that_has_the_old_poster_is_sent_the_new_one(
    film: MediaItem, browser: Client, plex: DemoPlex
) -> None:
    old = browser.get(f"/posters/{film.pk}/150")["ETag"]
    MediaItem.objects.update(thumb="/library/metadata/1001/thumb/2")
    answer = browser.get(f"/posters/{film.pk}/150", headers={"if-none-match": old})
    assert answer.status_code == 200
    assert answer["ETag"] != old


def test_a_drawn_poster_is_asked_for_again_soon(browser: Client) -> None:
    answer = browser.get(f"/posters/{builders.title(thumb='').pk}/300")
    assert answer["Cache-Control"] == "private, max-age=60"
    assert "ETag" not in answer


def test_a_plex_that_does_not_answer_is_left_alone_for_a_while(
    film: MediaItem, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "IMAGE_SECONDS", 0.2)
    plex.faults.set({"slow_ms": 1_000, "only_path": "/photo"})
    assert poster(film, 150) is None
    plex.faults.clear()
    monkeypatch.setattr(images, "IMAGE_SECONDS", 5)
    assert poster(film, 150) is None
    assert plex.requests.kinds["photo"] == 1
    monkeypatch.setattr(module, "_left_alone", {plex.url: time.monotonic()})  # the while is over
    assert poster(film, 150) is not None


def test_an_image_that_plex_lacks_does_not_hide_the_others(film: MediaItem, plex: DemoPlex) -> None:
    plex.faults.set({"status": 404, "only_path": "/photo"})
    assert poster(film, 150) is None
    plex.faults.clear()
    assert poster(film, 300) is not None


@pytest.mark.django_db(transaction=True)
def test_two_are_fetched_at_a_time_and_nobody_waits_for_long(
    film: MediaItem, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SLOT_SECONDS", 0.05)
    plex.faults.set({"slow_ms": 1_000, "only_path": "/photo"})
    film.library.connection  # noqa: B018 (read here, so that no thread needs the database)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: poster(film, 150) is not None, range(8)))
    assert sorted(found) == [False] * 6 + [True] * 2
    assert poster(film, 300) is not None  # both slots are free again


# --- what a browser may keep ------------------------------------------------------------------


def test_an_address_that_names_its_picture_is_asked_once(film: MediaItem, browser: Client) -> None:
    answer = browser.get(pictures.poster(film, 300))
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer["Content-Type"] == "image/jpeg"


def test_another_picture_has_another_address(film: MediaItem) -> None:
    before = pictures.poster(film, 300)
    film.thumb = "/library/metadata/1001/thumb/2"
    assert pictures.poster(film, 300) != before


@pytest.mark.parametrize("named", ["", "x", "http://127.0.0.1/", "0" * 12])
def test_an_address_that_names_another_picture_is_not_kept_for_long(
    film: MediaItem, browser: Client, named: str
) -> None:
    answer = browser.get(f"/posters/{film.pk}/300", {"v": named})
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, max-age=60")
    assert answer["Content-Type"] == "image/jpeg"


def test_a_drawn_picture_is_never_kept_for_ever(browser: Client) -> None:
    item = builders.title(thumb="")
    assert browser.get(pictures.poster(item, 300))["Cache-Control"] == "private, max-age=60"


@pytest.mark.parametrize("kind", ["posters", "art"])
def test_head_is_get_without_the_picture(film: MediaItem, browser: Client, kind: str) -> None:
    width = 300 if kind == "posters" else 640
    answer = browser.head(f"/{kind}/{film.pk}/{width}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert browser.post(f"/{kind}/{film.pk}/{width}").status_code == 405


def test_every_page_names_its_pictures(film: MediaItem) -> None:
    """So no page of ours makes a browser ask twice for the same poster."""
    browser = Client()
    user = builders.owner()
    browser.force_login(user)
    ada = builders.viewer("Ada", user=user)
    shown = builders.suggestion(film, ask=builders.ask(viewers=[ada], user=user))
    builders.favorite(film, viewer=ada)
    address = f"/posters/{film.pk}/"
    for page in (f"/asks/{shown.ask_id}", "/history", "/favorites", "/admin/plexsync/mediaitem/"):
        text = browser.get(page).content.decode()
        found = [each.split('"')[0].split()[0] for each in text.split(address)[1:]]
        assert found, page
        assert {each.partition("?v=")[2] for each in found} == {
            pictures.poster(film, 300).partition("?v=")[2]
        }, page


# --- nobody makes us fetch from elsewhere -----------------------------------------------------


@pytest.fixture
def canary() -> Iterator[Listener]:
    """A server that nobody may ask for anything."""
    with listening(JPEG, "image/jpeg") as listener:
        yield listener


def test_the_route_takes_our_numbers_and_nothing_else(
    film: MediaItem, browser: Client, plex: DemoPlex, canary: Listener
) -> None:
    there = canary.url
    crafted = [
        f"/posters/{there}/300", "/posters//evil/300", f"/posters/%2e%2e/{there}", "/posters/../300",
        f"/posters/{film.pk}/300/{there}", f"/posters/{film.pk}%2f..%2f/300", "/posters/-1/300",
        f"/posters/{film.pk}/..%252f", f"/posters/{'9' * 40}/300", f"/posters/{film.pk}/3e2",
        f"/posters/{film.pk}%00/300", f"/posters/{film.pk};url={there}/300", "/posters/ /300",
        f"/art/{there}/640", f"/art/{film.pk}/640/..", f"/art/{'9' * 40}/640",
    ]  # fmt: skip
    for path in crafted:
        assert browser.get(path).status_code == 404, path
    assert plex.requests.kinds["photo"] == 0
    for name in ("url", "img", "path", "src", "thumb", "v"):
        answer = browser.get(f"/posters/{film.pk}/300", {name: f"{there}/x.jpg"})
        assert answer.status_code == 200
    assert canary.asked == []


HOSTILE = [
    "http://169.254.169.254/x", "//evil/x", "/library/../../", "/photo/:/transcode?url={there}",
    "{there}/library/metadata/1/thumb/1", "/library/metadata/1/thumb/1?url={there}", "file:///etc/passwd",
    "/library/metadata/1/thumb/1/../../../..", "/library/metadata/1/thumb/1#@{there}",
    "@127.0.0.1/library/metadata/1/thumb/1", "\\\\evil\\x", "/library/metadata/1/thumb/1\n", "{there}",
    "/library/metadata/1%2f..%2f/thumb/1", "/:/resources/x.png", "media://1/thumb", "upload://x",
]  # fmt: skip


@pytest.mark.parametrize("path", HOSTILE)
def test_a_path_that_leads_elsewhere_is_dropped_on_its_way_in(
    plex: DemoPlex, browser: Client, canary: Listener, path: str
) -> None:
    """Second-order: what Plex says of a title is as little to be believed as what a client says."""
    told = path.replace("{there}", canary.url)
    element = ET.Element("Video", ratingKey="1001", title="Alien", thumb=told, art=told)
    fields = title_record(element).fields
    assert (fields["thumb"], fields["art"]) == ("", "")
    builders.connection(url=plex.url, token=plex.token)
    item = builders.title(thumb=fields["thumb"], art=fields["art"])
    for address in (pictures.poster(item, 300), pictures.art(item, 640)):
        assert browser.get(address)["Content-Type"] == "image/svg+xml"
    assert canary.asked == []
    assert plex.requests.kinds["photo"] == 0


def test_a_redirect_to_elsewhere_is_not_followed(browser: Client, canary: Listener) -> None:
    with listening(b"", "image/jpeg", status=302, location=f"{canary.url}/x") as plex:
        builders.connection(url=plex.url)
        item = builders.title(thumb="/library/metadata/1/thumb/1")
        assert browser.get(f"/posters/{item.pk}/300")["Content-Type"] == "image/svg+xml"
    assert len(plex.asked) == 1
    assert canary.asked == []


def test_a_server_that_is_reached_by_relay_is_asked_for_no_pictures(
    film: MediaItem, plex: DemoPlex
) -> None:
    relay = {"uri": plex.url, "local": False, "relay": True}
    Connection.objects.update(addresses=[relay])
    item = MediaItem.objects.get()
    assert poster(item, 150) is None
    assert plex.requests.kinds["photo"] == 0
    Connection.objects.update(addresses=[{**relay, "relay": False}, {"uri": "x", "relay": True}])
    assert poster(MediaItem.objects.get(), 150) is not None
