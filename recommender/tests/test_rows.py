"""A row built to learn from is the row that was scored, for every title shown and everybody who was there.

Through the product's own doors: ask, store, say, read the log. What reached the scorer is overheard, nothing is mocked.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from feedback import log
from feedback.models import Ask
from mlmodel import learn, prior
from mlmodel.examples import examples
from mlmodel.features import FIRST
from mlmodel.matrix import catalogue
from mlmodel.moods import Rule
from mlmodel.moodtable import rules as mood_rules
from mlmodel.records import Example
from mlmodel.training import Model
from moodrec.tests import builders
from plexsync.models import MediaItem, Viewer
from recommender.moment import Answers
from recommender.suggest import Request, suggest

pytestmark = pytest.mark.django_db

TONIGHT = datetime(2026, 3, 6, 20, tzinfo=UTC)  # a Friday
ANYTHING = Answers(company="group", seen="any")
PARTICULAR = replace(ANYTHING, vibe=("tense", "scary"), minutes=150)
HOSTILE: dict[str, Any] = {
    "year": None,
    "runtime_minutes": 3,
    "genres": ["", "  Horror ", "Horror", "\x00", "<b>"],
    "directors": ["Ridley Scott", "Ridley Scott", " "],
    "cast": [f"Player {n}" for n in range(90)],
    "collections": ["Christmas", "\u202e"],
    "audience_rating": 0,
    "content_rating": "",
    "summary": "A killer laughs. " * 900,
}
MISSING: dict[str, Any] = {
    **{name: [] for name in ("genres", "directors", "cast", "countries")},
    **dict.fromkeys(("year", "runtime_minutes", "audience_rating")),
    "summary": "",
}


@dataclass
class Scored:
    """What the scorer was given for one viewer."""

    viewer: str | None
    rows: Any
    """The rows of the whole catalogue, as `Features.assemble` lays them out."""
    scores: Any


@pytest.fixture
def overheard(monkeypatch: pytest.MonkeyPatch) -> list[Scored]:
    heard: list[Scored] = []
    scored = Model.score_titles

    def listening(model: Model, matrix: Any, titles: Any, moment: Any, who: Any, seen: Any) -> Any:
        scores = scored(model, matrix, titles, moment, who, seen)
        features, flags = model.features, np.asarray(seen, dtype=bool)
        parts = prior.parts(titles, prior.moment_arrays([moment]), seen)
        active = np.tile(features.activations(moment, who), (len(titles), 1))
        heard.append(Scored(who, features.assemble(matrix, parts, flags, active), scores))
        return scores

    monkeypatch.setattr(Model, "score_titles", listening)
    return heard


@pytest.fixture
def both() -> list[Viewer]:
    """Ada and Ben, who have said something of everything but three odd titles, and whom MoodRec has learnt."""
    viewers = [builders.viewer("Ada"), builders.viewer("Ben")]
    for number in range(9):
        film = builders.title(
            f"{'ABCDEFGHI'[number]}lice", genres=[("Horror", "Comedy")[number % 2]]
        )
        for viewer, likes in zip(viewers, (0, 1), strict=True):
            stars = 5 if number % 2 == likes else 2
            at = TONIGHT - timedelta(days=30 - number)
            builders.feedback(film, viewer=viewer, rating=stars, said_at=at)
            builders.dismissal(film, viewer=viewer)
    builders.title("Alien", collections=["Alien"])
    builders.title("<script>alert(1)</script> \u202e", **HOSTILE)
    builders.title("", **MISSING)
    return viewers


def shown_and_said(viewers: list[Viewer], answers: Answers) -> Iterator[tuple[MediaItem, Example]]:
    """Ask tonight; everybody says something of all that is shown; what the log then teaches."""
    ask: Ask = suggest(Request(answers, viewers=viewers, now=TONIGHT))
    shown = list(ask.suggestions.select_related("item"))
    assert len(shown) == (2 if answers.vibe else 3)  # of one nobody knows anything
    for suggestion in shown:
        for viewer in viewers:
            said = {"rating": 4, "completed": True}
            log.said(viewer, suggestion.item, said, suggestion=suggestion, at=timezone.now())
    learnt = {(row.candidate.viewer, row.candidate.title.id): row for row in examples()}
    for suggestion in shown:
        for viewer in viewers:
            yield suggestion.item, learnt[viewer.slug, str(suggestion.item.pk)]


def assert_alike(
    viewers: list[Viewer], overheard: list[Scored], answers: Answers = ANYTHING
) -> None:
    pairs = list(shown_and_said(viewers, answers))
    shelf = catalogue()
    assert shelf.active is not None
    scored = {one.viewer: one for one in overheard[-len(viewers) :]}
    for item, example in pairs:
        place, one = int(np.searchsorted(shelf.ids, item.pk)), scored[example.candidate.viewer]
        row = shelf.active.model.features.transform([example.candidate])
        np.testing.assert_allclose(row.toarray(), one.rows[place].toarray(), atol=1e-12)
        assert shelf.active.model.predict([example.candidate])[0] == pytest.approx(
            one.scores[place]
        )


def test_rows_at_learning_are_the_rows_that_were_scored(
    both: list[Viewer], overheard: list[Scored]
) -> None:
    learn.run()
    assert_alike(both, overheard)


def test_they_are_in_a_mood_and_with_little_time(
    both: list[Viewer], overheard: list[Scored]
) -> None:
    learn.run()
    assert_alike(both, overheard, PARTICULAR)


def test_they_are_where_one_has_seen_a_title_and_the_other_has_not(
    both: list[Viewer], overheard: list[Scored]
) -> None:
    learn.run()
    builders.feedback(MediaItem.objects.get(title="Alien"), viewer=both[1], rating=None)
    assert_alike(both, overheard)
    seen = [bool(one.rows[-3, FIRST.index("seen")]) for one in overheard[-2:]]
    assert seen == [False, True]


def test_they_are_by_the_household_s_own_mood_table(
    both: list[Viewer], overheard: list[Scored]
) -> None:
    learn.run()
    before = catalogue().titles.moods.copy()
    mood_rules.change([Rule("genre", "horror", "funny", 3.0), Rule("word", "signal", "dark", 2.0)])
    assert_alike(both, overheard, replace(PARTICULAR, vibe=("funny", "scary")))
    assert not np.allclose(before, catalogue().titles.moods)
