"""Made-up households by the dozen, in memory: the scoring, choosing and training of the product without its database.

Nobody picked them: a household is drawn from its number, tastes from one moderate spread for all. Two viewers share
some taste, each has their own, and each means something of their own by every mood. Of it MoodRec sees only what was
said of the picks.
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from mlmodel import prior, scoring
from mlmodel.examples import GRACE
from mlmodel.judging.metrics import auc
from mlmodel.labels import LABEL_WEIGHTS, label_of
from mlmodel.matrix import Catalogue
from mlmodel.moods import GENRES, genres_of, profiles
from mlmodel.records import Candidate, Example, Moment, Title
from mlmodel.training import Model, train
from recommender import ranking
from recommender.lately import PASSED_HALF_LIFE

Floats = npt.NDArray[np.float64]
Choose = Callable[[ranking.Field, int, np.random.Generator], list[ranking.Choice]]

VIEWERS = ("ada", "ben")
PRESENT = (("ada",), ("ben",), ("ada",), ("ben",), VIEWERS)
MOODS = ("funny", "relaxing", "tense")
EVENINGS = 60
TITLES = 480
PEOPLE = 36
FIRST = datetime(2026, 1, 5, 20, 15, tzinfo=UTC)
HARDLY = 0.25  # with less hope than this for any of the three they read a book
SEED = 7

# Spread of tastes, in logits.
TOGETHER, OWN, BY_MOOD, DIRECTORS, DECADES = 0.35, 0.6, 0.6, 0.4, 0.3

# What the library holds: genres, and what a summary of that kind says.
SHELVES: Sequence[tuple[tuple[str, ...], str]] = (
    (("Comedy", "Animation", "Family"), "A gentle, funny adventure of two friends and a runaway goat."),
    (("Comedy", "Romance"), "A warm and charming story of a baker who falls in love with her tenant."),
    (("Comedy", "Crime"), "A hilarious heist goes wrong in the smallest bank of the country."),
    (("Comedy", "Musical"), "A feel-good musical about a village choir that wants to win once."),
    (("Documentary",), "A calm, beautiful look at a year in the life of a mountain farm."),
    (("Drama",), "A moving story of two sisters who meet again after their father's death."),
    (("Drama", "History"), "A sweeping, serious tale of a family torn apart by the war."),
    (("Crime", "Thriller"), "A tense hunt for a killer through a city that does not sleep."),
    (("Mystery", "Thriller"), "A suspenseful puzzle about a locked room and seven guests."),
    (("Horror",), "A frightening night in a house that nobody leaves. Terrifying and bleak."),
    (("Science Fiction", "Action"), "An explosive fight for the last ship that leaves the planet."),
    (("Western", "Adventure"), "A lonely rider, a stolen herd and a long way home."),
)  # fmt: skip
_BITS = {genre: 1 << place for place, genre in enumerate(sorted(GENRES))}


@dataclass
class Life:
    """What came of sixty evenings."""

    joy: list[float]
    """Of each evening: chance that those present enjoy what they picked, on average; 0 where they picked none."""
    auc: float
    """How well the library is ranked in the end by what each would enjoy in each mood."""
    turn: float
    """How far the scores turn with the asked mood as the hidden taste does: a correlation."""

    def rate(self, first: int, last: int) -> float:
        return float(np.mean(self.joy[first:last]))


def live(seed: int, *, learns: bool = True, choose: Choose = ranking.choose) -> Life:
    """Live sixty evenings: ask, choose, pick, answer, learn by night."""
    home = Household(seed)
    for number in range(EVENINGS):
        home.evening(number, choose)
        if learns:
            home.night()
    return home.life()


def greedily(field: ranking.Field, count: int, _rng: np.random.Generator) -> list[ranking.Choice]:
    """The best and nothing else: no stretch, no wildcard, nothing unlike the others."""
    places = np.argsort(-field.worth, kind="stable")[:count]
    return [ranking.Choice(int(p), role) for p, role in zip(places, ranking.ROLES, strict=False)]


@dataclass
class Household:
    """Two viewers, their library, and what MoodRec knows of them."""

    seed: int
    said: list[Example] = field(default_factory=list)
    passed: list[tuple[str, int, int]] = field(default_factory=list)
    """Who passed over which title on which evening."""
    unspoken: list[Example] = field(default_factory=list)
    """The same as training reads it."""
    joy: list[float] = field(default_factory=list)
    model: Model | None = None
    matrix: Any = None

    def __post_init__(self) -> None:
        chance = np.random.default_rng([self.seed, 3])
        self.titles = [_film(number, chance) for number in range(TITLES)]
        self.arrays = prior.title_arrays(self.titles)
        self.seen = {viewer: np.zeros(TITLES, dtype=bool) for viewer in VIEWERS}
        self.likes = _tastes(self.titles, np.random.default_rng([self.seed, 1]))

    def shelf(self) -> Catalogue:
        """As much of a catalogue as scoring reads."""
        active = self.model and SimpleNamespace(model=self.model)
        found = SimpleNamespace(titles=self.arrays, matrix=self.matrix, active=active)
        return cast("Catalogue", found)

    def evening(self, number: int, choose: Choose) -> None:
        """Ask, see at most three, pick one or none, say what it was like."""
        chance = np.random.default_rng([self.seed, 2, number])  # the same whatever is shown
        present, mood = PRESENT[number % len(PRESENT)], MOODS[number % len(MOODS)]
        moment = Moment.at(
            FIRST + timedelta(days=number),
            moods=[mood],
            company="group" if len(present) > 1 else "solo",
        )
        shown = self._shown(number, present, moment, choose)
        joys = [_mean_joy(self.likes, present, mood, title) for title in shown]
        whims = chance.gumbel(scale=0.7, size=ranking.POOL)[: len(shown)]
        if max(joys) < HARDLY:
            self.joy.append(0.0)
            return
        worth = [np.mean([self.likes[v, mood][title] for v in present]) for title in shown]
        picked = int(np.argmax(np.array(worth) + whims))
        self.joy.append(joys[picked])
        for place, title in enumerate(shown):
            if place != picked:
                self._pass(number, present, title, moment)
        for viewer in present:
            self._say(viewer, shown[picked], moment, mood, chance)

    def _shown(
        self, number: int, present: Sequence[str], moment: Moment, choose: Choose
    ) -> list[int]:
        seen, shelf = np.stack([self.seen[viewer] for viewer in present]), self.shelf()
        found = scoring.score(shelf, moment, present, seen)
        rows = np.flatnonzero(~seen.any(axis=0))
        passed = self._passed(number, present)[rows]
        worth = ranking.worth(found.scores[rows], passed, np.zeros(len(rows)), found.misery[rows])
        best = ranking.pool(worth)
        rows, worth = rows[best], worth[best]
        choices = choose(
            ranking.Field(
                scores=found.scores[rows],
                worth=worth,
                doubts=scoring.doubts(shelf, moment, present, rows),
                moods=self.arrays.moods[rows],
                years=np.array([self.titles[row].year for row in rows], dtype=float),
                genres=np.array([_bits(self.titles[row]) for row in rows]),
                people=np.array([_people(self.titles[row]) for row in rows]),
                stories=rows,
            ),
            3,
            np.random.default_rng([self.seed, 9, number]),
        )
        return [int(rows[choice.place]) for choice in choices]

    def _passed(self, number: int, present: Sequence[str]) -> Floats:
        fading = np.zeros(TITLES)
        for viewer, title, when in self.passed:
            if viewer in present:
                fading[title] += 0.5 ** ((number - when) / PASSED_HALF_LIFE.days) / len(present)
        return fading

    def _say(
        self, viewer: str, title: int, moment: Moment, mood: str, chance: np.random.Generator
    ) -> None:
        """Stars and whether it was finished: a draw from what they feel, as life is."""
        joy = float(prior.chance(self.likes[viewer, mood][title]))
        luck, more = chance.random(2).tolist()
        stars = (5 if more < joy else 4) if luck < joy else 3 if more < joy else 2 - (more > 0.7)
        label = label_of(stars, luck < joy or more < 0.6, None)
        assert label is not None
        self.seen[viewer][title] = True
        candidate = Candidate(self.titles[title], moment, viewer)
        at = FIRST + timedelta(days=len(self.joy))
        self.said.append(Example(candidate, *label, at, stars=float(stars)))

    def _pass(self, number: int, present: Sequence[str], title: int, moment: Moment) -> None:
        self.passed += [(viewer, title, number) for viewer in present]
        alone = present[0] if len(present) == 1 else None
        candidate, at = Candidate(self.titles[title], moment, alone), FIRST + timedelta(days=number)
        weak = LABEL_WEIGHTS.passed, LABEL_WEIGHTS.passed_weight
        self.unspoken.append(Example(candidate, *weak, at, "passed"))

    def night(self) -> None:
        """Learn what was said so far, and what was passed over some days ago."""
        if len(self.said) >= 5:
            ripe = FIRST + timedelta(days=len(self.joy)) - GRACE
            passed = [example for example in self.unspoken if example.at <= ripe]
            self.model = train([*self.said, *passed], self.titles, seed=SEED)
            self.matrix = self.model.title_matrix(self.titles)

    def life(self) -> Life:
        ranked, turns = [], []
        for viewer in VIEWERS:
            hidden = [self.likes[viewer, mood] for mood in MOODS]
            scores = [self._score(viewer, mood) for mood in MOODS]
            ranked += [
                auc(liked > 0, score) or 0.5 for liked, score in zip(hidden, scores, strict=True)
            ]
            for one, other in ((0, 1), (1, 2), (2, 0)):
                pair = hidden[one] - hidden[other], scores[one] - scores[other]
                turns.append(np.corrcoef(*pair)[0, 1])
        return Life(self.joy, float(np.mean(ranked)), float(np.mean(turns)))

    def _score(self, viewer: str, mood: str) -> Floats:
        moment, new = Moment.at(FIRST, moods=[mood]), np.zeros((1, TITLES), dtype=bool)
        chances = scoring.score(self.shelf(), moment, [viewer], new).scores
        return np.log(chances / (1 - chances))


def _mean_joy(
    likes: dict[tuple[str, str], Floats], present: Sequence[str], mood: str, title: int
) -> float:
    return float(np.mean([prior.chance(likes[viewer, mood][title]) for viewer in present]))


def _tastes(titles: Sequence[Title], chance: np.random.Generator) -> dict[tuple[str, str], Floats]:
    """How much each viewer would like each title in each mood, in logits."""
    names = sorted({genre for genres, _ in SHELVES for genre in genres})
    genres = np.array([[name in title.genres for name in names] for title in titles], dtype=float)
    quality = np.array([(title.audience_rating or 6.7) - 6.7 for title in titles])
    decades = np.array([((title.year or 1990) - 1990) / 10 for title in titles])
    director = np.array([int(title.directors[0].split()[1]) for title in titles])
    common, found = chance.normal(0, TOGETHER, len(names)), {}
    for viewer in VIEWERS:
        own, age = chance.normal(0, OWN, len(names)), chance.normal(0, DECADES)
        fond = chance.normal(0, DIRECTORS, PEOPLE)[director]
        for mood in MOODS:
            bent = common + own + chance.normal(0, BY_MOOD, len(names))
            found[viewer, mood] = -0.6 + genres @ bent + 0.5 * quality + age * decades + fond
    return found


def _film(number: int, chance: np.random.Generator) -> Title:
    shelf = number % len(SHELVES)
    genres, summary = SHELVES[shelf]
    director = (shelf * 3 + chance.integers(5)) % PEOPLE  # each works for two shelves or so
    cast = chance.choice(90, 3, replace=False)
    bare = Title(
        id=str(number),
        title=f"Film {number}",
        year=int(chance.integers(1950, 2025)),
        genres=genres,
        runtime_minutes=int(chance.integers(80, 140)),
        summary=summary,
        directors=(f"Director {director}",),
        cast=tuple(f"Player {player}" for player in cast),
        countries=("France" if chance.random() < 0.3 else "United States",),
        audience_rating=round(float(np.clip(chance.normal(6.8, 0.8), 3.5, 9.2)), 1),
    )
    moods = tuple(profiles([bare])[0].tolist())  # worked out once, not in every training
    return Title(**{name: getattr(bare, name) for name in Title.__slots__} | {"moods": moods})


def _bits(title: Title) -> int:
    return sum(_BITS.get(genre, 0) for genre in genres_of(title.genres))


def _people(title: Title) -> list[int]:
    return [zlib.crc32(name.encode()) for name in (*title.directors, *title.cast)]
