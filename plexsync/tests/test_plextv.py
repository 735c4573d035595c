"""plex.tv in our words: what it answers, in JSON or XML, and each way it can fail us."""

import logging

import pytest
from pytest_django import Settings

from plexsync.client import PlexError, plextv, plextv_call
from plexsync.demo.people import BEN, CLEO, DORA
from plexsync.demo.plextv import DemoPlexTv
from plexsync.demo.server import DemoPlex


def test_a_strong_pin_has_no_token_until_somebody_says_yes(plex_tv: DemoPlexTv) -> None:
    pin = plextv.create_pin()
    assert (len(pin.code) > 4, plextv.pin(pin.id).token) == (True, "")
    plex_tv.approve(pin.code, "ana")
    assert plextv.pin(pin.id).token == plex_tv.token_of("ana")


def test_the_other_pin_has_four_characters_to_type(plex_tv: DemoPlexTv) -> None:
    assert len(plextv.create_pin(strong=False).code) == 4


def test_a_pin_that_expired_is_missing(plex_tv: DemoPlexTv) -> None:
    pin = plextv.create_pin()
    plex_tv.expire(pin.code)
    with pytest.raises(PlexError) as caught:
        plextv.pin(pin.id)
    assert caught.value.kind == "missing"


def test_an_account_is_its_number(plex_tv: DemoPlexTv) -> None:
    account = plextv.account(plex_tv.token_of("ben"))
    assert (account.id, account.username) == (BEN.plex_id, "ben")


def test_servers_come_with_the_account_s_own_token_and_players_don_t(
    plex_tv: DemoPlexTv, plex: DemoPlex
) -> None:
    (hers,) = plextv.servers(plex_tv.token_of("ana"))
    (his,) = plextv.servers(plex_tv.token_of("ben"))
    assert (hers.owned, his.owned) == (True, False)
    assert hers.machine_identifier == his.machine_identifier == plex.library.machine_identifier
    assert (hers.token, hers.token != his.token) == (plex.token, True)
    assert [each.uri for each in hers.addresses] == [plex.url]
    assert his.owner == "ana"


def test_the_home_and_those_one_shares_with_are_told(plex_tv: DemoPlexTv, plex: DemoPlex) -> None:
    token = plex_tv.token_of("ana")
    home = {user.name: user for user in plextv.home_users(token)}
    assert set(home) == {"ana", "cleo", "dora"}
    assert (home["cleo"].protected, home["dora"].managed, home["ana"].admin) == (True, True, True)
    shares = plextv.shared_servers(token, plex.library.machine_identifier)
    assert {share.plex_id for share in shares} == {BEN.plex_id, CLEO.plex_id, DORA.plex_id}
    assert all(share.token for share in shares)


def test_one_becomes_a_home_user_by_their_pin_only(plex_tv: DemoPlexTv) -> None:
    token = plex_tv.token_of("ana")
    assert plextv.account(plextv.switch(token, DORA.plex_id)).id == DORA.plex_id
    assert plextv.account(plextv.switch(token, CLEO.plex_id, "1234")).id == CLEO.plex_id
    for pin in ("", "0000"):
        with pytest.raises(PlexError) as caught:
            plextv.switch(token, CLEO.plex_id, pin)
        assert caught.value.kind == "forbidden"


def test_a_token_that_was_signed_out_is_refused(plex_tv: DemoPlexTv) -> None:
    token = plex_tv.token_of("ana")
    plextv.sign_out(token)
    with pytest.raises(PlexError) as caught:
        plextv.account(token)
    assert caught.value.kind == "denied"


def test_xml_says_the_same_as_json(plex_tv: DemoPlexTv, monkeypatch: pytest.MonkeyPatch) -> None:
    token = plex_tv.token_of("ana")
    as_json = (plextv.account(token), plextv.servers(token))
    plain = plextv_call._headers
    monkeypatch.setattr(plextv_call, "_headers", lambda t: {**plain(t), "Accept": "text/xml"})
    assert (plextv.account(token), plextv.servers(token)) == as_json
    assert plextv.pin(plextv.create_pin().id).token == ""


