"""The demo plex.tv, asked by the real plexapi and by hand: it must not be able to tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import requests
from plexapi.exceptions import Unauthorized
from plexapi.myplex import MyPlexAccount, MyPlexPinLogin
from requests.adapters import HTTPAdapter

from plexsync.demo.generated import generated_library
from plexsync.demo.people import BEN, CLEO, DORA, EVE
from plexsync.demo.plextv import DemoPlexTv
from plexsync.demo.server import DemoPlex

Account: Any = MyPlexAccount  # plexapi carries no types
PinLogin: Any = MyPlexPinLogin
CLIENT = "client-1"
JSON = {"Accept": "application/json"}


@pytest.fixture
def plex() -> Iterator[DemoPlex]:
    with DemoPlex(generated_library(20), token="owner", seeded=False) as server:
        yield server


@pytest.fixture
def tv(plex: DemoPlex) -> Iterator[DemoPlexTv]:
    with DemoPlexTv(plex) as server:
        yield server


def ask(
    tv: DemoPlexTv, method: str, path: str, name: str = "", **headers: str
) -> requests.Response:
    known = {"X-Plex-Client-Identifier": CLIENT, **JSON, **headers}
    if name:
        known["X-Plex-Token"] = tv.token_of(name)
    return requests.request(method, tv.url + path, headers=known, timeout=10)


class ToStub(HTTPAdapter):
    """Sends what plexapi says to https://plex.tv to the stub."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__()

    def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        request.url = request.url.replace("https://plex.tv", self.url)
        return super().send(request, *args, **kwargs)


@pytest.fixture
def session(tv: DemoPlexTv) -> requests.Session:
    session = requests.Session()
    session.mount("https://plex.tv", ToStub(tv.url))
    return session


# Pins


def test_a_pin_waits_for_a_yes(tv: DemoPlexTv) -> None:
    made = ask(tv, "POST", "/api/v2/pins?strong=true")
    pin = made.json()
    assert (made.status_code, len(pin["code"]), pin["authToken"]) == (201, 24, None)
    assert pin["clientIdentifier"] == CLIENT
    assert ask(tv, "GET", f"/api/v2/pins/{pin['id']}").json()["authToken"] is None
    tv.approve(pin["code"], "ben")
    assert ask(tv, "GET", f"/api/v2/pins/{pin['id']}").json()["authToken"] == tv.token_of("ben")


def test_a_pin_is_only_for_the_client_that_made_it(tv: DemoPlexTv) -> None:
    number = ask(tv, "POST", "/api/v2/pins").json()["id"]
    tv.approve(number, "ana")
    other = ask(tv, "GET", f"/api/v2/pins/{number}", **{"X-Plex-Client-Identifier": "other"})
    assert other.status_code == 404
    assert other.json()["errors"][0]["code"] == 1020


def test_a_pin_expires(tv: DemoPlexTv) -> None:
    pin = ask(tv, "POST", "/api/v2/pins").json()
    tv.expire(pin["id"])
    assert ask(tv, "GET", f"/api/v2/pins/{pin['id']}").status_code == 404
    with pytest.raises(KeyError):
        tv.approve(pin["code"])


def test_a_pin_that_is_not_strong_has_four_characters_to_type(tv: DemoPlexTv) -> None:
    pin = ask(tv, "POST", "/api/v2/pins").json()
    assert len(pin["code"]) == 4
    typed = {"code": pin["code"].lower(), "account": "cleo"}
    assert "linked" in requests.post(tv.url + "/link", data=typed, timeout=5).text
    assert ask(tv, "GET", f"/api/v2/pins/{pin['id']}").json()["authToken"] == tv.token_of("cleo")


def test_an_app_without_a_name_is_refused(tv: DemoPlexTv) -> None:
    answer = requests.post(tv.url + "/api/v2/pins", headers=JSON, timeout=5)
    assert answer.status_code == 400
    assert "X-Plex-Client-Identifier" in answer.json()["errors"][0]["message"]


