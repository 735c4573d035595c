"""THE page to read first: from an ask to at most three titles, explained and logged.

answers → moment → candidates → scores → choices → reasons → log
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.contrib.auth.models import User
from django.utils import timezone

from feedback import log
from feedback.models import Ask, Dismissal
from mlmodel import scoring
from mlmodel.matrix import Catalogue, catalogue
from plexsync import sight, states
from plexsync.models import Viewer
from recommender import candidates, give, ranking
from recommender.evening import Chosen, Evening
from recommender.explain import explained
from recommender.moment import Answers, moment_of

PASSED_HALF_LIFE = timedelta(days=7)  # so long does what was passed over fade by half
SEEN_HALF_LIFE = timedelta(days=45)
FADED = 4  # half-lives after which it is forgotten
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
    request = _after_spin(request, shelf)
    moment = moment_of(request.answers, now)
    fit, seen, relax = _fitting(shelf, request)
    found = scoring.score(shelf, moment, request.slugs, seen)
    evening = Evening(shelf, request.answers, request.viewers, moment, fit, seen, found)
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
    return ask


def _after_spin(request: Request, shelf: Catalogue) -> Request:
    """Return the request with its answers narrowed by why the earlier ask was spun."""
    if request.previous is None:
        return request
    shown = list(request.previous.suggestions.values_list("item_id", flat=True))
    if request.spin in Dismissal.Kind.values:
        log.dismissed(_speakers(request), shown, request.spin)
    return replace(request, answers=_narrow(request.answers, request.spin, shelf, shown))


def _speakers(request: Request) -> list[Viewer]:
    """Return those present for whom the asking user may say something lasting."""
    if request.user is None:
        return list(request.viewers)
    allowed = set(Viewer.objects.speakable_by(request.user).values_list("pk", flat=True))
    return [viewer for viewer in request.viewers if viewer.pk in allowed]


def _narrow(answers: Answers, spin: str, shelf: Catalogue, shown: Sequence[int]) -> Answers:
    rows = candidates.among(shelf, shown)
    if not rows.any():
        return answers
    if spin == "too_long":
        runtimes = shelf.titles.runtime[rows]
        known = runtimes[np.isfinite(runtimes)]
        return replace(answers, shorter_than=int(np.median(known))) if len(known) else answers
    heaviness = float(np.median(candidates.heaviness(shelf)[rows]))
    if spin == "too_heavy":
        return replace(answers, lighter_than=heaviness)
    if spin == "too_light":
        return replace(answers, heavier_than=heaviness)
    return replace(answers, seen="new") if spin == "seen_it" else answers


def _fitting(
    shelf: Catalogue, request: Request
) -> tuple[candidates.Flags, candidates.Flags, list[dict[str, Any]]]:
    """Return what passes everything asked, what each of those present has seen, what would loosen it."""
    answers, viewers = request.answers, request.viewers
    others = [viewer for viewer in viewers if not viewer.owns_plex_state]
    in_plex = len(others) < len(viewers) or not viewers
    left = shelf.episodes_left if in_plex else shelf.episodes
    ahead = shelf.episodes if answers.seen == "again" else candidates.ahead(shelf, left, others)
    seen = candidates.seen_by(shelf, viewers)
    hidden = log.never(viewers)
    if request.previous is not None:
        hidden |= log.shown_for(request.previous.root_id)
    kept_back = list(sight.kept_from(request.user, viewers))
    free = ~candidates.among(shelf, hidden) & ~np.isin(shelf.ids, kept_back)  # their copies may be
    known = candidates.Known(seen, ahead, free)
    fit = candidates.fitting(shelf, answers, known)
    relax = [] if fit.any() else candidates.relaxations(shelf, answers, known)
    return fit, seen, relax


def _chosen(evening: Evening, count: int, now: datetime) -> list[Chosen]:
    """Return at most so many titles: each with how it was chosen and its place on the shelf."""
    shelf, found = evening.shelf, evening.found
    rows = np.flatnonzero(evening.fit)
    passed, resting = _passed(evening, now)[rows], _resting(evening, now)[rows]
    worth = ranking.worth(found.scores[rows], passed, resting, found.misery[rows])
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


def _passed(evening: Evening, now: datetime) -> scoring.Floats:
    """Return how lately and often each title was shown to those present and passed over."""
    times = log.passed_since(evening.viewers, now - FADED * PASSED_HALF_LIFE)
    return candidates.fading(evening.shelf, times, now, PASSED_HALF_LIFE)


def _resting(evening: Evening, now: datetime) -> scoring.Floats:
    """Return how lately each title was seen; nothing rests where it is asked to be seen again."""
    if evening.answers.seen == "again":
        return np.zeros(len(evening.shelf))
    viewers, since = evening.viewers, now - FADED * SEEN_HALF_LIFE
    times = [*log.finished_since(viewers, since), *states.viewed_since(viewers, since)]
    freshness = candidates.fading(evening.shelf, times, now, SEEN_HALF_LIFE)
    resting: scoring.Floats = np.minimum(freshness, 1.0) * evening.seen.any(axis=0)
    return resting
