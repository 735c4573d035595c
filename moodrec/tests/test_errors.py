"""Whatever goes wrong, a person is told in words what to do, by real requests."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from moodrec import urls

HTML = {"accept": "text/html"}


def broken(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret detail")


@login_not_required
def often(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=429, headers={"Retry-After": "60"})


@login_not_required
def untakable(_request: HttpRequest) -> HttpResponse:
    raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")


@login_not_required
def unstored(request: HttpRequest) -> HttpResponse:
    raise OperationalError(request.GET["said"])


@login_not_required
def remembered(request: HttpRequest) -> HttpResponse:
    request.session["look"] = "dark"
    return HttpResponse()


class Broken:
    """The product's addresses, some that break and one that is asked for too often."""

    urlpatterns = [path("broken", broken), path("often", often), path("untakable", untakable),
                   path("unstored", unstored), path("remembered", remembered),
                   *urls.urlpatterns]  # fmt: skip
    handler400 = urls.handler400
    handler500 = urls.handler500


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [("/nowhere", 404, "This reel is missing"), ("/connect/demo", 405, "No page behind this door"),
     ("/people", 403, "This door is for the owner")],
)  # fmt: skip
def test_a_page_that_can_t_be_shown_keeps_the_way_on(
    client: Client, ada: User, ben: User, address: str, status: int, words: str
) -> None:
    client.force_login(ben if status == 403 else ada)
    answer = client.get(address, headers=HTML)
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert 'class="nav"' in page
    assert ("Allow" in answer) == (status == 405)


@pytest.mark.django_db
def test_it_is_told_in_the_reader_s_language_and_to_programs_briefly(
    client: Client, ada: User
) -> None:
    client.force_login(ada)
    assert client.get("/connect/demo", HTTP_ACCEPT="application/json").content == b""
    page = client.get("/nowhere", HTTP_ACCEPT_LANGUAGE="de")
    assert '<html lang="de"' in page.content.decode()


@override_settings(ROOT_URLCONF=Broken)
@pytest.mark.parametrize(
    ("said", "status", "kind", "words"),
    [("database or disk is full", 507, "full", "the disk that holds MoodRec’s data is full"),
     ("could not extend file: No space left on device", 507, "full", "has made room"),
     ("database is locked", 503, "busy", "busy for too long"),
     ("connection failed: Connection refused", 503, "away", "The database does not answer"),
     ("server closed the connection unexpectedly", 503, "away", "The database does not answer"),
     ("the connection is closed", 503, "away", "The database does not answer"),
     ("failed to resolve host 'postgres': [Errno -3] Temporary failure in name resolution",
      503, "away", "The database does not answer"),
     ("could not translate host name", 503, "away", "The database does not answer"),
     ("no such table: feedback_ask", 500, "", "The film tore"),
     ("no such table: plexsync_connection", 500, "", "The film tore")],
)  # fmt: skip
def test_what_can_t_be_stored_names_its_cause_and_fills_no_log(
    client: Client, caplog: pytest.LogCaptureFixture, said: str, status: int, kind: str, words: str
) -> None:
    client.raise_request_exception = False
    answer = client.get("/unstored", {"said": said}, headers=HTML)
    page = answer.content.decode()
    assert answer.status_code == status
    assert answer.get("X-Obstacle", "") == kind
    assert words in page
    assert said not in page
    assert said in caplog.text
    assert ("Traceback" in caplog.text) == (not kind)
    brief = client.get("/unstored", {"said": said}, headers={"accept": "application/json"})
    assert brief.status_code == status
    assert not kind or list(brief.json()) == ["detail"]


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=Broken)
def test_a_session_that_can_t_be_stored_is_not_the_browser_s_fault(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_named: object) -> None:
        raise OperationalError("database or disk is full")

    client.force_login(ada)
    monkeypatch.setattr(SessionStore.get_model_class(), "save", full)
    answer = client.get("/remembered", headers=HTML)
    assert (answer.status_code, answer["X-Obstacle"]) == (507, "full")


