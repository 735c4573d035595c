"""Whatever the log holds, the model is trained or says why not, and every page goes on (trust.md F27)."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback import log
from feedback.models import Feedback
from mlmodel import learn
from mlmodel.models import ModelVersion
from moodrec.jobs.run import JobSkipped
from moodrec.tests import builders
from plexsync.models import Library, MediaItem, Viewer
from recommender.moment import Answers
from recommender.suggest import Request, suggest

pytestmark = pytest.mark.django_db
NAMES = (
    "{{ 7*7 }}",
    "<script>alert(1)</script>",
    "\u202egnp.exe",
    "a\nb\x00c",
    "🙂" * 300,
    "|",
    ":",
)


def household(viewer: Viewer, answers: int = 12) -> list[Feedback]:
    """Films of two kinds, one loved and one not."""
    kinds = [{"genres": ["Horror"]}, {"genres": ["Comedy"], "directors": ["Agnès Varda"]}]
    return [
        log.said(viewer, builders.title(f"Film {n}", **kinds[n % 2]), {"rating": 1 + 4 * (n % 2)})[
            0
        ]
        for n in range(answers)
    ]


def everything_goes(user: User) -> str:
    """Train, look at the page and its numbers, and ask; return how training ended."""
    try:
        ended = str(learn.run(asked=True)["detail"])
    except JobSkipped as reason:
        ended = str(reason)
    browser = Client()
    browser.force_login(user)
    for address in ("/model", "/api/models", "/history", "/admin/mlmodel/moodrule/"):
        assert browser.get(address).status_code == 200, address
    assert suggest(Request(Answers(), viewers=[user.viewer], user=user)).pk
    return ended


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from((*NAMES, "1e400", "NaN", 10**30, 1e308, -1e308)),
    lambda parts: st.lists(parts, max_size=3)
    | st.dictionaries(st.sampled_from((*NAMES, "funny", "title", "moods")), parts, max_size=3),
    max_leaves=6,
)  # fmt: skip
FIELDS = ("id", "title", "year", "type", "genres", "runtime_minutes", "summary", "directors", "cast",
          "content_rating", "audience_rating", "critic_rating", "studio", "countries",
          "collections")  # fmt: skip
MOMENT = ("moods", "company", "minutes", "daypart", "weekend")
CANDIDATES = st.fixed_dictionaries(
    {},
    optional={
        "title": ODD | st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, ODD)),
        "moment": ODD | st.fixed_dictionaries({}, optional=dict.fromkeys(MOMENT, ODD)),
        "viewer": ODD,
        "seen": ODD,
    },
)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(stored=st.lists(CANDIDATES, min_size=3, max_size=3))
def test_a_stored_candidate_of_any_shape_is_learnt_from_or_passed_over(
    ada: User, stored: list[dict[str, Any]]
) -> None:
    Feedback.objects.all().delete()
    rows = household(ada.viewer)
    for row, candidate in zip(rows, stored, strict=False):
        Feedback.objects.filter(pk=row.pk).update(candidate=candidate)
    assert "Version" in everything_goes(ada)


@pytest.mark.parametrize("rating", [1, 3, 5])
def test_of_those_who_always_say_the_same_something_is_learnt(ada: User, rating: int) -> None:
    for n in range(12):
        log.said(ada.viewer, builders.title(f"Film {n}"), {"rating": rating})
    assert "Version 1" in everything_goes(ada)


@pytest.mark.parametrize("answers", [0, 1, 4])
def test_too_few_answers_are_told(ada: User, answers: int) -> None:
    builders.title()
    household(ada.viewer, answers)
    assert f"{answers} answer" in everything_goes(ada)


def test_the_same_film_many_times_over_is_learnt_from(ada: User) -> None:
    item, now = builders.title(), timezone.now()
    for n in range(12):
        shown = builders.suggestion(item)
        row, _created = log.said(ada.viewer, item, {"rating": 1 + n % 5}, suggestion=shown)
        Feedback.objects.filter(pk=row.pk).update(said_at=now - timedelta(days=40 * n))
    assert "Version 1" in everything_goes(ada)


def test_titles_without_any_metadata_are_learnt_from(ada: User) -> None:
    bare: dict[str, Any] = {"year": None, "runtime_minutes": None, "genres": [], "directors": [], "cast": [],
            "countries": [], "audience_rating": None, "summary": ""}  # fmt: skip
    for n in range(12):
        log.said(ada.viewer, builders.title("", **bare), {"rating": 1 + 4 * (n % 2)})
    assert "Version 1" in everything_goes(ada)


@pytest.mark.parametrize("gone", ["titles", "library", "viewer switched off", "everybody else"])
def test_a_household_that_lost_something_goes_on(ada: User, ben: User, gone: str) -> None:
    household(ada.viewer)
    household(ben.viewer)
    assert learn.run(asked=True)["active"]
    if gone == "titles":
        MediaItem.objects.update(available=False)
    elif gone == "library":
        Library.objects.update(enabled=False)
    elif gone == "viewer switched off":
        Viewer.objects.filter(user=ben).update(enabled=False)
    else:
        Feedback.objects.filter(viewer=ben.viewer).delete()
        Viewer.objects.filter(user=ben).delete()
    assert everything_goes(ada)


def test_names_of_any_kind_are_learnt_and_told(ada: User) -> None:
    for n in range(12):
        name = NAMES[n % len(NAMES)][:300]
        item = builders.title(
            name,
            directors=[name],
            cast=[name],
            collections=[name],
            genres=[name],
            studio=name[:100],
        )
        moods = {"vibe": [name[:200], "funny"]}
        log.said(ada.viewer, item, {"rating": 1 + 4 * (n % 2)}, mood=moods)
    assert "Version 1" in everything_goes(ada)


def test_answers_on_the_night_the_clocks_change_keep_their_order(ada: User) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = datetime(2025, 10, 26, 2, 30, tzinfo=berlin)
    for n, row in enumerate(household(ada.viewer)):
        said_at = night.replace(fold=n % 2) if n < 4 else night + timedelta(hours=n)
        Feedback.objects.filter(pk=row.pk).update(said_at=said_at)
    assert "Version 1" in everything_goes(ada)


@pytest.mark.parametrize("shape", [[], "text", {"model": [], "curve": 7, "hits": "x"},
    {"model": {"auc": 10**400}, "prior": {"auc": "<b>"}, "sources": {"feedback": 10**400},
     "curve": [{"answers": 10**400}, None], "calibration": [{"score": 0.5, "enjoyed": 1e308}]},
])  # fmt: skip
def test_numbers_of_an_older_version_of_any_shape_have_a_page(ada: User, shape: Any) -> None:
    builders.title()
    household(ada.viewer)
    learn.run(asked=True)
    insight = {"viewers": shape, "household": shape, "moved": [{"origin": 10**40}, shape],
               "questions": shape, "rules": shape, "moments": [shape]}  # fmt: skip
    for metrics, told in ((shape, {}), ({}, insight), ({}, shape)):
        ModelVersion.objects.update(metrics=metrics, insight=told)
        everything_goes(ada)
