"""The poster door: our sizes, kept on disk, nothing but pictures, nothing for strangers."""

import io
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.test import Client
from PIL import Image
from pytest_django import Settings

from moodrec.tests import builders
from plexsync import posters as module
from plexsync.client import server as client_module
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, MediaItem
from plexsync.posters import WIDTHS, content_type, folder, poster

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff\xe0"


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture(autouse=True)
def _nobody_is_left_alone() -> None:
    module._left_alone.clear()


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


@pytest.mark.parametrize("width", WIDTHS)
def test_a_poster_comes_in_our_sizes(film: MediaItem, browser: Client, width: int) -> None:
    answer = browser.get(f"/posters/{film.pk}/{width}")
    assert answer["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(answer.content)).size == (width, width * 3 // 2)


@pytest.mark.parametrize("width", [0, 1, 299, 10_000])
def test_other_sizes_do_not_exist(film: MediaItem, browser: Client, width: int) -> None:
    assert browser.get(f"/posters/{film.pk}/{width}").status_code == 404


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
    module._left_alone.clear()
    assert browser.get(f"/posters/{film.pk}/300")["Content-Type"] == "image/jpeg"


def test_a_drawn_poster_tells_the_title_as_text(browser: Client) -> None:
    item = builders.title("<script>&", thumb="")
    content = browser.get(f"/posters/{item.pk}/300").content
    assert b"&lt;script&gt;&amp;" in content


@pytest.mark.parametrize("body", [b"<svg xmlns='x'/>", b"<html>", b"GIF89a", b"", b"RIFFxxxxAVI "])
def test_what_is_no_picture_is_not_passed_on(body: bytes) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg")  # a lie
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    builders.connection(url=f"http://127.0.0.1:{server.server_address[1]}")
    found = poster(builders.title(thumb="/library/metadata/1/thumb/1"), 150)
    server.shutdown()
    server.server_close()
    thread.join()
    assert found is None
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


def test_a_full_disk_costs_the_cache_and_not_the_picture(film: MediaItem, tmp_path: Path) -> None:
    folder().write_text("in the way")  # a file where the folder should be: nothing can be kept
    assert poster(film, 150) is not None


def test_strangers_see_no_poster(film: MediaItem) -> None:
    answer = Client().get(f"/posters/{film.pk}/300")
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
    monkeypatch.setattr(client_module, "IMAGE_SECONDS", 0.2)
    plex.faults.set({"slow_ms": 1_000, "only_path": "/photo"})
    assert poster(film, 150) is None
    plex.faults.clear()
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


def test_a_disk_that_fills_keeps_no_half_of_a_poster(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        module._keep(folder() / "x.img", JPEG * 1_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(folder().iterdir()) == []
