""" "How was it?": whom it is asked, of what, and that two taps are enough."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from feedback.asking_back import asked_back
from feedback.models import Dismissal, Feedback, Suggestion
from moodrec.tests import builders

pytestmark = pytest.mark.django_db

YESTERDAY = timezone.now() - timedelta(hours=22)
HTMX = {"HX-Request": "true"}


def an_evening(*users: User, hours_ago: float = 22) -> list[Suggestion]:
    at = timezone.now() - timedelta(hours=hours_ago)
    ask = builders.ask(viewers=[user.viewer for user in users], asked_at=at)
    return [builders.suggestion(builders.title(f"No {n}"), ask=ask, rank=n) for n in (1, 2, 3)]


def asked(user: User) -> list[tuple[str, list[str]]]:
    return [(q.shown.item.title, [row.viewer.name for row in q.rows]) for q in asked_back(user)]


def test_of_an_evening_the_safe_bet_is_asked_about_of_each_who_was_there(
    ada: User, ben: User
) -> None:
    an_evening(ada, ben)
    assert asked(ada) == [("No 1", ["Ada", "Ben"])]
    assert asked(ben) == [("No 1", ["Ben"])]


def test_what_was_chosen_is_asked_about_instead(ada: User) -> None:
    third = an_evening(ada)[2]
    Suggestion.objects.filter(pk=third.pk).update(chosen_at=YESTERDAY)
    assert asked(ada) == [("No 3", ["Ada"])]


def test_a_safe_bet_that_was_put_away_is_asked_about_of_nobody(ada: User, ben: User) -> None:
    """Ben alone put it away; Ada, who was there, is asked about what came in its place."""
    first = an_evening(ada, ben)[0]
    later = first.shown_at + timedelta(minutes=1)
    builders.dismissal(first.item, viewer=ben.viewer, kind="not_tonight", said_at=later)
    builders.suggestion(builders.title("No 4"), ask=first.ask, rank=1, shown_at=later)
    assert asked(ada) == [("No 4", ["Ada", "Ben"])]


@pytest.mark.parametrize("hours_ago", [1, 100])
def test_nobody_is_asked_while_it_runs_nor_when_it_is_forgotten(
    ada: User, hours_ago: float
) -> None:
    an_evening(ada, hours_ago=hours_ago)
    assert asked(ada) == []


def test_who_has_spoken_is_not_asked_again(ada: User, ben: User) -> None:
    first = an_evening(ada, ben)[0]
    builders.feedback(on=first, viewer=ben.viewer, rating=3)
    assert asked(ada) == [("No 1", ["Ada"])]


def test_who_did_not_watch_is_not_asked_again_and_may_be_shown_it_tonight(
    client: Client, ada: User
) -> None:
    first = an_evening(ada)[0]
    client.force_login(ada)
    client.post(f"/suggestions/{first.pk}/not-watched", {"viewer": "ada"})
    assert asked(ada) == []
    assert Dismissal.objects.get().said_at == first.shown_at


def test_two_taps_are_enough_and_a_third_is_offered(client: Client, ada: User) -> None:
    first = an_evening(ada)[0]
    client.force_login(ada)

    def tap(**given: str) -> str:
        form = {"viewer": "ada", "part": "row", **given}
        answer = client.post(f"/suggestions/{first.pk}/feedback", form, headers=HTMX)
        return str(answer.content.decode())

    assert "Finished it" in client.get("/").content.decode()
    assert "4 stars" in tap(completed="true")
    assert "Watch it again?" in tap(rating="4")
    done = tap(would_watch_again="false")
    assert "not again" in done
    assert "<button" not in done.split("</form>")[0]
    row = Feedback.objects.get()
    assert (row.completed, row.rating, row.would_watch_again) == (True, 4, False)


def test_without_htmx_the_second_tap_is_still_offered(client: Client, ada: User) -> None:
    first = an_evening(ada)[0]
    client.force_login(ada)
    client.post(f"/suggestions/{first.pk}/feedback", {"viewer": "ada", "completed": "true"})
    assert "4 stars" in client.get("/").content.decode()
    Feedback.objects.update(said_at=YESTERDAY)
    assert asked(ada) == []


def test_nobody_answers_for_another(client: Client, ada: User, ben: User) -> None:
    first = an_evening(ada, ben)[0]
    client.force_login(ben)
    for door in ("feedback", "not-watched"):
        form = {"viewer": "ada", "completed": "true"}
        assert client.post(f"/suggestions/{first.pk}/{door}", form).status_code == 404
    assert not Feedback.objects.exists()


def test_it_is_found_in_two_questions(ada: User, django_assert_max_num_queries: Any) -> None:
    for hours in (20, 44, 68):
        an_evening(ada, hours_ago=hours)
    with django_assert_max_num_queries(2):
        assert len(asked_back(ada)) == 2
