"""The same title in two libraries, in two editions, or on an earlier server is one suggestion."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from feedback.models import Ask, Dismissal
from mlmodel import matrix
from mlmodel.matrix import catalogue
from moodrec.tests import builders
from plexsync.models import Connection, Library, MediaItem, Viewer
from recommender import lately
from recommender.moment import Answers
from recommender.suggest import Request, suggest

pytestmark = pytest.mark.django_db

GUID = "plex://movie/alien"
ADDED = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def film() -> MediaItem:
    return builders.title("Alien", guid=GUID, added_at=ADDED)


@pytest.fixture
def copy(film: MediaItem) -> MediaItem:
    """The same film in sharper pictures, added later."""
    sharp = builders.library("Films in 4K")
    return builders.title("Alien", guid=GUID, library=sharp, added_at=ADDED + timedelta(days=1))


def shown(request: Request) -> list[MediaItem]:
    return [suggestion.item for suggestion in suggest(request).suggestions.all()]


def test_two_copies_are_one_suggestion_and_it_is_the_newest(
    film: MediaItem, copy: MediaItem
) -> None:
    ask = suggest(Request(Answers()))
    assert [suggestion.item for suggestion in ask.suggestions.all()] == [copy]
    assert ask.remaining == 0


def test_the_plain_edition_is_shown_before_a_newer_one(film: MediaItem) -> None:
    builders.title("Alien", guid=GUID, edition="Director's Cut", added_at=ADDED + timedelta(days=9))
    assert shown(Request(Answers())) == [film]


def test_of_two_editions_the_one_that_fits_the_time_is_shown(film: MediaItem) -> None:
    short = builders.title("Alien", guid=GUID, edition="Airline", runtime_minutes=80)
    assert shown(Request(Answers(minutes=90))) == [short]


def test_a_copy_that_is_gone_from_plex_is_not_shown(film: MediaItem, copy: MediaItem) -> None:
    MediaItem.objects.filter(pk=copy.pk).update(available=False)
    assert shown(Request(Answers())) == [film]


def test_what_blocks_is_counted_in_titles_and_not_in_copies(
    film: MediaItem, copy: MediaItem
) -> None:
    ask = suggest(Request(Answers(type="show")))
    assert ask.relax == [{"answer": "type", "value": "any", "matches": 1}]


@pytest.mark.parametrize("kind", ["never", "seen_it"])
def test_what_is_dismissed_in_one_copy_is_dismissed_in_all(
    film: MediaItem, copy: MediaItem, kind: str
) -> None:
    ada = builders.viewer("Ada")
    builders.dismissal(film, viewer=ada, kind=kind)
    assert shown(Request(Answers(seen="new"), viewers=[ada])) == []


def test_a_spin_does_not_bring_the_other_copy(film: MediaItem, copy: MediaItem) -> None:
    first = suggest(Request(Answers()))
    assert shown(Request(Answers(), previous=first, spin="not_tonight")) == []


def test_a_copy_that_the_connected_account_watched_is_seen_in_all(
    film: MediaItem, copy: MediaItem
) -> None:
    MediaItem.objects.filter(pk=film.pk).update(view_count=1)
    ada = builders.viewer("Ada", owns_plex_state=True)
    assert shown(Request(Answers(seen="new"), viewers=[ada])) == []


def test_passing_over_one_copy_is_passing_over_the_title(film: MediaItem, copy: MediaItem) -> None:
    counted = lately.counts(catalogue(), {film.pk: 2, copy.pk: 1, 999_999: 5})
    assert counted.tolist() == [3.0, 3.0]


def test_feedback_on_one_copy_marks_the_other_as_seen(
    api: APIClient, ada: User, film: MediaItem, copy: MediaItem
) -> None:
    said = {"plex_id": film.rating_key, "rating": 4, "completed": True}
    assert api.post("/feedback", said, format="json").status_code == 200
    assert api.get("/recommend", {"seen": "new"}).json()["suggestions"] == []
    again = api.get("/recommend", {"seen": "again"}).json()["suggestions"]
    assert [title["plex_id"] for title in again] == [copy.rating_key]


def test_what_was_said_of_a_copy_that_went_holds_for_the_one_that_is_here(
    film: MediaItem, copy: MediaItem
) -> None:
    ada = builders.viewer("Ada")
    builders.feedback(copy, viewer=ada)
    MediaItem.objects.filter(pk=copy.pk).update(available=False)
    assert shown(Request(Answers(seen="new"), viewers=[ada])) == []


def test_what_was_said_on_an_earlier_server_holds_on_this_one(film: MediaItem) -> None:
    ada = builders.viewer("Ada")
    builders.dismissal(film, viewer=ada)
    Connection.objects.update(active=False)
    new = builders.connection(machine_identifier="machine-2")
    here = Library.objects.create(connection=new, key="1", title="Films", type="movie")
    builders.title("Alien", guid=GUID, library=here)
    assert shown(Request(Answers(), viewers=[ada])) == []
    assert len(shown(Request(Answers(), viewers=[]))) == 1


def test_copies_cost_no_query_of_an_ask(film: MediaItem, copy: MediaItem) -> None:
    catalogue()
    with CaptureQueriesContext(connection) as asked:
        catalogue()
    assert len(asked) == 2


names = st.lists(st.sampled_from(["imdb://tt1", "imdb://tt2", "tmdb://3", "tvdb://4"]), max_size=2)
rows = st.tuples(
    st.sampled_from(["movie", "show"]), st.sampled_from(["", "a", "b", "c"]), names, st.booleans()
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(rows, min_size=1, max_size=9), st.integers(0, 8))
def test_no_title_is_ever_shown_twice_under_two_keys(
    db: None, told: list[tuple[str, str, list[str], bool]], said_of: int
) -> None:
    """Spinning to the end shows every title once, whatever copies there are of it."""
    for rows_of in (Ask, Dismissal, MediaItem):
        rows_of.objects.all().delete()
    items = [
        builders.title(f"T{n}", type=kind, guid=guid, external_ids=ids, edition="X" if cut else "")
        for n, (kind, guid, ids, cut) in enumerate(told)
    ]
    matrix.forget()
    shelf = catalogue()
    ada = Viewer.objects.first() or builders.viewer("Ada")
    never = items[said_of % len(items)]
    builders.dismissal(never, viewer=ada)
    number = {item.pk: int(shelf.copies.of([item.pk])[0]) for item in items}
    ask, seen = suggest(Request(Answers(), viewers=[ada])), list[int]()
    while batch := [number[pk] for pk in ask.suggestions.values_list("item_id", flat=True)]:
        seen += batch
        ask = suggest(Request(Answers(), viewers=[ada], previous=ask, spin="not_tonight"))
    assert len(seen) == len(set(seen))
    assert set(seen) == set(np.unique(shelf.twin).tolist()) - {number[never.pk]}
