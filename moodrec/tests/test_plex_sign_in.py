"""Signing in with Plex: who has the household's server comes in, as the account that they are."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from moodrec import accounts
from moodrec.plex_sign_in import MAY_SET_UP
from moodrec.security.models import OneTimeLink
from moodrec.tests import builders
from moodrec.tests.plextv import say_yes
from plexsync import linking
from plexsync import sync as syncing
from plexsync.client.plextv import Account
from plexsync.demo.generated import generated_library
from plexsync.demo.people import ANA, BEN, EVE
from plexsync.demo.plextv import DemoPlexTv
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, PlexAccount, Viewer

pytestmark = pytest.mark.django_db
START = "/sign-in/plex"


@pytest.fixture
def plex() -> Iterator[DemoPlex]:
    with DemoPlex(generated_library(10), token="canary-token-of-ana") as server:
        yield server


@pytest.fixture
def house(ada: User, plex: DemoPlex, plex_tv: DemoPlexTv) -> Connection:
    """Ada's household, connected by the Plex account of ana."""
    row = syncing.connect(
        plex.url, plex.token, account_token=plex_tv.token_of("ana"), account_id=ANA.plex_id
    )
    linking.claim(ada, Account(ANA.plex_id, "ana", "ana"))
    return row


def who(browser: Client) -> str:
    """The name of whoever is signed in; '' for nobody."""
    key = browser.session.get("_auth_user_id")
    return User.objects.get(pk=key).username if key else ""


def test_a_friend_comes_in_as_a_member_with_a_viewer(
    client: Client, house: Connection, plex_tv: DemoPlexTv
) -> None:
    assert "Sign in with Plex" in client.get("/sign-in").content.decode()
    assert client.get(say_yes(client, plex_tv, START, "ben"))["Location"] == "/"
    user = User.objects.get(username="ben")
    assert (who(client), user.is_staff, user.is_superuser) == ("ben", False, False)
    assert not user.has_usable_password()
    assert (user.viewer.name, user.viewer.plex_id) == ("ben", BEN.plex_id)
    assert user.plex_account.plex_id == BEN.plex_id


def test_the_second_time_it_is_the_same_account(
    client: Client, house: Connection, plex_tv: DemoPlexTv
) -> None:
    for _ in range(2):
        client.get(say_yes(client, plex_tv, START, "ben"))
        client.post("/sign-out")
    assert PlexAccount.objects.filter(plex_id=BEN.plex_id).count() == 1
    assert User.objects.count() == 2


def test_the_owner_of_the_server_is_who_connected_it(
    client: Client, house: Connection, plex_tv: DemoPlexTv
) -> None:
    client.get(say_yes(client, plex_tv, START, "ana"))
    assert who(client) == "ada"


def test_a_server_owner_who_did_not_connect_it_is_a_member(
    client: Client, ada: User, plex: DemoPlex, plex_tv: DemoPlexTv
) -> None:
    """Connected by a token, maybe by a guest of hers: owning the server gives no right to theirs."""
    syncing.connect(plex.url, plex.token)
    client.get(say_yes(client, plex_tv, START, "ana"))
    assert (who(client), User.objects.get(username="ana").is_staff) == ("ana", False)


def test_a_stranger_s_account_is_refused_and_leaves_no_trace(
    client: Client, house: Connection, plex_tv: DemoPlexTv
) -> None:
    answer = client.get(say_yes(client, plex_tv, START, "eve"))
    assert answer.status_code == 403
    assert "has no access to" in answer.content.decode()
    assert who(client) == ""
    assert not PlexAccount.objects.filter(plex_id=EVE.plex_id).exists()
    assert User.objects.count() == 1


def test_a_friend_who_lost_the_server_is_refused(
    client: Client, house: Connection, plex_tv: DemoPlexTv
) -> None:
    plex_tv.withdraw("ben")
    assert client.get(say_yes(client, plex_tv, START, "ben")).status_code == 403


