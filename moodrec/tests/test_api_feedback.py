"""POST /feedback keeps the HTTP contract: answered 200 means stored."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from feedback.models import Favorite, Feedback
from moodrec.tests import builders
from moodrec.tests.household import client_of
from plexsync.models import MediaItem, Viewer

pytestmark = pytest.mark.django_db


def post(api: APIClient, **body: Any) -> Any:
    return api.post("/feedback", body, format="json")


def test_an_answer_is_stored_with_the_title_as_it_is(api: APIClient) -> None:
    item = builders.title("Alien")
    answer = post(api, plex_id=item.rating_key, rating=4, mood={"vibe": ["tense"]})
    row = Feedback.objects.get()
    assert answer.json() == {"feedback": row.pk, "plex_id": item.rating_key, "created": True}
    assert (row.rating, row.completed, row.viewer.slug) == (4, None, "ada")
    assert row.candidate["title"]["title"] == "Alien"
    assert row.candidate["moment"]["moods"] == ["tense"]


def test_the_same_title_again_changes_the_answer_and_keeps_the_rest(api: APIClient) -> None:
    key = builders.title().rating_key
    post(api, plex_id=key, rating=4)
    answer = post(api, plex_id=key, completed=True)
    row = Feedback.objects.get()
    assert answer.json()["created"] is False
    assert (row.rating, row.completed) == (4, True)


def test_a_suggestion_has_an_answer_of_its_own(api: APIClient, films: list[MediaItem]) -> None:
    shown = api.get("/recommend").json()["suggestions"][0]
    post(api, plex_id=shown["plex_id"], rating=2)
    one = post(api, plex_id=shown["plex_id"], suggestion=shown["suggestion"], rating=5)
    two = post(api, plex_id=shown["plex_id"], suggestion=shown["suggestion"], rating=4)
    assert [one.json()["created"], two.json()["created"]] == [True, False]
    assert set(Feedback.objects.values_list("rating", flat=True)) == {2, 4}


def test_training_will_read_what_the_scorer_saw(api: APIClient, films: list[MediaItem]) -> None:
    shown = api.get("/recommend", {"vibe": "tense"}).json()["suggestions"][0]
    MediaItem.objects.filter(rating_key=shown["plex_id"]).update(audience_rating=1.0)
    post(api, plex_id=shown["plex_id"], suggestion=shown["suggestion"], rating=5)
    row = Feedback.objects.get()
    assert row.candidate["title"]["audience_rating"] > 1.0
    assert row.candidate["moment"]["moods"] == {"tense": 1.0}


def test_the_owner_may_speak_for_another_viewer(api: APIClient, ben: User) -> None:
    post(api, plex_id=builders.title().rating_key, viewer="ben", completed=False)
    assert Feedback.objects.get().viewer.slug == "ben"


def test_a_member_speaks_only_for_oneself(ada: User, ben: User) -> None:
    answer = post(client_of(ben), plex_id=builders.title().rating_key, viewer="ada", rating=1)
    assert answer.status_code == 400
    assert set(answer.json()) == {"viewer"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rating": 7}, "rating"),
        ({"rating": 0}, "rating"),
        ({"rating": 4.5}, "rating"),
        ({"rating": True}, "rating"),
        ({"rating": "4"}, "rating"),
        ({"completed": "yes"}, "completed"),
        ({"would_watch_again": 1}, "would_watch_again"),
        ({}, "non_field_errors"),
        ({"rating": 3, "viewer": "nobody"}, "viewer"),
        ({"rating": 3, "suggestion": 999}, "suggestion"),
        ({"rating": 3, "suggestion": 10**30}, "suggestion"),
        ({"rating": 3, "mood": ["funny"]}, "mood"),
        ({"rating": 3, "mood": {"vibe": 5}}, "mood"),
        ({"rating": 3, "mood": {"company": "crowd"}}, "mood"),
        ({"rating": 3, "plex_id": "404"}, "plex_id"),
        ({"rating": 3, "plex_id": None}, "plex_id"),
        ({"rating": 3, "plex_id": {"a": 1}}, "plex_id"),
    ],
)
def test_bad_input_is_400_names_the_field_and_stores_nothing(
    api: APIClient, body: dict[str, Any], field: str
) -> None:
    answer = post(api, **{"plex_id": builders.title().rating_key, **body})
    assert answer.status_code == 400
    assert set(answer.json()) == {field}
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    "body",
    ["{bad", "[1]", "7", '{"plex_id": NaN}', "", "\x00", "[" * 100_000, '{"plex_id": "\\ud800"}'],
)
def test_malformed_json_is_400(api: APIClient, body: str) -> None:
    answer = api.post("/feedback", body, content_type="application/json")
    assert answer.status_code == 400


def test_a_suggestion_of_another_title_is_refused(api: APIClient, films: list[MediaItem]) -> None:
    one, two, _three = api.get("/recommend").json()["suggestions"]
    answer = post(api, plex_id=one["plex_id"], suggestion=two["suggestion"], rating=3)
    assert set(answer.json()) == {"suggestion"}


def test_without_a_key_it_is_401_and_without_csrf_403(ada: User) -> None:
    key = builders.title().rating_key
    assert post(APIClient(), plex_id=key, rating=3).status_code == 401
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(ada)
    assert post(browser, plex_id=key, rating=3).status_code == 403
    assert not Feedback.objects.exists()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.dictionaries(
        st.sampled_from(
            ["plex_id", "suggestion", "mood", "viewer", "completed", "would_watch_again", "rating"]
        ),
        ANYTHING,
    )
)
def test_no_body_whatever_is_a_server_error(api: APIClient, body: dict[str, Any]) -> None:
    answer = api.post("/feedback", json.dumps(body), content_type="application/json")
    assert answer.status_code in {200, 400}


def test_favourites_are_kept_and_taken_off(api: APIClient) -> None:
    key = builders.title("Alien").rating_key
    assert api.post("/api/favorites", {"plex_id": key}, format="json").status_code == 200
    assert [f["title"] for f in api.get("/api/favorites").json()["results"]] == ["Alien"]
    api.post("/api/favorites", {"plex_id": key, "favorite": False}, format="json")
    assert not Favorite.objects.exists()


def test_the_history_shows_what_was_shown_and_said(api: APIClient, films: list[MediaItem]) -> None:
    shown = api.get("/recommend").json()["suggestions"][0]
    post(api, plex_id=shown["plex_id"], suggestion=shown["suggestion"], rating=5)
    ask = api.get("/api/asks").json()["results"][0]
    said = next(s for s in ask["suggestions"] if s["suggestion"] == shown["suggestion"])
    assert said["feedback"] == [
        {"viewer": "ada", "completed": None, "would_watch_again": None, "rating": 5}
    ]


def test_a_member_sees_only_asks_of_one_s_own(
    api: APIClient, ben: User, films: list[MediaItem]
) -> None:
    api.get("/recommend")
    together = api.get("/recommend?viewer=ada&viewer=ben").json()["ask"]
    mine = client_of(ben).get("/api/asks").json()["results"]
    assert [ask["ask"] for ask in mine] == [together]


def test_the_viewers_are_listed(api: APIClient, ben: User) -> None:
    assert [v["slug"] for v in api.get("/api/viewers").json()["results"]] == ["ada", "ben"]
    assert Viewer.objects.count() == 2


def test_the_mood_can_be_told_later(api: APIClient) -> None:
    key = builders.title().rating_key
    post(api, plex_id=key, rating=4)
    post(api, plex_id=key, mood={"vibe": ["dark"]}, completed=True)
    assert Feedback.objects.get().mood == {"vibe": ["dark"]}
