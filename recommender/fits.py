"""How many titles fit an ask before it is made, who limits it, and what blocks where none fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from feedback import memory
from mlmodel.matrix import catalogue
from plexsync.models import Viewer
from recommender import candidates
from recommender.suggest import Request, known_of

ON_THE_FORM = ("vibe", "strong", "avoid", "session", "minutes", "seen", "type")


@dataclass(frozen=True, slots=True)
class Fits:
    """What an ask would choose from."""

    count: int
    ways: Sequence[dict[str, Any]] = ()
    """What loosening one answer of the form would bring, best first; empty where something fits."""
    youngest: Viewer | None = None
    """Who of those present has the lowest age cap."""


def fits(request: Request) -> Fits:
    """Count the titles that fit; logs nothing."""
    shelf = catalogue()
    unwanted = memory.unwanted(request.viewers, timezone.now())
    known = known_of(request, shelf, unwanted)
    count = int(candidates.fitting(shelf, request.answers, known).sum())
    ways = [] if count else candidates.relaxations(shelf, request.answers, known)
    ours = [way for way in ways if way["answer"] in ON_THE_FORM]
    return Fits(count, ours, youngest(request.viewers))


def youngest(viewers: Sequence[Viewer]) -> Viewer | None:
    """Return who has the lowest age cap; None where nobody has one."""
    capped = [(v.content_cap, v.name, v) for v in viewers if v.content_cap is not None]
    return min(capped, key=lambda each: each[:2])[2] if capped else None