def test_a_name_is_no_key(client: Client, house: Connection, plex_tv: DemoPlexTv) -> None:
    """Somebody called like a local account, the owner's even, is somebody else."""
    builders.member("ben")
    User.objects.filter(username="ada").update(username="Cleo")
    client.get(say_yes(client, plex_tv, START, "ben"))
    assert who(client) == "ben-1"
    client.get(say_yes(client, plex_tv, START, "cleo"))
    assert (who(client), User.objects.get(username="Cleo").is_staff) == ("cleo-1", True)


def test_a_new_name_is_the_same_account(
    client: Client, house: Connection, plex_tv: DemoPlexTv
) -> None:
    user = accounts.of_plex(Account(BEN.plex_id, "benjamin", "Benjamin"))
    client.get(say_yes(client, plex_tv, START, "ben"))
    assert who(client) == user.username == "benjamin"
    assert PlexAccount.objects.get(plex_id=BEN.plex_id).username == "ben"


def test_a_viewer_who_waits_for_the_account_is_taken(
    client: Client, house: Connection, plex_tv: DemoPlexTv
) -> None:
    waiting = builders.viewer("Benny")
    Viewer.objects.filter(pk=waiting.pk).update(plex_id=BEN.plex_id)
    client.get(say_yes(client, plex_tv, START, "ben"))
    assert User.objects.get(username="ben").viewer == waiting


def test_whom_the_owner_shut_out_is_refused(
    client: Client, house: Connection, plex_tv: DemoPlexTv
) -> None:
    accounts.of_plex(Account(BEN.plex_id, "ben", "ben"))
    User.objects.filter(username="ben").update(is_active=False)
    answer = client.get(say_yes(client, plex_tv, START, "ben"))
    assert (answer.status_code, who(client)) == (403, "")
    assert "switched off" in answer.content.decode()


def test_who_lost_the_server_and_was_shut_out_after_that_stays_out(
    client: Client, house: Connection, plex_tv: DemoPlexTv
) -> None:
    """Plex took the access and gives it back; the owner's own no, which came between, holds."""
    user = accounts.of_plex(Account(BEN.plex_id, "ben", "ben"))
    PlexAccount.objects.update(lost_at=timezone.now())
    owner = Client()
    owner.force_login(User.objects.get(is_staff=True))
    owner.post(f"/people/{user.viewer.pk}/close")
    answer = client.get(say_yes(client, plex_tv, START, "ben"))
    assert (answer.status_code, who(client)) == (403, "")


def test_who_regained_the_server_comes_in_again(
    client: Client, house: Connection, plex_tv: DemoPlexTv
) -> None:
    accounts.of_plex(Account(BEN.plex_id, "ben", "ben"))
    User.objects.filter(username="ben").update(is_active=False)
    PlexAccount.objects.filter(plex_id=BEN.plex_id).update(lost_at=timezone.now())
    client.get(say_yes(client, plex_tv, START, "ben"))
    assert who(client) == "ben"


def test_the_session_is_a_new_one(client: Client, house: Connection, plex_tv: DemoPlexTv) -> None:
    """A session that somebody fixed before is worth nothing after."""
    back = say_yes(client, plex_tv, START, "ben")
    before = client.session.session_key
    client.get(back)
    assert client.session.session_key != before


def test_nobody_s_token_is_kept(client: Client, house: Connection, plex_tv: DemoPlexTv) -> None:
    client.get(say_yes(client, plex_tv, START, "ben"))
    kept = [dict(client.session), *Viewer.objects.values(), *PlexAccount.objects.values()]
    assert plex_tv.token_of("ben") not in str(kept)
    assert linking.TOKEN not in client.session


@pytest.mark.parametrize(
    "there",
    [
        "//evil.example", "/\\evil.example", "\t//evil.example", "https:evil.example",
        " https://evil.example", "javascript:alert(1)", "https://evil.example/",
    ],
)  # fmt: skip
def test_the_way_back_stays_on_this_host(
    client: Client, house: Connection, plex_tv: DemoPlexTv, there: str
) -> None:
    back = say_yes(client, plex_tv, START, "ben", next=there)
    assert client.get(back)["Location"] == "/"


