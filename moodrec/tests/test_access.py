"""Every route denies unless it is listed here; no GET changes anything; headers are strict."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from feedback.models import Feedback
from mlmodel.models import FreshStart
from moodrec.jobs.models import Job
from moodrec.plex_sign_in import MAY_SET_UP
from moodrec.security.models import OneTimeLink
from moodrec.tests import builders
from moodrec.tests.household import client_of

pytestmark = pytest.mark.django_db

OPEN = {"welcome", "owner", "sign-in", "healthz", "readyz"}
OPEN |= {"manifest", "service-worker", "offline"}  # of the app on a device; they name nobody
OPEN |= {"join", "join-now", "join-poster"}  # for guests who were given the link
OPEN |= {"set_language"}  # a language is chosen before signing in
CLOSED = {
    "plex-sign-in",
    "plex-sign-in-back",
    "plex-hook",
}  # open where a real Plex is connected, else not there
SAMPLES = {
    "pk": "1",
    "width": "300",
    "number": "1",
    "token": "x",
    "rating_key": "1",
    "secret": "x",
    "slug": "x",
}
SAMPLES |= {"key": "x", "name": "x", "kind": "sync"}
SKIPPED = {"admin"}  # Django's own, denied as a whole: see the admin's tests


def routes(patterns: object = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield name and a sample address of every route."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:  # type: ignore[attr-defined]
        part = str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if not part.startswith("admin"):
                yield from routes(pattern.url_patterns, prefix + part)
        elif isinstance(pattern, URLPattern):
            yield pattern.name or part, "/" + sample(prefix + part)


def sample(route: str) -> str:
    route = route.replace("^", "").replace("/?$", "").replace(r"(?P<pk>\d{1,18})", "1")
    for kind in ("int:", "str:", "uuid:", "slug:"):
        for name, value in SAMPLES.items():
            uuid = "00000000-0000-0000-0000-000000000001"
            route = route.replace(f"<{kind}{name}>", uuid if kind == "uuid:" else value)
    return route


ROUTES = sorted(routes())


def test_the_routes_are_found() -> None:
    assert {"tonight", "api-recommend", "api-jobs-detail", "say"} <= {name for name, _ in ROUTES}


@pytest.mark.parametrize(("name", "address"), ROUTES)
@pytest.mark.parametrize("verb", ["get", "post", "put", "delete"])
def test_a_stranger_gets_in_nowhere_but_at_the_listed_doors(
    client: Client, name: str, address: str, verb: str
) -> None:
    answer = getattr(client, verb)(address)
    if name in OPEN:
        assert answer.status_code in {200, 302, 403, 405, 410, 503}
    elif name in CLOSED:
        assert answer.status_code == 404
    else:
        assert answer.status_code in {302, 401, 403}
        assert answer.status_code != 302 or answer["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("name", "address"), [r for r in ROUTES if r[0] not in {"welcome", "api-recommend", "connect"}]
)
def test_no_get_changes_anything(
    client: Client, ada: User, name: str, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """GET /recommend logs the ask by contract, and a one-time link is used up: they are left out."""
    builders.suggestion(builders.title())
    client.force_login(ada)
    before = dump(capsys)
    client.get(address)
    assert dump(capsys) == before


def dump(capsys: pytest.CaptureFixture[str]) -> str:
    call_command("dumpdata", "plexsync", "feedback", "mlmodel", "jobs", "knox", "security")
    return capsys.readouterr().out


@pytest.mark.parametrize("address", ["/", "/sign-in", "/nowhere", "/healthz", "/api/"])
def test_every_answer_carries_the_strict_headers(client: Client, ada: User, address: str) -> None:
    client.force_login(ada)
    answer = client.get(address)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"


def test_a_stranger_host_is_refused(client: Client) -> None:
    assert client.get("/healthz", HTTP_HOST="evil.example.com").status_code == 400
    assert client.get("/healthz", HTTP_HOST="192.168.1.7:5000").status_code == 200
    assert client.get("/healthz", HTTP_HOST="nas.local").status_code == 200


def test_posts_without_a_csrf_token_are_refused(ada: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ada)
    model = ("train", "1/activate", "answers/1/aside", "answers/1/again", "begin-anew", "take-back")
    moods = ("grid", "say", "1/put-back")
    posts = ["/", "/sync", "/connect", "/sign-out", *(f"/model/{each}" for each in model)]
    posts += [f"/admin/mlmodel/moodrule/{each}/" for each in moods]
    for address in posts:
        assert browser.post(address).status_code == 403, address
    assert browser.post("/api/sync", content_type="application/json").status_code == 403


def test_a_wrong_password_is_answered_as_at_home(client: Client, ada: User) -> None:
    typed = {"username": "ada", "password": "wrong"}
    page = client.post("/sign-in", typed, headers={"Accept-Language": "fr"}).content.decode()
    assert "Ce nom et ce mot de passe" in page
    assert "Saisissez" not in page


def test_the_sixth_wrong_password_locks_the_door(client: Client, ada: User) -> None:
    for _ in range(5):
        client.post("/sign-in", {"username": "ada", "password": "wrong"})
    answer = client.post("/sign-in", {"username": "ada", "password": "pass-word-1"})
    assert answer.status_code in {403, 429}


def test_the_way_back_after_signing_in_stays_on_this_host(client: Client, ada: User) -> None:
    form = {"username": "ada", "password": "pass-word-1"}
    for there in ("//evil.example", "https://evil.example/", "/\\evil.example"):
        answer = client.post(f"/sign-in?next={there}", {**form, "next": there})
        assert answer["Location"] == "/connect"  # what is next of the first run


def test_a_fresh_install_can_be_claimed_only_by_its_link(client: Client) -> None:
    assert client.get("/owner").status_code == 403
    form = {"username": "eve", "password1": "very-long-pass-9", "password2": "very-long-pass-9"}
    assert client.post("/owner", form).status_code == 403
    assert not User.objects.exists()
    token = OneTimeLink.create_token(None)
    page = client.get(f"/welcome/{token}", follow=True)
    assert page.status_code == 200
    assert "150 characters" not in page.content.decode()  # a rule that nobody is about to break
    assert client.post("/owner", {**form, "username": "ada"})["Location"] == "/connect"
    assert User.objects.get().is_superuser


def test_a_first_account_that_is_refused_shows_why_in_the_same_words(client: Client) -> None:
    """What is wrong stands below the fold of a phone: the page opens there."""
    client.get(f"/welcome/{OneTimeLink.create_token(None)}")
    form = {"username": "ada", "password1": "12345678", "password2": "12345678"}
    page = client.post("/owner", form).content.decode()
    assert "too common" in page
    assert "150 characters" not in page
    assert "none of the passwords that everybody uses" in page
    focused = re.findall(r"<input[^>]* autofocus", page)
    assert len(focused) == 1
    assert 'name="password2"' in focused[0]


def test_before_there_is_an_account_signing_in_says_how_to_make_one(client: Client) -> None:
    page = client.get("/", follow=True)
    assert page.redirect_chain[-1][0] == "/owner"
    assert "Nobody lives here yet" in page.content.decode()


def test_a_claimed_install_can_t_be_claimed_again(client: Client, ada: User) -> None:
    token = OneTimeLink.create_token(None)
    client.get(f"/welcome/{token}")
    form = {"username": "eve", "password1": "very-long-pass-9", "password2": "very-long-pass-9"}
    client.post("/owner", form)
    assert not User.objects.filter(username="eve").exists()


def test_a_one_time_link_signs_in_once(client: Client, ada: User) -> None:
    token = OneTimeLink.create_token(ada)
    assert client.get(f"/welcome/{token}")["Location"] == "/connect"
    assert Client().get(f"/welcome/{token}").status_code == 410


def test_members_do_not_reach_the_owner_s_pages(client: Client, ada: User, ben: User) -> None:
    client.force_login(ben)
    for address in ("/connect", "/connect/plex/back", "/connect/servers", "/disconnect"):
        assert client.get(address).status_code == 403
    posts = ("/connect/demo", "/connect/plex", "/connect/servers", "/disconnect", "/sync/libraries")
    for address in (*posts, "/sync/libraries/1/gone"):
        assert client.post(address).status_code == 403
    for address in ("/people", "/people/1"):
        assert client.get(address).status_code == 403
    person = ("switch", "rename", "same", "cap", "pin", "remove", "invite", "close", "open")
    for address in ("look", "add", "hook", *(f"1/{each}" for each in person)):
        assert client.post(f"/people/{address}").status_code == 403
    for address in ("/giving-back", "/giving-back/remove"):
        assert client.get(address).status_code == 403
    for address in ("switch", "refresh", "remove"):
        assert client.post(f"/giving-back/{address}").status_code == 403
    for address in ("0/activate", "begin-anew", "take-back"):
        assert client.post(f"/model/{address}").status_code == 403
    assert client.get("/admin/").status_code == 302


def test_members_do_not_reach_the_owner_s_settings(client: Client, ada: User, ben: User) -> None:
    client.force_login(ben)
    for address in ("/jobs", "/settings/backups", "/settings/schedules", "/settings/leaving"):
        assert client.get(address).status_code == 403
    for address in ("/jobs/sync/run", "/settings/backups/make", "/settings/schedules"):
        assert client.post(address).status_code == 403


def test_a_member_touches_no_answer_but_their_own(client: Client, ada: User, ben: User) -> None:
    """Neither learnt from no more nor again; and nobody learns by it whether there is such an answer."""
    hers, aside = builders.feedback(viewer=ada.viewer), builders.feedback(viewer=ada.viewer)
    Feedback.objects.filter(pk=aside.pk).update(teaches=False)
    mine = builders.feedback(viewer=ben.viewer)
    client.force_login(ben)
    for pk in (hers.pk, aside.pk, 999_999, 0, 10**30):
        for door in ("aside", "again"):
            assert client.post(f"/model/answers/{pk}/{door}").status_code == 404
    assert not Job.objects.exists()
    assert set(Feedback.objects.filter(teaches=False)) == {aside}
    assert client.post(f"/model/answers/{mine.pk}/aside").status_code == 302
    assert Feedback.objects.filter(teaches=False).count() == 2


def test_a_key_presses_none_of_the_page_s_buttons(ada: User) -> None:
    """They are for browsers, whose session and CSRF token they ask for; a script has POST /train."""
    row = builders.feedback(viewer=ada.viewer)
    script = client_of(ada)
    for address in (f"answers/{row.pk}/aside", "begin-anew", "take-back", "0/activate"):
        answer = script.post(f"/model/{address}")
        assert (answer.status_code, answer["Location"].startswith("/sign-in")) == (302, True)
    assert Feedback.objects.get().teaches
    assert not FreshStart.objects.exists()


@pytest.mark.parametrize("number", ["7", str(10**30)])
def test_a_version_that_is_not_there_is_not_found(client: Client, ada: User, number: str) -> None:
    client.force_login(ada)
    assert client.post(f"/model/{number}/activate").status_code == 404


def test_a_button_pressed_twice_does_no_more_than_once(client: Client, ada: User) -> None:
    row = builders.feedback(viewer=ada.viewer)
    client.force_login(ada)
    for address in (f"/model/answers/{row.pk}/aside", "/model/begin-anew", "/model/train"):
        for _ in range(2):
            assert client.post(address).status_code == 302
    assert not Feedback.objects.get().teaches
    assert FreshStart.objects.count() == 1
    assert Job.objects.filter(kind="train").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_first_run_form_that_is_sent_several_times_at_once_makes_one_account() -> None:
    browser = Client()
    browser.get(f"/welcome/{OneTimeLink.create_token(None)}")

    def send(name: str) -> str:
        tab = Client()
        tab.cookies = browser.cookies
        try:
            told = {"username": name, "password1": "long-enough-1", "password2": "long-enough-1"}
            return str(tab.post("/owner", told)["Location"])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        with transaction.atomic():  # so that all of them find no owner and wait to write
            sent = [pool.submit(send, name) for name in ("ada", "ada2", "ada3", "ada4")]
            time.sleep(1)
        answers = sorted(each.result() for each in sent)
    assert answers == ["/connect", "/sign-in", "/sign-in", "/sign-in"]
    assert User.objects.get().is_superuser


def test_the_right_to_set_up_is_used_up(client: Client) -> None:
    client.get(f"/welcome/{OneTimeLink.create_token(None)}")
    told = {"username": "ada", "password1": "long-enough-1", "password2": "long-enough-1"}
    client.post("/owner", told)
    assert MAY_SET_UP not in client.session
