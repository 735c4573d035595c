"""The log in the admin: found by filters and words, linked from each to each, never changed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.models import Ask, Favorite, Feedback, Suggestion
from moodrec.tests import builders as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client: Client) -> Client:
    client.force_login(build.owner())
    return client


def found(owner: Client, model: str, **query: str | int) -> set[object]:
    """The primary keys that a list shows."""
    answer = owner.get(reverse(f"admin:feedback_{model}_changelist"), query)
    assert answer.status_code == 200, answer.headers.get("Location")
    return {row.pk for row in answer.context["cl"].result_list}


def page(owner: Client, model: str, pk: object) -> str:
    return owner.get(reverse(f"admin:feedback_{model}_change", args=[pk])).content.decode()


def test_asks_are_found_by_who_was_there(owner: Client) -> None:
    ada, ben = build.viewer("Ada"), build.viewer("Ben")
    both, alone = build.ask(viewers=[ada, ben]), build.ask(viewers=[ada])
    assert found(owner, "ask", viewers=ada.pk) == {both.pk, alone.pk}
    assert found(owner, "ask", viewers=ben.pk) == {both.pk}


def test_asks_are_found_by_what_was_shown(owner: Client) -> None:
    alien = build.suggestion(build.title("Alien"))
    build.suggestion(build.title("Heat"))
    assert found(owner, "ask", q="alien") == {alien.ask_id}


@pytest.mark.parametrize(("number", "version"), [(0, None), (3, 3)])
def test_asks_and_suggestions_are_found_by_the_model_that_scored(
    owner: Client, number: int, version: int | None
) -> None:
    shown = {by: build.suggestion(ask=build.ask(model_version=by)) for by in (None, 2, 3)}
    assert found(owner, "ask", model_version=number) == {shown[version].ask_id}
    assert found(owner, "suggestion", model_version=number) == {shown[version].pk}


@pytest.mark.parametrize("nonsense", ["x", "-1", "²", "9" * 30, "1 OR 1"])
def test_nonsense_in_a_typed_filter_finds_nothing(owner: Client, nonsense: str) -> None:
    build.suggestion()
    assert found(owner, "ask", model_version=nonsense) == set()


def test_an_ask_shows_its_suggestions_and_what_was_said(owner: Client) -> None:
    shown = build.suggestion(build.title("Alien", year=1979), reasons=["It is tense"])
    said = build.feedback(on=shown, rating=4)
    text = page(owner, "ask", shown.ask_id)
    assert "It is tense" in text
    assert "★★★★" in text
    assert reverse("admin:plexsync_mediaitem_change", args=[shown.item_id]) in text
    assert reverse("admin:feedback_feedback_change", args=[said.pk]) in text


def test_an_ask_links_to_its_spins_and_they_to_it(owner: Client) -> None:
    first = build.ask()
    spin = build.ask(first=first, spin="too_long")
    assert reverse("admin:feedback_ask_change", args=[spin.pk]) in page(owner, "ask", first.pk)
    assert reverse("admin:feedback_ask_change", args=[first.pk]) in page(owner, "ask", spin.pk)


def test_a_suggestion_links_to_ask_title_and_feedback(owner: Client) -> None:
    shown = build.suggestion()
    said = build.feedback(on=shown)
    for text in (
        page(owner, "suggestion", shown.pk),
        owner.get(reverse("admin:feedback_suggestion_changelist")).content.decode(),
    ):
        assert reverse("admin:feedback_ask_change", args=[shown.ask_id]) in text
        assert reverse("admin:plexsync_mediaitem_change", args=[shown.item_id]) in text
        assert reverse("admin:feedback_feedback_change", args=[said.pk]) in text


def test_suggestions_are_found_by_role_title_and_day(owner: Client) -> None:
    now = timezone.now()
    old = build.suggestion(build.title("Heat"), shown_at=now - timedelta(days=400))
    new = build.suggestion(build.title("Alien"), role=Suggestion.Role.WILDCARD)
    assert found(owner, "suggestion", role__exact="wildcard") == {new.pk}
    assert found(owner, "suggestion", q="heat") == {old.pk}
    assert found(owner, "suggestion", item=old.item_id) == {old.pk}
    since = now - timedelta(days=7)
    assert found(owner, "suggestion", shown_at__gte=since.isoformat()) == {new.pk}


def test_feedback_is_found_by_viewer_rating_completion_and_source(owner: Client) -> None:
    ben = build.viewer("Ben")
    best = build.feedback(viewer=build.viewer("Ada"), rating=5, completed=True)
    none = build.feedback(viewer=ben, rating=None, completed=False, source=Ask.Source.API)
    assert found(owner, "feedback", viewer__id__exact=ben.pk) == {none.pk}
    assert found(owner, "feedback", stars=5) == {best.pk}
    assert found(owner, "feedback", stars="none") == {none.pk}
    assert found(owner, "feedback", completed__exact=1) == {best.pk}
    assert found(owner, "feedback", source__exact="api") == {none.pk}


def test_the_log_can_be_neither_written_nor_deleted(owner: Client) -> None:
    shown = build.suggestion()
    said = build.feedback(on=shown, rating=2)
    for model, row in (
        ("feedback", said),
        ("suggestion", shown),
        ("ask", shown.ask),
    ):
        assert owner.get(reverse(f"admin:feedback_{model}_add")).status_code == 403
        for name in ("change", "delete"):
            address = reverse(f"admin:feedback_{model}_{name}", args=[row.pk])
            assert owner.post(address, {"rating": 5, "post": "yes"}).status_code == 403
    assert Feedback.objects.get().rating == 2


def test_a_favourite_can_be_taken_off(owner: Client) -> None:
    row = build.favorite()
    owner.post(reverse("admin:feedback_favorite_delete", args=[row.pk]), {"post": "yes"})
    assert not Favorite.objects.exists()


@pytest.mark.parametrize("model", ["ask", "suggestion", "feedback", "favorite", "dismissal"])
def test_a_longer_list_costs_no_more_queries(
    owner: Client, model: str, django_assert_max_num_queries: object
) -> None:
    for _number in range(12):
        shown = build.suggestion()
        build.feedback(on=shown)
        build.favorite(shown.item)
        build.dismissal(shown.item)
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        owner.get(reverse(f"admin:feedback_{model}_changelist"))


@pytest.mark.parametrize(("chance", "told"), [(0.25, "25%"), (None, "-")])
def test_a_suggestion_tells_how_likely_the_draw_fell_on_it(
    owner: Client, chance: float | None, told: str
) -> None:
    shown = build.suggestion(chance=chance, score=0.5, prior=0.5)
    text = page(owner, "suggestion", shown.pk)
    drawn = text[text.index("Chance of the draw") :]
    assert f'<div class="readonly">{told}</div>' in drawn[: drawn.index("Version")]
