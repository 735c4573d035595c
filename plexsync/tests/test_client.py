"""The client against a real HTTP server: every page is read, every failure has a name."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from plexsync.client import PlexClient, PlexError, asking, calling, fingerprint
from plexsync.client import server as module
from plexsync.demo.server import DemoPlex
from plexsync.records import Section

FILMS = Section("1", "movie", "Films")
LISTING = "/library/sections/1/all"


def listed(client: PlexClient, size: int = 100) -> list[str]:
    pages = client.listing(FILMS, size=size)
    return [entry.attrib["ratingKey"] for page in pages for entry in page.entries]


@contextmanager
def serving(answer: Any) -> Iterator[str]:
    """A web server that is no Plex: every GET is answered by `answer(handler)`."""

    class Handler(BaseHTTPRequestHandler):
        do_GET = answer  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_only_libraries_of_films_and_series_are_ours(
    client: PlexClient, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plexsync.demo import routes_library  # noqa: PLC0415

    real = routes_library._section
    music = '<Directory key="9" type="artist" title="Music"/>'
    monkeypatch.setattr(routes_library, "_section", lambda *told: music + real(*told))
    assert [(s.key, s.type) for s in client.sections()] == [("1", "movie"), ("2", "show")]


def test_a_server_s_name_fits_our_column_whatever_it_says(
    client: PlexClient, plex: DemoPlex
) -> None:
    plex.library.name = "\x7f Den " * 90
    assert client.name.startswith("Den  Den")
    assert len(client.name) <= 200


def test_a_listing_is_read_page_by_page(client: PlexClient, plex: DemoPlex) -> None:
    pages = list(client.listing(FILMS, size=100))
    assert [len(page.entries) for page in pages] == [100, 100, 70]
    assert {page.total for page in pages} == {270}
    assert plex.requests.kinds["listing"] == 3


@pytest.mark.parametrize("fault", [{"cap_page": 40}, {"ignore_paging": True}, {"bad_char": True}])
def test_a_server_with_its_own_idea_of_pages_loses_nothing(
    client: PlexClient, plex: DemoPlex, fault: dict[str, Any]
) -> None:
    plex.faults.set({**fault, "only_path": LISTING})
    keys = listed(client)
    assert len(keys) == len(set(keys)) == 270


def test_repeated_pages_lose_nothing(client: PlexClient, plex: DemoPlex) -> None:
    plex.faults.set({"duplicate_pages": True, "only_path": LISTING})
    assert len(set(listed(client))) == 270


def test_a_listing_ends_though_the_server_promises_more_than_it_has(
    client: PlexClient, plex: DemoPlex
) -> None:
    # every answer is the same page, and says that there were ten times as many
    def promising(handler: Any) -> None:
        one = '<Video ratingKey="1" title="One"/>'
        body = f'<MediaContainer size="1" totalSize="10" friendlyName="x">{one}</MediaContainer>'
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body.encode())

    with serving(promising) as url:
        assert set(listed(PlexClient(url, "t", "c"))) == {"1"}


def test_full_records_come_in_batches(client: PlexClient, plex: DemoPlex) -> None:
    keys = listed(client, size=300)
    client.name  # noqa: B018 (connects)
    plex.requests.clear()
    assert [record.rating_key for record in client.titles(keys)] == keys
    assert dict(plex.requests.kinds) == {"metadata batch": 2}


def test_titles_that_plex_no_longer_has_are_left_out(client: PlexClient, plex: DemoPlex) -> None:
    plex.library.remove(1002)
    assert [r.rating_key for r in client.titles(["1001", "1002"])] == ["1001"]
    assert list(client.titles(["1002"])) == []


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"status": 401}, "denied"),
        ({"status": 403}, "forbidden"),
        ({"status": 404}, "missing"),
        ({"status": 503}, "busy"),
        ({"status": 520}, "busy"),
        ({"maintenance": "html"}, "busy"),
        ({"maintenance": "json"}, "busy"),
        ({"html": True}, "not_plex"),
        ({"truncate": True}, "not_plex"),
        ({"reset": True}, "unreachable"),
    ],
)
def test_every_failure_has_a_name(
    client: PlexClient, plex: DemoPlex, fault: dict[str, Any], kind: str
) -> None:
    client.sections()
    plex.faults.set(fault)
    with pytest.raises(PlexError) as caught:
        listed(client)
    assert caught.value.kind == kind


def test_no_failure_tells_the_token_or_the_address(client: PlexClient, plex: DemoPlex) -> None:
    plex.stop()
    with pytest.raises(PlexError) as caught:
        client.sections()
    assert caught.value.kind == "unreachable"
    told = f"{caught.value!r} {caught.value.__cause__!r}"
    assert plex.token not in told
    assert "127.0.0.1" not in told


def test_a_server_that_is_slower_than_our_patience_is_unreachable(
    client: PlexClient, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "READ_SECONDS", 0.1)
    plex.faults.set({"slow_ms": 1_000})
    with pytest.raises(PlexError, match="did not answer in time"):
        client.sections()


@pytest.mark.parametrize("url", ["http://", "nonsense", "http://[::1", "http://a b/", "ftp://x"])
def test_what_is_no_address_is_called_so(url: str) -> None:
    with pytest.raises(PlexError) as caught:
        PlexClient(url, "t", "c").sections()
    assert caught.value.kind in {"unreachable", "not_plex"}


def test_a_redirect_never_carries_the_token_away() -> None:
    visitors: list[str] = []

    def elsewhere(handler: Any) -> None:
        visitors.append(str(handler.headers))
        handler.send_response(200)
        handler.end_headers()

    with serving(elsewhere) as target:

        def redirecting(handler: Any) -> None:
            handler.send_response(302)
            handler.send_header("Location", target)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        with serving(redirecting) as url, pytest.raises(PlexError) as caught:
            PlexClient(url, "canary", "c").sections()
    assert caught.value.kind == "not_plex"
    assert visitors == []


def endless(status: int, read: list[bool]) -> Any:
    """Answer 80 MB, as a redirect too; ``read`` tells whether somebody read them all."""

    def answer(handler: Any) -> None:
        handler.send_response(status)
        handler.send_header("Location", "http://127.0.0.1:9/")
        handler.end_headers()
        with suppress(OSError):
            for _ in range(2_000):
                handler.wfile.write(b"<x/>" * 10_000)
            read.append(True)

    return answer


@pytest.mark.parametrize(
    ("status", "kind"), [(200, "unreachable"), (302, "not_plex"), (401, "denied")]
)
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_an_answer_without_end_is_not_read_to_it(
    method: str, status: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "MOST_BYTES", 1_000_000)
    read: list[bool] = []
    with serving(endless(status, read)) as url:
        client = PlexClient(url, "canary", "c", seconds=5)
        with pytest.raises(PlexError) as caught:
            client.query("/") if method == "GET" else client.send(method, "/")
    assert caught.value.kind == (kind if method == "GET" or status != 401 else "unreachable")
    assert not read


@pytest.mark.parametrize(("status", "failure"), [(200, "timeout"), (302, "redirect")])
def test_a_stranger_s_answer_without_end_is_not_read_either(status: int, failure: str) -> None:
    read: list[bool] = []
    with serving(endless(status, read)) as url:
        assert asking.ask(url).failure == failure
    assert not read


def test_a_fingerprint_changes_with_what_plex_says_of_a_title_not_with_what_was_done(
    client: PlexClient, plex: DemoPlex
) -> None:
    def prints() -> dict[str, str]:
        entries = next(iter(client.listing(FILMS))).entries
        return {entry.attrib["ratingKey"]: fingerprint(entry) for entry in entries}

    before = prints()
    titles = plex.library.titles
    plex.watching.play(1, titles[1001], 1_800_000_000)
    plex.watching.of(1).rate(1002, 9.0, 1_800_000_000)
    assert prints() == before
    titles[1003].genres = ("Western",)
    plex.library.changed(titles[1003], now=1_800_000_000)  # as every edit does
    titles[1004].title = "Renamed"
    titles[1005].collections = ("Rainy days",)
    changed = {key for key, value in prints().items() if before[key] != value}
    assert changed == {"1003", "1004", "1005"}


@pytest.mark.parametrize("size", ["abc", "1e3", "9" * 5_000])
def test_a_listing_whose_size_is_no_number_is_not_plex_s(size: str) -> None:
    def counting(handler: Any) -> None:
        body = f'<MediaContainer totalSize="{size}" friendlyName="x"/>'
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body.encode())

    with serving(counting) as url, pytest.raises(PlexError) as failure:
        listed(PlexClient(url, "token", "client-1"))
    assert failure.value.kind == "not_plex"
