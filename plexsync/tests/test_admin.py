"""The mirror of Plex in the admin: titles found, libraries switched, viewers edited, no token shown."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from moodrec import bigtables
from moodrec.jobs.models import Job
from moodrec.tests import builders as build
from plexsync.models import Connection, Library, MediaItem, Viewer

pytestmark = pytest.mark.django_db
TITLES = "/admin/plexsync/mediaitem/"


@pytest.fixture
def owner() -> Client:
    client = Client()
    client.force_login(build.owner())
    return client


def found(owner: Client, **query: str | int) -> list[str]:
    answer = owner.get(TITLES, query)
    assert answer.status_code == 200, answer.headers.get("Location")
    return [row.title for row in answer.context["cl"].result_list]


def page(owner: Client, row: object, what: str = "change") -> str:
    name = type(row).__name__.lower()
    pk = row.pk  # type: ignore[attr-defined]
    return owner.get(reverse(f"admin:plexsync_{name}_{what}", args=[pk])).content.decode()


def test_titles_are_found_by_every_filter(owner: Client) -> None:
    build.title("Alien", year=1979, genres=["Horror", "Science Fiction"])
    build.title("Heat", year=1995, genres=["Crime"], available=False)
    build.series("Fargo", year=None, genres=["Crime", "Comedy"])
    films = Library.objects.get(type="movie")
    assert found(owner, genre="Crime") == ["Fargo", "Heat"]
    assert found(owner, genre="science fiction") == ["Alien"]
    assert found(owner, genre="Science") == []
    assert found(owner, year="1979") == ["Alien"]
    assert found(owner, decade="1990") == ["Heat"]
    assert found(owner, decade="none") == ["Fargo"]
    assert found(owner, kind="show") == ["Fargo"]
    assert found(owner, available__exact=0) == ["Heat"]
    assert found(owner, library__id__exact=films.pk) == ["Alien", "Heat"]


@pytest.mark.parametrize("nonsense", ["x", "-1", "²", "99999", "1979; DROP"])
def test_nonsense_in_the_year_finds_nothing(owner: Client, nonsense: str) -> None:
    build.title()
    assert found(owner, year=nonsense) == []


def test_titles_are_found_by_their_words_in_any_order(owner: Client) -> None:
    build.title("The Night of the Hunter")
    build.title("Night on Earth")
    assert found(owner, q="hunter night") == ["The Night of the Hunter"]
    assert found(owner, q="100%") == []


def test_genres_to_choose_from_are_those_there_are(owner: Client) -> None:
    build.title(genres=["Film-Noir"])
    assert '<option value="Film-Noir">' in owner.get(TITLES).content.decode()


def test_a_typed_filter_keeps_the_others(owner: Client) -> None:
    build.title()
    text = owner.get(TITLES, {"kind": "movie", "genre": "Horror"}).content.decode()
    assert '<input type="hidden" name="kind" value="movie">' in text


def test_a_title_shows_its_poster_and_leads_on(owner: Client) -> None:
    shown = build.suggestion(build.title("Alien"))
    build.feedback(on=shown)
    item = shown.item
    listed = owner.get(TITLES).content.decode()
    assert f'src="/posters/{item.pk}/150?v=' in listed
    assert "https://app.plex.tv/desktop/#!/server/machine-1/details" in listed
    text = page(owner, item)
    assert f'href="/admin/feedback/suggestion/?item={item.pk}">1 suggestion<' in text
    assert f'href="/admin/feedback/feedback/?item={item.pk}">1 feedback<' in text
    assert "Sigourney Weaver" in text


def test_a_name_from_plex_can_not_smuggle_markup(owner: Client) -> None:
    item = build.title("<img src=x onerror=alert(1)>", genres=["<b>"], summary="<script>")
    build.feedback(on=build.suggestion(item))
    for text in (
        owner.get(TITLES).content.decode(),
        page(owner, item),
        owner.get("/admin/feedback/suggestion/").content.decode(),
        owner.get("/admin/feedback/feedback/").content.decode(),
    ):
        assert "<img src=x" not in text
        assert "<b>" not in text


def test_the_mirror_can_be_neither_added_to_nor_changed(owner: Client) -> None:
    item = build.title()
    assert owner.get(f"{TITLES}add/").status_code == 403
    assert owner.post(f"{TITLES}{item.pk}/change/", {"title": "Aliens"}).status_code == 403
    assert owner.post(f"{TITLES}{item.pk}/delete/", {"post": "yes"}).status_code == 403
    assert MediaItem.objects.get().title == "Alien"


def test_counting_stops_at_the_cap(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bigtables, "CAP", 60)
    for number in range(61):
        build.title(f"Title {number:03}")
    answer = owner.get(TITLES, {"p": 2})
    assert "60+" in answer.content.decode()
    assert len(answer.context["cl"].result_list) == 10
    assert owner.get(TITLES, {"p": 3}).headers["Location"].endswith("?e=1")


def test_a_full_list_costs_no_more_queries(
    owner: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        build.title(f"Title {number}", library=build.library(f"Films {number}"))
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        owner.get(TITLES)


@pytest.mark.parametrize("model", ["mediaitem", "library", "connection"])
def test_a_sync_is_asked_for_from_an_empty_list(owner: Client, model: str) -> None:
    address = reverse(f"admin:plexsync_{model}_sync_now")
    assert f'action="{address}"' in owner.get(f"/admin/plexsync/{model}/").content.decode()
    text = owner.post(address, follow=True).content.decode()
    job = Job.objects.get()
    assert job.kind == "sync"
    assert reverse("admin:jobs_job_change", args=[job.pk]) in text


def test_a_sync_is_asked_for_by_an_action_and_only_once(owner: Client) -> None:
    item = build.title()
    for _time in range(2):
        owner.post(TITLES, {"action": "sync_now", "_selected_action": [item.pk]})
    assert Job.objects.get().kind == "sync"


def test_a_library_is_switched_off_and_nothing_else_changes(owner: Client) -> None:
    row = build.library("Films")
    address = reverse("admin:plexsync_library_change", args=[row.pk])
    owner.post(address, {"title": "Mine", "key": "77"})
    row.refresh_from_db()
    assert (row.enabled, row.title) == (False, "Films")


def test_a_library_is_switched_off_in_the_list(owner: Client) -> None:
    row = build.library("Films")
    told = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": row.pk, "_save": "Save"}
    owner.post(reverse("admin:plexsync_library_changelist"), told)
    row.refresh_from_db()
    assert (row.enabled, row.title) == (False, "Films")


def test_a_viewer_is_added_under_a_free_slug(owner: Client) -> None:
    build.viewer("Ada")
    owner.post(reverse("admin:plexsync_viewer_add"), {"name": "Ada"})
    assert sorted(Viewer.objects.values_list("slug", flat=True)) == ["ada", "ada-1"]


def test_a_viewer_gets_another_name_and_keeps_the_slug(owner: Client) -> None:
    row = build.viewer("Ada")
    told = {"name": "Ada L.", "user": "", "owns_plex_state": "on", "slug": "x"}
    owner.post(reverse("admin:plexsync_viewer_change", args=[row.pk]), told)
    row.refresh_from_db()
    assert (row.name, row.slug, row.owns_plex_state) == ("Ada L.", "ada", True)


def test_the_token_is_said_to_be_there_and_not_shown(owner: Client) -> None:
    with_token = build.connection()
    without = Connection.objects.create(
        url="http://127.0.0.1:8", client_identifier="c", active=False
    )
    assert "•••• stored" in page(owner, with_token)
    assert "none" in page(owner, without)
    listed = owner.get(reverse("admin:plexsync_connection_changelist")).content.decode()
    assert "•••• stored" in listed
    for text in (listed, page(owner, with_token), page(owner, with_token, "history")):
        assert build.TOKEN not in text
        assert 'name="token"' not in text


def test_the_token_can_not_be_written_by_the_admin(owner: Client) -> None:
    row = build.connection()
    address = reverse("admin:plexsync_connection_change", args=[row.pk])
    assert owner.post(address, {"token": "other"}).status_code == 403
    assert Connection.objects.get().token == build.TOKEN
    assert not LogEntry.objects.exists()
