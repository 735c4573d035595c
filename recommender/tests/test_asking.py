"""The page that asks: what it offers, what it counts, what it remembers, what it costs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from feedback.models import Ask
from moodrec.tests import builders
from plexsync.models import MediaItem, Viewer
from recommender.asking import _past

pytestmark = pytest.mark.django_db
Most = Callable[[int], Any]


def page(browser: Client) -> str:
    return browser.get("/").content.decode()


def count(browser: Client, **form: Any) -> str:
    return browser.get("/fits", form).content.decode()


def asked(browser: Client, **form: Any) -> Ask:
    assert browser.post("/", form).status_code == 302
    return Ask.objects.latest("asked_at")


def rated(films: list[MediaItem], age: int | None) -> None:
    MediaItem.objects.filter(pk__in=[film.pk for film in films]).update(content_age=age)


def test_a_mood_is_wanted_very_much_or_not_at_all(browser: Client, films: list[MediaItem]) -> None:
    ask = asked(browser, vibe=["funny"], strong=["romantic"], avoid=["dark"])
    assert (ask.mood["vibe"], ask.mood["strong"]) == (["funny", "romantic"], ["romantic"])
    assert ask.mood["avoid"] == ["dark"]
    assert ask.moment["moods"] == {"funny": 0.6, "romantic": 1.0}
    assert ask.suggestions.exists()


def test_without_scripts_how_much_is_asked_beside_the_moods(
    browser: Client, films: list[MediaItem]
) -> None:
    """Inside their fieldset it would be dressed as moods are, and tapped it would not be seen."""
    told = page(browser)
    assert told.index("</fieldset>", told.index("data-moods")) < told.index('class="degrees"')


def test_a_mood_that_is_wanted_and_ruled_out_is_told(
    browser: Client, films: list[MediaItem]
) -> None:
    answer = browser.post("/", {"vibe": "funny", "avoid": "funny"})
    assert "“Funny” is wanted and ruled out" in answer.content.decode()
    assert not Ask.objects.exists()


@pytest.mark.parametrize(
    ("told", "session", "minutes"),
    [("", "any", None), ("90", "any", 90), ("episode", "episode", None), ("binge", "binge", None)],
)
def test_one_tap_says_how_much_time_there_is(
    browser: Client, films: list[MediaItem], told: str, session: str, minutes: int | None
) -> None:
    mood = asked(browser, time=told).mood
    assert (mood["session"], mood["minutes"]) == (session, minutes)


def test_until_a_time_on_the_clock(browser: Client, films: list[MediaItem]) -> None:
    then = timezone.localtime(timezone.now() + timedelta(minutes=121))  # clocks may change
    mood = asked(browser, time=f"{then:%H:%M}").mood
    assert 119 <= mood["minutes"] <= 121
    assert mood["until"] == f"{then:%H:%M}"


@pytest.mark.parametrize(
    ("minutes", "ahead", "told", "by_the_clock"), [(30, 180, 30, False), (240, 60, 60, True)]
)
def test_of_minutes_and_a_clock_counts_what_ends_sooner(
    browser: Client,
    films: list[MediaItem],
    *,
    minutes: int,
    ahead: int,
    told: int,
    by_the_clock: bool,
) -> None:
    then = timezone.localtime(timezone.now() + timedelta(minutes=ahead))
    mood = asked(browser, minutes=str(minutes), finish_by=f"{then:%H:%M}").mood
    assert told - 2 <= mood["minutes"] <= told
    assert bool(mood["until"]) == by_the_clock


def test_what_is_typed_counts_for_more_than_what_is_tapped(
    browser: Client, films: list[MediaItem]
) -> None:
    mood = asked(browser, time="binge", minutes="200").mood
    assert (mood["session"], mood["minutes"]) == ("binge", 200)


@pytest.mark.parametrize("told", ["99:99", "soon", "-5", "1e9"])
def test_a_time_that_is_none_is_told(browser: Client, films: list[MediaItem], told: str) -> None:
    assert "Choose one of the times" in browser.post("/", {"time": told}).content.decode()


@pytest.mark.parametrize("field", ["time", "finish_by"])
def test_a_time_that_has_just_passed_is_not_tomorrow(
    browser: Client, films: list[MediaItem], field: str
) -> None:
    passed = timezone.localtime(timezone.now() - timedelta(minutes=5))
    answer = browser.post("/", {field: f"{passed:%H:%M}"}).content.decode()
    assert "That is too soon" in answer


def test_surprise_us_needs_no_answers(browser: Client, films: list[MediaItem]) -> None:
    ask = asked(browser, surprise="on", vibe="scary", time="60", seen="again", viewer="ada")
    assert ask.mood["vibe"] == []
    assert (ask.mood["minutes"], ask.mood["seen"]) == (None, "any")
    assert [viewer.slug for viewer in ask.viewers.all()] == ["ada"]
    assert ask.suggestions.count() == 3


def test_surprise_us_minds_nothing_that_was_typed_wrongly(
    browser: Client, films: list[MediaItem]
) -> None:
    wrong = {"minutes": "x", "finish_by": "25:99", "vibe": "scary", "avoid": "scary"}
    ask = asked(browser, surprise="on", viewer="ada", **wrong)
    assert (ask.mood["vibe"], ask.mood["minutes"]) == ([], None)


def test_big_numbers_are_told_with_a_separator(
    browser: Client, films: list[MediaItem], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.db.models.query.QuerySet.count", lambda _rows: 12345)
    assert "12,345 titles to choose from" in page(browser)
    browser.cookies["moodrec_language"] = "de"
    assert "12.345 Titel" in page(browser)


def test_several_faces_are_a_group_and_one_is_not(browser: Client, films: list[MediaItem]) -> None:
    builders.viewer("Ben")
    assert asked(browser, viewer=["ada", "ben"]).mood["company"] == "group"
    assert asked(browser, viewer=["ben"], company="").mood["company"] == "solo"
    assert 'name="company"' not in page(browser)


def test_alone_in_the_house_one_may_still_have_company(
    browser: Client, films: list[MediaItem]
) -> None:
    assert 'name="company"' in page(browser)
    assert asked(browser, company="group").mood["company"] == "group"


def test_the_last_answers_are_there_again_but_not_the_mood(
    browser: Client, films: list[MediaItem]
) -> None:
    builders.viewer("Ben")
    asked(browser, viewer=["ben"], vibe="scary", time="120", type="movie")
    form = browser.get("/").context["form"]
    told = {name: form[name].value() for name in ("viewer", "time", "type", "vibe")}
    assert told == {"viewer": ["ben"], "time": "120", "type": "movie", "vibe": None}
    assert form.is_more


def test_the_count_is_what_the_ask_would_choose_from(
    browser: Client, films: list[MediaItem]
) -> None:
    told = {"vibe": ["funny"], "time": "120", "viewer": "ada"}
    ask = asked(browser, **told)
    fit = ask.remaining + ask.suggestions.count()
    assert f"<strong>{fit}</strong> titles fit" in count(browser, **told)
    assert Ask.objects.count() == 1


def test_where_nothing_fits_the_blocking_answer_is_named(browser: Client) -> None:
    builders.title("Long", runtime_minutes=300)
    found = count(browser, time="60")
    assert "Nothing fits." in found
    assert 'data-loosen="minutes"' in found
    assert 'data-value="300"' in found


def test_a_form_with_a_mistake_is_not_counted(browser: Client, films: list[MediaItem]) -> None:
    assert "“Funny” is wanted and ruled out" in count(browser, vibe="funny", avoid="funny")


def test_a_cap_holds_while_somebody_is_present_and_says_because_of_whom(
    browser: Client, films: list[MediaItem]
) -> None:
    rated(films, 16)
    rated(films[:5], 12)
    Viewer.objects.filter(pk=builders.viewer("Mia").pk).update(content_cap=12)
    together = count(browser, viewer=["ada", "mia"])
    assert "Up to 12, because Mia is here." in together
    assert "<strong>5</strong> titles fit" in together
    assert "because" not in count(browser, viewer=["ada"])
    shown = asked(browser, viewer=["mia"]).suggestions.all()
    assert {each.item_id for each in shown} <= {film.pk for film in films[:5]}


def test_unrated_titles_are_above_a_child_s_cap(browser: Client, films: list[MediaItem]) -> None:
    rated(films, None)
    mia = builders.viewer("Mia")
    Viewer.objects.filter(pk=mia.pk).update(content_cap=16)
    assert "Nothing fits." in count(browser, viewer=["mia"])
    Viewer.objects.filter(pk=mia.pk).update(content_cap=18)
    assert "Nothing fits." not in count(browser, viewer=["mia"])


def test_while_the_library_is_read_the_page_says_how_far_it_is(browser: Client) -> None:
    builders.library()
    builders.job("sync", state="running")
    assert "Reading your library" in page(browser)
    builders.title()
    assert "Still reading your library: one title so far." in page(browser)


@pytest.mark.parametrize("who", ["owner", "member"])
def test_the_page_and_the_count_take_few_queries(
    client: Client, ada: User, ben: User, films: list[MediaItem], who: str,
    django_assert_max_num_queries: Most,
) -> None:  # fmt: skip
    client.force_login(ada if who == "owner" else ben)
    for name in ("Cleo", "Dan"):
        builders.viewer(name)
    for hours in range(5, 50, 5):
        shown = builders.suggestion(
            films[hours],
            ask=builders.ask(user=ada, asked_at=timezone.now() - timedelta(hours=hours)),
        )
        shown.ask.viewers.add(ben.viewer)
    client.post("/guests/invite")
    client.get("/fits")
    with django_assert_max_num_queries(12):
        assert client.get("/").status_code == 200
    with django_assert_max_num_queries(12):
        client.get("/fits", {"viewer": ["ada", "ben", "cleo"], "vibe": "funny"})


def test_of_every_evening_remembered_all_who_were_there_are_known(ada: User) -> None:
    """So many rows are read that the last evening may be cut in the middle: it is left out."""
    people = [builders.viewer(f"Viewer {n}") for n in range(7)]
    for days in range(12):
        at = timezone.now() - timedelta(days=days)
        builders.ask(viewers=people, user=ada, asked_at=at)
    assert {len(each.viewers) for each in _past(ada)} == {7}
