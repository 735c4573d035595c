"""THE page to read first: from an ask to at most three titles, explained and logged.

answers → moment → candidates → scores → choices → reasons → log
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from django.contrib.auth.models import User
from django.utils import timezone

from feedback import log
from feedback.models import Ask, Dismissal
from mlmodel import scoring
from mlmodel.matrix import Catalogue, catalogue
from plexsync import sight
from plexsync.models import Viewer
from recommender import candidates, give, lately, ranking
from recommender.evening import Chosen, Evening
from recommender.explain import explained
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
    request = _after_spin(request, shelf)
    moment = moment_of(request.answers, now)
    known = _known(shelf, request)
    fit = candidates.fitting(shelf, request.answers, known)
    relax = [] if fit.any() else candidates.relaxations(shelf, request.answers, known)
    found = scoring.score(shelf, moment, request.slugs, known.seen)
    limited = sight.is_limited(request.user, request.viewers)
    evening = Evening(
        shelf, request.answers, request.viewers, moment, fit, known.seen, found,
        request.user, limited,
    )  # fmt: skip
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
    if request.spin in Dismissal.LASTING:
        log.dismissed(_speakers(request), shown, request.spin)
    return replace(request, answers=narrow(request.answers, request.spin, shelf, shown))


def _speakers(request: Request) -> list[Viewer]:
    """Return those present for whom the asking user may say something lasting."""
    if request.user is None:
        return list(request.viewers)
    allowed = set(Viewer.objects.speakable_by(request.user).values_list("pk", flat=True))
    return [viewer for viewer in request.viewers if viewer.pk in allowed]


def _known(shelf: Catalogue, request: Request) -> candidates.Known:
    """Return what is known of the shelf for those present: what they have seen, and what may be shown to them."""
    seen = candidates.seen_by(shelf, request.viewers)
    return candidates.Known(seen, _ahead(shelf, request), _free(shelf, request))


def _ahead(shelf: Catalogue, request: Request) -> candidates.Ints:
    """Return the episodes of each series that a binge could be made of."""
    others = [viewer for viewer in request.viewers if not viewer.owns_plex_state]
    in_plex = len(others) < len(request.viewers) or not request.viewers
    if request.answers.seen == "again":
        return shelf.episodes
    return candidates.ahead(shelf, shelf.episodes_left if in_plex else shelf.episodes, others)


def _free(shelf: Catalogue, request: Request) -> candidates.Flags:
    """Return what was neither shown for this ask already nor is never to be shown to those present."""
    hidden = log.never(request.viewers)
    if request.previous is not None:
        hidden |= log.shown_for(request.previous.root_id)
    kept_back = list(sight.kept_from(request.user, request.viewers))
    return ~candidates.among(shelf, hidden) & ~np.isin(shelf.ids, kept_back)  # their copies may be


def _chosen(evening: Evening, count: int, now: datetime) -> list[Chosen]:
    """Return at most so many titles: each with how it was chosen and its place on the shelf."""
    shelf, found = evening.shelf, evening.found
    rows = np.flatnonzero(evening.fit)
    passed, resting = lately.passed(evening, now)[rows], lately.resting(evening, now)[rows]
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
