"""THE page to read first: from an ask to at most three titles, explained and logged.

answers → moment → candidates → scores → choices → reasons → log
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from django.contrib.auth.models import User
from django.utils import timezone

from feedback import log, memory
from feedback.memory import Happened
from feedback.models import Ask, Dismissal, Suggestion
from mlmodel import scoring
from mlmodel.matrix import Catalogue, catalogue
from plexsync import sight
from plexsync.models import Viewer
from recommender import candidates, gatherings, give, lately, ranking
from recommender.evening import Chosen, Evening
from recommender.explain import explained
from recommender.known import known as known_for
from recommender.moment import Answers, moment_of
from recommender.spin import narrow

MOST = 3


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for what."""

    answers: Answers
    viewers: Sequence[Viewer] = ()
    user: User | None = None
    source: str = Ask.Source.WEB
    count: int = MOST
    previous: Ask | None = None
    """Spin this ask again: the same mood, no repeats."""
    spin: str = ""
    """Why: one of `recommender.moment.SPINS`."""
    now: datetime | None = None

    @property
    def slugs(self) -> list[str]:
        return [viewer.slug for viewer in self.viewers]


def suggest(request: Request) -> Ask:
    """Answer an ask and log it. The returned ask has its suggestions.

    1. Learn from the spin, where it is one: remember what was said, narrow the answers.
    2. Mask the catalogue by each answer; where nothing is left, find which answer blocks.
    3. Score what fits for everybody present, choose at most three that differ, say why.
    4. Store what was asked, what the scorer saw and what is shown, in one transaction.
    """
    now = timezone.localtime(request.now)
    shelf = catalogue()
    request = _after_spin(request, shelf, now)
    happened = lately.happened(request.viewers, now)
    known = known_of(request, shelf, _unwanted(happened))
    evening = evening_of(shelf, request, known, happened, now)
    fit, moment = evening.fit, evening.moment
    relax = [] if fit.any() else candidates.relaxations(shelf, request.answers, known)
    shown = explained(evening, _chosen(evening, request.count, now))
    asked = log.Asked(
        mood=request.answers.to_json(),
        moment=moment.to_json(),
        viewers=request.viewers,
        source=request.source,
        user=request.user,
        first=request.previous,
        spin=request.spin,
        model_version=shelf.active.number if shelf.active else None,
        remaining=int(fit.sum()) - len(shown),
        relax=relax,
        at=now,
    )
    ask = log.asked(asked, shown)
    give.request_tonight()
    gatherings.show(ask, request.user)
    return ask


def instead(shown: Suggestion, user: User | None) -> tuple[log.Shown, int] | None:
    """Return the next best title for the place of one that gives way, and how many are left beside it.

    It comes from the same ask, so it repeats nothing, and has the same role where it can. None where
    no other fits.
    """
    now, shelf, ask = timezone.localtime(), catalogue(), shown.ask
    viewers = list(ask.viewers.all())
    answers = Answers.from_json(ask.mood).by_the_clock(now)
    request = Request(answers, viewers, user=user, previous=ask)
    happened = lately.happened(viewers, now)
    known = known_of(request, shelf, _unwanted(happened))
    evening = evening_of(shelf, request, known, happened, now)
    choices = _chosen(evening, MOST, now)
    alike = [each for each in choices if each[0].role == shown.role]
    for title in explained(evening, (alike or choices)[:1]):
        return title, int(evening.fit.sum()) - 1
    return None


def _unwanted(happened: Iterable[Happened]) -> set[int]:
    return {each.item for each in memory.unwanted_among(happened)}


def evening_of(
    shelf: Catalogue,
    request: Request,
    known: candidates.Known,
    happened: Sequence[Happened],
    now: datetime,
) -> Evening:
    """Return which titles fit, and how all of them score for everybody present."""
    moment = moment_of(request.answers, now, len(request.viewers))
    return Evening(
        shelf=shelf,
        answers=request.answers,
        viewers=request.viewers,
        moment=moment,
        fit=candidates.fitting(shelf, request.answers, known),
        seen=known.seen,
        found=scoring.score(shelf, moment, request.slugs, known.seen),
        happened=happened,
        user=request.user,
        limited=sight.is_limited(request.user, request.viewers),
    )


def _after_spin(request: Request, shelf: Catalogue, now: datetime) -> Request:
    """Return the request with its answers narrowed by the clock, and by why the earlier ask was spun."""
    if request.previous is None:
        return request
    answers = request.answers.by_the_clock(now)
    shown = [row.item_id for row in memory.on_display(request.previous.suggestions.all())]
    if request.spin in Dismissal.Kind.values:
        log.dismissed(_speakers(request), shown, request.spin)
    return replace(request, answers=narrow(answers, request.spin, shelf, shown))


def _speakers(request: Request) -> list[Viewer]:
    """Return those present for whom the asking user may say that they don't want a title."""
    if request.user is None:
        return list(request.viewers)
    allowed = set(Viewer.objects.speakable_by(request.user).values_list("pk", flat=True))
    return [viewer for viewer in request.viewers if viewer.pk in allowed]


def known_of(request: Request, shelf: Catalogue, unwanted: set[int]) -> candidates.Known:
    """Return what is known of the shelf for those of a request, who don't want some of the titles."""
    hidden = unwanted | (memory.shown_for(request.previous.root_id) if request.previous else set())
    return known_for(shelf, request.viewers, request.answers, user=request.user, hidden=hidden)


def _chosen(evening: Evening, count: int, now: datetime) -> list[Chosen]:
    """Return at most so many titles: each with how it was chosen and its place on the shelf."""
    shelf, found = evening.shelf, evening.found
    rows = np.flatnonzero(evening.fit)
    worth = lately.worth(evening, now)[rows]
    best = ranking.pool(worth)
    rows, worth = rows[best], worth[best]
    field = ranking.Field(
        scores=found.scores[rows],
        worth=worth,
        doubts=scoring.doubts(shelf, evening.moment, evening.slugs, rows),
        moods=shelf.titles.moods[rows],
        years=shelf.year[rows],
        genres=shelf.genres[rows],
        people=shelf.people[rows],
        stories=shelf.story[rows],
    )
    rng = np.random.default_rng(int(now.timestamp() * 1000))
    choices = ranking.choose(field, count, rng)
    return [(choice, int(rows[choice.place])) for choice in choices]
