"""From scores to at most three titles that differ: a safe bet, a stretch, a wildcard."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

ROLES = ("safe_bet", "stretch", "wildcard")
POOL = 150  # of the best titles a choice is made among
SHOWN_PENALTY = 0.4  # logits for each time a title was shown lately and passed over
LIKENESS_PENALTY = 1.6  # logits for being just like a title already chosen
DOUBT_BONUS = 0.35  # share of the model's distance from the prior that makes a stretch worth a try
WILD_TEMPERATURE = 0.7  # logits: how freely the wildcard is drawn
SAME_ERA_YEARS = 40.0
_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Choice:
    """A chosen title: its place among the candidates, and its role."""

    place: int
    role: str


@dataclass(frozen=True, slots=True)
class Field:
    """The candidates to choose from, one entry each."""

    scores: Floats
    """Probability of enjoying, 0..1."""
    priors: Floats
    moods: Floats
    """Mood profiles, one row each."""
    years: Floats
    shown: Floats
    """Times shown lately and passed over."""


def choose(field: Field, count: int, rng: np.random.Generator) -> list[Choice]:
    """Return up to ``count`` choices, the roles in their order.

    1. Rank by log-odds, less a penalty for what was passed over lately; keep the best POOL.
    2. The safe bet is the first of them.
    3. The stretch is unlike the safe bet and is where the model has ideas of its own.
    4. The wildcard is drawn: the better a title, the likelier, the more alike, the less.
    """
    worth = _log_odds(field.scores) - SHOWN_PENALTY * field.shown
    pool = np.argsort(-worth, kind="stable")[:POOL]
    chosen: list[Choice] = []
    for role in ROLES[:count]:
        free = pool[~np.isin(pool, [choice.place for choice in chosen])]
        if not len(free):
            break
        value = worth[free] - LIKENESS_PENALTY * _likeness(field, free, chosen)
        chosen.append(Choice(int(free[_pick(role, value, field, free, rng)]), role))
    return chosen


def _pick(
    role: str, value: Floats, field: Field, free: npt.NDArray[np.intp], rng: np.random.Generator
) -> int:
    if role == "wildcard":
        return int(np.argmax(value / WILD_TEMPERATURE + rng.gumbel(size=len(value))))
    if role == "stretch":
        own = _log_odds(field.scores[free]) - _log_odds(field.priors[free])
        return int(np.argmax(value + DOUBT_BONUS * np.abs(own)))
    return int(np.argmax(value))


def _likeness(field: Field, free: npt.NDArray[np.intp], chosen: list[Choice]) -> Floats:
    """Return for each free title how like it is to the most alike chosen one, 0..1."""
    most = np.zeros(len(free))
    for choice in chosen:
        moods = 1 - np.abs(field.moods[free] - field.moods[choice.place]).mean(axis=1)
        gap = np.abs(field.years[free] - field.years[choice.place])
        era = np.clip(1 - np.nan_to_num(gap, nan=SAME_ERA_YEARS) / SAME_ERA_YEARS, 0, 1)
        most = np.maximum(most, moods * (0.75 + 0.25 * era))
    return most


def _log_odds(chances: Floats) -> Floats:
    kept = np.clip(chances, _EDGE, 1 - _EDGE)
    odds: Floats = np.log(kept / (1 - kept))
    return odds
