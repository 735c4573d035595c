"""An ask as it was answered, put together again: who, which masks, which scores, what was shown before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import numpy.typing as npt
from django.db.models import Q
from django.utils import timezone

from feedback import memory
from feedback.memory import Happened
from feedback.models import Ask, Suggestion
from mlmodel.matrix import Catalogue
from plexsync.models import Viewer
from recommender import candidates, lately, ranking
from recommender.candidates import Flags, Known
from recommender.evening import Evening
from recommender.moment import Answers
from recommender.suggest import Request, evening_of, known_of

Said = Mapping[int, list[tuple[str, str]]]
"""By the title's number (`twin`): who said what of it: a kind of `Dismissal` and a name."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """All that a choice was made from; `whynot.why` reads nothing else."""

    evening: Evening
    known: Known
    worth: npt.NDArray[np.float64]
    """What each title is ranked by, in logits."""
    passed: npt.NDArray[np.float64]
    """How lately and often each was shown to them before, and passed over."""
    resting: npt.NDArray[np.float64]
    earlier: Flags
    """Which were shown in the rounds before."""
    replaced: Flags
    """Which were shown and have been put away."""
    unwanted: Said
    """What kept titles away."""
    unwanted_since: Said
    """What was said of titles after the ask was answered, and keeps them away from now on."""
    shown: list[int | None]
    """The rows on display, the safe bet first; None where one went since."""
    scores: list[float]
    """What was said of them when they were shown, 0..1."""


@dataclass(frozen=True, slots=True)
class _Past:
    """What the log holds of the time until an ask was answered, and of what it showed."""

    ours: list[Suggestion]
    """All that it showed, what has been put away too."""
    before: set[int]
    """The titles that the rounds before had shown."""
    happened: list[Happened]
    unwanted: list[Happened]
    unwanted_since: list[Happened]

    @property
    def display(self) -> list[Suggestion]:
        return memory.on_display(self.ours)

    @property
    def replaced(self) -> set[int]:
        return {each.item_id for each in self.ours} - {each.item_id for each in self.display}


def sitting(ask: Ask, shelf: Catalogue) -> Sitting:
    """Put an ask together again, without what was shown by it or since."""
    at = timezone.localtime(ask.asked_at)
    request = Request(Answers.from_json(ask.mood), list(ask.viewers.all()), user=ask.user)
    past = _past(ask, request.viewers, at)
    earlier, replaced = (candidates.among(shelf, each) for each in (past.before, past.replaced))
    rest = known_of(request, shelf, {each.item for each in past.unwanted})
    known = replace(rest, free=rest.free & ~earlier & ~replaced)
    evening = evening_of(shelf, request, known, past.happened, at)
    passed, resting = lately.passed(evening, at), lately.resting(evening, at)
    return Sitting(
        evening=evening,
        known=known,
        worth=ranking.worth(evening.found.scores, passed, resting, evening.found.misery),
        passed=passed,
        resting=resting,
        earlier=earlier,
        replaced=replaced,
        unwanted=_said(shelf, request.viewers, past.unwanted),
        unwanted_since=_said(shelf, request.viewers, past.unwanted_since),
        shown=[shelf.row_of(each.item_id) for each in past.display],
        scores=[each.score for each in past.display],
    )


def _past(ask: Ask, viewers: Sequence[Viewer], at: datetime) -> _Past:
    ours, before = _shown(ask)
    happened = lately.happened(viewers, at)
    # what was put away made room for the last
    answered = max([at, *(each.shown_at for each in ours)])
    given = {each.item_id for each in ours}
    counted: list[Happened] = []
    since: list[Happened] = []
    for each in memory.unwanted_among(happened):
        (counted if each.at <= answered or each.item in given else since).append(each)
    return _Past(ours, before, [each for each in happened if each.at < at], counted, since)


def _shown(ask: Ask) -> tuple[list[Suggestion], set[int]]:
    """Return what the ask has shown, and the titles that the rounds before had; in one query."""
    rounds = Ask.objects.filter(Q(first_id=ask.root_id) | Q(pk=ask.root_id)).values("pk")
    before = Q(ask__in=rounds, shown_at__lt=ask.asked_at)
    rows = list(Suggestion.objects.filter(Q(ask=ask) | before))
    ours = [row for row in rows if row.ask_id == ask.pk]
    return ours, {row.item_id for row in rows if row.ask_id != ask.pk}


def _said(shelf: Catalogue, viewers: Sequence[Viewer], said: list[Happened]) -> Said:
    names = {viewer.pk: viewer.name for viewer in viewers}
    found: dict[int, list[tuple[str, str]]] = {}
    for each in said:
        for number in shelf.copies.of([each.item]).tolist():
            found.setdefault(number, []).append((each.what, names[each.viewer]))
    return found
