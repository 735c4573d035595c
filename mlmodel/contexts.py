"""Who asks and in which moment, as blocks of a row: how active each is."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from mlmodel.config import FeatureConfig
from mlmodel.moods import MOODS
from mlmodel.records import DAYPARTS, Moment
from mlmodel.traits import CLOCK, CROSSED, hats

MINUTES_KNOTS = (60.0, 100.0, 150.0)
Active = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Context:
    """One block of a row: the front part of the title's row, times how active this context is."""

    name: str
    width: int
    scale: float


def contexts(config: FeatureConfig, width: int, viewers: Iterable[str]) -> tuple[Context, ...]:
    """Every block of a row; ``width`` columns has the title's own row, a moment bends only the first of them."""
    cross = len(CROSSED)
    return (
        Context("household", width, config.household),
        *(Context(f"mood:{mood}", cross, config.moment) for mood in MOODS),
        Context("company:group", cross, config.moment),
        *(Context(f"minutes:{knot:g}", cross, config.moment) for knot in MINUTES_KNOTS),
        *(Context(f"daypart:{part}", len(CLOCK), config.clock) for part in DAYPARTS),
        Context("weekend", len(CLOCK), config.clock),
        *(Context(f"viewer:{viewer}", width, config.viewer) for viewer in viewers),
    )


def active(moment: Moment, viewer: str | None) -> Iterator[tuple[str, float]]:
    """Yield the contexts that a viewer and a moment switch on, and how far."""
    yield "household", 1.0
    if viewer is not None:
        yield f"viewer:{viewer}", 1.0
    yield from _asked(moment)
    if moment.daypart is not None:
        yield f"daypart:{moment.daypart}", 1.0
    if moment.weekend:
        yield "weekend", 1.0


@lru_cache(maxsize=2_000)
def _asked(moment: Moment) -> Active:
    """Moods, company and time: who answers more is not bent further, so together they have length 1 at most."""
    found = {f"mood:{mood}": intensity for mood, intensity in moment.moods}
    if moment.company == "group":
        found["company:group"] = 1.0
    if moment.minutes is not None:
        shares = hats(np.array([float(moment.minutes)]), MINUTES_KNOTS)[0].tolist()
        found |= zip((f"minutes:{knot:g}" for knot in MINUTES_KNOTS), shares, strict=True)
    length = max(1.0, math.sqrt(sum(value**2 for value in found.values())))
    return tuple((name, value / length) for name, value in found.items() if value)
