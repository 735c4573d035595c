"""Connecting by a Plex account: the yes, the choice of a server, letting go, and who may still come in."""

import time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from moodrec.jobs.models import Job
from moodrec.tests import builders
from moodrec.tests.plextv import asked, say_yes, way
from plexsync import linking
from plexsync import sync as syncing
from plexsync.demo.people import ANA, BEN, CLEO, EVE
from plexsync.demo.plextv import DemoPlexTv
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, MediaItem, PlexAccount, Viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    """The owner's browser."""
    browser = Client()
    browser.force_login(builders.owner())
    return browser


@pytest.fixture
def linked(browser: Client, plex_tv: DemoPlexTv, plex: DemoPlex) -> Connection:
    """The household, connected by ana's account."""
    browser.get(say_yes(browser, plex_tv, "/connect/plex", "ana"))
    browser.post("/connect/servers", choice(plex))
    found = Connection.current()
    assert found is not None
    return found


def choice(plex: DemoPlex, **more: str) -> dict[str, str]:
    return {"server": plex.library.machine_identifier, "uri": plex.url, **more}


def told(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_a_yes_leads_to_the_servers_and_a_choice_to_the_library(
    browser: Client, plex_tv: DemoPlexTv, plex: DemoPlex, settings: Settings
) -> None:
    back = say_yes(browser, plex_tv, "/connect/plex", "ana")
    assert browser.get(back)["Location"] == "/connect/servers"
    page = browser.get("/connect/servers").content.decode()
    assert plex.url in page
    assert "Answers in" in page
    assert browser.post("/connect/servers", choice(plex))["Location"] == "/sync"
    row = Connection.objects.get()
    assert (row.url, row.token, row.account_id) == (plex.url, plex.token, ANA.plex_id)
    assert row.account_token == plex_tv.token_of("ana")
    assert row.client_identifier == settings.PLEX_CLIENT_IDENTIFIER  # before and after alike
    assert row.addresses == [{"uri": plex.url, "local": True, "relay": False}]
    assert Job.objects.get().kind == "sync"


def test_plex_is_asked_for_our_install_and_comes_back_to_us(
    browser: Client, plex_tv: DemoPlexTv, settings: Settings
) -> None:
    answer = browser.post("/connect/plex", HTTP_HOST="nas.local:5000")
    assert answer["Location"].startswith(f"{plex_tv.url}/auth#?")
    question = asked(answer)
    assert question["clientID"] == settings.PLEX_CLIENT_IDENTIFIER
    assert question["context[device][product]"] == "MoodRec"
    assert question["forwardUrl"].startswith("http://nas.local:5000/connect/plex/back?state=")


def test_no_token_stands_in_a_page_an_address_or_the_session_table(
    browser: Client, plex_tv: DemoPlexTv, plex: DemoPlex
) -> None:
    back = say_yes(browser, plex_tv, "/connect/plex", "ana")
    seen = [back, *(browser.get(each).content.decode() for each in (back, "/connect/servers"))]
    seen.append(str(dict(browser.session)))
    browser.post("/connect/servers", choice(plex))
    seen += [browser.get(each).content.decode() for each in ("/sync", "/connect", "/disconnect")]
    for secret in (plex_tv.token_of("ana"), plex.token):
        assert not any(secret in text for text in seen)
    assert linking.TOKEN not in browser.session


def test_without_a_yes_one_looks_again(browser: Client, plex_tv: DemoPlexTv) -> None:
    question = asked(browser.post("/connect/plex"))
    page = browser.get("/connect/plex/back")
    assert page.status_code == 200
    assert "Plex has not heard a yes yet" in page.content.decode()
    plex_tv.approve(question["code"], "ana")
    assert browser.get("/connect/plex/back?look")["Location"] == "/connect/servers"


def test_a_code_is_shown_and_the_page_learns_of_the_yes(
    browser: Client, plex_tv: DemoPlexTv
) -> None:
    assert browser.post("/connect/plex", {"by": "code"})["Location"] == "/connect/plex/back"
    code = browser.session[linking.LINK]["code"]
    assert len(code) == 4
    assert code in browser.get("/connect/plex/back").content.decode()
    script = {"Accept": "application/json"}
    assert browser.get("/connect/plex/back", headers=script).json()["waiting"]
    plex_tv.approve(code, "ana")
    assert not browser.get("/connect/plex/back", headers=script).json()["waiting"]
    assert browser.get("/connect/plex/back")["Location"] == "/connect/servers"


def test_a_return_to_a_browser_that_asked_nothing_is_refused(
    browser: Client, plex_tv: DemoPlexTv
) -> None:
    """Login CSRF: somebody sends their own yes to another's browser."""
    back = say_yes(browser, plex_tv, "/connect/plex", "ana")
    other = Client()
    other.force_login(User.objects.get())
    assert other.get(back).status_code == 403
    assert linking.TOKEN not in other.session


def test_a_return_of_another_question_is_refused(browser: Client, plex_tv: DemoPlexTv) -> None:
    old = say_yes(browser, plex_tv, "/connect/plex", "ana")
    new = say_yes(browser, plex_tv, "/connect/plex", "ana")
    assert browser.get(old).status_code == 403
    assert browser.get(new).status_code == 302


def test_a_yes_is_taken_once(browser: Client, plex_tv: DemoPlexTv) -> None:
    back = say_yes(browser, plex_tv, "/connect/plex", "ana")
    assert [browser.get(back).status_code for _ in range(2)] == [302, 403]


def test_after_ten_minutes_one_starts_over(
    browser: Client, plex_tv: DemoPlexTv, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = say_yes(browser, plex_tv, "/connect/plex", "ana")
    now = time.time()
    monkeypatch.setattr("plexsync.linking.time.time", lambda: now + 601)
    page = browser.get(back)
    assert page.status_code == 403
    assert "10 minutes" in page.content.decode()


def test_a_pin_that_plex_tv_forgot_is_over(browser: Client, plex_tv: DemoPlexTv) -> None:
    question = asked(browser.post("/connect/plex"))
    plex_tv.expire(question["code"])
    assert browser.get("/connect/plex/back").status_code == 403


def test_plex_tv_in_trouble_is_told_and_one_looks_again(
    browser: Client, plex_tv: DemoPlexTv
) -> None:
    back = say_yes(browser, plex_tv, "/connect/plex", "ana")
    plex_tv.faults.set({"status": 503})
    assert "plex.tv has trouble" in browser.get(back).content.decode()
    plex_tv.faults.set({"status": 429, "retry_after": 300})
    assert "Try again in 5 minutes" in browser.get(back).content.decode()
    plex_tv.faults.clear()
    assert browser.get(back)["Location"] == "/connect/servers"


def test_a_plex_tv_that_is_away_leads_back_with_the_cause(
    browser: Client, plex_tv: DemoPlexTv
) -> None:
    plex_tv.stop()
    answer = browser.post("/connect/plex", follow=True)
    assert "plex.tv does not answer" in answer.content.decode()
    assert answer.redirect_chain[-1][0] == "/connect"


def test_who_owns_no_server_is_told_and_can_t_connect_one(
    browser: Client, plex_tv: DemoPlexTv, plex: DemoPlex
) -> None:
    browser.get(say_yes(browser, plex_tv, "/connect/plex", "ben"))
    page = browser.get("/connect/servers").content.decode()
    assert "owns no server" in page
    assert "owned by ana" in page
    browser.post("/connect/servers", choice(plex))
    assert not Connection.objects.exists()


@pytest.mark.parametrize("more", [{"uri": "localhost"}, {"server": "another"}])
def test_only_what_plex_tv_told_can_be_chosen(
    browser: Client, plex_tv: DemoPlexTv, plex: DemoPlex, more: dict[str, str]
) -> None:
    """Not even another name of the server itself: our token goes where plex.tv says it lives."""
    if "uri" in more:
        more = {"uri": plex.url.replace("127.0.0.1", more["uri"])}
    browser.get(say_yes(browser, plex_tv, "/connect/plex", "ana"))
    answer = browser.post("/connect/servers", choice(plex, **more))
    assert answer["Location"] == "/connect/servers"
    assert not Connection.objects.exists()


def test_an_address_that_stopped_answering_is_told(
    browser: Client, plex_tv: DemoPlexTv, plex: DemoPlex
) -> None:
    dead = "http://127.0.0.1:9"
    plex_tv.connections = [way(dead), way(plex.url)]
    browser.get(say_yes(browser, plex_tv, "/connect/plex", "ana"))
    answer = browser.post("/connect/servers", choice(plex, uri=dead))
    assert told(answer) == f"{dead}: nobody answers there."
    assert not Connection.objects.exists()


def test_the_servers_are_not_shown_without_a_yes(browser: Client, plex_tv: DemoPlexTv) -> None:
    assert browser.get("/connect/servers")["Location"] == "/connect"


def test_the_one_who_connects_may_sign_in_by_that_account(linked: Connection) -> None:
    account = PlexAccount.objects.get()
    assert (account.user.username, account.plex_id) == ("ada", ANA.plex_id)


def test_an_account_moves_to_whoever_proves_it(
    browser: Client, plex_tv: DemoPlexTv, plex: DemoPlex
) -> None:
    member = builders.member("ana")
    PlexAccount.objects.create(user=member, plex_id=ANA.plex_id, checked_at=timezone.now())
    browser.get(say_yes(browser, plex_tv, "/connect/plex", "ana"))
    browser.post("/connect/servers", choice(plex))
    assert PlexAccount.objects.get().user.username == "ada"


def test_the_relay_is_named_slow(browser: Client, plex_tv: DemoPlexTv, plex: DemoPlex) -> None:
    relay = way("https://127.0.0.1:9", local=False, relay=True)
    plex_tv.connections = [way(plex.url), relay]
    browser.get(say_yes(browser, plex_tv, "/connect/plex", "ana"))
    assert "Relay of Plex: slow, no pictures" in browser.get("/connect/servers").content.decode()


def test_linking_the_same_server_again_keeps_everything(
    browser: Client, linked: Connection, plex_tv: DemoPlexTv, plex: DemoPlex
) -> None:
    syncing.run()
    titles = set(MediaItem.objects.values_list("pk", flat=True))
    plex_tv.revoke("ana")
    Connection.objects.update(state=Connection.State.DENIED, problem="Plex refused the token.")
    assert "Link with Plex again" in browser.get("/history").content.decode()
    browser.get(say_yes(browser, plex_tv, "/connect/plex", "ana"))
    browser.post("/connect/servers", choice(plex))
    row = Connection.objects.get()
    assert (row.pk, row.state, row.problem) == (linked.pk, Connection.State.OK, "")
    assert row.account_token == plex_tv.token_of("ana")
    assert set(MediaItem.objects.values_list("pk", flat=True)) == titles


def test_members_are_sent_to_the_owner_where_plex_lets_nobody_in(linked: Connection) -> None:
    Connection.objects.update(state=Connection.State.DENIED, problem="Plex refused the token.")
    guest = Client()
    guest.force_login(builders.member())
    page = guest.get("/history").content.decode()
    assert "Ask the owner" in page
    assert "Link with Plex again" not in page


def test_a_plex_that_does_not_answer_is_named_on_every_page(linked: Connection) -> None:
    syncing.run()
    Connection.objects.update(state=Connection.State.UNREACHABLE, problem="Is the server on?")
    guest = Client()
    guest.force_login(builders.member())
    page = guest.get("/history").content.decode()
    assert "Plex does not answer" in page
    assert "What you see is of" in page


# --- letting go -------------------------------------------------------------------------------


def test_disconnecting_asks_once_more(browser: Client, linked: Connection) -> None:
    assert "Disconnect" in browser.get("/disconnect").content.decode()
    assert Connection.current() is not None


def test_disconnecting_forgets_every_token_and_keeps_the_titles(
    browser: Client, linked: Connection, plex_tv: DemoPlexTv, settings: Settings
) -> None:
    syncing.run()
    token = linked.account_token
    Connection.objects.update(hook_secret="hook")
    builders.viewer("Ben")
    Viewer.objects.update(plex_token="canary")
    assert browser.post("/disconnect")["Location"] == "/connect"
    row = Connection.objects.get()
    assert (row.token, row.account_token, row.hook_secret, row.active) == ("", "", "", False)
    assert not Viewer.objects.exclude(plex_token="").exists()
    assert token not in plex_tv.tokens  # plex.tv forgot it too
    assert MediaItem.objects.exists()
    assert "Disconnected" in browser.get("/connect").content.decode()


def test_disconnecting_works_without_plex_tv(
    browser: Client, linked: Connection, plex_tv: DemoPlexTv
) -> None:
    plex_tv.stop()
    browser.post("/disconnect")
    assert Connection.current() is None


def test_a_server_that_was_let_go_is_not_taken_up_again_by_a_sync(
    browser: Client, linked: Connection, plex: DemoPlex, settings: Settings
) -> None:
    settings.PLEX_URL, settings.PLEX_TOKEN = plex.url, plex.token
    browser.post("/disconnect")
    with pytest.raises(syncing.NotConnected):
        syncing.run()
    assert Connection.current() is None


def test_the_demo_and_nothing_can_t_be_disconnected(browser: Client) -> None:
    assert browser.post("/disconnect")["Location"] == "/connect"
    builders.connection(is_demo=True)
    browser.post("/disconnect")
    assert Connection.current() is not None


# --- who may still come in --------------------------------------------------------------------


def guest(account: Any, **fields: Any) -> User:
    user = builders.member(account.name, **fields)
    PlexAccount.objects.create(
        user=user, plex_id=account.plex_id, username=account.name, checked_at=timezone.now()
    )
    return user


def open_accounts() -> set[str]:
    return set(User.objects.filter(is_active=True).values_list("username", flat=True))


def test_who_lost_access_is_shut_out_and_who_regains_it_is_let_in(
    linked: Connection, plex_tv: DemoPlexTv
) -> None:
    guest(BEN), guest(CLEO)
    his = Client()
    his.force_login(User.objects.get(username="ben"))
    assert linking.recheck(linked)
    assert open_accounts() == {"ada", "ben", "cleo"}
    plex_tv.withdraw("ben")
    linking.recheck(linked)
    assert open_accounts() == {"ada", "cleo"}
    assert his.get("/history").status_code == 302  # his session is over
    plex_tv.share("ben")
    linking.recheck(linked)
    assert open_accounts() == {"ada", "ben", "cleo"}


def test_whom_the_owner_shut_out_here_stays_out(linked: Connection, plex_tv: DemoPlexTv) -> None:
    guest(BEN, is_active=False)
    linking.recheck(linked)
    assert open_accounts() == {"ada"}


def test_an_owner_is_never_shut_out(linked: Connection) -> None:
    PlexAccount.objects.update(plex_id=EVE.plex_id)
    linking.recheck(linked)
    assert open_accounts() == {"ada"}


def test_local_accounts_are_not_plex_s_business(linked: Connection) -> None:
    builders.member("local")
    linking.recheck(linked)
    assert "local" in open_accounts()


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 429},
        {"status": 401},
        {"empty": True},
        {"html": True},
        {"status": 503, "only_path": "/api/servers"},
        {"empty": True, "only_path": "/api/servers"},
        {"status": 503, "only_path": "/api/home"},
    ],
)
def test_a_plex_tv_that_can_t_say_changes_nothing(
    linked: Connection, plex_tv: DemoPlexTv, fault: dict[str, object]
) -> None:
    guest(BEN)
    plex_tv.withdraw("ben")
    plex_tv.faults.set(fault)
    assert linking.recheck(linked) is None
    assert open_accounts() == {"ada", "ben"}


def test_another_account_than_the_one_that_connected_judges_nobody(linked: Connection) -> None:
    guest(EVE)
    linked.account_id = EVE.plex_id + 1
    assert linking.recheck(linked) is None
    assert open_accounts() == {"ada", "eve"}


def test_without_the_owner_s_account_nobody_is_judged(
    db: None, plex: DemoPlex, plex_tv: DemoPlexTv
) -> None:
    guest(BEN)
    assert linking.recheck(syncing.connect(plex.url, plex.token)) is None
    assert open_accounts() == {"ben"}


def test_who_lets_go_of_a_server_is_told_of_what_stays_in_it(ada: User) -> None:
    row, browser = builders.connection(), Client()
    browser.force_login(ada)
    assert "take them out of Plex" not in browser.get("/disconnect").content.decode()
    row.shelves.create(kind="playlist", slug="tonight", title="Tonight", rating_key="7")
    for address in ("/disconnect", "/connect"):
        assert "take them out of Plex" in browser.get(address).content.decode(), address