def test_one_goes_where_one_was_going(
    client: Client, house: Connection, plex_tv: DemoPlexTv
) -> None:
    assert 'value="/history"' in client.get("/sign-in?next=/history").content.decode()
    back = say_yes(client, plex_tv, START, "ben", next="/history")
    assert client.get(back)["Location"] == "/history"


def test_a_yes_for_another_browser_signs_nobody_in(
    client: Client, house: Connection, plex_tv: DemoPlexTv
) -> None:
    back = say_yes(client, plex_tv, START, "ben")
    other = Client()
    assert other.get(back).status_code == 403
    assert who(other) == ""


def test_a_yes_to_signing_in_is_none_to_connecting(
    client: Client, ada: User, house: Connection, plex_tv: DemoPlexTv
) -> None:
    client.force_login(ada)
    back = say_yes(client, plex_tv, START, "ben")
    assert client.get(back.replace("/sign-in/plex", "/connect/plex")).status_code == 403
    assert linking.TOKEN not in client.session


def test_without_plex_tv_the_password_still_works(
    client: Client, house: Connection, plex_tv: DemoPlexTv
) -> None:
    plex_tv.stop()
    page = client.post(START, follow=True)
    assert page.redirect_chain[-1][0] == "/sign-in"
    assert "Your password works meanwhile" in page.content.decode()
    client.post("/sign-in", {"username": "ada", "password": "pass-word-1"})
    assert who(client) == "ada"


@pytest.mark.parametrize("fields", [None, {"is_demo": True}, {"machine_identifier": ""}])
def test_without_a_real_server_there_is_no_such_page(
    client: Client, ada: User, plex_tv: DemoPlexTv, fields: dict[str, object] | None
) -> None:
    if fields is not None:
        builders.connection(**fields)
    assert "Plex" not in client.get("/sign-in").content.decode()
    for method, path in (("post", START), ("get", START), ("get", f"{START}/back")):
        assert getattr(client, method)(path).status_code == 404
    assert not plex_tv.pins


def test_the_household_can_still_sign_in_to_a_disconnected_install(
    client: Client, house: Connection, plex_tv: DemoPlexTv
) -> None:
    linking.disconnect(house)
    client.get(say_yes(client, plex_tv, START, "ana"))
    assert who(client) == "ada"


# --- the first run ----------------------------------------------------------------------------


def first_run() -> Client:
    """The browser that opened the one-time link of a fresh install."""
    browser = Client()
    browser.get(f"/welcome/{OneTimeLink.create_token(None)}")
    return browser


def test_the_first_run_can_be_done_with_plex(plex: DemoPlex, plex_tv: DemoPlexTv) -> None:
    browser = first_run()
    assert "Sign in with Plex" in browser.get("/owner").content.decode()
    back = say_yes(browser, plex_tv, START, "ana")
    assert browser.get(back)["Location"] == "/connect/servers"
    owner = User.objects.get()
    assert (owner.username, owner.is_staff, owner.is_superuser) == ("ana", True, True)
    assert owner.viewer.owns_plex_state
    assert MAY_SET_UP not in browser.session
    chosen = {"server": plex.library.machine_identifier, "uri": plex.url}
    assert browser.post("/connect/servers", chosen)["Location"] == "/sync"
    row = Connection.current()
    assert row is not None
    assert row.account_id == ANA.plex_id
    again = Client()
    again.get(say_yes(again, plex_tv, START, "ana"))
    assert who(again) == "ana"


def test_without_the_first_run_link_nobody_claims_the_install(
    client: Client, plex_tv: DemoPlexTv
) -> None:
    assert client.post(START).status_code == 404
    assert not User.objects.exists()


def test_who_owns_no_server_does_not_become_the_owner(plex_tv: DemoPlexTv) -> None:
    browser = first_run()
    answer = browser.get(say_yes(browser, plex_tv, START, "ben"))
    assert answer.status_code == 403
    assert "does not own a Plex Media Server" in answer.content.decode()
    assert not User.objects.exists()
    assert browser.session[MAY_SET_UP]  # another try


