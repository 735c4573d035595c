"""No token of Plex's ever leaves the encrypted columns: not by a page, a log, a file or an address."""

import base64
import gzip
import logging
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection as database
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mlmodel.models import MoodRule
from moodrec.jobs.models import Job
from moodrec.jobs.run import JobFailed
from moodrec.tests import builders
from moodrec.tests.browser import Browser
from moodrec.tests.canaries import files, forms, found_in
from moodrec.tests.test_access import ROUTES
from moodrec.tests.test_processes import House, running, until
from plexsync import sync
from plexsync.client import PlexError
from plexsync.demo.generated import generated_library
from plexsync.demo.plextv import DemoPlexTv
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, Viewer

CANARY = "CANARY-PLEX-server-Zq7"
STORED = {
    "account_token": "CANARY-PLEX-account-Xw3",
    "hook_secret": "CANARY-PLEX-hook-Kp9",
}
VIEWERS = "CANARY-PLEX-viewer-Lm5"
SECRETS = [CANARY, VIEWERS, *STORED.values()]


# --- the finder finds -------------------------------------------------------------------------


@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "x" * 50])
def test_a_secret_is_found_however_it_is_wrapped(before: str) -> None:
    told = f"{before}{CANARY}, and more".encode()
    wrapped = [told, base64.b64encode(told), gzip.compress(told), told.hex().encode()]
    for place in wrapped:
        assert found_in([CANARY], [("here", place)]) == ["here"]
    assert found_in([CANARY], [("here", b"nothing of the kind"), ("there", b"")]) == []


def test_no_form_of_a_secret_is_so_short_that_anything_holds_it() -> None:
    assert min(map(len, forms(CANARY))) > 20


# --- one process: errors, pages of everybody, the developer's error page ----------------------


@pytest.fixture
def plex() -> Iterator[DemoPlex]:
    with DemoPlex(generated_library(60), token=CANARY) as server:
        yield server


@pytest.fixture
def household(db: None, plex: DemoPlex) -> User:
    """A connected household with every secret there is."""
    user = builders.owner()
    sync.connect(plex.url, CANARY)
    sync.run()
    row = Connection.objects.get()
    for name, secret in STORED.items():
        setattr(row, name, secret)
    row.save()
    builders.viewer("Ada", user=user)
    ben = builders.viewer("Ben", user=builders.member())
    Viewer.objects.filter(pk=ben.pk).update(plex_token=VIEWERS)
    return user


def pages() -> list[str]:
    """Every address of ours that is looked at, the back office's lists and rows among them."""
    ours = [address for name, address in ROUTES if name != "welcome"]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        ours.append(reverse(f"{name}_changelist"))
        ours += [
            reverse(f"{name}_change", args=[pk])
            for pk in model._default_manager.values_list("pk", flat=True)[:2]
        ]
    return ours


