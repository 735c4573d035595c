"""Which answers may teach: one put aside does not, nor what was said before learning began anew."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from feedback.models import Feedback
from mlmodel import insight, learn, registry, serving
from mlmodel.examples import digest, examples
from mlmodel.models import FreshStart, ModelVersion
from mlmodel.moods import Rule
from mlmodel.moodtable import rules as mood_rules
from mlmodel.page import unlearning
from mlmodel.page.forgetting import forget
from mlmodel.taste import stars_in_plex
from moodrec.jobs.models import Job
from moodrec.jobs.run import JobSkipped
from moodrec.tests import builders
from plexsync.models import Viewer

pytestmark = pytest.mark.django_db
LAST_YEAR = datetime(2025, 5, 1, 20, tzinfo=UTC)


@pytest.fixture
def ada() -> Viewer:
    """The connected account's viewer, whose state stands with the titles."""
    return builders.viewer("Ada", owns_plex_state=True)


def titles() -> list[str]:
    return [example.candidate.title.title for example in examples()]


def household(answers: int = 24) -> list[Feedback]:
    """Ada loves horror and no comedy."""
    now = timezone.now()
    return [
        builders.feedback(
            builders.title(f"Film {n}", genres=["Horror"] if n % 2 else ["Comedy"]),
            rating=5 if n % 2 else 1,
            would_watch_again=None,
            completed=None,
            said_at=now - timedelta(days=answers - n),
        )
        for n in range(answers)
    ]


def test_an_answer_put_aside_teaches_nothing_and_stays_in_the_history() -> None:
    row = builders.feedback(builders.title("Alien"))
    before = digest(examples())
    unlearning.put_aside(row)
    assert titles() == []
    assert digest(examples()) != before
    assert Feedback.objects.filter(pk=row.pk).exists()
    unlearning.take_up(row)
    assert digest(examples()) == before


def test_putting_aside_is_no_new_answer() -> None:
    row = builders.feedback()
    unlearning.put_aside(row)
    assert Feedback.objects.get(pk=row.pk).updated_at == row.updated_at


def test_what_an_answer_put_aside_had_taken_back_stays_taken_back() -> None:
    item, now = builders.title(), timezone.now()
    shown = builders.suggestion(item)
    builders.feedback(on=shown, rating=5, said_at=now - timedelta(hours=2))
    unlearning.put_aside(builders.feedback(item, rating=1, said_at=now))
    assert examples() == []


@pytest.mark.parametrize("source", ["web", "plex"])
def test_what_was_put_aside_does_not_come_back_from_plex(ada: Viewer, source: str) -> None:
    item = builders.title("Alien", user_rating=9, rated_at=LAST_YEAR, view_count=2)
    row = builders.feedback(item, viewer=ada, source=source, rating=None)
    unlearning.put_aside(row)
    assert examples() == []


def test_after_a_fresh_start_only_what_is_said_from_then_on_teaches(ada: Viewer) -> None:
    user = builders.owner()
    builders.feedback(builders.title("Old"), said_at=timezone.now() - timedelta(days=1))
    builders.title("Starred", user_rating=9, rated_at=LAST_YEAR)
    builders.title("Starred some time", user_rating=9)
    builders.title("Watched", view_count=2, last_viewed_at=LAST_YEAR)
    assert len(titles()) == 4
    assert stars_in_plex() == 2
    unlearning.begin_anew(user)
    builders.feedback(builders.title("New"), said_at=timezone.now())
    assert titles() == ["New"]
    assert stars_in_plex() == 0
    unlearning.take_back()
    assert len(titles()) == 5


def test_stars_given_in_plex_after_a_fresh_start_teach_of_a_title_spoken_of_before(
    ada: Viewer,
) -> None:
    then = timezone.now() - timedelta(days=2)
    item = builders.title("Alien", user_rating=2, rated_at=timezone.now())
    builders.feedback(item, viewer=ada, rating=5, said_at=then)
    FreshStart.objects.create(at=then + timedelta(days=1))
    [example] = examples()
    assert (example.source, example.stars) == ("plex", 1.0)


def test_what_was_passed_over_before_a_fresh_start_is_forgotten_too() -> None:
    then = timezone.now() - timedelta(days=5)
    ask = builders.ask(asked_at=then)
    builders.suggestion(builders.title("Passed"), ask=ask, rank=2)
    builders.feedback(on=builders.suggestion(builders.title("Taken"), ask=ask), said_at=then)
    assert "Passed" in titles()
    FreshStart.objects.create(at=then + timedelta(days=1))
    assert titles() == []


def test_an_example_knows_its_stars_and_its_row() -> None:
    row = builders.feedback(rating=4)
    [example] = examples()
    assert (example.stars, example.origin) == (4.0, row.pk)


def test_training_really_learns_without_what_was_put_aside() -> None:
    rows = household()
    first = learn.run(asked=True)
    unlearning.put_aside(rows[3])
    assert Job.objects.get().arguments == {"asked": True}
    second = learn.run(asked=True)
    assert second["examples"] == first["examples"] - 1
    origins = [each["origin"] for each in ModelVersion.objects.latest("number").insight["moved"]]
    assert rows[3].pk not in origins
    unlearning.take_up(rows[3])
    assert learn.run(asked=True)["examples"] == first["examples"]


