"""From scores to at most three titles that differ: a safe bet, a stretch, a wildcard."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]

ROLES = ("safe_bet", "stretch", "wildcard")
POOL = 150  # of the best titles a choice is made among
PASSED_PENALTY = 0.7  # logits for what was passed over just now; half of it after PASSED_HALF_LIFE
RESTING_PENALTY = 4.0  # logits for what was seen just now: nobody wants that again so soon
LAST = 20.0  # logits that put a title behind every other
LIKENESS_PENALTY = 1.6  # logits for being just like a title already chosen
SAME_DIRECTOR_PENALTY = 3.0  # logits: a second film by one director only where there is little else
OPTIMISM = 1.0  # how much of its doubt speaks for a stretch: as good as it may well be
PROMISE = 0.6  # share of the safe bet's score that a stretch or a wildcard must have
WILD_TEMPERATURE = 0.7  # logits: how freely the wildcard is drawn
SAME_ERA_YEARS = 40.0
MOODS_DIFFER = 0.5  # the mean difference of two profiles that have nothing in common
_EDGE = 1e-6

# What makes two titles alike, in shares of likeness.
ALIKE_MOODS, ALIKE_GENRES, ALIKE_PEOPLE, ALIKE_ERA = 0.4, 0.3, 0.15, 0.15


@dataclass(frozen=True, slots=True)
class Choice:
    """A chosen title: its place among the candidates, its role, and where it was drawn, how likely."""

    place: int
    role: str
    chance: float | None = None
    unsure: bool = False
    """Whether its score is less sure than that of the first."""


@dataclass(frozen=True, slots=True)
class Field:
    """The candidates to choose from, one entry each."""

    scores: Floats
    """Probability of enjoying, 0..1."""
    worth: Floats
    """What they are ranked by, in logits: see `worth`."""
    doubts: Floats
    """Standard deviation of the score's logit."""
    moods: Floats
    """Mood profiles, one row each."""
    years: Floats
    genres: Ints
    """One bit a genre."""
    people: Ints
    """Numbers of the director, then of actors; 0 is nobody."""
    stories: Ints
    """Equal for the titles of one franchise."""


def worth(scores: Floats, passed: Floats, resting: Floats, misery: Flags) -> Floats:
    """Return what titles are ranked by: log-odds, less what speaks against showing them tonight.

    ``passed`` and ``resting``: 1 for each time just now, fading. ``misery`` comes last of all.
    """
    against = PASSED_PENALTY * passed + RESTING_PENALTY * resting + LAST * misery
    found: Floats = _log_odds(scores) - against
    return found


def pool(worth: Floats) -> Places:
    """Return the places of the best POOL titles, best first."""
    best = np.argpartition(-worth, POOL)[:POOL] if len(worth) > POOL else np.arange(len(worth))
    ordered: Places = best[np.lexsort((best, -worth[best]))]
    return ordered


def choose(field: Field, count: int, rng: np.random.Generator) -> list[Choice]:
    """Return up to ``count`` choices, the roles in their order, no two of one franchise.

    1. The safe bet is the best.
    2. The stretch is unlike it, uncertain and promising: the title that would be best if it turned out as
       well as it may (an upper confidence bound: Li et al. 2010, A contextual-bandit approach to
       personalized news article recommendation). What is said of it teaches most.
    3. The wildcard is drawn among what is promising: the better and the less alike, the likelier.
    """
    chosen: list[Choice] = []
    for role in ROLES[:count]:
        free = _free(field, chosen)
        if not len(free):
            break
        value = field.worth[free] - _alike(field, free, chosen)
        place, chance = _pick(role, value, field.doubts[free], rng)
        place = int(free[place])
        unsure = bool(chosen) and field.doubts[place] > field.doubts[chosen[0].place]
        chosen.append(Choice(place, role, chance, bool(unsure)))
    return chosen


def _free(field: Field, chosen: list[Choice]) -> Places:
    """Return what may still be chosen: no story twice; what promises enough, where anything does.

    Nothing is likelier to be a hit than the safe bet: what is, was passed over lately, and has to wait.
    """
    free = np.flatnonzero(~np.isin(field.stories, field.stories[[c.place for c in chosen]]))
    if not chosen:
        return free
    first = chosen[0].place
    enough = field.scores[free] >= PROMISE * field.scores[first]
    enough &= field.scores[free] <= field.scores[first]
    enough &= field.worth[free] > field.worth[first] - LAST / 2
    return free[enough] if enough.any() else free


def _pick(
    role: str, value: Floats, doubts: Floats, rng: np.random.Generator
) -> tuple[int, float | None]:
    """Return the place that a role falls to, and the chance of the draw where it is drawn."""
    if role == "stretch":
        return int(np.argmax(value + OPTIMISM * doubts)), None
    if role == "safe_bet":
        return int(np.argmax(value)), None
    odds = np.exp((value - value.max()) / WILD_TEMPERATURE)
    chances = odds / odds.sum()
    place = int(rng.choice(len(chances), p=chances))
    return place, float(chances[place])


def _alike(field: Field, free: Places, chosen: list[Choice]) -> Floats:
    """Return the penalty of each free title for being like the most alike chosen one, in logits."""
    most = np.zeros(len(free))
    for choice in chosen:
        likeness = LIKENESS_PENALTY * _likeness(field, free, choice.place)
        director = field.people[choice.place, 0]
        same = (field.people[free, 0] == director) & (director != 0)
        most = np.maximum(most, likeness + SAME_DIRECTOR_PENALTY * same)
    return most


def _likeness(field: Field, free: Places, place: int) -> Floats:
    """Return how like these titles are to the one at a place, 0..1: moods, genres, people, era."""
    apart = np.abs(field.moods[free] - field.moods[place]).mean(axis=1)
    both = np.bitwise_count(field.genres[free] & field.genres[place])
    either = np.bitwise_count(field.genres[free] | field.genres[place])
    people = field.people[place][field.people[place] != 0]
    shared = np.isin(field.people[free], people).any(axis=1)
    gap = np.nan_to_num(np.abs(field.years[free] - field.years[place]), nan=SAME_ERA_YEARS)
    found: Floats = (
        ALIKE_MOODS * np.clip(1 - apart / MOODS_DIFFER, 0, 1)
        + ALIKE_GENRES * both / np.maximum(either, 1)
        + ALIKE_PEOPLE * shared
        + ALIKE_ERA * np.clip(1 - gap / SAME_ERA_YEARS, 0, 1)
    )
    return found


def _log_odds(chances: Floats) -> Floats:
    kept = np.clip(chances, _EDGE, 1 - _EDGE)
    odds: Floats = np.log(kept / (1 - kept))
    return odds
