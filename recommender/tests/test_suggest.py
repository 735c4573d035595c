"""The line from an ask to three logged titles."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from feedback.models import Ask, Dismissal
from mlmodel import learn, registry
from mlmodel.judging.hits import hits
from mlmodel.matrix import catalogue
from mlmodel.models import ModelVersion
from mlmodel.records import Candidate
from moodrec.jobs.run import JobSkipped
from moodrec.tests import builders
from plexsync.models import Connection, Library, MediaItem, TitleState, Viewer
from recommender import demo_household
from recommender.moment import Answers
from recommender.suggest import Request, suggest

pytestmark = pytest.mark.django_db


def titles_of(request: Request) -> list[str]:
    return [s.item.title for s in suggest(request).suggestions.all()]


def test_an_empty_library_answers_with_nothing_and_no_way_out() -> None:
    ask = suggest(Request(Answers(vibe=("funny",))))
    assert (ask.suggestions.count(), ask.remaining, ask.relax) == (0, 0, [])


def test_a_new_title_is_on_offer_as_soon_as_its_library_says_so() -> None:
    builders.title("Alien")
    assert titles_of(Request(Answers())) == ["Alien"]
    builders.title("Aliens")
    Library.objects.get().touch()
    assert sorted(titles_of(Request(Answers()))) == ["Alien", "Aliens"]


def test_a_library_that_is_switched_off_is_not_shown() -> None:
    builders.title("Alien", library=builders.library("Films", enabled=False))
    assert titles_of(Request(Answers())) == []


def test_never_by_one_hides_the_title_from_the_group() -> None:
    ada, ben = builders.viewer("Ada"), builders.viewer("Ben")
    item = builders.title("Alien")
    Dismissal.objects.create(viewer=ben, item=item, kind="never")
    assert titles_of(Request(Answers(), viewers=[ada])) == ["Alien"]
    assert titles_of(Request(Answers(), viewers=[ada, ben])) == []


def test_what_anyone_present_has_seen_is_not_new_to_the_group() -> None:
    ada, ben = builders.viewer("Ada"), builders.viewer("Ben")
    builders.feedback(builders.title("Alien"), viewer=ben, completed=True)
    assert titles_of(Request(Answers(seen="new"), viewers=[ada])) == ["Alien"]
    assert titles_of(Request(Answers(seen="new"), viewers=[ada, ben])) == []


def test_what_anyone_present_has_seen_in_their_own_plex_is_not_new_to_the_group() -> None:
    ada, ben = builders.viewer("Ada"), builders.viewer("Ben")
    TitleState.objects.create(viewer=ben, item=builders.title("Alien"), view_count=1)
    assert titles_of(Request(Answers(seen="new"), viewers=[ada])) == ["Alien"]
    assert titles_of(Request(Answers(seen="new"), viewers=[ada, ben])) == []
    assert titles_of(Request(Answers(seen="again"), viewers=[ada, ben])) == ["Alien"]


def test_a_binge_is_made_of_episodes_that_nobody_present_is_past() -> None:
    ada, ben = builders.viewer("Ada", owns_plex_state=True), builders.viewer("Ben")
    show = builders.series("Fargo", episode_count=20, watched_episodes=5)
    binge = Answers(session="binge")
    assert titles_of(Request(binge, viewers=[ada, ben])) == ["Fargo"]
    TitleState.objects.create(viewer=ben, item=show, watched_episodes=18)
    assert titles_of(Request(binge, viewers=[ada])) == ["Fargo"]
    assert titles_of(Request(binge, viewers=[ada, ben])) == []
    assert titles_of(Request(replace(binge, seen="again"), viewers=[ben])) == []


def test_loosening_names_each_answer_that_alone_blocks() -> None:
    builders.title("Long", runtime_minutes=171)
    builders.series("Short series", runtime_minutes=30)
    ask = suggest(Request(Answers(minutes=100, type="movie")))
    assert ask.relax == [
        {"answer": "minutes", "value": 180, "matches": 1},
        {"answer": "type", "value": "any", "matches": 1},
    ]


def test_too_light_brings_heavier_titles() -> None:
    builders.title("Heavy", genres=["Drama", "War"], summary="A bleak, harrowing tragedy of war.")
    light = builders.title("Light", genres=["Comedy"], summary="A cheerful romp.")
    ask = builders.ask(vibe=[], viewers=[], mood={})
    builders.suggestion(light, ask=ask)
    assert titles_of(Request(Answers(), previous=ask, spin="too_light")) == ["Heavy"]


@pytest.fixture
def household(films: list[MediaItem]) -> None:
    """Ana and Ben after four months in the demo's films."""
    Connection.objects.update(is_demo=True)
    builders.viewer("Ana")
    builders.viewer("Ben")
    demo_household.move_in(datetime(2026, 3, 1, 12, tzinfo=UTC))


def test_after_training_the_score_is_the_learned_model_s(household: None) -> None:
    ana = Viewer.objects.get(slug="ana")
    registry.reset()
    before = suggest(Request(Answers(vibe=("funny",)), viewers=[ana]))
    learn.run()
    after = suggest(Request(Answers(vibe=("funny",)), viewers=[ana]))
    assert before.model_version is None
    assert after.model_version == ModelVersion.objects.get(active=True).number
    assert all(s.score == s.prior for s in before.suggestions.all())
    assert any(abs(s.score - s.prior) > 0.01 for s in after.suggestions.all())


def test_rows_at_scoring_equal_rows_at_training(household: None) -> None:
    """What is stored with a suggestion gives the very score that was shown for it."""
    learn.run()
    active = catalogue().active
    assert active is not None
    ana = Viewer.objects.get(slug="ana")
    ask = suggest(Request(Answers(vibe=("tense",), minutes=130), viewers=[ana]))
    for shown in ask.suggestions.all():
        [again] = active.model.predict([Candidate.from_json(shown.candidate)])
        assert again == pytest.approx(shown.score, abs=1e-9)


def test_the_two_tastes_are_told_apart(household: None) -> None:
    """Ana loves the cheerful, Ben the tense: the model must score them differently."""
    learn.run()
    shelf = catalogue()
    ana, ben = Viewer.objects.get(slug="ana"), Viewer.objects.get(slug="ben")
    for viewer, other in ((ana, ben), (ben, ana)):
        best = suggest(Request(Answers(), viewers=[viewer])).suggestions.all()[0]
        theirs = suggest(Request(Answers(), viewers=[other])).suggestions.all()[0]
        assert best.candidate["viewer"] == viewer.slug
        assert best.item_id != theirs.item_id
    assert shelf.active is not None


def test_moving_in_twice_lives_the_months_once(household: None) -> None:
    assert demo_household.move_in(datetime(2026, 3, 1, 12, tzinfo=UTC)) == 0


def test_training_again_with_nothing_new_is_skipped(household: None) -> None:
    learn.run()
    with pytest.raises(JobSkipped, match="Nothing new"):
        learn.run()


def test_training_on_too_few_answers_is_skipped() -> None:
    with pytest.raises(JobSkipped, match="0 answers so far"):
        learn.run()


def test_the_demo_household_learns_as_it_goes(household: None) -> None:
    """So that its model page can tell what the model picked from what the house rules did."""
    told = Ask.objects.order_by("asked_at").values_list("model_version", flat=True)
    versions = list(dict.fromkeys(told))
    assert versions[0] is None
    assert len(versions) > 1
    found = hits()
    assert found["learned"]["picked"] > 5 < found["prior"]["picked"]
