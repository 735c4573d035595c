"""The household's own numbers go all the way: from the rule to profile, filter, score, examples and training."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mlmodel import matrix, prior
from mlmodel.describe import describe, on_offer, recalled
from mlmodel.examples import digest, examples
from mlmodel.models import MoodRule
from mlmodel.moods import BUILT_IN, MOODS, Rule, profile
from mlmodel.moodtable import rules as mood_rules
from mlmodel.records import Moment
from moodrec.jobs.models import Job
from moodrec.tests import builders as build
from recommender.moment import Answers
from recommender.suggest import Request, suggest

pytestmark = pytest.mark.django_db
FUNNY = MOODS.index("funny")
KAIJU = Rule("genre", "Kaiju", "funny", 4.0)


def test_without_rules_the_table_is_the_built_in_one() -> None:
    assert mood_rules.table() is BUILT_IN
    assert describe(build.title()).moods == ()


def test_a_rule_reaches_the_record_the_catalogue_and_the_score() -> None:
    item = build.title("Godzilla", genres=["Kaiju"])
    asked = Moment(moods=(("funny", 1.0),))
    plain = matrix.catalogue().titles
    before = prior.moment_logits(plain, asked)[0]
    mood_rules.change([KAIJU])
    ruled = matrix.catalogue().titles
    assert plain.moods[0, FUNNY] < 0.5
    assert profile(describe(item))["funny"] > 0.8
    assert ruled.moods[0, FUNNY] == profile(describe(item))["funny"]
    assert [title.moods for title in on_offer()] == [describe(item).moods]
    assert prior.moment_logits(ruled, asked)[0] > before + 1


def test_a_rule_lets_a_title_pass_the_filter_of_a_mood_or_keeps_it_out() -> None:
    build.title("Godzilla", genres=["Kaiju"], runtime_minutes=100)
    funny = Request(Answers(vibe=("funny",)))
    assert not suggest(funny).suggestions.exists()
    mood_rules.change([KAIJU])
    assert [shown.item.title for shown in suggest(funny).suggestions.all()] == ["Godzilla"]
    mood_rules.change([KAIJU._replace(evidence=-1.0)])
    assert not suggest(funny).suggestions.exists()


def test_what_was_said_before_a_rule_is_read_by_the_new_table() -> None:
    row = build.feedback(build.title("Godzilla", genres=["Kaiju"]), said_at=timezone.now())
    assert examples()[0].candidate.title.moods == ()
    mood_rules.change([KAIJU])
    assert profile(examples()[0].candidate.title)["funny"] > 0.8
    assert profile(recalled(row.candidate).title)["funny"] > 0.8
    assert "moods" not in examples()[0].candidate.to_json()["title"]


def test_a_changed_rule_is_something_new_to_learn_and_one_put_back_is_not() -> None:
    build.feedback(build.title())
    before = digest(examples())
    mood_rules.change([KAIJU])
    changed = digest(examples())
    mood_rules.put_back(MoodRule.objects.get())
    assert changed != before == digest(examples())


def test_the_catalogue_is_built_anew_only_where_a_rule_changed() -> None:
    build.title()
    first = matrix.catalogue()
    assert matrix.catalogue() is first
    mood_rules.change([KAIJU])
    second = matrix.catalogue()
    assert second is not first
    assert matrix.catalogue() is second


def test_a_rule_changed_by_another_process_is_seen() -> None:
    mood_rules.change([KAIJU])
    assert mood_rules.table().said("genre", "kaiju", "funny") == 4
    later = timezone.now() + timedelta(seconds=1)
    MoodRule.objects.update(evidence=-4, changed_at=later)
    assert mood_rules.table().said("genre", "kaiju", "funny") == -4
    MoodRule.objects.all().delete()
    assert mood_rules.table() is BUILT_IN


def test_the_rules_are_read_once_however_many_titles_are_described() -> None:
    for number in range(5):
        build.title(f"Film {number}")
    mood_rules.change([KAIJU])
    with CaptureQueriesContext(connection) as asked:
        assert len(list(on_offer())) == 5
    assert sum("moodrule" in query["sql"] for query in asked) <= 2


def test_typing_the_built_in_number_again_puts_it_back() -> None:
    assert mood_rules.change([Rule("genre", "COMEDY", "funny", 0.0)]) == 1
    assert MoodRule.objects.get().name == "comedy"
    assert mood_rules.change([Rule("genre", " comedy ", "funny", 0.0)]) == 0
    assert mood_rules.change([Rule("genre", "comedy", "funny", BUILT_IN.genres["comedy"]["funny"])])
    assert not MoodRule.objects.exists()


def test_a_model_in_use_learns_anew_by_the_new_numbers() -> None:
    mood_rules.change([KAIJU])
    assert not Job.objects.exists()  # the prior reads them at once
    build.version(1, active=True)
    mood_rules.change([KAIJU])
    assert not Job.objects.exists()  # nothing changed
    mood_rules.put_back(MoodRule.objects.get())
    job = Job.objects.get()
    assert (job.kind, job.arguments) == ("train", {"asked": True})