def test_beginning_anew_switches_the_model_off_and_taking_it_back_learns_all_again() -> None:
    household()
    first = learn.run(asked=True)
    unlearning.begin_anew(builders.owner())
    assert not ModelVersion.objects.filter(active=True).exists()
    assert not ModelVersion.objects.filter(accepted=True).exists()
    with pytest.raises(JobSkipped, match="0 answers so far"):
        learn.run(asked=True)
    unlearning.take_back()
    assert learn.run(asked=True)["examples"] == first["examples"]


def test_with_too_few_answers_left_the_version_that_learnt_more_scores_no_longer() -> None:
    rows = household(5)
    builders.version(active=True)
    unlearning.put_aside(rows[0])
    assert not ModelVersion.objects.filter(active=True).exists()


def test_a_lesson_taken_back_while_it_is_being_learnt_is_not_learnt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = household()
    publish, meanwhile = insight.of, [rows[3]]

    def of(*args: Any) -> dict[str, Any]:
        if meanwhile:
            unlearning.put_aside(meanwhile.pop())
        return publish(*args)

    monkeypatch.setattr(insight, "of", of)
    assert learn.run(asked=True)["examples"] == len(rows) - 1
    assert ModelVersion.objects.count() == 1


def test_a_lesson_taken_back_just_as_it_was_learnt_is_not_learnt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The training that is asked for then is the one that still runs."""
    rows = household()
    publish, meanwhile = registry.publish, [rows[3]]

    def then(*args: Any, **named: Any) -> ModelVersion:
        row = publish(*args, **named)
        if meanwhile:
            unlearning.put_aside(meanwhile.pop())
        return row

    monkeypatch.setattr(registry, "publish", then)
    assert learn.run(asked=True)["examples"] == len(rows) - 1


def test_a_number_of_the_mood_table_changed_while_it_is_learnt_by_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    household()
    believed, changes = insight.of, [Rule("genre", "horror", "funny", 3.0)]

    def of(*args: Any) -> dict[str, Any]:
        if changes:
            mood_rules.change([changes.pop()])
        return believed(*args)

    monkeypatch.setattr(insight, "of", of)
    learn.run(asked=True)
    [version] = ModelVersion.objects.all()
    assert version.inputs == digest(examples())


def test_begun_anew_while_it_is_learnt_nothing_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    household()
    believed = insight.of

    def of(*args: Any) -> dict[str, Any]:
        unlearning.begin_anew(builders.owner())
        return believed(*args)

    monkeypatch.setattr(insight, "of", of)
    with pytest.raises(JobSkipped, match="0 answers so far"):
        learn.run(asked=True)
    assert not ModelVersion.objects.exists()


def test_beginning_anew_twice_is_one_fresh_start() -> None:
    household()
    learn.run(asked=True)
    owner = builders.owner()
    unlearning.begin_anew(owner)
    unlearning.begin_anew(owner)
    assert FreshStart.objects.count() == 1
    builders.feedback(builders.title("Said since"))
    unlearning.begin_anew(owner)
    assert FreshStart.objects.count() == 2


def test_there_may_be_nothing_to_take_back() -> None:
    assert unlearning.take_back() is None
    assert not Job.objects.exists()


def test_the_insight_says_which_row_moved_it() -> None:
    rows = household()
    learn.run(asked=True)
    found = ModelVersion.objects.get().insight
    assert {each["origin"] for each in found["moved"]} <= {row.pk for row in rows}
    assert found["household"]


def test_who_is_deleted_and_had_said_nothing_does_not_leave_the_household_without_a_model(
    ada: Viewer,
) -> None:
    """The same answers are learnt anew: what had learnt them is empty, and says so everywhere."""
    household()
    learn.run(asked=True)
    assert serving.active() is not None  # this process has looked at it
    forget(builders.viewer("Ben"))
    assert serving.active() is None
    emptied = ModelVersion.objects.get()
    assert "is deleted" in serving.fault(emptied)
    assert emptied.insight == {}
    learn.run()
    assert ModelVersion.objects.get(number=2).inputs


def test_what_is_deleted_while_it_is_being_learnt_is_not_learnt(
    monkeypatch: pytest.MonkeyPatch, ada: Viewer
) -> None:
    """The training that deleting asks for is the one that still runs, and had read it all."""
    rows = household()
    ben = builders.viewer("Ben")
    Feedback.objects.filter(pk__in=[row.pk for row in rows[:6]]).update(viewer=ben)
    believed, meanwhile = insight.of, [ben]

    def of(*args: Any) -> dict[str, Any]:
        if meanwhile:
            forget(meanwhile.pop())
        return believed(*args)

    monkeypatch.setattr(insight, "of", of)
    assert learn.run(asked=True)["examples"] == len(rows) - 6
    assert ModelVersion.objects.count() == 1
