"""Who lives here: everybody of Plex is known, nobody is read unasked, and what can't be read is said."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client

from moodrec.jobs.models import Job
from moodrec.tests import builders
from plexsync import people, pins, sync
from plexsync.client import PlexError, plextv
from plexsync.demo.plextv import DemoPlexTv
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, Viewer

pytestmark = pytest.mark.django_db
BEN, CLEO, DORA = 4_711_002, 4_711_003, 4_711_004


@pytest.fixture
def house(connected: Connection, plex_tv: DemoPlexTv) -> Connection:
    """Ana's household, linked with plex.tv."""
    connected.account_token, connected.account_id = plex_tv.token_of("ana"), 4_711_001
    connected.save()
    builders.viewer("Ana", owns_plex_state=True)
    return connected


def named(name: str) -> Viewer:
    return Viewer.objects.get(name=name)


def switch_on(house: Connection, name: str, pin: str = "") -> Viewer:
    people.choose(house, named(name), enabled=True, pin=pin)
    return named(name)


def test_everybody_of_plex_is_known_and_switched_off(house: Connection) -> None:
    people.refresh(house)
    found = {
        viewer.name: (viewer.plex_id, viewer.plex_kind, viewer.history_id, viewer.enabled)
        for viewer in Viewer.objects.all()
    }
    assert found == {
        "Ana": (4_711_001, "owner", 1, True),
        "ben": (BEN, "shared", BEN, False),
        "cleo": (CLEO, "home", CLEO, False),
        "dora": (DORA, "managed", DORA, False),
    }


def test_looking_again_changes_nothing_and_keeps_given_names(house: Connection) -> None:
    people.refresh(house)
    Viewer.objects.filter(plex_id=BEN).update(name="Benjamin")
    people.refresh(house)
    assert sorted(Viewer.objects.values_list("name", flat=True)) == [
        "Ana", "Benjamin", "cleo", "dora",
    ]  # fmt: skip


def test_nobody_is_read_who_was_not_switched_on(house: Connection) -> None:
    people.refresh(house)
    assert not any(viewer.plex_token for viewer in Viewer.objects.all())


def test_a_friend_is_read_with_the_token_of_the_share(house: Connection, plex: DemoPlex) -> None:
    people.refresh(house)
    ben = switch_on(house, "ben")
    assert (ben.plex_token, ben.plex_problem) == (plex.token_of("ben"), "")


