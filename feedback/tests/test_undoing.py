"""Undo: whatever was there before is there again, to the last column; a newer word is never lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.models import Dismissal, Favorite, Feedback, Suggestion
from moodrec.notices import undo_address
from moodrec.tests import builders

pytestmark = pytest.mark.django_db

YES_NO = st.sampled_from([None, True, False])
STARS = st.sampled_from([None, 1, 2, 3, 4, 5])
ANSWERS = st.fixed_dictionaries({"completed": YES_NO, "would_watch_again": YES_NO, "rating": STARS})
SAID = ANSWERS.filter(lambda said: any(answer is not None for answer in said.values()))
FORM = {True: "true", False: "false"}


def rows() -> list[dict[str, Any]]:
    """Everything that was ever said, every column."""
    models: tuple[Any, ...] = (Feedback, Favorite, Dismissal, Suggestion)
    return [row for model in models for row in model.objects.order_by("pk").values()]


def post(browser: Client, address: str, form: dict[str, Any], *, htmx: bool = False) -> str:
    """Send it; return the address of the Undo button that it came with."""
    headers = {"HX-Request": "true"} if htmx else {}
    answer = browser.post(address, form, headers=headers, follow=not htmx)
    assert answer.status_code == 200
    return [undo_address(message) for message in answer.context["messages"]][-1]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    before=st.none() | SAID,
    source=st.sampled_from(["web", "plex", "api"]),
    said=SAID,
    htmx=st.booleans(),
)
def test_an_answer_taken_back_leaves_what_was_there_before(
    browser: Client, before: dict[str, Any] | None, source: str, said: dict[str, Any], htmx: bool
) -> None:
    shown = builders.suggestion()
    if before is not None:
        builders.feedback(on=shown, source=source, **before)
    there = rows()
    form = {
        name: FORM[value] if isinstance(value, bool) else value
        for name, value in said.items()
        if value is not None
    }
    undo = post(browser, f"/suggestions/{shown.pk}/feedback", form, htmx=htmx)
    assert rows() != there
    browser.post(undo)
    assert rows() == there


def test_a_deleted_answer_comes_back_whole(browser: Client) -> None:
    row = builders.feedback(on=builders.suggestion(), rating=2)
    there = rows()
    undo = post(browser, f"/answers/{row.pk}/delete", {})
    assert not Feedback.objects.exists()
    browser.post(undo)
    assert rows() == there


@pytest.mark.parametrize("wanted", ["1", "0"])
def test_a_heart_is_taken_back(browser: Client, ada: User, wanted: str) -> None:
    item = builders.title()
    if wanted == "0":
        builders.favorite(item, viewer=ada.viewer)
    there = rows()
    undo = post(browser, f"/titles/{item.pk}/favorite", {"wanted": wanted}, htmx=True)
    assert rows() != there
    browser.post(undo)
    assert rows() == there


def test_not_watched_is_taken_back_to_the_evening_it_was_said_of_before(browser: Client) -> None:
    earlier = timezone.now() - timedelta(days=9)
    shown = builders.suggestion()
    builders.dismissal(shown.item, kind="not_tonight", said_at=earlier)
    there = rows()
    undo = post(browser, f"/suggestions/{shown.pk}/not-watched", {})
    assert Dismissal.objects.get().said_at == shown.shown_at
    browser.post(undo)
    assert rows() == there


def test_a_newer_word_is_not_undone(browser: Client) -> None:
    shown = builders.suggestion()
    undo = post(browser, f"/suggestions/{shown.pk}/feedback", {"rating": "2"})
    browser.post(f"/suggestions/{shown.pk}/feedback", {"rating": "5"})
    page = browser.post(undo, follow=True).content.decode()
    assert "changed since" in page
    assert Feedback.objects.get().rating == 5


def test_undo_counts_once_and_only_for_whoever_did_it(browser: Client, ben: User) -> None:
    shown = builders.suggestion()
    undo = post(browser, f"/suggestions/{shown.pk}/feedback", {"rating": "2"})
    other = Client()
    other.force_login(ben)
    other.post(undo)
    assert Feedback.objects.exists()
    browser.post(undo)
    assert not Feedback.objects.exists()
    assert "any more" in browser.post(undo, follow=True).content.decode()


def test_stars_that_plex_was_told_meanwhile_are_told_anew(browser: Client) -> None:
    shown = builders.suggestion()
    row = builders.feedback(on=shown, rating=3, rating_sent=3)
    undo = post(browser, f"/suggestions/{shown.pk}/feedback", {"rating": "5"})
    Feedback.objects.update(rating_sent=5)  # as the job that sends stars does
    browser.post(undo)
    row.refresh_from_db()
    assert (row.rating, row.rating_sent) == (3, None)
