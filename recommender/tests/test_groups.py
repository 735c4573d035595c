"""Several people on one sofa: each with their own taste and their own past."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback import log
from mlmodel import learn, prior, scoring
from mlmodel.examples import examples
from mlmodel.matrix import catalogue
from mlmodel.records import Candidate, Moment
from moodrec.tests import builders
from plexsync.models import Connection, MediaItem, TitleState, Viewer
from recommender import candidates, demo_household
from recommender.moment import Answers
from recommender.present import by_person
from recommender.suggest import Request, suggest

pytestmark = pytest.mark.django_db


def titles_of(request: Request) -> list[str]:
    return [s.item.title for s in suggest(request).suggestions.all()]


@pytest.fixture
def both(films: list[MediaItem]) -> list[Viewer]:
    """Ana loves the cheerful, Ben the tense: four months of answers, learnt."""
    Connection.objects.update(is_demo=True)
    viewers = [builders.viewer("Ana"), builders.viewer("Ben")]
    demo_household.move_in(datetime(2026, 3, 1, 12, tzinfo=UTC))
    learn.run()
    return viewers


def test_the_group_s_score_lies_between_its_mean_and_its_least_pleased(both: list[Viewer]) -> None:
    shelf, seen = catalogue(), candidates.seen_by(catalogue(), both)
    found = scoring.score(shelf, Moment(), ["ana", "ben"], seen)
    mean, least = found.each.mean(axis=0), found.each.min(axis=0)
    np.testing.assert_allclose(found.scores, (mean + least) / 2)
    for row, slug in enumerate(("ana", "ben")):
        alone = scoring.score(shelf, Moment(), [slug], seen[row : row + 1])
        np.testing.assert_array_equal(alone.scores, found.each[row])
        assert not alone.misery.any()


def test_what_one_would_clearly_dislike_is_not_shown_to_the_group(both: list[Viewer]) -> None:
    shelf = catalogue()
    found = scoring.score(shelf, Moment(), ["ana", "ben"], np.zeros((2, len(shelf)), dtype=bool))
    assert 0 < found.misery.mean() < 0.9
    shown = suggest(Request(Answers(company="group"), viewers=both)).suggestions.all()
    places = np.searchsorted(shelf.ids, [s.item_id for s in shown])
    assert not found.misery[places].any()
    assert found.misery[np.argmax(found.each[0] - found.each[1])]  # Ana's very own


def test_each_of_a_group_is_scored_with_what_they_have_seen_themselves() -> None:
    ada, ben = builders.viewer("Ada"), builders.viewer("Ben", owns_plex_state=True)
    cleo = builders.viewer("Cleo")
    said, played = builders.title("Alien"), builders.title("Fargo", view_count=1)
    builders.feedback(said, viewer=ada)
    TitleState.objects.create(viewer=cleo, item=said, view_count=1)
    builders.dismissal(played, viewer=cleo, kind="seen_it")
    shelf = catalogue()
    seen = candidates.seen_by(shelf, [ada, ben, cleo])
    assert seen.tolist() == [[True, False], [False, True], [True, True]]
    assert candidates.seen_by(shelf, []).tolist() == [[False, True]]
    found = scoring.score(shelf, Moment(), ["ada", "ben", "cleo"], seen)
    assert found.each[0, 0] < found.each[1, 0]
    assert found.each[0, 1] > found.each[1, 1]


def test_what_the_scorer_saw_of_each_is_what_training_reads(films: list[MediaItem]) -> None:
    ada, ben = builders.viewer("Ada"), builders.viewer("Ben")
    TitleState.objects.create(viewer=ben, item=films[0], view_count=1)
    MediaItem.objects.exclude(pk=films[0].pk).update(available=False)
    ask = suggest(Request(Answers(), viewers=[ada, ben]))
    [shown] = ask.suggestions.all()
    assert shown.candidate["seen_by"] == {"ada": False, "ben": True}
    for viewer in (ada, ben):
        log.said(viewer, films[0], {"rating": 5, "completed": True}, suggestion=shown)
    learnt = {e.candidate.viewer: e.candidate.seen for e in examples()}
    assert learnt == {"ada": False, "ben": True}
    scores = [
        prior.probability(Candidate.from_json({**shown.candidate, "viewer": slug, "seen": seen}))
        for slug, seen in (("ada", False), ("ben", True))
    ]
    mixed = (np.mean(scores) + min(scores)) / 2
    assert shown.score == pytest.approx(mixed, abs=1e-9)


def test_a_row_of_the_log_from_before_keeps_what_it_says_of_seen() -> None:
    shown = builders.suggestion()
    shown.candidate["seen"] = True
    row, _ = log.said(builders.viewer("Ada"), shown.item, {"rating": 4}, suggestion=shown)
    assert row.candidate["seen"] is True


def test_more_people_cost_no_more_queries(films: list[MediaItem]) -> None:
    people = [builders.viewer(name) for name in ("Ada", "Ben", "Cleo", "Dan")]
    catalogue()

    def queries(viewers: list[Viewer]) -> int:
        with CaptureQueriesContext(connection) as asked:
            suggest(Request(Answers(), viewers=viewers))
        return len(asked)

    assert queries(people[:2]) == queries(people)


def test_a_film_finished_last_week_is_not_offered_again_unless_asked_for() -> None:
    ada, now = builders.viewer("Ada"), timezone.now()
    best = builders.title("Best", audience_rating=9.5)
    builders.title("Other", audience_rating=7.0, directors=["Ida Lupino"])
    builders.feedback(best, viewer=ada, said_at=now - timedelta(days=7))
    asked = Request(Answers(), viewers=[ada], count=1, now=now)
    assert titles_of(asked) == ["Other"]
    assert titles_of(replace(asked, answers=Answers(seen="again"))) == ["Best"]
    assert titles_of(replace(asked, now=now + timedelta(days=400))) == ["Best"]


def test_a_film_played_in_plex_lately_rests_too() -> None:
    ben, now = builders.viewer("Ben"), timezone.now()
    best = builders.title("Best", audience_rating=9.5)
    builders.title("Other", audience_rating=7.0, directors=["Ida Lupino"])
    TitleState.objects.create(viewer=ben, item=best, view_count=1, last_viewed_at=now)
    assert titles_of(Request(Answers(), viewers=[ben], count=1, now=now)) == ["Other"]


def test_what_is_passed_over_evening_after_evening_makes_room_and_comes_back() -> None:
    ada, now = builders.viewer("Ada"), timezone.now()
    builders.title("Best", audience_rating=8.0)
    builders.title("Second", audience_rating=7.8, directors=["Ida Lupino"])
    asked = Request(Answers(), viewers=[ada], count=1, now=now)
    assert titles_of(asked) == ["Best"]
    assert titles_of(replace(asked, now=now + timedelta(days=1))) == ["Second"]
    assert titles_of(replace(asked, now=now + timedelta(days=60))) == ["Best"]


def test_the_page_shows_whose_reason_it_is(client: Client, ada: User) -> None:
    client.force_login(ada)
    people = [Viewer.objects.get(), builders.viewer("<b>Ben")]
    shared, for_ben = "Audiences rate it 9 of 10.", "For <b>Ben: horror went down well."
    assert by_person([shared, for_ben], people) == [("", shared), ("<b>Ben", for_ben)]
    ask = builders.ask(viewers=people, user=ada)
    builders.suggestion(ask=ask, reasons=[shared, for_ben])
    page = client.get(f"/asks/{ask.pk}").content.decode()
    assert 'aria-hidden="true">&lt;</span>' in page
    assert "For &lt;b&gt;Ben: horror went down well." in page
