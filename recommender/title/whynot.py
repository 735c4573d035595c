"""Why a title was not among the three: from the very masks and scores that chose, and nothing else."""

from dataclasses import dataclass

import numpy as np

from recommender import candidates
from recommender.title.sitting import Sitting

LATELY = 0.25  # of a time shown or seen just now; what faded more moved a title by little


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a title when an ask was answered."""

    blocked: tuple[str, ...] = ()
    """The answers that ruled it out, by their names in `candidates.masks`."""
    away: str = ""
    """What else did: `unwanted`, `kept`, shown `earlier`, put away and `replaced`, or another `copy`."""
    place: int = 0
    """Where it stood among what fits, from 1; 0 where it does not fit."""
    of: int = 0
    score: float = 0.0
    """How likely those present were thought to enjoy it, 0..1."""
    last_score: float | None = None
    """The same of the last of those shown."""
    rank: int = 0
    """Its place among those shown, from 1; 0 where it was not shown."""
    notes: tuple[str, ...] = ()
    """What put it further behind: `passed`, `resting`, `misery`, `story`."""

    @property
    def fits(self) -> bool:
        return not self.blocked and not self.away


def why(sitting: Sitting, row: int) -> Verdict:
    """Return what became of the title in this row of the shelf."""
    if row in sitting.shown:
        return _shown(sitting, row)
    shelf, fit = sitting.evening.shelf, sitting.evening.fit
    masks = candidates.masks(shelf, sitting.evening.answers, sitting.known)
    blocked = tuple(name for name, mask in masks.items() if not mask[row])
    away = _away(sitting, row)
    if blocked or away:
        return Verdict(blocked, away)
    if not fit[row]:
        return Verdict(away="copy")
    return _placed(sitting, row)


def _away(sitting: Sitting, row: int) -> str:
    if sitting.earlier[row]:
        return "earlier"
    if sitting.known.free[row]:
        return ""
    if int(sitting.evening.shelf.twin[row]) in sitting.unwanted:
        return "unwanted"
    return "replaced" if sitting.replaced[row] else "kept"


def _shown(sitting: Sitting, row: int) -> Verdict:
    rank = sitting.shown.index(row)
    score = sitting.scores[rank]
    return Verdict(rank=rank + 1, score=score, place=_place(sitting, row), of=_fitting(sitting))


def _placed(sitting: Sitting, row: int) -> Verdict:
    return Verdict(
        place=_place(sitting, row),
        of=_fitting(sitting),
        score=float(sitting.evening.found.scores[row]),
        last_score=sitting.scores[-1] if sitting.scores else None,
        notes=tuple(_notes(sitting, row)),
    )


def _place(sitting: Sitting, row: int) -> int:
    """Return how many titles that fit are worth more, and one; of equals the earlier goes first."""
    rows = np.flatnonzero(sitting.evening.fit)
    worth = sitting.worth[rows]
    better = (worth > sitting.worth[row]) | ((worth == sitting.worth[row]) & (rows < row))
    return int(better.sum()) + 1


def _fitting(sitting: Sitting) -> int:
    return int(sitting.evening.fit.sum())


def _notes(sitting: Sitting, row: int) -> list[str]:
    shelf = sitting.evening.shelf
    stories = [shelf.story[shown] for shown in sitting.shown if shown is not None]
    told = {
        "story": bool(np.isin(shelf.story[row], stories)),
        "passed": bool(sitting.passed[row] >= LATELY),
        "resting": bool(sitting.resting[row] >= LATELY),
        "misery": bool(sitting.evening.found.misery[row]),
    }
    return [name for name, holds in told.items() if holds]
