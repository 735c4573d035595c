"""The next episode of a suggested series: on the card and in the API."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from feedback.models import Suggestion
from moodrec.tests import builders
from plexsync.models import Episode, MediaItem, Viewer, WatchedEpisode
from recommender.coming import coming

pytestmark = pytest.mark.django_db


@pytest.fixture
def fargo() -> MediaItem:
    """A series of two seasons with a special."""
    item = builders.series("Fargo", episode_count=5)
    for season, number in ((0, 1), (1, 1), (1, 2), (2, 1), (2, 2)):
        Episode.objects.create(
            item=item,
            season=season,
            number=number,
            rating_key=f"9{season}{number}",
            title=f"Part {season}.{number}",
            runtime_minutes=42,
        )
    return item


def watched(viewer: Viewer, *places: tuple[int, int]) -> None:
    for season, number in places:
        episode = Episode.objects.get(season=season, number=number)
        WatchedEpisode.objects.create(viewer=viewer, episode=episode)


def following(item: MediaItem, *viewers: Viewer) -> str:
    return str(coming([Suggestion(item=item)], viewers).get(item.pk))


def test_it_is_the_one_after_the_last_watched(fargo: MediaItem) -> None:
    ada = builders.viewer("Ada")
    assert following(fargo, ada) == "S01E01 Part 1.1"
    watched(ada, (1, 1), (1, 2))
    assert following(fargo, ada) == "S02E01 Part 2.1"


def test_of_a_group_nobody_skips_an_episode(fargo: MediaItem) -> None:
    ada, ben = builders.viewer("Ada"), builders.viewer("Ben")
    watched(ada, (1, 1), (1, 2))
    watched(ben, (1, 1))
    assert following(fargo, ada, ben) == "S01E02 Part 1.2"
    watched(ada, (2, 1), (2, 2), (0, 1))  # she has seen it all: it goes on for him
    assert following(fargo, ada, ben) == "S01E02 Part 1.2"


def test_without_viewers_the_connected_account_counts(fargo: MediaItem) -> None:
    ada = builders.viewer("Ada", owns_plex_state=True)
    watched(ada, (1, 1))
    assert following(fargo) == "S01E02 Part 1.2"


def test_a_film_has_none_and_costs_no_query() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert following(builders.title("Alien"), builders.viewer("Ada")) == "None"
    assert not [each for each in asked if "episode" in each["sql"] and "SELECT" in each["sql"][:6]]


def test_the_api_tells_it(api: APIClient, ada: User, fargo: MediaItem) -> None:
    watched(Viewer.objects.get(), (1, 1))
    builders.title("Alien")
    shown = {each["title"]: each for each in api.get("/recommend").json()["suggestions"]}
    assert shown["Alien"]["next_episode"] is None
    assert shown["Fargo"]["next_episode"] == {
        "season": 1,
        "episode": 2,
        "title": "Part 1.2",
        "plex_id": "912",
        "runtime_minutes": 42,
    }


def test_the_card_tells_it_with_two_more_queries(
    client: Client, ada: User, fargo: MediaItem
) -> None:
    client.force_login(ada)
    viewer = Viewer.objects.get()
    watched(viewer, (1, 1), (1, 2), (2, 1))
    ask = builders.ask(viewers=[viewer], user=ada)
    builders.suggestion(builders.title("Alien"), ask=ask)

    def look() -> tuple[str, int]:
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(f"/asks/{ask.pk}")
        return " ".join(answer.content.decode().split()), len(asked)

    text, before = look()
    assert "Next:" not in text
    builders.suggestion(fargo, ask=ask, rank=2)
    text, after = look()
    assert "Next: <strong>S02E02 Part 2.2</strong>, 42 min" in text
    assert after - before <= 2


def test_a_card_tells_edition_and_languages_where_they_are_known(client: Client, ada: User) -> None:
    client.force_login(ada)
    known: dict[str, Any] = {"edition": "Director's Cut", "languages": ["English", "German"]}
    shown = builders.suggestion(builders.title("Alien", **known), ask=builders.ask(user=ada))
    text = client.get(f"/asks/{shown.ask_id}").content.decode()
    assert "<li>Director&#x27;s Cut</li>" in text
    assert "<dt>Sound</dt> <dd> English, German </dd>" in " ".join(text.split())
