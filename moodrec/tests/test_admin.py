"""The whole back office: every page opens, for the owner only, shows no secret, and GET changes nothing."""

import re
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.core import serializers
from django.db import connection as database
from django.db.models import Model
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from knox.models import AuthToken

from feedback.models import Ask, Dismissal, Favorite, Feedback, Suggestion
from mlmodel.models import FreshStart, ModelVersion
from moodrec.jobs.models import Heartbeat, Job, Schedule
from moodrec.phrases import phrases
from moodrec.security.models import OneTimeLink
from moodrec.tests import builders as build
from plexsync.models import (
    Connection,
    Episode,
    Library,
    MediaItem,
    Play,
    PlexAccount,
    Shelf,
    TitleState,
    Viewer,
    WatchedEpisode,
)
from recommender.models import Gathering, Guest

OURS: list[type[Model]] = [
    Connection, Library, MediaItem, Viewer, Ask, Suggestion, Feedback, Favorite, Dismissal,
    ModelVersion, FreshStart, Job, Heartbeat, Episode, WatchedEpisode, TitleState, Play, Shelf, PlexAccount,
    Schedule, Gathering, Guest,
]  # fmt: skip
BUTTONS = re.compile(r"_(sync_now|retrain_now|roll_back|use_none|activate)(_row)?$")

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client: Client) -> Client:
    """The owner's browser, in a household with a row of everything."""
    user = build.owner()
    ada = build.viewer("Ada", user=user)
    shown = build.suggestion(build.title("Alien", thumb="/t/1"), ask=build.ask(viewers=[ada]))
    _watch(build.series(), ada)
    build.feedback(on=shown)
    build.feedback(build.title("Heat"))
    build.ask(first=shown.ask, spin="too_long")
    build.favorite(shown.item)
    build.dismissal(shown.item)
    build.version(1)
    build.version(2, active=True)
    FreshStart.objects.create(by=user)
    build.job(detail="Done.")
    Heartbeat.beat("tick")
    Schedule.objects.create(kind="sync", every_hours=3)
    evening = Gathering.objects.create(host=user, token_hash="gathering-canary", ask=shown.ask)
    Guest.objects.create(gathering=evening, name="Gus")
    Viewer.objects.filter(pk=ada.pk).update(pin="pin-canary")
    OneTimeLink.create_token(user)
    AuthToken.objects.create(user)
    client.force_login(user)
    return client


def _watch(series: MediaItem, viewer: Viewer) -> None:
    """A row of all that Plex tells of people."""
    now = timezone.now()
    episode = Episode.objects.create(item=series, rating_key="7", season=1, number=1)
    WatchedEpisode.objects.create(viewer=viewer, episode=episode)
    TitleState.objects.create(viewer=viewer, item=series, watched_episodes=1)
    Play.objects.create(viewer=viewer, item=series, rating_key="7", played_at=now, source="state")
    Shelf.objects.create(connection=build.connection(), kind="playlist", slug="tonight", title="T")
    PlexAccount.objects.create(
        user=build.member("cleo"), plex_id=1, username="cleo", checked_at=now
    )
    Viewer.objects.filter(pk=viewer.pk).update(plex_token=build.TOKEN)
    Connection.objects.update(
        account_token=f"account-{build.TOKEN}", hook_secret=f"hook-{build.TOKEN}"
    )


def lists() -> Iterator[str]:
    for model_admin in admin.site._registry.values():
        opts = model_admin.opts
        yield reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")


def rows() -> Iterator[str]:
    for model in OURS:
        opts = model._meta
        for row in model._default_manager.all():
            for page in ("change", "history"):
                yield reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[row.pk])


def pages() -> list[str]:
    return [reverse("admin:index"), *lists(), *rows(), reverse("admin:plexsync_viewer_add")]


def buttons() -> list[str]:
    """The address of every button, those above a row with the newest version's."""
    names = [
        str(name) for name in get_resolver("moodrec.urls").namespace_dict["admin"][1].reverse_dict
    ]
    found = [name for name in names if BUTTONS.search(name)]
    newest = ModelVersion.objects.only("pk").latest("number").pk
    return [
        reverse(f"admin:{name}", args=[newest] if name.endswith("_row") else []) for name in found
    ]


def everything() -> str:
    return "".join(serializers.serialize("json", model._default_manager.all()) for model in OURS)


def test_every_page_opens_for_the_owner(owner: Client) -> None:
    answers = {page: owner.get(page).status_code for page in pages()}
    assert set(answers.values()) == {200}, answers


def test_every_model_of_the_product_is_there() -> None:
    assert set(OURS) <= set(admin.site._registry)


def test_digests_of_links_and_keys_have_no_page() -> None:
    assert not {OneTimeLink, AuthToken} & set(admin.site._registry)


