"""The settings page and its small ones: what holds in words, language, look, what leaves the house."""

import re

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from moodrec.jobs import kinds, schedules
from moodrec.jobs.models import Job, Schedule
from moodrec.pages import about, outbound
from moodrec.tests import builders

pytestmark = pytest.mark.django_db

OWNERS = ["leaving", "schedules", "backups", "jobs"]
EVERYBODYS = ["settings", "keys", "about"]


@pytest.fixture
def owner(client: Client, ada: User) -> Client:
    """The owner's browser, in a household with a job of every kind."""
    builders.connection()
    builders.title()
    for kind in configured.JOB_EVERY_HOURS:
        builders.job(kind, detail="Done.")
    client.force_login(ada)
    return client


def text(browser: Client, name: str, *args: object) -> str:
    answer = browser.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", OWNERS + EVERYBODYS)
def test_a_page_asks_the_database_little(
    owner: Client, django_assert_max_num_queries: DjangoAssertNumQueries, name: str
) -> None:
    with django_assert_max_num_queries(12):
        text(owner, name)


def test_members_see_what_is_theirs(client: Client, ada: User, ben: User) -> None:
    client.force_login(ben)
    page = text(client, "settings")
    for name in (*OWNERS, "people", "connect", "giving", "admin:index"):
        assert f'href="{reverse(name)}"' not in page
    for name in EVERYBODYS[1:]:
        assert f'href="{reverse(name)}"' in page
        assert text(client, name)
    for name in OWNERS:
        assert client.get(reverse(name)).status_code == 403
    assert str(configured.DATA_DIR) not in text(client, "about")


def test_everybody_finds_the_settings_in_the_header(client: Client, ben: User) -> None:
    client.force_login(ben)
    assert f'href="{reverse("settings")}"' in text(client, "history")


def test_the_owner_reads_how_each_part_stands(owner: Client) -> None:
    builders.job("train", state=Job.State.FAILED, detail="No disk.")
    page = text(owner, "settings")
    for told in (
        "Connected to Den",
        "1 of 1 read: 1 title",
        "It did not work: Learning",
        "None yet",
    ):
        assert told in page
    assert "Nothing: MoodRec talks to your own Plex only" not in text(Client(), "sign-in")


def test_a_language_can_be_chosen_before_signing_in(ada: User) -> None:
    stranger = Client()
    there = {"language": "fr", "next": reverse("sign-in")}
    answer = stranger.post(reverse("set_language"), there)
    assert answer["Location"] == reverse("sign-in")
    page = stranger.get(reverse("sign-in")).content.decode()
    assert '<html lang="fr"' in page
    for name in ("English", "Deutsch", "Français", "Español"):  # each as its speakers call it
        assert f">{name}</button>" in page


@pytest.mark.parametrize("look", ["dark", "light"])
def test_a_look_holds_on_every_page_until_it_is_taken_back(owner: Client, look: str) -> None:
    owner.post(reverse("look"), {"look": look})
    assert f'data-theme="{look}"' in text(owner, "history")
    owner.post(reverse("look"), {"look": "device"})
    assert "data-theme" not in text(owner, "history")


def test_a_look_that_does_not_exist_is_as_the_device(owner: Client) -> None:
    owner.post(reverse("look"), {"look": '"><script>'})
    assert "moodrec_look" not in owner.cookies or not owner.cookies["moodrec_look"].value


def test_a_schedule_is_chosen_in_words_and_taken_back(owner: Client) -> None:
    assert "As configured: every 6 hours" in text(owner, "schedules")
    owner.post(reverse("schedules"), {"sync": "1", "train": ""})
    assert schedules.hours()["sync"] == 1
    chosen = re.search(
        r'<option value="1"\s+selected>Every hour</option>', text(owner, "schedules")
    )
    assert chosen
    owner.post(reverse("schedules"), {"sync": ""})
    assert not Schedule.objects.exists()


@pytest.mark.parametrize("value", ["-1", "0.0001", "nan", "1e9", "soon"])
def test_no_schedule_but_those_offered_is_stored(owner: Client, value: str) -> None:
    owner.post(reverse("schedules"), {"sync": value})
    assert not Schedule.objects.exists()


@pytest.mark.parametrize(
    ("hours", "told"),
    [(0, "only when somebody asks"), (1, "every hour"), (6, "every 6 hours"), (24, "once a day"),
     (0.5, "every 0.5 hours"), (168, "once a week")],
)  # fmt: skip
def test_how_often_is_told_in_words(hours: float, told: str) -> None:
    assert kinds.every(hours) == told


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.2, "1 s"), (59, "59 s"), (150, "2 min"), (3725, "1 h 2 min")]
)
def test_a_length_is_told_in_words(seconds: float, told: str) -> None:
    assert kinds.length(seconds) == told


def test_of_the_demo_nothing_leaves_the_house() -> None:
    row = builders.connection(is_demo=True)
    assert not [call for call in outbound.all_calls(row) if call.on and call.leaves]
    assert outbound.summary(row).startswith("Nothing")


def test_a_linked_account_is_named_with_who_hears_of_it(owner: Client, settings: Settings) -> None:
    row = builders.connection()
    row.account_token = "secret-account"
    row.save()
    page = text(owner, "leaving")
    assert "plex.tv" in outbound.summary(row)
    assert "secret-account" not in page
    assert builders.TOKEN not in page


def test_about_names_the_version_each_check_and_every_licence(owner: Client) -> None:
    page = text(owner, "about")
    assert configured.VERSION in page
    assert "No sign" in page or "gave no sign yet" in page
    assert "Django" in page
    assert len(about.licences()) > 40


def test_a_paper_is_shown_and_no_other_file(owner: Client) -> None:
    assert "MIT" in text(owner, "paper", "licence")
    assert owner.get(reverse("paper", args=["settings.py"])).status_code == 404
    assert owner.get("/settings/about/..%2F..%2Fmanage.py").status_code == 404
