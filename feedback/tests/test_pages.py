"""The forms on the pages: nothing typed into them is a server error, and they lead back."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from feedback.models import Ask, Favorite, Feedback, Suggestion
from moodrec.tests import builders
from plexsync.models import MediaItem, Viewer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("there", ["spin", "three", "//evil.example/", "https://evil.example/", ""])
def test_the_way_back_is_a_path_of_ours(browser: Client, there: str) -> None:
    item = builders.title()
    answer = browser.post(f"/titles/{item.pk}/favorite", {"wanted": "1", "next": there})
    assert answer["Location"] == "/history"
    assert Favorite.objects.count() == 1


def test_after_saying_one_is_back_where_one_said_it(browser: Client) -> None:
    shown = builders.suggestion(ask=builders.ask(viewers=[]))
    form = {"rating": "4", "viewer": "ada", "next": f"/asks/{shown.ask_id}#s{shown.pk}"}
    answer = browser.post(f"/suggestions/{shown.pk}/feedback", form)
    assert answer["Location"] == form["next"]
    assert Feedback.objects.get().rating == 4


@pytest.mark.parametrize("form", [{}, {"rating": "9"}, {"completed": "perhaps"}, {"rating": "x"}])
def test_a_form_that_says_nothing_stores_nothing(browser: Client, form: dict[str, str]) -> None:
    shown = builders.suggestion()
    answer = browser.post(f"/suggestions/{shown.pk}/feedback", form, follow=True)
    assert "Nothing was stored" in answer.content.decode()
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("who", ["99999999999999999999999", "nobody", "-1", ""])
def test_a_viewer_that_does_not_exist_is_told(browser: Client, who: str) -> None:
    builders.title()
    answer = browser.post("/", {"vibe": "funny", "viewer": who})
    assert answer.status_code == 200
    assert not Ask.objects.exists()


def test_loosening_keeps_what_was_shown_out(browser: Client, films: list[MediaItem]) -> None:
    """Taking the advice on the page is a round of the same ask: nothing is shown twice."""
    browser.post("/", {"vibe": "scary", "minutes": "60"})
    empty = Ask.objects.get()
    [promised] = [way["matches"] for way in empty.relax if way["answer"] == "minutes"]
    browser.post(f"/asks/{empty.pk}/spin", {"relax": "minutes"})
    loosened = Ask.objects.latest("asked_at")
    assert loosened.first_id == empty.pk
    assert loosened.remaining + loosened.suggestions.count() == promised


def test_the_history_names_what_was_asked_shown_and_said(browser: Client) -> None:
    shown = builders.suggestion(builders.title("Alien"))
    builders.feedback(on=shown, rating=5)
    page = browser.get("/history").content.decode()
    assert "Alien" in page
    assert "Tense" in page


def test_who_has_said_how_it_was_is_not_asked_again(browser: Client) -> None:
    """The first of those asked is ticked: a quick answer must not replace somebody else's."""
    abe, zoe = builders.viewer("Abe"), builders.viewer("Zoe")
    ada = Viewer.objects.get(user=User.objects.get())
    shown = builders.suggestion(ask=builders.ask(viewers=[abe, ada, zoe]))
    assert asked_who(browser, shown) == ["ada", "abe", "zoe"]  # first who holds the phone
    for viewer, left in ((ada, ["abe", "zoe"]), (abe, [])):  # one who is left needs no choice
        builders.feedback(on=shown, viewer=viewer)
        assert asked_who(browser, shown) == left


def asked_who(browser: Client, shown: Suggestion) -> list[str]:
    page = browser.get(f"/asks/{shown.ask_id}").content.decode()
    return re.findall(r'<input type="radio"\s+name="viewer"\s+value="(\w+)"', page)


def test_what_plex_saw_watched_is_asked_about_first(browser: Client) -> None:
    """It was watched, but how was it? What Plex saw is no answer to that."""
    earlier = timezone.now() - timedelta(hours=20)
    ask = builders.ask(asked_at=earlier)
    builders.suggestion(builders.title("Safe bet"), ask=ask, rank=1)
    second = builders.suggestion(builders.title("Watched one"), ask=ask, rank=2)
    assert asked_about(browser) == "Safe bet"
    row = builders.feedback(on=second, source="plex", rating=None, would_watch_again=None)
    assert asked_about(browser) == "Watched one"
    assert "seen in Plex" in browser.get("/history").content.decode()
    Feedback.objects.filter(pk=row.pk).update(source="web", rating=4)
    assert not browser.get("/").context["how_was_it"]


def asked_about(browser: Client) -> str:
    [question] = browser.get("/").context["how_was_it"]
    return str(question.shown.item.title)
