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
from mlmodel.describe import describe
from mlmodel.matrix import Catalogue, catalogue
from mlmodel.records import Candidate, Moment
from mlmodel.scoring import Scores
from plexsync import sight, states
from plexsync.models import MediaItem, Viewer
from recommender import candidates, give, ranking, reasons
from recommender.moment import Answers, moment_of

LATELY = timedelta(days=14)
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


@dataclass(frozen=True, slots=True)
class _Fitting:
    """What passes everything asked, and what would loosen it."""

    fit: candidates.Flags
    seen: candidates.Flags
    relax: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Evening:
    """Everything that a choice is made from."""

    shelf: Catalogue
    request: Request
    moment: Moment
    fitting: _Fitting
    found: Scores


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
    fitting = _fitting(shelf, request)
    found = scoring.score(shelf, moment, [viewer.slug for viewer in request.viewers], fitting.seen)
    evening = _Evening(shelf, request, moment, fitting, found)
    shown = _explained(evening, _chosen(evening, now))
    asked = log.Asked(
        mood=request.answers.to_json(),
        moment=moment.to_json(),
        viewers=request.viewers,
        source=request.source,
        user=request.user,
        first=request.previous,
        spin=request.spin,
        model_version=shelf.active.number if shelf.active else None,
        remaining=int(fitting.fit.sum()) - len(shown),
        relax=fitting.relax,
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


def _fitting(shelf: Catalogue, request: Request) -> _Fitting:
    answers, viewers = request.answers, request.viewers
    others = [viewer for viewer in viewers if not viewer.owns_plex_state]
    seen = candidates.among(shelf, log.seen(viewers) | states.seen(others))
    in_plex = len(others) < len(viewers) or not viewers
    if in_plex:
        seen |= shelf.watched  # what the connected account has seen stands on the shelf
    left = shelf.episodes_left if in_plex else shelf.episodes
    ahead = shelf.episodes if answers.seen == "again" else candidates.ahead(shelf, left, others)
    hidden = log.never(viewers)
    if request.previous is not None:
        hidden |= log.shown_for(request.previous.root_id)
    kept_back = list(sight.kept_from(request.user, viewers))
    free = ~candidates.among(shelf, hidden) & ~np.isin(shelf.ids, kept_back)  # their copies may be
    known = candidates.Known(seen, ahead, free)
    fit = candidates.fitting(shelf, answers, known)
    relax = [] if fit.any() else candidates.relaxations(shelf, answers, known)
    return _Fitting(fit, seen, relax)


def _chosen(evening: _Evening, now: datetime) -> list[tuple[str, int]]:
    """Return at most three titles: each with its role and its place on the shelf."""
    shelf, found = evening.shelf, evening.found
    rows = np.flatnonzero(evening.fitting.fit)
    lately = log.shown_since(evening.request.viewers, now - LATELY)
    field = ranking.Field(
        scores=found.scores[rows],
        priors=found.priors[rows],
        moods=shelf.titles.moods[rows],
        years=shelf.year[rows],
        shown=candidates.counts(shelf, lately)[rows],
    )
    rng = np.random.default_rng(int(now.timestamp() * 1000))
    choices = ranking.choose(field, evening.request.count, rng)
    return [(choice.role, int(rows[choice.place])) for choice in choices]


def _explained(evening: _Evening, chosen: list[tuple[str, int]]) -> list[log.Shown]:
    """Fetch the chosen titles, and no others, and say why each is there.

    A title that went since the catalogue was read is left out.
    """
    ids = {row: int(evening.shelf.ids[row]) for _role, row in chosen}
    items = MediaItem.objects.on_offer().in_bulk(list(ids.values()))
    return [
        _explain(evening, role, row, items[ids[row]]) for role, row in chosen if ids[row] in items
    ]


def _explain(evening: _Evening, role: str, row: int, item: MediaItem) -> log.Shown:
    viewers = evening.request.viewers
    alone = viewers[0].slug if len(viewers) == 1 else None
    seen = bool(evening.fitting.seen[row])
    candidate = Candidate(describe(item), evening.moment, alone, seen)
    names = {viewer.slug: viewer.name for viewer in viewers}
    why = reasons.explain(candidate, _terms(evening.shelf, candidate, viewers), names)
    return log.Shown(
        item_id=item.pk,
        role=role,
        score=float(evening.found.scores[row]),
        prior=float(evening.found.priors[row]),
        reasons=why.reasons,
        drawback=why.drawback,
        candidate=candidate.to_json(),
    )


def _terms(shelf: Catalogue, candidate: Candidate, viewers: Sequence[Viewer]) -> list[reasons.Term]:
    """Return the score's terms; for a group those of everybody present, shared out evenly."""
    everybody: list[str | None] = [viewer.slug for viewer in viewers] or [None]
    total: dict[str, float] = {}
    for slug in everybody:
        for name, value in scoring.terms(shelf, replace(candidate, viewer=slug)):
            total[name] = total.get(name, 0.0) + value / len(everybody)
    return list(total.items())