def test_the_sign_in_page_says_yes_and_goes_back(tv: DemoPlexTv) -> None:
    pin = ask(tv, "POST", "/api/v2/pins?strong=true").json()
    assert "location.hash" in requests.get(tv.url + "/auth", timeout=5).text
    told = {
        "clientID": CLIENT,
        "code": pin["code"],
        "forwardUrl": "http://127.0.0.1:5000/back",
        "account": "ana",
    }
    gone = requests.post(tv.url + "/auth/approve", data=told, timeout=5, allow_redirects=False)
    assert (gone.status_code, gone.headers["Location"]) == (303, told["forwardUrl"])
    assert tv.pin(pin["code"]).token == tv.token_of("ana")


def test_the_sign_in_page_refuses_a_code_of_another_app(tv: DemoPlexTv) -> None:
    pin = ask(tv, "POST", "/api/v2/pins?strong=true").json()
    told = {"clientID": "other", "code": pin["code"], "account": "ana"}
    assert requests.post(tv.url + "/auth/approve", data=told, timeout=5).status_code == 400
    assert tv.pin(pin["code"]).token is None


def test_plexapi_signs_in_by_pin(tv: DemoPlexTv, session: requests.Session) -> None:
    login = PinLogin(session=session)
    tv.approve(login.pin, "ana")
    assert login.checkLogin()
    assert login.token == tv.token_of("ana")


# Accounts


def test_an_account_says_who_it_is(tv: DemoPlexTv) -> None:
    who = ask(tv, "GET", "/api/v2/user", "ben").json()
    assert (who["id"], who["username"], who["home"]) == (4_711_002, "ben", False)
    assert ask(tv, "GET", "/api/v2/user").status_code == 401


def test_plexapi_reads_the_account_and_its_servers(
    plex: DemoPlex, tv: DemoPlexTv, session: requests.Session
) -> None:
    ana = Account(token=tv.token_of("ana"), session=session)
    assert (ana.id, ana.username, ana.subscriptionActive) == (4_711_001, "ana", True)
    server, player = ana.resources()
    assert (server.provides, server.owned, server.accessToken) == ("server", True, plex.token)
    assert server.clientIdentifier == plex.library.machine_identifier
    assert plex.url in [connection.uri for connection in server.connections]
    assert any(connection.relay for connection in server.connections)
    assert "player" in player.provides
    assert {person.title for person in ana.users()} == {"ben", "cleo", "dora"}
    assert ana.user("ben").get_token(server.clientIdentifier) == plex.token_of("ben")


def test_plexapi_switches_to_somebody_at_home(tv: DemoPlexTv, session: requests.Session) -> None:
    ana = Account(token=tv.token_of("ana"), session=session)
    assert ana.switchHomeUser("cleo", pin="1234").id == CLEO.plex_id
    assert ana.switchHomeUser("dora").id == DORA.plex_id
    with pytest.raises(Exception, match="403"):
        ana.switchHomeUser("cleo")


def test_a_revoked_token_is_dead(tv: DemoPlexTv, session: requests.Session) -> None:
    token = tv.token_of("ana")
    tv.revoke("ana")
    with pytest.raises(Unauthorized):
        Account(token=token, session=session)
    assert tv.token_of("ana") != token


def test_a_dead_token_may_be_called_invalid_instead(tv: DemoPlexTv) -> None:
    tv.faults.set({"dead_token_status": 422})
    dead = ask(tv, "GET", "/api/v2/user", **{"X-Plex-Token": "dead"})
    assert (dead.status_code, dead.json()["errors"][0]["message"]) == (422, "Invalid token")


def test_signing_out_ends_the_token(tv: DemoPlexTv) -> None:
    token = tv.token_of("ben")
    assert ask(tv, "DELETE", "/api/v2/users/signout", "ben").status_code == 204
    assert ask(tv, "GET", "/api/v2/user", **{"X-Plex-Token": token}).status_code == 401


def test_a_ping_tells_a_good_token_from_a_dead_one(tv: DemoPlexTv) -> None:
    assert ask(tv, "GET", "/api/v2/ping", "ana").json() == {"pong": "ok"}
    assert ask(tv, "GET", "/api/v2/ping", **{"X-Plex-Token": "dead"}).status_code == 401


# Servers and sharing


def servers(tv: DemoPlexTv, name: str) -> list[dict[str, Any]]:
    found = ask(tv, "GET", "/api/v2/resources?includeHttps=1&includeRelay=1", name).json()
    return [resource for resource in found if resource["provides"] == "server"]


