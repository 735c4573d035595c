"""The commands as typed: what they print on which stream, and how they end."""

import io

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
