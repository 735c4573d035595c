"""No entry of a franchise is shown before the one it follows was seen."""

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.test import Client
from rest_framework.test import APIClient

from feedback.models import Ask
from mlmodel.matrix import catalogue
from moodrec.tests import builders
from plexsync.models import MediaItem, TitleState, Viewer
from recommender.moment import Answers
from recommender.suggest import Request, suggest

pytestmark = pytest.mark.django_db


@pytest.fixture
def sequel() -> MediaItem:
    """Toy Story 2 on a shelf with Toy Story, which is longer."""
    builders.title("Toy Story", year=1995, runtime_minutes=120, directors=["John Lasseter"])
    return builders.title("Toy Story 2", year=1999, runtime_minutes=92, directors=["Ash Brannon"])


def titles_of(answers: Answers, *viewers: Viewer) -> list[str]:
    ask = suggest(Request(answers, viewers=viewers))
    return [s.item.title for s in ask.suggestions.all()]


def test_a_sequel_waits_until_its_predecessor_is_seen(sequel: MediaItem) -> None:
    ada = builders.viewer("Ada")
    assert titles_of(Answers(), ada) == ["Toy Story"]
    builders.feedback(MediaItem.objects.get(title="Toy Story"), viewer=ada)
    assert titles_of(Answers(seen="new"), ada) == ["Toy Story 2"]


def test_it_waits_for_everybody_present(sequel: MediaItem) -> None:
    ada, ben = builders.viewer("Ada"), builders.viewer("Ben")
    builders.feedback(MediaItem.objects.get(title="Toy Story"), viewer=ada)
    assert titles_of(Answers(seen="new"), ada, ben) == []
    builders.dismissal(MediaItem.objects.get(title="Toy Story"), viewer=ben, kind="seen_it")
    assert titles_of(Answers(seen="new"), ada, ben) == ["Toy Story 2"]


def test_a_sequel_that_was_seen_may_be_seen_again(sequel: MediaItem) -> None:
    ada = builders.viewer("Ada")
    builders.feedback(sequel, viewer=ada)
    assert titles_of(Answers(seen="again"), ada) == ["Toy Story 2"]


def test_what_is_only_begun_is_not_seen(sequel: MediaItem) -> None:
    ada = builders.viewer("Ada")
    first = MediaItem.objects.get(title="Toy Story")
    state = TitleState.objects.create(viewer=ada, item=first, view_offset=3000)
    assert titles_of(Answers(minutes=100), ada) == []
    TitleState.objects.filter(pk=state.pk).update(view_offset=0, view_count=1)
    assert titles_of(Answers(minutes=100), ada) == ["Toy Story 2"]


def test_a_predecessor_that_is_not_on_the_shelf_holds_nothing_up(sequel: MediaItem) -> None:
    MediaItem.objects.filter(title="Toy Story").update(available=False)
    assert titles_of(Answers(), builders.viewer("Ada")) == ["Toy Story 2"]


def test_a_predecessor_seen_in_another_copy_is_seen(sequel: MediaItem) -> None:
    ada = builders.viewer("Ada")
    first = MediaItem.objects.get(title="Toy Story")
    sharp = builders.library("Films in 4K")
    copy = builders.title("Toy Story", year=1995, guid=first.guid, library=sharp)
    builders.feedback(copy, viewer=ada)
    assert titles_of(Answers(seen="new"), ada) == ["Toy Story 2"]


def test_the_order_is_offered_to_be_loosened_and_named(sequel: MediaItem) -> None:
    ada = builders.viewer("Ada")
    ask = suggest(Request(Answers(minutes=100), viewers=[ada]))
    assert ask.relax == [
        {"answer": "minutes", "value": 120, "matches": 1},
        {"answer": "order", "value": "any", "matches": 1},
    ]
    assert titles_of(Answers(minutes=100).without("order"), ada) == ["Toy Story 2"]


def test_the_page_offers_sequels_first(sequel: MediaItem, client: Client, ada: User) -> None:
    client.force_login(ada)
    ask = suggest(Request(Answers(minutes=100), viewers=[Viewer.objects.get()], user=ada))
    assert "Sequels before the film they follow" in client.get(f"/asks/{ask.pk}").content.decode()
    found = client.post(f"/asks/{ask.pk}/spin", {"relax": "order"}, follow=True).content.decode()
    assert "Toy Story 2" in found
    assert "sequels in any order" in found
    newest = Ask.objects.latest("asked_at")
    assert newest.mood["order"] == "any"


def test_get_recommend_takes_the_order(sequel: MediaItem, api: APIClient) -> None:
    def titles(**asked: str) -> list[str]:
        found = api.get("/recommend", {"minutes": "100", **asked})
        assert found.status_code == 200, found.content
        return [title["title"] for title in found.json()["suggestions"]]

    assert (titles(), titles(order="first"), titles(order="any")) == ([], [], ["Toy Story 2"])
    assert api.get("/recommend", {"order": "last"}).status_code == 400


def test_copies_and_stories_are_told_on_the_shelf(sequel: MediaItem) -> None:
    shelf = catalogue()
    first, second = np.searchsorted(shelf.ids, [sequel.pk - 1, sequel.pk])
    assert shelf.predecessor.tolist() == [-1, shelf.twin[first]]
    assert shelf.story[first] == shelf.story[second]
