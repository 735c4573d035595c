"""The commands as typed: what they print on which stream, and how they end."""

import io
import time
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from moodrec.jobs.models import Heartbeat
from moodrec.tests import builders
from moodrec.tests.installs import Install

pytestmark = pytest.mark.django_db


def printed(*command: str) -> list[str]:
    out = io.StringIO()
    call_command(*command, stdout=out, stderr=io.StringIO())
    return out.getvalue().splitlines()


def test_apikey_prints_the_key_alone_and_it_works() -> None:
    builders.owner("ada")
    [key] = printed("apikey", "ada")
    answer = Client().get("/api/jobs", headers={"authorization": f"Token {key}"})
    assert answer.status_code == 200
    assert Client().get("/api/jobs", headers={"authorization": "Token x"}).status_code == 401


def test_the_first_user_of_a_key_owns_the_install_and_has_no_password() -> None:
    printed("apikey", "ada")
    printed("apikey", "ben")
    ada, ben = User.objects.order_by("pk")
    assert (ada.is_superuser, ben.is_superuser) == (True, False)
    assert not ada.has_usable_password()
    assert ada.viewer.owns_plex_state


def test_link_signs_the_owner_in() -> None:
    builders.owner("ada")
    [address] = printed("link")
    browser = Client()
    browser.get("/welcome/" + address.rpartition("/")[2])
    assert browser.get("/connect").status_code == 200


def test_link_opens_the_first_run_of_a_fresh_install() -> None:
    [address] = printed("link")
    path = "/welcome/" + address.rpartition("/")[2]
    assert Client().get(path)["Location"] == "/owner"


def test_link_for_nobody_is_refused() -> None:
    with pytest.raises(CommandError, match="no user 'eve'"):
        printed("link", "eve")


def test_doctor_names_what_is_wrong() -> None:
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"Not well: worker, plex\."):
        call_command("doctor", stdout=out)
    assert "BAD  plex: No Plex is connected" in out.getvalue()


def test_doctor_is_content_where_all_is_well() -> None:
    Heartbeat.beat("tick")
    builders.connection()
    assert all(line.startswith("ok ") for line in printed("doctor"))


def test_up_refuses_a_service_that_does_not_exist() -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        printed("up", "everything")


def test_up_on_a_place_that_cannot_be_written_says_so(install: Install) -> None:
    blocked = install.folder / "file"
    blocked.touch()
    done = Install(install.folder).manage("up", DATABASE_URL=f"sqlite:///{install.database}",
                                          DATA_DIR=str(blocked), SECRET_KEY="x" * 50,
                                          DATA_KEYS="a" * 43 + "=")  # fmt: skip
    assert done.returncode == 1
    assert "can't be written" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["apikey ada", "link", "sync", "train", "recommend"])
def test_a_command_before_the_first_start_names_the_cure(tmp_path: Path, command: str) -> None:
    done = Install(tmp_path).manage(*command.split())
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"The install in {tmp_path} is not set up yet: run `manage.py up` or `manage.py migrate`.\n"
    )


@pytest.mark.parametrize("name", ["", "a b", "x" * 151, "eve\n"])
def test_a_name_that_cannot_be_a_user_gets_no_key(name: str) -> None:
    with pytest.raises(CommandError, match="can't be a user"):
        printed("apikey", name)
    assert not User.objects.exists()


def test_the_longest_name_gets_a_key_and_a_viewer() -> None:
    for ending in "ab":
        printed("apikey", "x" * 149 + ending)
    assert [user.viewer.name for user in User.objects.all()] == ["x" * 80] * 2
    assert all(len(user.viewer.slug) <= 80 for user in User.objects.all())


def test_who_owns_the_install_by_a_key_is_told_so_and_how_to_sign_in() -> None:
    told = io.StringIO()
    call_command("apikey", "ada", stdout=io.StringIO(), stderr=told)
    assert "owns this install. To sign in: `manage.py link ada`." in told.getvalue()
    told = io.StringIO()
    call_command("apikey", "ben", stdout=io.StringIO(), stderr=told)
    assert "owns" not in told.getvalue()


def status(key: str) -> int:
    return Client().get("/api/jobs", headers={"authorization": f"Token {key}"}).status_code


def test_keys_are_listed_by_their_beginnings_and_revoked_one_by_one() -> None:
    first, second = (printed("apikey", "ada")[-1] for _ in range(2))
    other = printed("apikey", "ben")[-1]
    lines = printed("apikey", "ada", "--list")
    assert [first.startswith(lines[0].split()[0]), second.startswith(lines[1].split()[0])] == [
        True, True,
    ]  # fmt: skip
    assert first not in lines[0]
    printed("apikey", "ada", "--revoke", lines[0].split()[0])
    assert [status(key) for key in (first, second, other)] == [401, 200, 200]
    printed("apikey", "ada", "--revoke", "all")
    assert [status(key) for key in (first, second, other)] == [401, 401, 200]


@pytest.mark.parametrize("prefix", ["", "nothing-like-it"])
def test_no_key_is_revoked_by_mistake(prefix: str) -> None:
    keys = [printed("apikey", "ada")[-1] for _ in range(2)]
    with pytest.raises(CommandError, match="keys begin with"):
        printed("apikey", "ada", "--revoke", prefix)
    assert [status(key) for key in keys] == [200, 200]


def test_the_keys_of_nobody_are_not_listed() -> None:
    with pytest.raises(CommandError, match="no user 'eve'"):
        printed("apikey", "eve", "--list")
    assert not User.objects.exists()


@pytest.mark.parametrize("start", [0, 100])
def test_up_on_a_damaged_database_names_the_newest_backup(install: Install, start: int) -> None:
    for _ in range(2):
        copy = install.manage("backup").stdout.strip()
    with install.database.open("r+b") as file:
        file.seek(start)
        file.write(b"\xde\xad" * 4_000)
    began = time.monotonic()
    done = install.manage("up")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{install.database} is damaged: " in done.stderr
    assert done.stderr.endswith(
        f"Put the newest backup in its place: `manage.py restore {copy}`.\n"
    )
    assert "Traceback" not in done.stderr
    assert time.monotonic() - began < 60


def test_a_database_that_is_away_is_named_without_a_traceback(install: Install) -> None:
    done = install.manage("apikey", "ada", DATABASE_URL="postgres://a:b@127.0.0.1:1/x")
    assert done.returncode == 1
    assert "The database does not answer" in done.stderr
    assert "Traceback" not in done.stderr