def test_a_member_behind_a_pin_is_read_once_it_is_typed_and_it_is_kept_nowhere(
    house: Connection, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.refresh(house)
    without_tokens_of_shares(monkeypatch)
    assert switch_on(house, "cleo").plex_problem == people.NEEDS_PIN
    assert switch_on(house, "cleo", "9999").plex_problem == people.WRONG_PIN
    cleo = switch_on(house, "cleo", "1234")
    assert (cleo.plex_token, cleo.plex_problem) == (plex.token_of("cleo"), "")
    assert "1234" not in str(Viewer.objects.filter(pk=cleo.pk).values().get())


def without_tokens_of_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let plex.tv keep the tokens of the shares back, as it does for some."""
    real = plextv.shared_servers

    def kept_back(token: str, machine: str) -> list[plextv.Share]:
        return [plextv.Share(share.plex_id, share.name, "") for share in real(token, machine)]

    monkeypatch.setattr(plextv, "shared_servers", kept_back)


def test_a_managed_user_without_a_pin_is_read_at_once(
    house: Connection, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.refresh(house)
    without_tokens_of_shares(monkeypatch)
    assert switch_on(house, "dora").plex_token == plex.token_of("dora")


def test_a_friend_without_a_token_is_said_to_be_unreadable(
    house: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.refresh(house)
    without_tokens_of_shares(monkeypatch)
    ben = switch_on(house, "ben")
    assert (ben.plex_token, ben.plex_problem) == ("", people.TOKENLESS)


def test_a_token_is_asked_for_only_where_one_is_lacking(
    house: Connection, plex_tv: DemoPlexTv, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.refresh(house)
    without_tokens_of_shares(monkeypatch)
    switch_on(house, "dora")
    switches = [kind for kind in plex_tv.requests.kinds if "switch" in kind]
    before = [plex_tv.requests.kinds[kind] for kind in switches]
    assert sum(before) > 0
    people.refresh(house)
    assert [plex_tv.requests.kinds[kind] for kind in switches] == before


def test_a_refused_token_is_replaced_with_the_next_look(house: Connection, plex: DemoPlex) -> None:
    people.refresh(house)
    ben = switch_on(house, "ben")
    people.note(ben, PlexError("denied", "Plex refused the token."))
    assert (ben.plex_token, ben.plex_problem) == ("", people.REFUSED)
    people.refresh(house)
    assert (named("ben").plex_token, named("ben").plex_problem) == (plex.token_of("ben"), "")


def test_whom_the_server_is_not_shared_with_any_more_is_said(
    house: Connection, plex_tv: DemoPlexTv
) -> None:
    people.refresh(house)
    switch_on(house, "ben")
    plex_tv.withdraw("ben")
    people.refresh(house)
    assert (named("ben").plex_token, named("ben").plex_problem) == ("", people.NOT_SHARED)
    assert named("ben").enabled


@pytest.mark.parametrize("status", [429, 503])
def test_a_plex_tv_that_asks_to_wait_changes_nobody(
    house: Connection, plex_tv: DemoPlexTv, status: int
) -> None:
    people.refresh(house)
    switch_on(house, "ben")
    plex_tv.requests.clear()
    plex_tv.faults.set({"status": status})
    people.refresh(house)
    assert plex_tv.requests.shown()["total"] == 1  # no hammering
    assert named("ben").plex_token


def test_a_plex_tv_without_a_list_of_shares_leaves_the_servers_own(
    house: Connection, plex_tv: DemoPlexTv
) -> None:
    plex_tv.faults.set({"status": 404, "only_path": "/api/servers/"})
    people.refresh(house)
    assert (named("Ana").plex_kind, named("Ana").history_id) == ("owner", 1)
    assert named("ben").history_id == BEN


def test_a_plex_tv_that_is_away_hides_nobody_s_plays(
    house: Connection, plex_tv: DemoPlexTv
) -> None:
    plex_tv.faults.set({"status": 503})
    people.refresh(house)
    assert named("Ana").history_id == 1
    assert Viewer.objects.count() == 1


def test_without_a_linked_account_names_come_from_the_server(
    house: Connection, plex_tv: DemoPlexTv
) -> None:
    house.account_token = ""
    house.save()
    people.refresh(house)
    assert {"ben", "cleo", "dora"} <= set(Viewer.objects.values_list("name", flat=True))
    assert named("Ana").history_id == 1
    ben = switch_on(house, "ben")
    assert (ben.plex_token, ben.plex_problem) == ("", people.ONLY_PLAYS)
    assert plex_tv.requests.shown()["total"] == 0


def test_a_silent_plex_is_asked_once_and_not_for_long(
    house: Connection, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.account_token = ""
    house.save()
    plex.requests.clear()
    plex.faults.set({"slow_ms": 3000})
    monkeypatch.setattr(people, "ACCOUNTS_SECONDS", 0.3)
    problem = people.refresh(house)
    assert problem is not None
    assert problem.kind == "unreachable"
    assert plex.requests.shown()["total"] <= 1  # counted as it is answered, which may be later


def test_the_page_says_that_plex_is_away_and_not_that_it_knows_nobody(
    browser: Client, house: Connection, plex: DemoPlex
) -> None:
    Connection.objects.update(account_token="")
    plex.faults.set({"status": 503})
    page = browser.post("/people/look", follow=True).content.decode()
    assert "knows nobody else" not in page
    assert 'class="notice error"' in page


def test_a_token_that_is_no_owner_s_knows_nobody_else(house: Connection, plex: DemoPlex) -> None:
    house.account_token, house.token = "", plex.ben_token
    house.save()
    people.refresh(house)
    assert Viewer.objects.count() == 1


def test_nobody_without_a_token_is_read_as_the_owner(house: Connection) -> None:
    people.refresh(house)
    with pytest.raises(PlexError):
        people.client_of(named("ben"), house)


def test_another_server_forgets_the_tokens_of_this_one(house: Connection, plex: DemoPlex) -> None:
    people.refresh(house)
    switch_on(house, "ben")
    builders.connection()  # the same server again: nothing is forgotten
    assert named("ben").plex_token
    Connection.objects.update(active=False)
    sync.connect(plex.url, plex.token)
    assert named("ben").plex_token == ""


# --- the page ---------------------------------------------------------------------------------


def test_the_page_shows_everybody_and_no_token(
    browser: Client, house: Connection, plex: DemoPlex
) -> None:
    assert browser.post("/people/look")["Location"] == "/people"
    ben = named("ben")
    browser.post(f"/people/{ben.pk}/switch", {"enabled": "1"})
    page = browser.get("/people").content.decode()
    assert all(name in page for name in ("Ana", "ben", "cleo", "dora"))
    assert plex.token not in page
    assert plex.ben_token not in page
    assert Job.objects.filter(kind="plays", state="queued").exists()


def test_the_page_asks_for_the_pin_where_it_is_needed(
    browser: Client, house: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.refresh(house)
    without_tokens_of_shares(monkeypatch)
    cleo = named("cleo")
    browser.post(f"/people/{cleo.pk}/switch", {"enabled": "1"})
    page = browser.get("/people").content.decode()
    assert people.NEEDS_PIN.replace("'", "&#x27;") in page
    browser.post(f"/people/{cleo.pk}/switch", {"enabled": "1", "pin": "1234"})
    assert named("cleo").plex_token


def test_somebody_without_plex_can_be_added_renamed_and_switched_off(
    browser: Client,
) -> None:
    browser.post("/people/add", {"name": "Zoë"})
    zoe = named("Zoë")
    browser.post(f"/people/{zoe.pk}/rename", {"name": "Zoe"})
    browser.post(f"/people/{zoe.pk}/switch", {"enabled": "0"})
    zoe.refresh_from_db()
    assert (zoe.name, zoe.enabled) == ("Zoe", False)
    browser.post("/people/add", {"name": " "})
    assert not Viewer.objects.filter(name="").exists()


def test_only_who_lives_here_is_offered_tonight(browser: Client, house: Connection) -> None:
    builders.title()
    builders.viewer("Zoe")
    builders.viewer("Max", enabled=False)
    page = browser.get("/").content.decode()
    assert "Zoe" in page
    assert "Max" not in page


def test_a_person_of_plex_can_be_joined_with_a_viewer_we_know(
    browser: Client, house: Connection, plex: DemoPlex
) -> None:
    ours = builders.viewer("Benjamin")
    builders.feedback(viewer=ours)
    people.refresh(house)
    browser.post(f"/people/{named('ben').pk}/same", {"viewer": ours.pk})
    ours.refresh_from_db()
    assert (ours.plex_id, ours.history_id, ours.plex_token) == (BEN, BEN, plex.ben_token)
    assert not Viewer.objects.filter(name="ben").exists()


def test_who_has_answers_of_their_own_stays_apart(house: Connection) -> None:
    people.refresh(house)
    builders.feedback(viewer=named("ben"))
    assert not people.is_same(named("ben"), builders.viewer("Benjamin"))
    assert Viewer.objects.filter(name="ben").exists()


def test_somebody_of_plex_with_a_known_name_is_asked_about(
    house: Connection, browser: Client
) -> None:
    """Or the household would ask for Ben twice, and each of the two would know half."""
    people.refresh(house)
    ours = builders.viewer("BEN")
    page = browser.get("/people").content.decode()
    assert "Is this the BEN whom MoodRec knows already?" in page
    browser.post(f"/people/{named('ben').pk}/same", {"viewer": ours.pk})
    assert "whom MoodRec knows already" not in browser.get("/people").content.decode()


# --- one person -------------------------------------------------------------------------------


@pytest.fixture
def mia() -> Viewer:
    return builders.viewer("Mia")


def undone(browser: Client, answer: object) -> None:
    """Press the newest "Undo" on the page that followed."""
    page = answer.content.decode()  # type: ignore[attr-defined]
    form = r'<form method="post" action="([^"]*)">(?:(?!</form>).)*Undo'
    browser.post(unescape(re.findall(form, page, re.DOTALL)[-1]))


def test_an_age_limit_is_set_and_taken_back(browser: Client, mia: Viewer) -> None:
    answer = browser.post(f"/people/{mia.pk}/cap", {"cap": "12"}, follow=True)
    assert named("Mia").content_cap == 12
    assert "up to 12" in answer.content.decode()
    undone(browser, answer)
    assert named("Mia").content_cap is None


@pytest.mark.parametrize("cap", ["11", "-1", "x", "12; drop", "9" * 30])
def test_only_limits_of_the_list_are_taken(browser: Client, mia: Viewer, cap: str) -> None:
    browser.post(f"/people/{mia.pk}/cap", {"cap": cap})
    assert named("Mia").content_cap is None


def test_a_pin_is_set_replaced_and_removed_and_never_shown(browser: Client, mia: Viewer) -> None:
    for pin in ("4711", "08154711"):
        browser.post(f"/people/{mia.pk}/pin", {"pin": pin})
        assert pins.fits(named("Mia"), pin)
        pages = browser.get("/people").content + browser.get(f"/people/{mia.pk}").content
        assert pin not in pages.decode()
        assert named("Mia").pin not in pages.decode()
    browser.post(f"/people/{mia.pk}/pin", {"pin": "12"})
    assert pins.fits(named("Mia"), "08154711")
    browser.post(f"/people/{mia.pk}/pin", {"remove": "1"})
    assert not named("Mia").pin


def test_a_new_name_and_a_switch_are_taken_back(browser: Client, mia: Viewer) -> None:
    answer = browser.post(f"/people/{mia.pk}/rename", {"name": "<b>M&M</b>"}, follow=True)
    assert "<b>M&M" not in answer.content.decode()
    undone(browser, answer)
    assert named("Mia")
    undone(browser, browser.post(f"/people/{mia.pk}/switch", {"enabled": "0"}, follow=True))
    assert named("Mia").enabled


def test_who_was_added_by_mistake_is_removed_and_who_said_something_is_not(
    browser: Client, mia: Viewer
) -> None:
    undone(browser, browser.post("/people/add", {"name": "Typo"}, follow=True))
    assert not Viewer.objects.filter(name="Typo").exists()
    builders.feedback(viewer=mia)
    answer = browser.post(f"/people/{mia.pk}/remove", follow=True)
    assert "has answers or an account here and stays" in answer.content.decode()
    assert named("Mia")


def test_a_phone_of_their_own_is_let_in_once_and_shut_out_again(
    browser: Client, mia: Viewer
) -> None:
    page = browser.post(f"/people/{mia.pk}/invite").content.decode()
    address = re.search(r"http://testserver(/welcome/[\w-]+)", page)
    assert address
    assert '<svg class="qr"' in page
    phone = Client()
    assert phone.get(address.group(1))["Location"] == "/"
    assert phone.get("/history").status_code == 200
    assert Client().get(address.group(1)).status_code == 410
    user = named("Mia").user
    assert user is not None
    assert not user.is_staff
    assert not user.has_usable_password()
    answer = browser.post(f"/people/{mia.pk}/close", follow=True)
    assert phone.get("/history").status_code == 302
    undone(browser, answer)
    assert phone.get("/history").status_code == 200


def test_a_second_link_ends_the_first_and_a_closed_account_ends_all(
    browser: Client, mia: Viewer
) -> None:
    def link() -> str:
        page = browser.post(f"/people/{mia.pk}/invite").content.decode()
        found = re.search(r"http://testserver(/welcome/[\w-]+)", page)
        assert found
        return found.group(1)

    first, second = link(), link()
    assert Client().get(first).status_code == 410
    browser.post(f"/people/{mia.pk}/close")
    assert Client().get(second).status_code == 410
    assert browser.post(f"/people/{mia.pk}/invite").status_code == 302
    assert User.objects.count() == 2


def test_an_owner_s_account_can_t_be_closed(browser: Client, ada: User) -> None:
    browser.post(f"/people/{ada.viewer.pk}/close")
    ada.refresh_from_db()
    assert ada.is_active


def test_a_limit_and_a_pin_stay_with_who_turns_out_to_be_the_same(house: Connection) -> None:
    people.refresh(house)
    ours = builders.viewer("Dora")
    Viewer.objects.filter(pk=ours.pk).update(content_cap=12)
    pins.set_pin(named("dora"), "4711")
    ours.refresh_from_db()
    assert people.is_same(named("dora"), ours)
    ours.refresh_from_db()
    assert (ours.content_cap, pins.fits(ours, "4711")) == (12, True)
