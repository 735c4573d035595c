"""An ask as it was answered, put together again: who, which masks, which scores, what was shown before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

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
    unwanted: Mapping[int, list[tuple[str, str]]]
    """By the title's number (`twin`): who said what of it: a kind of `Dismissal` and a name."""
    shown: list[int | None]
    """The rows on display, the safe bet first; None where one went since."""
    scores: list[float]
    """What was said of them when they were shown, 0..1."""


def sitting(ask: Ask, shelf: Catalogue) -> Sitting:
    """Put an ask together again, without what was shown by it or since."""
    at = timezone.localtime(ask.asked_at)
    answers, viewers = Answers.from_json(ask.mood), list(ask.viewers.all())
    request = Request(answers, viewers, user=ask.user)
    happened = lately.happened(viewers, at, timezone.now())
    unwanted, (display, before) = _unwanted(shelf, viewers, happened), _shown(ask)
    earlier = candidates.among(shelf, before)
    rest = known_of(request, shelf, {each.item for each in memory.unwanted_among(happened)})
    known = replace(rest, free=rest.free & ~earlier)
    evening = evening_of(shelf, request, known, happened, at)
    passed = lately.passed(evening, at, before=ask.asked_at)
    resting = lately.resting(evening, at)
    return Sitting(
        evening=evening,
        known=known,
        worth=ranking.worth(evening.found.scores, passed, resting, evening.found.misery),
        passed=passed,
        resting=resting,
        earlier=earlier,
        unwanted=unwanted,
        shown=[shelf.row_of(each.item_id) for each in display],
        scores=[each.score for each in display],
    )


def _shown(ask: Ask) -> tuple[list[Suggestion], set[int]]:
    """Return what is on display, and the titles that the rounds before had shown; in one query."""
    rounds = Ask.objects.filter(Q(first_id=ask.root_id) | Q(pk=ask.root_id)).values("pk")
    before = Q(ask__in=rounds, shown_at__lt=ask.asked_at)
    rows = list(Suggestion.objects.filter(Q(ask=ask) | before))
    ours = [row for row in rows if row.ask_id == ask.pk]
    return memory.on_display(ours), {row.item_id for row in rows if row.ask_id != ask.pk}


def _unwanted(
    shelf: Catalogue, viewers: list[Viewer], happened: list[Happened]
) -> dict[int, list[tuple[str, str]]]:
    names = {viewer.pk: viewer.name for viewer in viewers}
    found: dict[int, list[tuple[str, str]]] = {}
    for each in memory.unwanted_among(happened):
        for number in shelf.copies.of([each.item]).tolist():
            found.setdefault(number, []).append((each.what, names[each.viewer]))
    return found