def test_no_page_and_no_log_line_tells_a_secret(
    household: User, plex: DemoPlex, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[tuple[str, bytes]] = []
    for user in (household, User.objects.get(username="ben")):
        browser = Client(raise_request_exception=False)
        browser.force_login(user)
        for address in pages():
            answer = browser.get(address)
            body = b"".join(answer) if answer.streaming else answer.content
            seen.append((f"{user} {address}", str(answer.headers).encode() + body))
    assert len(seen) > 80
    # the address of the webhook is for the owner to copy
    owners = [secret for secret in SECRETS if secret != STORED["hook_secret"]]
    assert found_in(owners, seen) == []
    assert found_in(SECRETS, [each for each in seen if each[0].startswith("ben")]) == []
    assert found_in(SECRETS, [("log", caplog.text.encode())]) == []


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 401},
        {"status": 503},
        {"status": 520},
        {"reset": True},
        {"html": True},
        {"slow_ms": 800},
    ],
)
def test_no_failed_sync_tells_a_secret(
    household: User,
    plex: DemoPlex,
    fault: dict[str, object],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("plexsync.client.server.READ_SECONDS", 0.2)
    caplog.set_level(logging.DEBUG)
    plex.faults.set(fault)
    with pytest.raises((PlexError, JobFailed)) as failure:
        sync.run()
    chain: list[str] = []
    error: BaseException | None = failure.value
    while error is not None:
        chain += [str(error), repr(error), repr(vars(error))]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    row = Connection.objects.get()
    told = [*chain, row.problem, repr(row), caplog.text]
    assert found_in(SECRETS, [("told", "\n".join(told).encode())]) == []


@pytest.mark.parametrize("debug", [True, False])
def test_no_traceback_tells_a_secret(
    household: User,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    *,
    debug: bool,
) -> None:
    """Not even the page of a bug deep in a call that has the token in its hands."""

    def bug(_adapter: object, request: requests.PreparedRequest, **_: object) -> None:
        assert CANARY in str(request.headers)
        raise RuntimeError(f"sent {dict(request.headers)}")

    settings.DEBUG = debug
    monkeypatch.setattr("requests.adapters.HTTPAdapter.send", bug)
    browser = Client(raise_request_exception=False)
    browser.force_login(household)
    item = Connection.objects.get().libraries.get(type="movie").items.first()
    assert item is not None
    answer = browser.get(f"/posters/{item.pk}/300")
    assert answer.status_code == 500
    assert ("RuntimeError" in answer.content.decode()) is debug
    assert found_in(SECRETS, [("page", answer.content)]) == []
    form = {"url": "http://127.0.0.1:9", "token": VIEWERS, "unverified": "maybe"}
    monkeypatch.setattr("plexsync.pages.connect.ConnectForm.is_valid", lambda _form: 1 / 0)
    answer = browser.post("/connect", form)
    assert answer.status_code == 500
    assert found_in(SECRETS, [("page", answer.content)]) == []


@pytest.mark.django_db(transaction=True)
def test_the_database_file_holds_no_secret_but_encrypted(household: User) -> None:
    path = Path(str(database.settings_dict["NAME"]))
    held = [(f"db{end}", Path(f"{path}{end}").read_bytes()) for end in ("", "-wal")]
    assert any(b"gAAAA" in body for _name, body in held)  # there they are, encrypted
    assert found_in(SECRETS, held) == []


def test_with_another_key_plex_is_linked_again_and_nothing_breaks(
    household: User, settings: Settings
) -> None:
    """The key file of another install, or a lost one: the tokens are gone, all else is there."""
    settings.DATA_KEYS = [base64.urlsafe_b64encode(bytes(32)).decode()]
    row = Connection.objects.get()
    assert (row.token, row.account_token, row.hook_secret) == ("", "", "")
    browser = Client()
    browser.force_login(household)
    for address in pages():
        assert browser.get(address).status_code < 500, address
    with pytest.raises(JobFailed, match="refused the token"):
        sync.run()
    assert Connection.objects.get().state == Connection.State.DENIED
    assert "Link MoodRec with Plex again" in Connection.objects.get().problem
    assert "Link with Plex again" in browser.get("/").content.decode()


# --- the real thing: every process, their files, their output ---------------------------------


@dataclass
class Watched:
    """A running install whose people link their accounts, and everything that could tell."""

    house: House
    plextv: DemoPlexTv
    owner: Browser
    member: Browser

    def secrets(self) -> list[str]:
        """Every token of every account, at plex.tv and on the server."""
        return [*self.house.plex.accounts, *self.plextv.tokens, *STORED.values(), VIEWERS]

    def say_yes(self, browser: Browser, asked: requests.Response, name: str) -> requests.Response:
        """Do what somebody does on the page of Plex that MoodRec sent them to."""
        there = next(a for a in (*asked.history, asked) if "/auth" in a.headers.get("Location", ""))
        told = parse_qs(urlsplit(there.headers["Location"]).fragment.lstrip("?!/"))
        self.plextv.approve(told["code"][0], name)
        return browser.get(told["forwardUrl"][0])

    def shell(self, code: str) -> str:
        done = self.house.install.manage("shell", "-v0", "-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with (
        DemoPlex(generated_library(120), token=CANARY) as plex,
        DemoPlexTv(plex) as plextv,
    ):
        environment = {
            "PLEX_TV_URL": plextv.url,
            "PLEX_APP_URL": plextv.url,
            "JOB_TICK_SECONDS": "2",
            "LOG_LEVEL": "DEBUG",
        }
        with running(tmp_path, plex, environment) as house:
            yield Watched(house, plextv, Browser(house.url), Browser(house.url))


@pytest.mark.processes
def test_no_process_writes_sends_or_shows_a_secret(watched: Watched) -> None:
    house, told = watched.house, []
    _link_and_sync(watched)
    _store_the_rest(watched)
    for fault in ({"status": 401}, {"reset": True}, {"html": True}, {"status": 503}):
        house.plex.faults.set(fault)
        told.append(house.install.manage("sync", "--json"))
        _look_at_everything(watched)
    house.plex.faults.clear()
    _connect_by_token(watched)
    commands = (["doctor"], ["backup"], ["sync", "--json"], ["sync", "--full"])
    told += [house.install.manage(*command) for command in commands]
    house.plex.faults.set({"slow_ms": 6_000, "only_path": "/photo"})
    _look_at_everything(watched)
    house.plex.faults.clear()
    told.append(_meet_a_bug(watched))
    sessions = watched.shell(
        "from django.contrib.sessions.models import Session as S;"
        "print([s.get_decoded() for s in S.objects.all()])"
    )
    assert "_auth_user_id" in sessions
    places = [
        *files(house.install.folder),
        ("log", house.log.read_bytes()),
        ("sessions", sessions.encode()),
        ("processes", repr(house.family()).encode()),
        *((str(each.args), (each.stdout + each.stderr).encode()) for each in told),
        *((each.target, each.target.encode()) for each in house.plex.requests.asked),
        *((each.target, each.target.encode()) for each in watched.plextv.requests.asked),
    ]
    names = [name for name, _held in places]
    assert any(name.endswith(".aof") for name in names), names
    assert any(name.startswith("backups/") for name in names), names
    assert found_in(watched.secrets(), places) == []
    # the owner may read the webhook's address, to give it to Plex
    tokens = [each for each in watched.secrets() if each != STORED["hook_secret"]]
    assert found_in(tokens, watched.owner.shown) == []
    assert found_in(watched.secrets(), watched.member.shown) == []


def _link_and_sync(watched: Watched) -> None:
    """The first run by a Plex account, and a friend who signs in with theirs."""
    house, owner = watched.house, watched.owner
    link = next(word for word in house.log.read_text().split() if "/welcome/" in word)
    first = owner.get("/welcome/" + link.rpartition("/")[2])
    choice = watched.say_yes(owner, owner.send(first, "/sign-in/plex"), "ana")
    assert choice.url.endswith("/connect/servers"), choice.text
    assert owner.send(choice).url.endswith("/sync")
    _wait_for_the_sync(watched)
    member = watched.member
    back = watched.say_yes(member, member.send(member.get("/sign-in"), "/sign-in/plex"), "ben")
    assert back.status_code == 200, back.text


def _wait_for_the_sync(watched: Watched) -> None:
    def over() -> bool:
        jobs = watched.owner.get("/api/jobs", headers={"Accept": "application/json"}).json()
        states = {job["state"] for job in jobs}
        return bool(states) and not states & {Job.State.QUEUED, Job.State.RUNNING}

    until(over, "the end of all jobs")


def _store_the_rest(watched: Watched) -> None:
    watched.shell(
        "from plexsync.models import Connection, Viewer;"
        "c = Connection.current();"
        f"c.hook_secret = {STORED['hook_secret']!r};"
        "c.save(update_fields=['hook_secret']);"
        f"v = Viewer.add('Gus'); v.plex_token = {VIEWERS!r}; v.save()"
    )


def _connect_by_token(watched: Watched) -> None:
    page = watched.owner.get("/connect")
    plex = watched.house.plex
    done = watched.owner.send(page, "/connect#by-hand", url=plex.url, token=plex.token)
    assert done.url.partition("#")[0].endswith("/sync"), done.text
    watched.owner.send(page, "/connect#by-hand", url=plex.url, token=VIEWERS)  # a wrong one
    _wait_for_the_sync(watched)


def _look_at_everything(watched: Watched) -> None:
    asked = watched.owner.get("/recommend?vibe=funny", headers={"Accept": "application/json"})
    assert asked.status_code == 200
    suggestions = asked.json()["suggestions"]
    for browser in (watched.owner, watched.member):
        for name, address in ROUTES:
            if name not in {"welcome", "api-recommend"}:
                browser.get(address)
        for shown in suggestions:
            browser.get(shown["poster"])
        browser.get(f"/asks/{asked.json()['ask']}")
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        watched.owner.get(reverse(f"{name}_changelist"))
        if model is not MoodRule:  # which has a single page
            watched.owner.get(reverse(f"{name}_change", args=[1]))


def _meet_a_bug(watched: Watched) -> subprocess.CompletedProcess[str]:
    """A table that is gone: pages, worker and command end in tracebacks. Returns the command's."""
    rename = (
        "from django.db import connection as c; c.cursor().execute('ALTER TABLE {} RENAME TO {}')"
    )
    watched.shell(rename.format("plexsync_library", "gone"))
    assert watched.owner.get("/").status_code == 500
    done = watched.house.install.manage("sync", "--json")
    assert "no such table" in done.stderr
    watched.shell("from moodrec.jobs import queue; queue.request('sync')")
    newest = "SELECT state FROM jobs_job ORDER BY id DESC LIMIT 1"
    until(lambda: watched.house.sql(newest) == [("failed",)], "the end of the job")
    assert watched.house.log.read_text().count("no such table") >= 2
    watched.shell(rename.format("gone", "plexsync_library"))
    return done
