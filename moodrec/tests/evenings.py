"""A made-up household that lives evening after evening: it asks, picks, answers, and learns at night.

Its taste is hidden from MoodRec, which sees what it would see at home: the ask, and what was said of
the picks. Everything goes through the product's own doors (`suggest`, `log.said`, `learn.run`). That takes its
time: `armchair` lives with more households, in memory.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import time_machine

from feedback import log
from mlmodel import learn, matrix, prior, serving
from mlmodel.records import Moment
from moodrec.jobs.run import JobSkipped
from moodrec.tests import armchair, builders
from moodrec.tests.armchair import SHELVES
from plexsync.models import MediaItem, Viewer
from recommender.moment import Answers
from recommender.suggest import Request, suggest

EVENINGS = 60
Night = Callable[[], None]
FIRST = datetime(2026, 1, 5, 20, 15, tzinfo=ZoneInfo("Europe/Berlin"))
CHOOSY = 0.7  # logits of whim when they look at three posters
HARDLY = 0.25  # with less hope than this for any of the three they read a book

DIRECTORS = 36
ACTORS = 90


@dataclass(frozen=True)
class Taste:
    """What a viewer enjoys, in logits; nobody tells MoodRec."""

    genres: Mapping[str, float]
    asked: Mapping[str, Mapping[str, float]]
    """What changes with the asked mood: their own idea of funny, of relaxing."""
    per_decade: float
    """For each decade after 1990."""

    def logit(self, item: MediaItem, moods: Sequence[str], whim: float) -> float:
        bent = [self.asked[mood] for mood in moods if mood in self.asked]
        genres = sum(
            self.genres.get(genre, 0.0) + sum(mood.get(genre, 0.0) for mood in bent)
            for genre in item.genres
        )
        quality = 0.5 * ((item.audience_rating or 6.7) - 6.7)
        age = self.per_decade * ((item.year or 1990) - 1990) / 10
        return -0.6 + genres + quality + age + whim


def tastes(chance: np.random.Generator) -> dict[str, Taste]:
    """Moderate tastes, drawn as those of `armchair`: some in common, some their own, some by mood."""
    common = {name: chance.normal(0, armchair.TOGETHER) for name in GENRES}
    return {name: _taste(common, chance) for name in NAMES}


def _taste(common: Mapping[str, float], chance: np.random.Generator) -> Taste:
    genres = {name: shared + chance.normal(0, armchair.OWN) for name, shared in common.items()}
    asked = {mood: {name: chance.normal(0, armchair.BY_MOOD) for name in GENRES} for mood in MOODS}
    return Taste(genres, asked, chance.normal(0, armchair.DECADES))


NAMES = ("Ada", "Ben")
GENRES = sorted({genre for genres, _ in SHELVES for genre in genres})
MOODS = ("funny", "relaxing", "tense")


@dataclass
class Evening:
    """What came of one evening."""

    moods: tuple[str, ...]
    present: tuple[str, ...]
    shown: list[MediaItem]
    roles: list[str]
    picked: MediaItem | None
    joy: float
    """The chance that those present enjoy what they picked, on average; 0 where they picked none."""
    version: int | None


@dataclass
class Household:
    """Two viewers, a library, and chance."""

    seed: int
    viewers: dict[str, Viewer] = field(default_factory=dict)
    fond: dict[tuple[str, str], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = np.random.default_rng([self.seed, 1])
        self.tastes = tastes(self.chance)
        for name in NAMES:
            self.viewers[name] = builders.viewer(name)
            for director in range(DIRECTORS):
                self.fond[name, _director(director)] = float(
                    self.chance.normal(0, armchair.DIRECTORS)
                )

    def logit(self, name: str, item: MediaItem, moods: Sequence[str]) -> float:
        """How much one of them would like a title tonight, in logits."""
        whim = self.fond[name, item.directors[0]]
        return self.tastes[name].logit(item, moods, whim)

    def joy(self, names: Sequence[str], item: MediaItem, moods: Sequence[str]) -> float:
        """Chance of enjoying, the mean of those named."""
        return float(np.mean([_chance(self.logit(name, item, moods)) for name in names]))

    def live(self, night: Night | None, evenings: int = EVENINGS) -> list[Evening]:
        """Live so many evenings, one after the other; None: nobody learns at night."""
        serving.forget()
        matrix.forget()
        lived = []
        for number in range(evenings):
            now = FIRST + timedelta(days=number, minutes=7 * self.seed)
            with time_machine.travel(now, tick=False):
                lived.append(self._evening(number, now))
            if night is not None:
                with time_machine.travel(now + timedelta(hours=8), tick=False):
                    night()
                matrix.forget()  # by the evening it is built anew, however busy this machine is
        return lived

    def _evening(self, number: int, now: datetime) -> Evening:
        chance = np.random.default_rng([self.seed, 2, number])  # the same whatever was shown
        names = (("Ada",), ("Ben",), ("Ada",), ("Ben",), ("Ada", "Ben"))[number % 5]
        moods = (MOODS[number % len(MOODS)],)
        ask = suggest(
            Request(
                Answers(vibe=moods, company="group" if len(names) > 1 else "solo", seen="new"),
                viewers=[self.viewers[name] for name in names],
                now=now,
            )
        )
        shown = list(ask.suggestions.select_related("item").order_by("rank"))
        items = [row.item for row in shown]
        picked = self._picked(names, items, moods, chance)
        if picked is not None:
            for name in names:
                answers = self._answers(name, items[picked], moods, chance)
                log.said(
                    self.viewers[name],
                    items[picked],
                    answers,
                    suggestion=shown[picked],
                    at=now + timedelta(hours=2),
                )
        return Evening(
            moods=moods,
            present=names,
            shown=items,
            roles=[row.role for row in shown],
            picked=None if picked is None else items[picked],
            joy=0.0 if picked is None else self.joy(names, items[picked], moods),
            version=ask.model_version,
        )

    def _picked(
        self,
        names: Sequence[str],
        items: Sequence[MediaItem],
        moods: Sequence[str],
        chance: np.random.Generator,
    ) -> int | None:
        whims = chance.gumbel(scale=CHOOSY, size=3)
        if not items or max(self.joy(names, item, moods) for item in items) < HARDLY:
            return None
        worth = [np.mean([self.logit(name, item, moods) for name in names]) for item in items]
        return int(np.argmax(np.array(worth) + whims[: len(items)]))

    def _answers(
        self, name: str, item: MediaItem, moods: Sequence[str], chance: np.random.Generator
    ) -> dict[str, Any]:
        """Stars and whether it was finished: a draw from what they feel, as life is."""
        joy = _chance(self.logit(name, item, moods))
        luck, more = map(float, chance.random(2))
        if luck < joy:
            return {"rating": 5 if more < joy else 4, "completed": True}
        return {"rating": 3 if more < joy else 2 if more < 0.7 else 1, "completed": more < 0.6}


def stock(count: int = 480, seed: int = 0) -> list[MediaItem]:
    """Fill the library with films: genres, people, ratings, years, summaries."""
    chance = np.random.default_rng([seed, 3])
    library = builders.library()
    return MediaItem.objects.bulk_create(_film(number, library, chance) for number in range(count))


def _film(number: int, library: Any, chance: np.random.Generator) -> MediaItem:
    shelf = number % len(SHELVES)
    genres, summary = SHELVES[shelf]
    director = shelf * 3 + chance.integers(5)  # each works for two shelves or so
    cast = chance.choice(ACTORS, 3, replace=False)
    return MediaItem(
        library=library,
        rating_key=str(9000 + number),
        guid=f"plex://movie/{9000 + number}",
        type="movie",
        title=f"{_WORDS[number % 23]} {_MORE[number // 23 % 21]}",
        sort_title=f"{number:04}",
        year=int(chance.integers(1950, 2025)),
        runtime_minutes=int(chance.integers(80, 140)),
        genres=list(genres),
        directors=[_director(int(director) % DIRECTORS)],
        cast=[f"Player {_WORDS[int(n) % 23]} {int(n)}" for n in cast],
        countries=["France" if chance.random() < 0.3 else "United States"],
        audience_rating=round(float(np.clip(chance.normal(6.8, 0.8), 3.5, 9.2)), 1),
        summary=summary,
    )


_WORDS = (
    "Amber", "Birch", "Copper", "Dusk", "Ember", "Fern", "Granite", "Harbour", "Indigo", "Juniper",
    "Kestrel", "Lantern", "Maple", "North", "Orchard", "Pebble", "Quarry", "Raven", "Saffron",
    "Thistle", "Umbra", "Velvet", "Willow",
)  # fmt: skip
_MORE = (
    "Road", "Letters", "Crossing", "Garden", "Signal", "Tide", "Winter", "Bridge", "Song", "Market",
    "Station", "Window", "Meadow", "Compass", "Harvest", "Island", "Mirror", "Ferry", "Kitchen",
    "Tower", "Valley",
)  # fmt: skip


def _director(number: int) -> str:
    return f"Director {_WORDS[number % 23]} {_MORE[number % 21]}"


def train() -> None:
    """What the scheduler does each night: learn, judge, put to use what is no worse."""
    try:
        learn.run()
    except JobSkipped:
        return  # too few answers yet, or nobody said anything


def _chance(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def prior_logits(shelf: matrix.Catalogue, moment: Moment) -> Any:
    """What a wise stranger would say of every title on the shelf."""
    return prior.moment_logits(shelf.titles, moment, np.zeros(len(shelf)))


def rate(lived: Sequence[Evening], first: int = 0, last: int | None = None) -> float:
    """Mean joy of the evenings from the first to before the last."""
    return float(np.mean([evening.joy for evening in lived[first:last]]))
