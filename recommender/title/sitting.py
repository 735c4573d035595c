"""An ask as it was answered, put together again: who, which masks, which scores, what was shown before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from django.db.models import Q
from django.utils import timezone

from feedback import log
from feedback.evenings import evening_began
from feedback.models import Ask, Dismissal, Suggestion
from mlmodel.matrix import Catalogue
from plexsync.models import Viewer
from recommender import candidates, lately, ranking
from recommender.candidates import Flags, Known
from recommender.evening import Evening
from recommender.known import known as known_for
from recommender.moment import Answers
from recommender.suggest import Request, evening_of

KINDS = Dismissal.Kind


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
    rest = known_for(shelf, viewers, answers, user=ask.user)
    earlier = candidates.among(shelf, _shown_before(ask))
    known = replace(rest, free=rest.free & ~earlier)
    evening = evening_of(shelf, request, known, at)
    display = log.on_display(ask.suggestions.all())
    passed = lately.passed(evening, at, before=ask.asked_at)
    resting = lately.resting(evening, at)
    return Sitting(
        evening=evening,
        known=known,
        worth=ranking.worth(evening.found.scores, passed, resting, evening.found.misery),
        passed=passed,
        resting=resting,
        earlier=earlier,
        unwanted=_unwanted(shelf, viewers),
        shown=[shelf.row_of(each.item_id) for each in display],
        scores=[each.score for each in display],
    )


def _shown_before(ask: Ask) -> set[int]:
    """Return what the rounds before this one had shown."""
    if ask.first_id is None:
        return set()
    rounds = Ask.objects.filter(first_id=ask.root_id) | Ask.objects.filter(pk=ask.root_id)
    rows = Suggestion.objects.filter(ask__in=rounds.values("pk"), shown_at__lt=ask.asked_at)
    return set(rows.exclude(ask=ask).values_list("item_id", flat=True))


def _unwanted(shelf: Catalogue, viewers: list[Viewer]) -> dict[int, list[tuple[str, str]]]:
    tonight = Q(kind=KINDS.NOT_TONIGHT, said_at__gte=evening_began(timezone.now()))
    rows = Dismissal.objects.filter(tonight | Q(kind=KINDS.NEVER), viewer__in=viewers)
    found: dict[int, list[tuple[str, str]]] = {}
    for item, kind, name in rows.values_list("item_id", "kind", "viewer__name"):
        for number in shelf.copies.of([item]).tolist():
            found.setdefault(number, []).append((kind, name))
    return found
