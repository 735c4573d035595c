"""The demo household: two made-up viewers and a few months of plausible asks and answers.

Their taste is made up as people's is: a genre or two they love, one they can't stand, and most of all that the
evening is what they asked for. They train MoodRec as they go, so that the later evenings are picked by what it learnt.

The evenings go through the product's own doors (`suggest`, `feedback.log`), so that what the demo
shows is what the product does. Everything made here carries the source "demo".
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import numpy as np
from django.db.models import Max
from django.utils import timezone

from feedback import log
from feedback.models import Ask, Suggestion
from mlmodel import learn, matrix
from mlmodel.moods import MOODS, profile
from mlmodel.records import Candidate, Title
from moodrec.jobs.run import JobSkipped
from plexsync.models import Viewer
from recommender.moment import Answers
from recommender.suggest import Request, suggest

DAYS = 120
EVENING_SHARE = 0.6  # of the days on which somebody asks
SPEAKS_SHARE = 0.85  # of the evenings after which somebody says how it was
SEED = 7
LEARNS_AFTER = (0.35, 0.65)  # of the evenings
USUAL = -2.0  # logits: they are not easy to please
WHIM = 1.5  # logits: how far three posters mislead
FITS, FITS_BY_CHANCE = 2.5, 0.45  # logits for all of the asked mood; the share that any title has


@dataclass(frozen=True, slots=True)
class Taste:
    """What a made-up viewer enjoys, in logits: by mood, by genre, by length."""

    slug: str
    moods: dict[str, float]
    genres: dict[str, float]
    per_hour_over_two: float
    usual_vibes: Sequence[str]


ANA = Taste(
    slug="ana",
    moods={"funny": 0.9, "romantic": 0.6, "uplifting": 0.6, "scary": -1.6, "dark": -0.7},
    genres={"Animation": 0.7, "Family": 0.4, "Documentary": 0.5, "War": -0.8, "Horror": -1.2},
    per_hour_over_two=-1.4,
    usual_vibes=("funny", "relaxing", "uplifting", "romantic"),
)
BEN = Taste(
    slug="ben",
    moods={"tense": 0.9, "action": 0.7, "thoughtful": 0.5, "romantic": -0.9, "relaxing": -0.3},
    genres={"Science Fiction": 0.9, "Crime": 0.7, "Thriller": 0.5, "Musical": -1.4, "Family": -0.7},
    per_hour_over_two=0.4,
    usual_vibes=("tense", "action", "thoughtful", "dark"),
)
TASTES = {taste.slug: taste for taste in (ANA, BEN)}


def move_in(now: datetime) -> int:
    """Live the household's last months up to ``now``; return how many evenings were lived.

    Does nothing where they were lived before.
    """
    if Ask.objects.filter(source=Ask.Source.DEMO).exists():
        return 0
    viewers = {viewer.slug: viewer for viewer in Viewer.objects.filter(slug__in=TASTES)}
    rng = np.random.default_rng(SEED)
    evenings = list(_evenings(timezone.localtime(now), rng))
    learns = {round(share * len(evenings)) for share in LEARNS_AFTER}
    for number, evening in enumerate(evenings):
        if number in learns:
            _learn()
        _live(evening, _present(viewers, evening, rng), rng)
    return len(evenings)


def _learn() -> None:
    try:
        learn.run()
    except JobSkipped:
        return  # too few answers yet
    matrix.forget()  # the next evening goes by it


def latest() -> datetime | None:
    """Return when the household asked last."""
    found: datetime | None = Ask.objects.filter(source=Ask.Source.DEMO).aggregate(
        at=Max("asked_at")
    )["at"]
    return found


def _evenings(now: datetime, rng: np.random.Generator) -> Iterator[datetime]:
    for day in range(DAYS, 0, -1):
        if rng.random() < EVENING_SHARE:
            date = (now - timedelta(days=day)).date()
            start = time(int(rng.integers(18, 23)), int(rng.choice([0, 15, 30, 45])))
            yield datetime.combine(date, start, tzinfo=now.tzinfo)


def _present(
    viewers: dict[str, Viewer], evening: datetime, rng: np.random.Generator
) -> list[Viewer]:
    """At weekends they mostly watch together, in the week mostly alone."""
    together = rng.random() < (0.7 if evening.weekday() >= 4 else 0.25)
    if together:
        return list(viewers.values())
    return [viewers[str(rng.choice(sorted(viewers)))]]


def _live(evening: datetime, present: list[Viewer], rng: np.random.Generator) -> None:
    """Ask, pick the most tempting title, watch it, and perhaps say how it was."""
    asker = TASTES[str(rng.choice([viewer.slug for viewer in present]))]
    minds = [TASTES[viewer.slug] for viewer in present]
    ask = suggest(
        Request(
            answers=_answers(asker, present, evening, rng),
            viewers=present,
            source=Ask.Source.DEMO,
            now=evening,
        )
    )
    shown = list(ask.suggestions.select_related("item", "ask"))
    if not shown or rng.random() > SPEAKS_SHARE:
        return
    tempting = [_together(s, minds) + rng.normal(0, WHIM) for s in shown]
    picked = shown[int(np.argmax(tempting))]
    for viewer in present:
        _speak(viewer, picked, evening, rng)


def _together(shown: Suggestion, minds: Sequence[Taste]) -> float:
    """Return how they like it together, in logits: nobody is to suffer."""
    likes = [tonight(shown, mind) for mind in minds]
    return float(np.mean(likes) + min(likes)) / 2


def _answers(
    asker: Taste, present: list[Viewer], evening: datetime, rng: np.random.Generator
) -> Answers:
    week = evening.weekday() < 4
    return Answers(
        vibe=(str(rng.choice(asker.usual_vibes)),),
        company="group" if len(present) > 1 else "solo",
        session="movie" if rng.random() < 0.6 else "any",
        minutes=120 if week and rng.random() < 0.5 else None,
        seen="new" if rng.random() < 0.5 else "any",
    )


def _speak(viewer: Viewer, picked: Suggestion, evening: datetime, rng: np.random.Generator) -> None:
    joy = tonight(picked, TASTES[viewer.slug]) + rng.normal(0, 0.7)
    chance = 1 / (1 + math.exp(-joy))
    said: dict[str, bool | int] = {"completed": bool(rng.random() < 0.35 + 0.65 * chance)}
    if rng.random() < 0.8:
        said["rating"] = int(np.clip(round(1 + 4 * chance + rng.normal(0, 0.3)), 1, 5))
    if rng.random() < 0.5:
        said["would_watch_again"] = bool(chance > 0.7)
    log.said(
        viewer,
        picked.item,
        said,
        suggestion=picked,
        source=Ask.Source.DEMO,
        at=evening + timedelta(hours=3),
    )


def shown_title(shown: Suggestion) -> Title:
    return Candidate.from_json(shown.candidate).title


def tonight(shown: Suggestion, taste: Taste) -> float:
    """Return the log-odds that this made-up viewer enjoys what is shown, on an evening of what was asked."""
    has, asked = profile(shown_title(shown)), shown.ask.mood.get("vibe", [])
    fits = [FITS * (has[mood] - FITS_BY_CHANCE) for mood in asked]
    return enjoyment(shown_title(shown), taste) + (float(np.mean(fits)) if fits else 0.0)


def enjoyment(title: Title, taste: Taste) -> float:
    """Return the log-odds that this made-up viewer enjoys a title on any evening."""
    has = profile(title)
    moods = sum(taste.moods.get(mood, 0.0) * (has[mood] - 0.4) * 2 for mood in MOODS)
    genres = sum(taste.genres.get(genre, 0.0) for genre in title.genres)
    quality = 0.6 * ((title.audience_rating or 7.0) - 7.6)
    hours_over = max((title.runtime_minutes or 100) / 60 - 2, 0.0)
    return USUAL + moods + genres + quality + taste.per_hour_over_two * hours_over
