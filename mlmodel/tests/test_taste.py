"""What Plex knew before anybody spoke here teaches, weakly, and never over what was said."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from mlmodel import learn, prior, taste
from mlmodel.examples import digest, examples
from mlmodel.labels import LABEL_WEIGHTS, beyond, label_of_plex_stars
from mlmodel.records import Example, Moment
from moodrec.jobs.run import JobSkipped
from moodrec.tests import builders
from plexsync.models import MediaItem, TitleState, Viewer

pytestmark = pytest.mark.django_db
LAST_YEAR = datetime(2025, 5, 1, 20, tzinfo=UTC)


@pytest.fixture
def ada() -> Viewer:
    """The connected account's viewer, whose state stands with the titles."""
    return builders.viewer("Ada", owns_plex_state=True)


@pytest.fixture
def ben() -> Viewer:
    return builders.viewer("Ben")


def only() -> Example:
    [example] = examples()
    return example


def test_stars_in_plex_are_stars_with_their_date(ada: Viewer) -> None:
    builders.title("Alien", user_rating=9, rated_at=LAST_YEAR, view_count=1)
    example = only()
    assert (example.candidate.viewer, example.candidate.title.title) == ("ada", "Alien")
    assert example.candidate.moment == Moment()
    assert (example.label, example.weight) == label_of_plex_stars(9)
    assert (example.at, example.source) == (LAST_YEAR, "plex")
    assert example.label > 0.9
    assert label_of_plex_stars(3)[0] < 0.1  # one and a half stars


def test_what_was_seen_twice_is_liked_a_little_and_once_hardly(ada: Viewer) -> None:
    builders.title("Twice", view_count=2, last_viewed_at=LAST_YEAR)
    builders.title("Once", view_count=1, last_viewed_at=LAST_YEAR)
    twice, once = sorted(examples(), key=lambda example: -example.label)
    assert (twice.candidate.title.title, once.candidate.title.title) == ("Twice", "Once")
    weights = LABEL_WEIGHTS
    assert (twice.weight, once.weight) == (weights.rewatched_weight, weights.watched_weight)


@pytest.mark.parametrize("rating", [3.0, 6.7, 9.5])
def test_having_watched_never_counts_against_a_title_nor_leaving_for_it(
    ada: Viewer, rating: float
) -> None:
    told: dict[str, Any] = {"audience_rating": rating, "last_viewed_at": LAST_YEAR}
    builders.title("Watched", view_count=1, **told)
    builders.title("Left", view_offset=2_000, **told)
    found = {e.candidate.title.title: e for e in examples()}
    expected = prior.probability(found["Watched"].candidate)
    assert found["Left"].label < expected < found["Watched"].label
    assert found["Left"].label <= LABEL_WEIGHTS.left


def test_what_the_log_heard_from_plex_never_counts_against_a_title_either(ada: Viewer) -> None:
    shown = builders.suggestion(builders.title(audience_rating=9.5))
    builders.feedback(on=shown, viewer=ada, source="plex", rating=None, would_watch_again=None)
    assert only().label > prior.probability(only().candidate)


def test_years_of_stars_in_plex_do_not_drown_what_is_said_here(ada: Viewer) -> None:
    for number in range(90):
        builders.title(f"Film {number}", user_rating=2)
    said = builders.feedback(builders.title(), viewer=ada, rating=5)
    found = {example.source: example for example in examples()}
    total = sum(example.weight for example in examples() if example.source == "plex")
    assert total == pytest.approx(taste.MOST_WEIGHT)
    assert found["feedback"].candidate.title.title == said.item.title
    assert found["feedback"].weight == LABEL_WEIGHTS.stars_weights[-1] > found["plex"].weight


def test_a_film_left_long_ago_was_perhaps_not_liked(ada: Viewer) -> None:
    builders.title("Left", view_offset=2_000, last_viewed_at=LAST_YEAR)
    builders.title("Paused", view_offset=2_000, last_viewed_at=timezone.now())
    builders.title("Hardly begun", view_offset=60, last_viewed_at=LAST_YEAR)
    assert only().candidate.title.title == "Left"
    assert only().label < 0.5


def test_every_viewer_teaches_of_their_own_account(ada: Viewer, ben: Viewer) -> None:
    alien, heat = builders.title("Alien", view_count=1), builders.title("Heat")
    TitleState.objects.create(viewer=ben, item=heat, user_rating=2)
    told = {(e.candidate.viewer, e.candidate.title.title) for e in examples()}
    assert told == {("ada", alien.title), ("ben", heat.title)}
    Viewer.objects.filter(pk=ben.pk).update(enabled=False)
    assert only().candidate.viewer == "ada"


def test_an_unknown_date_is_long_ago_and_never_now(ada: Viewer) -> None:
    builders.title("Undated", user_rating=8)
    builders.title("Tomorrow", user_rating=8, rated_at=timezone.now() + timedelta(days=400))
    assert [example.at for example in examples()] == [taste.UNKNOWN, taste.UNKNOWN]