def test_everybody_gets_their_own_token_of_the_server(plex: DemoPlex, tv: DemoPlexTv) -> None:
    for name in ("ana", "ben", "cleo", "dora"):
        (server,) = servers(tv, name)
        assert server["accessToken"] == plex.token_of(name)
        assert server["owned"] == (name == "ana")


def test_a_stranger_has_another_server_only(plex: DemoPlex, tv: DemoPlexTv) -> None:
    (server,) = servers(tv, "eve")
    assert server["owned"]
    assert server["clientIdentifier"] != plex.library.machine_identifier
    assert EVE not in plex.accounts.values()


def test_access_withdrawn_is_gone_at_plextv_and_on_the_server(
    plex: DemoPlex, tv: DemoPlexTv
) -> None:
    token = plex.token_of("ben")
    tv.withdraw("ben")
    assert servers(tv, "ben") == []
    assert plex.who(token) is None
    assert "ben" not in ask(tv, "GET", "/api/users", "ana").text
    tv.share("ben")
    assert plex.who(servers(tv, "ben")[0]["accessToken"]) == BEN


def test_resources_come_as_xml_too(tv: DemoPlexTv) -> None:
    text = ask(tv, "GET", "/api/v2/resources", "ana", Accept="application/xml").text
    assert "<resource " in text
    assert "<connections><connection " in text
    assert 'owned="1"' in text


def test_the_home_lists_who_lives_there(tv: DemoPlexTv) -> None:
    text = ask(tv, "GET", "/api/home/users", "ana").text
    assert text.count("<User ") == 3
    assert 'title="cleo"' in text
    assert 'restricted="1"' in text
    assert ask(tv, "GET", "/api/home/users", "ben").text.count("<User ") == 1


def test_a_pin_protects_a_home_user_and_guessing_ends(tv: DemoPlexTv) -> None:
    path = f"/api/home/users/{CLEO.plex_id}/switch"
    right = ask(tv, "POST", path + "?pin=1234", "ana")
    assert "authenticationToken=" in right.text
    wrong = [ask(tv, "POST", path + "?pin=0000", "ana") for _ in range(6)]
    assert [answer.status_code for answer in wrong] == [403] * 5 + [429]
    assert wrong[0].json()["errors"][0]["code"] == 1041
    assert wrong[-1].headers["Retry-After"] == "60"


def test_only_the_owner_sees_whom_the_server_is_shared_with(plex: DemoPlex, tv: DemoPlexTv) -> None:
    path = f"/api/servers/{plex.library.machine_identifier}/shared_servers"
    text = ask(tv, "GET", path, "ana").text
    assert all(plex.token_of(name) in text for name in ("ben", "cleo", "dora"))
    assert plex.token not in text
    assert ask(tv, "GET", path, "ben").status_code == 403
    assert ask(tv, "GET", "/api/servers/other/shared_servers", "ana").status_code == 404


# Faults


def test_plextv_may_ask_for_patience(tv: DemoPlexTv) -> None:
    tv.faults.set({"status": 429, "retry_after": 90})
    answer = ask(tv, "GET", "/api/v2/user", "ana")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "90")
    assert answer.json()["errors"][0]["code"] == 1003


@pytest.mark.parametrize("status", [500, 503, 520])
def test_plextv_may_be_broken(tv: DemoPlexTv, status: int) -> None:
    tv.faults.set({"status": status})
    assert ask(tv, "POST", "/api/v2/pins").status_code == status


def test_plextv_may_be_slow_or_gone(tv: DemoPlexTv) -> None:
    tv.faults.set({"slow_ms": 1_500})
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(tv.url + "/link", timeout=0.2)
    tv.stop()
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(tv.url + quote("/link"), timeout=5)


def test_what_was_asked_can_be_looked_through(tv: DemoPlexTv) -> None:
    ask(tv, "GET", "/api/v2/user", "ana")
    asked = tv.requests.asked[-1]
    assert (asked.method, asked.target) == ("GET", "/api/v2/user")
    assert asked.headers["X-Plex-Token"] == tv.token_of("ana")
    assert tv.requests.kinds["user"] == 1
