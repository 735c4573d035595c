"""Pictures on disk: within their quota, and nothing breaks where the disk does."""

import os
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.test import Client
from pytest_django import Settings

from moodrec.tests import builders
from plexsync import kept_pictures as module
from plexsync.demo.server import DemoPlex
from plexsync.kept_pictures import DAY, folder, keep, kept, sweep
from plexsync.models import MediaItem
from plexsync.posters import POSTER, picture, tag

JPEG = b"\xff\xd8\xff\xe0"
TEN_KB = JPEG + bytes(10 * 1024 - 4)


@pytest.fixture
def small(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quota of ten pictures, looked at after each."""
    settings.POSTER_CACHE_MB = 100 / 1024
    monkeypatch.setattr(module, "SWEEP_AFTER", 0)


@pytest.fixture
def film(plex: DemoPlex, db: None) -> MediaItem:
    builders.connection(url=plex.url, token=plex.token)
    return builders.title(thumb="/library/metadata/1001/thumb/1", rating_key="1001")


def names() -> list[str]:
    return sorted(path.name for path in folder().iterdir())


def used(name: str, seconds_ago: float) -> None:
    then = time.time() - seconds_ago
    os.utime(folder() / name, (then, then))


def test_what_is_kept_is_read_again() -> None:
    keep("a.img", JPEG)
    assert kept("a.img") == JPEG
    assert kept("b.img") is None


def test_the_folder_stays_within_its_quota_and_the_least_used_go_first(small: None) -> None:
    for number in range(10):
        keep(f"{number}.img", TEN_KB)
        used(f"{number}.img", DAY * (20 - number))
    kept("0.img")  # somebody looks at the oldest
    keep("new.img", TEN_KB)
    assert names() == ["0.img", *(f"{n}.img" for n in range(3, 10)), "new.img"]


def test_that_a_picture_was_used_is_noted_once_a_day() -> None:
    keep("a.img", JPEG)
    used("a.img", DAY - 60)
    before = (folder() / "a.img").stat().st_mtime
    kept("a.img")
    assert (folder() / "a.img").stat().st_mtime == before


def test_no_quota_keeps_nothing(settings: Settings) -> None:
    settings.POSTER_CACHE_MB = 0
    keep("a.img", JPEG)
    assert names() == []


def test_a_sweep_that_meets_another_one_goes_on(
    small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SWEEP_AFTER", 2)
    for number in range(20):
        keep(f"{number:02}.img", TEN_KB)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: sweep(), range(4)))
    assert sum(path.stat().st_size for path in folder().iterdir()) <= 100 * 1024


def _keep_often(name: str, data_dir: str) -> None:
    from django.conf import settings  # noqa: PLC0415 (in a process of its own)

    settings.DATA_DIR = Path(data_dir)
    for _ in range(100):
        keep(name, TEN_KB)
        assert kept(name) == TEN_KB


def test_two_processes_that_keep_the_same_picture_never_show_half_of_it(tmp_path: Path) -> None:
    context = get_context("fork")
    both = [context.Process(target=_keep_often, args=("a.img", str(tmp_path))) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    assert names() == ["a.img"]


def test_nothing_is_kept_where_the_disk_is_almost_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAST_FREE", 2**62)
    keep("a.img", JPEG)
    assert names() == []


def test_a_disk_that_fills_keeps_no_half_of_a_picture() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        keep("x.img", JPEG * 1_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert names() == []


def _gone() -> None:
    for path in folder().iterdir():
        path.unlink()
    folder().rmdir()


def _in_the_way() -> None:
    _gone()
    folder().write_text("a file where the folder should be")


def _read_only() -> None:
    folder().chmod(0o500)


@pytest.mark.parametrize("harm", [_gone, _in_the_way, _read_only])
def test_a_folder_that_went_costs_the_cache_and_not_the_picture(
    film: MediaItem, harm: object
) -> None:
    browser = Client()
    browser.force_login(builders.member())
    assert browser.get(f"/posters/{film.pk}/300")["Content-Type"] == "image/jpeg"
    harm()  # type: ignore[operator]
    try:
        for width in (300, 600):
            answer = browser.get(f"/posters/{film.pk}/{width}")
            assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    finally:
        if folder().is_dir():
            folder().chmod(0o700)


def test_a_folder_that_went_while_plex_is_away_leaves_a_drawn_picture(
    film: MediaItem, plex: DemoPlex
) -> None:
    browser = Client()
    browser.force_login(builders.member())
    browser.get(f"/posters/{film.pk}/300")
    _in_the_way()
    plex.stop()
    answer = browser.get(f"/posters/{film.pk}/300")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")


@pytest.mark.parametrize("spoilt", [b"", bytes(100), b"<html>"])
def test_a_file_that_a_power_cut_spoilt_is_fetched_again(film: MediaItem, spoilt: bytes) -> None:
    whole = picture(film, POSTER, 150)
    (folder() / f"{tag(film, POSTER, 150)}.img").write_bytes(spoilt)
    assert picture(film, POSTER, 150) == whole
    assert kept(f"{tag(film, POSTER, 150)}.img") == (whole or ("", ""))[0]


def _crafted() -> list[str]:
    """Sixty ways to say "one folder up" and worse."""
    ups = ["../", "..%2f", "..%252f", "..\\", "%2e%2e/", "....//", "..%c0%af", "/", "~/", ".\x00./"]
    ends = ["etc/passwd", "secrets/data.key", "db.sqlite3", "x" * 5_000, "\x00.jpg", "a\nb"]
    return [up * 3 + end for up in ups for end in ends]


@pytest.mark.parametrize("path", _crafted())
def test_no_name_of_a_picture_leads_out_of_the_folder(film: MediaItem, path: str) -> None:
    """Not even where a path got past every gate before."""
    browser = Client()
    browser.force_login(builders.member())
    MediaItem.objects.update(thumb=path)
    for width in POSTER.widths:
        answer = browser.get(f"/posters/{film.pk}/{width}")
        assert answer["Content-Type"] in {"image/jpeg", "image/png", "image/webp", "image/svg+xml"}
    film.thumb = unquote(path)
    keep(f"{tag(film, POSTER, 150)}.img", JPEG)
    [file] = folder().rglob("*")
    assert file.parent == folder()
    assert file.name == f"{tag(film, POSTER, 150)}.img"