def test_anonymous_visitors_are_sent_to_sign_in(owner: Client) -> None:
    for page in [*pages(), *buttons()]:
        for answer in (Client().get(page), Client().post(page)):
            assert answer.status_code == 302, page
            assert answer.headers["Location"].startswith(
                (reverse("admin:login"), reverse("sign-in"))
            )


def test_members_of_the_household_get_no_page(owner: Client) -> None:
    before = everything()
    member = Client()
    member.force_login(build.member())
    for page in [*pages(), *buttons()]:
        assert member.get(page).status_code == 302, page
        assert member.post(page).status_code == 302, page
    assert everything() == before


def test_no_page_shows_a_secret(owner: Client) -> None:
    with database.cursor() as cursor:
        cursor.execute("SELECT token FROM plexsync_connection")
        encrypted = cursor.fetchone()[0]
    digest = OneTimeLink.objects.get().digest
    secrets = [
        build.TOKEN,
        encrypted,
        "artifact-canary",
        "gathering-canary",
        "pin-canary",
        digest,
        AuthToken.objects.get().digest,
    ]
    for page in pages():
        text = owner.get(page).content.decode()
        assert not [secret for secret in secrets if secret in text], page


def test_no_get_changes_anything(owner: Client) -> None:
    before = everything()
    for page in [*pages(), *buttons()]:
        owner.get(page)
        owner.get(page, {"action": "sync_now", "_selected_action": "1"})
    assert everything() == before


def test_buttons_answer_post_only(owner: Client) -> None:
    assert len(buttons()) == 9
    for button in buttons():
        assert owner.get(button).status_code == 405


def test_a_button_pressed_from_another_site_does_nothing(owner: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = owner.cookies
    owner.get("/model")  # any page notices the version that can't be loaded, and queues a training
    jobs = Job.objects.count()
    for button in buttons():
        assert strict.post(button).status_code == 403
    assert Job.objects.count() == jobs


def test_pages_hold_no_inline_style_or_script(owner: Client) -> None:
    for page in pages():
        text = owner.get(page).content.decode()
        found = re.findall(r'<[^>]*\sstyle="|<style|<script(?![^>]*\ssrc=)|<[^>]*\son\w+="', text)
        assert not found, page


def test_the_front_page_syncs_and_retrains(owner: Client) -> None:
    text = owner.get(reverse("admin:index")).content.decode()
    for kind, name in (("sync", "sync_now"), ("train", "retrain_now")):
        address = reverse(f"admin:jobs_job_{name}")
        assert f'action="{address}"' in text
        answer = owner.post(address, follow=True)
        job = Job.objects.get(kind=kind, state=Job.State.QUEUED)
        assert reverse("admin:jobs_job_change", args=[job.pk]) in answer.content.decode()


def test_the_front_page_tells_how_the_household_stands(owner: Client) -> None:
    build.job("plays", state=Job.State.FAILED, detail="Plex is off.")
    text = owner.get(reverse("admin:index")).content.decode()
    for told in (
        "<strong>3</strong> titles on offer",
        "Den: connected",
        "Version 2",
        "Plex is off.",
    ):
        assert told in text
    for name in ("tonight", "settings", "jobs", "model", "connect"):
        assert f'href="{reverse(name)}"' in text


def test_rows_lead_back_into_the_app(owner: Client) -> None:
    ask = Ask.objects.first()
    assert ask is not None
    text = owner.get(reverse("admin:feedback_ask_change", args=[ask.pk])).content.decode()
    assert f'href="{reverse("three", args=[ask.pk])}"' in text
    assert "View in app" in text


def test_no_page_asks_the_database_much(owner: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for page in pages():
        with django_assert_max_num_queries(15):
            owner.get(page)


def test_the_door_to_the_back_office_leads_back_to_the_app(client: Client) -> None:
    text = client.get(reverse("admin:login")).content.decode()
    assert "Sign in to the back office" in text
    assert f'href="{reverse("tonight")}"' in text


def _shown(owner: Client, page: str) -> str:
    return owner.get(reverse(f"admin:{page}"), headers={"Accept-Language": "fr"}).content.decode()


def test_the_parts_of_the_back_office_have_plain_names(owner: Client) -> None:
    front = owner.get(reverse("admin:index"), headers={"Accept-Language": "en"}).content.decode()
    assert "Axes" not in front
    assert "Sign-ins" in front


def test_what_is_stored_as_a_sentence_or_a_key_is_told_in_the_reader_s_language(
    owner: Client,
) -> None:
    said = phrases("%(count)s title on offer.", "%(count)s titles on offer.", 2)
    row = build.job(detail=said)
    jobs = _shown(owner, "jobs_job_changelist")
    assert "2 titres disponibles." in jobs
    assert "2 titles on offer." not in jobs
    assert f"Synchronisation de la vidéothèque {row.pk}" in jobs
    asks = _shown(owner, "feedback_ask_changelist")
    assert '<td class="field-company">seulement moi</td>' in asks
    titles = _shown(owner, "plexsync_mediaitem_changelist")
    assert '<td class="field-sort">Film</td>' in titles