def test_where_the_viewer_spoke_plex_is_silent(ada: Viewer) -> None:
    alien = builders.title("Alien", user_rating=10, view_count=1)
    builders.title("Alien", guid=alien.guid, user_rating=10, library=builders.library("4K"))
    builders.feedback(alien, viewer=ada, rating=1, completed=None, would_watch_again=None)
    assert (only().source, only().label < 0.1) == ("feedback", True)


def test_of_two_copies_one_teaches(ada: Viewer) -> None:
    alien = builders.title("Alien", user_rating=10)
    builders.title("Alien", guid=alien.guid, view_count=2, library=builders.library("4K"))
    assert only().source == "plex"


def test_what_the_log_knows_to_be_watched_is_not_told_twice(ada: Viewer) -> None:
    alien = builders.title("Alien", view_count=1, last_viewed_at=LAST_YEAR)
    shown = builders.suggestion(alien)
    builders.feedback(on=shown, viewer=ada, source="plex", rating=None, would_watch_again=None)
    assert (only().source, only().weight) == ("watched", LABEL_WEIGHTS.watched_weight)


def test_watched_in_plex_is_not_liked(ada: Viewer) -> None:
    shown = builders.suggestion(builders.title())
    row = builders.feedback(
        on=shown, viewer=ada, source="plex", rating=None, would_watch_again=None
    )
    weights, expected = LABEL_WEIGHTS, prior.probability(only().candidate)
    told = [(beyond(weights.watched, expected), weights.watched_weight)]
    told.append((beyond(weights.left, expected), weights.left_weight))
    told.append((beyond(weights.rewatched, expected), weights.rewatched_weight))
    for (completed, again), known in zip(
        [(True, None), (False, None), (True, True)], told, strict=True
    ):
        row.completed, row.would_watch_again = completed, again
        row.save()
        assert (only().label, only().weight) == known


def test_that_it_was_watched_takes_back_nothing_that_was_said(ada: Viewer) -> None:
    film, now = builders.title(), timezone.now()
    builders.feedback(film, viewer=ada, rating=1, said_at=now - timedelta(days=3))
    shown = builders.suggestion(film)
    builders.feedback(on=shown, viewer=ada, source="plex", rating=None, said_at=now)
    assert [example.source for example in examples()] == ["feedback"]


def test_the_demo_s_people_teach_the_demo_only(ben: Viewer) -> None:
    Viewer.objects.filter(pk=ben.pk).update(is_demo=True)
    TitleState.objects.create(viewer=ben, item=builders.title(), user_rating=8)
    assert examples() == []
    current = builders.connection()
    current.is_demo = True
    current.save()
    assert only().source == "plex"


def test_an_earlier_server_s_states_teach_nothing(ada: Viewer) -> None:
    builders.title("Alien", user_rating=10)
    current = builders.connection()
    current.active = False
    current.save()
    assert examples() == []


def test_what_was_merely_watched_is_held_to_the_newest(
    ada: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taste, "MOST_WATCHED", 3)
    for day in range(9):
        builders.title(f"Film {day}", view_count=1, last_viewed_at=LAST_YEAR - timedelta(days=day))
    assert [e.candidate.title.title for e in examples()] == ["Film 2", "Film 1", "Film 0"]


def test_thousands_of_states_cost_a_handful_of_queries(
    ada: Viewer, django_assert_max_num_queries: Any
) -> None:
    MediaItem.objects.bulk_create(
        MediaItem(
            library=builders.library(),
            rating_key=str(number),
            guid=f"plex://movie/x{number}",
            type="movie",
            title=f"Film {number}",
            view_count=1,
            user_rating=number % 10 + 1,
        )
        for number in range(2_000)
    )
    with django_assert_max_num_queries(20):
        assert len(list(taste.from_plex())) == taste.MOST_STARS


def test_new_stars_in_plex_are_something_new_to_learn(ada: Viewer) -> None:
    for number in range(4):
        builders.title(f"Film {number}", user_rating=2 * number + 2, rated_at=LAST_YEAR)
    with pytest.raises(JobSkipped, match="4 answers so far"):
        learn.run()
    before = digest(examples())
    builders.title("Fifth", user_rating=10, rated_at=LAST_YEAR)
    assert digest(examples()) != before
    done = learn.run()
    assert (done["examples"], done["metrics"]["sources"]) == (5, {"plex": 5})
    with pytest.raises(JobSkipped, match="Nothing new"):
        learn.run()


def test_five_films_merely_watched_are_no_answers(ada: Viewer) -> None:
    for number in range(9):
        builders.title(f"Film {number}", view_count=1, last_viewed_at=LAST_YEAR)
    with pytest.raises(JobSkipped, match="0 answers so far"):
        learn.run()