def test_the_owner_of_another_server_does_not_own_a_preconfigured_install(
    plex: DemoPlex, plex_tv: DemoPlexTv
) -> None:
    syncing.connect(plex.url, plex.token)
    browser = first_run()
    answer = browser.get(say_yes(browser, plex_tv, START, "eve"))
    assert answer.status_code == 403
    assert not User.objects.exists()


def test_a_first_run_without_plex_tv_goes_on_with_a_password(plex_tv: DemoPlexTv) -> None:
    browser = first_run()
    plex_tv.stop()
    page = browser.post(START, follow=True)
    assert "plex.tv does not answer" in page.content.decode()
    assert "Make my account" in page.content.decode()


def test_whoever_comes_second_does_not_own_the_install(plex_tv: DemoPlexTv) -> None:
    browser = first_run()
    back = say_yes(browser, plex_tv, START, "ana")
    builders.owner()
    assert browser.get(back).status_code == 404
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_owner() -> None:
    def claim(number: int) -> User | None:
        try:
            return accounts.make_owner_of_plex(Account(number, f"ana{number}", "ana"))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(claim, range(1, 5)))
    assert sum(user is not None for user in made) == 1
    assert User.objects.count() == PlexAccount.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_first_sign_ins_at_once_make_one_account(ada: User) -> None:
    def come(_number: int) -> int:
        try:
            return accounts.of_plex(Account(BEN.plex_id, "ben", "ben")).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(come, range(4)))) == 1


def test_whoever_comes_in_is_known_by_the_libraries_that_plex_shares_with_them(
    client: Client, house: Connection, plex_tv: DemoPlexTv, plex: DemoPlex
) -> None:
    client.get(say_yes(client, plex_tv, START, "dora"))
    sight = User.objects.get(username="dora").viewer.sights.get()
    assert sight.library_keys == ["1"]  # the films, and not the series
    assert plex.requests.kinds["sections"] == 2  # the owner's on connecting, and this one


def test_a_silent_server_keeps_nobody_out(
    client: Client, house: Connection, plex_tv: DemoPlexTv, plex: DemoPlex
) -> None:
    plex.faults.set({"status": 503})
    client.get(say_yes(client, plex_tv, START, "ben"))
    assert who(client) == "ben"
    assert not User.objects.get(username="ben").viewer.sights.exists()


def test_a_member_whose_plex_person_the_owner_named_comes_in_as_that_member(
    client: Client, house: Connection, plex_tv: DemoPlexTv, ben: User
) -> None:
    Viewer.objects.filter(user=ben).update(plex_id=BEN.plex_id)
    client.get(say_yes(client, plex_tv, START, "ben"))
    assert who(client) == ben.username
    assert PlexAccount.objects.get(plex_id=BEN.plex_id).user == ben


def test_an_owner_s_account_is_never_given_away_by_a_name_in_the_list_of_people(
    client: Client, house: Connection, plex_tv: DemoPlexTv
) -> None:
    other = builders.owner("olga")
    Viewer.objects.filter(pk=builders.viewer("Olga", user=other).pk).update(plex_id=BEN.plex_id)
    client.get(say_yes(client, plex_tv, START, "ben"))
    user = User.objects.get(username="ben")
    assert (who(client), user.is_staff, user.viewer.plex_id) == ("ben", False, None)


def test_a_stranger_who_starts_over_and_over_does_not_cost_us_plex_tv(
    client: Client, house: Connection, plex_tv: DemoPlexTv
) -> None:
    for _ in range(40):
        answer = Client().post(START)
    assert answer["Location"] == "/sign-in"
    assert len(plex_tv.pins) == 10
    told = client.post(START, follow=True).content.decode()
    assert "Try again in ten minutes. Your password works meanwhile." in told
    somebody_else = Client(REMOTE_ADDR="192.168.1.7").post(START)
    assert somebody_else["Location"].startswith(plex_tv.url)


def test_a_page_that_is_opened_over_and_over_does_not_ask_plex_tv_each_time(
    client: Client, house: Connection, plex_tv: DemoPlexTv
) -> None:
    client.post(START, {"by": "code"})
    for _ in range(50):
        assert "Type this at Plex" in client.get(f"{START}/back").content.decode()
    assert plex_tv.requests.kinds["pin"] == 8
