"""Nothing above a viewer's cap is shown to their account, nor to anybody while they are present."""

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moodrec.tests import builders
from moodrec.tests.household import client_of
from plexsync import sight
from plexsync.content_ratings import UNKNOWN, suits
from plexsync.models import MediaItem, Viewer
from recommender.moment import Answers
from recommender.suggest import Request, suggest

pytestmark = pytest.mark.django_db
AGES = (None, 0, 6, 7, 8, 12, 13, 14, 16, 17, 18, 21)
caps = st.none() | st.integers(0, 21)
in_one_database = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def name(age: int | None) -> str:
    return f"Film [{'unrated' if age is None else age}]"


def allowed(cap: int | None) -> set[str]:
    """What the rule says, told once more in the plainest way."""
    if cap is None:
        return {name(age) for age in AGES}
    return {name(age) for age in AGES if (cap >= 18 if age is None else age <= cap)}


def told(text: str) -> set[str]:
    return {name(age) for age in AGES if name(age) in text}


@pytest.fixture
def films(ben: User) -> list[MediaItem]:
    """A film for every age, each shown to Ben once, and each his favourite."""
    made = [builders.title(name(age), content_age=age, thumb="/t") for age in AGES]
    ask = builders.ask(viewers=[ben.viewer], user=ben)
    for film in made:
        builders.suggestion(film, ask=ask)
        builders.feedback(film, viewer=ben.viewer)
        builders.favorite(film, viewer=ben.viewer)
    return made


def cap(user: User, age: int | None) -> Viewer:
    Viewer.objects.filter(user=user).update(content_cap=age)
    return Viewer.objects.get(user=user)


@in_one_database
@given(caps)
def test_no_page_shows_a_capped_account_anything_above_it(
    ben: User, films: list[MediaItem], age: int | None
) -> None:
    cap(ben, age)
    browser = Client()
    browser.force_login(ben)
    for address in ("/history", "/favorites", f"/asks/{films[0].suggestions.get().ask_id}"):
        shown = told(browser.get(address).content.decode())
        assert shown <= allowed(age), address
        assert shown or not allowed(age)
    for film in films:
        status = 200 if film.title in allowed(age) else 404
        assert browser.get(f"/posters/{film.pk}/300").status_code == status
        assert browser.get(f"/titles/{film.pk}/play").status_code == status


@in_one_database
@given(caps)
def test_no_answer_of_the_api_names_anything_above_it(
    ben: User, films: list[MediaItem], age: int | None
) -> None:
    cap(ben, age)
    script = client_of(ben)
    for address in ("/api/media?page_size=100", "/api/asks", "/api/favorites", "/recommend"):
        assert told(script.get(address).content.decode()) <= allowed(age), address
    listed = script.get("/api/media").json()["results"]
    assert {row["title"] for row in listed} == allowed(age)


@in_one_database
@given(st.lists(caps, min_size=1, max_size=3))
def test_everybody_sees_what_suits_the_youngest_present(
    ada: User, films: list[MediaItem], ages: list[int | None]
) -> None:
    Viewer.objects.filter(user=None).delete()  # of the example before
    company = [builders.viewer(f"Child {n}") for n in range(len(ages))]
    for child, age in zip(company, ages, strict=True):
        child.content_cap = age
        child.save()
    lowest = min((age for age in ages if age is not None), default=None)
    assert sight.limits_of(ada, company)[1] == lowest
    ids = [film.pk for film in films]
    seen = sight.may_see(ada, company, ids)
    assert {film.title for film in films if film.pk in seen} == allowed(lowest)
    ask = suggest(Request(Answers(), viewers=company, user=ada))
    titles = {shown.item.title for shown in ask.suggestions.select_related("item")}
    ask.delete()
    assert titles <= allowed(lowest)
    assert titles or not allowed(lowest)


@given(st.integers(0, 21), st.sampled_from(AGES))
def test_the_rule_is_one_for_rows_and_for_arrays(age_cap: int, age: int | None) -> None:
    found = suits(np.array([UNKNOWN if age is None else age]), age_cap)
    assert bool(found[0]) == (name(age) in allowed(age_cap))


def test_the_owner_s_account_sees_all_but_not_while_a_child_is_there(
    ada: User, films: list[MediaItem]
) -> None:
    own = cap(ada, 6)
    assert sight.visible(MediaItem.objects.all(), ada).count() == len(AGES)
    assert sight.is_limited(ada, [own])
    assert not sight.is_limited(ada, [])
    assert sight.limits_of(ada, [own])[1] == 6


def test_a_cap_is_told_by_ranges_and_costs_one_question(
    ben: User, films: list[MediaItem], django_assert_num_queries: object
) -> None:
    cap(ben, 12)
    with django_assert_num_queries(2) as asked:  # type: ignore[operator]
        list(sight.visible(MediaItem.objects.on_offer(), ben))
    assert "content_age" in asked[-1]["sql"]
    assert " IN (" not in asked[-1]["sql"]
    assert sight.limits_of(ben, [])[0] == set()  # of Plex: nothing, and no list of thousands