def test_every_call_is_of_one_install(plex_tv: DemoPlexTv, settings: Settings) -> None:
    plextv.pin(plextv.create_pin().id)
    plextv.account(plex_tv.token_of("ana"))
    sent = {call.headers["X-Plex-Client-Identifier"] for call in plex_tv.requests.asked}
    assert sent == {settings.PLEX_CLIENT_IDENTIFIER}


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        ({"status": 401}, "denied", "Sign in with Plex again"),
        ({"status": 422}, "denied", "Sign in with Plex again"),
        ({"status": 403}, "forbidden", "may not"),
        ({"status": 404}, "missing", "any more"),
        ({"status": 429, "retry_after": 30}, "busy", "Try again in 30 seconds"),
        ({"status": 429, "retry_after": 600}, "busy", "Try again in 10 minutes"),
        ({"status": 500}, "unreachable", "trouble (500)"),
        ({"status": 520}, "unreachable", "trouble (520)"),
        ({"html": True}, "not_plex", "proxy"),
        ({"empty": True}, "not_plex", "proxy"),
        ({"redirect": "http://127.0.0.1:9"}, "not_plex", "proxy"),
        ({"reset": True}, "unreachable", "does not answer"),
    ],
)
def test_each_failure_is_told_without_a_secret(
    plex_tv: DemoPlexTv, fault: dict[str, object], kind: str, words: str
) -> None:
    token = plex_tv.token_of("ana")
    plex_tv.faults.set(fault)
    with pytest.raises(PlexError) as caught:
        plextv.account(token)
    assert (caught.value.kind, words in str(caught.value)) == (kind, True), str(caught.value)
    assert token not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_plex_tv_that_is_away_is_told(plex_tv: DemoPlexTv) -> None:
    plex_tv.stop()
    with pytest.raises(PlexError, match=r"plex\.tv does not answer"):
        plextv.create_pin()


def test_looking_at_a_pin_survives_a_hiccup(plex_tv: DemoPlexTv) -> None:
    pin = plextv.create_pin()
    plex_tv.faults.set({"status": 502, "times": 2})
    assert plextv.pin(pin.id).id == pin.id
    plex_tv.faults.set({"status": 502, "times": 3})
    with pytest.raises(PlexError):
        plextv.pin(pin.id)


def test_what_must_not_be_repeated_is_not(plex_tv: DemoPlexTv) -> None:
    plex_tv.faults.set({"status": 502, "times": 1})
    with pytest.raises(PlexError):
        plextv.create_pin()
    assert len(plex_tv.pins) == 0


@pytest.mark.parametrize("answer", [{}, {"MediaContainer": {}}, {"size": 2, "User": [{"id": 1}]}])
def test_an_answer_that_lacks_people_is_no_answer(
    answer: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is missing from it would be shut out."""
    monkeypatch.setattr(plextv, "call", lambda *_args, **_more: answer)
    with pytest.raises(PlexError) as caught:
        plextv.home_users("t")
    assert caught.value.kind == "busy"


def test_a_home_pin_and_tokens_stay_out_of_the_log(
    plex_tv: DemoPlexTv, caplog: pytest.LogCaptureFixture
) -> None:
    token = plex_tv.token_of("ana")
    logging.getLogger("urllib3").setLevel(logging.INFO)  # as the settings have it
    with caplog.at_level(logging.DEBUG):
        plextv.switch(token, CLEO.plex_id, "1234")
    assert "1234" not in caplog.text
    assert token not in caplog.text


def test_a_body_without_end_is_not_read(
    plex_tv: DemoPlexTv, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plextv_call, "MAX_BYTES", 10)
    with pytest.raises(PlexError, match=r"plex\.tv does not answer"):
        plextv.create_pin()


def test_a_body_that_drips_in_is_not_waited_for(
    plex_tv: DemoPlexTv, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each read is in time; all of them together are not."""
    monkeypatch.setattr(plextv_call, "READ_SECONDS", 0.2)
    plex_tv.faults.set({"drip_ms": 100})
    with pytest.raises(PlexError, match=r"plex\.tv does not answer"):
        plextv.servers(plex_tv.token_of("ana"))