@override_settings(ROOT_URLCONF=Broken)
def test_what_the_database_can_t_take_is_a_bad_request_and_in_the_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/untakable", headers=HTML)
    assert answer.status_code == 400
    assert "NUL" not in answer.content.decode()
    assert "could not take what was sent" in caplog.text


@override_settings(ROOT_URLCONF=Broken)
def test_the_page_of_a_torn_film_needs_no_database() -> None:
    """No database is allowed in this test at all; the session in the cookie makes us ask it."""
    browser = Client(raise_request_exception=False, headers={"accept": "text/html"})
    browser.cookies["moodrec_session"] = "x" * 32
    answer = browser.get("/broken")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "The film tore" in page
    assert "secret" not in page


@override_settings(ROOT_URLCONF=Broken)
def test_what_is_asked_for_too_often_is_told_so_with_the_time_to_wait(client: Client) -> None:
    answer = client.get("/often", headers=HTML)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert "Let us catch our breath" in answer.text
    assert client.get("/often", headers={"accept": "application/json"}).content == b""


@pytest.mark.django_db
def test_whoever_guesses_passwords_is_told_how_long_to_wait(client: Client, ada: User) -> None:
    for _ in range(6):
        answer = client.post("/sign-in", {"username": "ada", "password": "no"}, headers=HTML)
    assert answer.status_code == 429
    assert "<h1>" in answer.text


@pytest.mark.django_db
def test_too_much_at_once_is_said_so(client: Client, ada: User) -> None:
    client.force_login(ada)
    with override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=3):
        answer = client.post("/connect", {f"field{n}": "x" for n in range(9)}, headers=HTML)
    assert answer.status_code == 413
    assert "too much at once" in answer.content.decode()


def test_an_unknown_name_is_told_its_cure_and_not_repeated(client: Client) -> None:
    answer = client.get("/", HTTP_HOST="evil.example.com")
    assert answer.status_code == 400
    assert "ALLOWED_HOSTS" in answer.content.decode()
    assert "evil" not in answer.content.decode()


@pytest.mark.django_db
def test_a_form_that_is_too_old_changes_nothing_and_says_so(ada: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ada)
    answer = browser.post("/sync", headers=HTML)
    assert answer.status_code == 403
    assert "That page was too old" in answer.content.decode()


@pytest.mark.django_db
def test_a_session_that_is_over_leads_back_to_the_page_not_to_a_part_of_it(client: Client) -> None:
    """A fragment must not become a sign-in form, and no button's address be opened afterwards."""
    told = {"HX-Request": "true", "HX-Current-URL": "http://testserver/history?viewer=ben"}
    answer = client.post("/suggestions/1/feedback", headers=told)
    assert answer["HX-Redirect"] == "/sign-in?next=%2Fhistory%3Fviewer%3Dben"
    posted = client.post(
        "/suggestions/1/feedback", headers={"referer": "http://testserver/history"}
    )
    assert posted["Location"] == "/sign-in?next=%2Fhistory"
    assert client.get("/history")["Location"] == "/sign-in?next=/history"


@pytest.mark.django_db
def test_a_way_back_elsewhere_is_not_followed(client: Client, ada: User) -> None:
    there = client.post("/sync", headers={"referer": "https://evil.example/steal"})["Location"]
    assert "evil" not in there


@pytest.mark.django_db
def test_pictures_travel_as_they_are_and_text_is_compressed(client: Client, ada: User) -> None:
    client.force_login(ada)
    page = client.get("/history", headers={"accept-encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert "camera=()" in page["Permissions-Policy"]
    assert page["Cross-Origin-Opener-Policy"] == "same-origin"


def test_even_a_name_that_is_not_ours_is_refused_with_every_header(client: Client) -> None:
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    for name in ("Content-Security-Policy", "Permissions-Policy", "Referrer-Policy"):
        assert name in answer, name
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("page", ["/", "/history", "/titles/999999", "/api/viewers"])
def test_no_cache_on_the_way_keeps_what_names_somebody(
    client: Client, ada: User, page: str
) -> None:
    client.force_login(ada)
    assert "private" in client.get(page)["Cache-Control"]
