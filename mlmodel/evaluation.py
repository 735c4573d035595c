"""How good a way of training is on answers it has not learnt, against the prior, the audience rating and luck.

Each answer is predicted before it is learnt (prequential: Dawid 1984, doi.org/10.2307/2981683), in a few folds to
hold the cost. The judgement is made on what people chose to watch and to speak of, which is not every title.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from mlmodel import prior
from mlmodel.judging import bootstrap
from mlmodel.judging.metrics import Floats, Metrics, Places, calibration, measure
from mlmodel.records import Candidate, Example, Title


class Predicts(Protocol):
    """A model, as far as it is judged."""

    def predict(self, candidates: Sequence[Candidate], /) -> Floats:
        """Probability of enjoying, one a candidate."""


Train = Callable[[Sequence[Example], Sequence[Title]], Predicts]

MEANT = {"feedback", "plex"}  # the sources of what somebody said; the rest was only seen
LEAST_JUDGED = 20  # answers given here; with fewer the judgement is on stars from elsewhere too
NEWEST_SHARE = 0.25  # of the answers, held out to judge a model on
LEAST_HELD_OUT = 20  # where the log has as many: on fewer, luck would judge
MOST_HELD_OUT = 1000  # the newest thousand tell enough, and the cost stays bounded
FOLDS = 4
SAME_WATCH = timedelta(days=7)  # within it, words on the same title are of the same watch
FIRST_POINT = 5  # answers, of the learning curve; each further point has learnt twice as many


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The newest answers, and all that was known before."""

    ordered: Sequence[Example]
    """Everything, oldest first."""
    places: Sequence[int]
    """Where the answers stand that are to be predicted."""
    folds: int = FOLDS
    """In how many parts they are predicted, each by a model learnt anew."""

    @property
    def fold(self) -> Places:
        """The number of each answer's fold."""
        return np.concatenate(
            [np.zeros(0, dtype=np.intp)]
            + [np.full(len(part), n) for n, part in enumerate(self.parts())]
        )

    def parts(self) -> list[Sequence[int]]:
        """The places, fold by fold."""
        folds = min(self.folds, max(len(self.places), 1))
        cuts = np.linspace(0, len(self.places), folds + 1).round().astype(int).tolist()
        return [self.places[low:high] for low, high in pairwise(cuts)]

    @property
    def rows(self) -> list[Example]:
        return [self.ordered[place] for place in self.places]

    @property
    def candidates(self) -> list[Candidate]:
        return [row.candidate for row in self.rows]

    @property
    def label(self) -> Floats:
        return np.array([row.label for row in self.rows], dtype=float)

    @property
    def weight(self) -> Floats:
        return np.array([row.weight for row in self.rows], dtype=float)

    def measure(self, chances: Floats) -> Metrics:
        """Every metric of these probabilities of the held-out answers."""
        return measure(self.label, chances, self.weight, self.fold)


def newest(examples: Sequence[Example], share: float = NEWEST_SHARE) -> HeldOut:
    """Hold out the newest share of the answers that a model may be judged on, but not too few or too many."""
    ordered = sorted(examples, key=lambda example: example.at)
    places = judged(ordered)
    count = min(max(math.ceil(len(places) * share), LEAST_HELD_OUT), MOST_HELD_OUT)
    return HeldOut(ordered, places[-count:])


def said_after(examples: Sequence[Example], when: datetime) -> HeldOut:
    """Hold out what was said after this moment, in one part: to be beside a model that learnt none of it."""
    ordered = sorted(examples, key=lambda example: example.at)
    places = [place for place in judged(ordered) if ordered[place].at > when]
    return HeldOut(ordered, places[-MOST_HELD_OUT:], folds=1)


def judged(ordered: Sequence[Example]) -> list[int]:
    """Return the places of the answers that a model may be judged on: those given here, where they are enough.

    What Plex knew teaches, and is not what we are asked for; what was passed over or only watched is no answer.
    """
    said = [place for place, example in enumerate(ordered) if example.source in MEANT]
    here = [place for place in said if ordered[place].source == "feedback"]
    return here if len(here) >= LEAST_JUDGED else said


def predict(learn: Train, held: HeldOut, titles: Sequence[Title]) -> Floats:
    """The probability of each held-out answer by a model of older ones only, learnt anew for each fold."""
    parts = [HeldOut(held.ordered, part) for part in held.parts() if part]
    found = [learn(older(part), titles).predict(part.candidates) for part in parts]
    return np.concatenate([np.zeros(0), *found])


def older(held: HeldOut) -> list[Example]:
    """What was known before the held-out answers, but for words on the same watch.

    Two who watch together answer one after the other: the first one's answer would tell the second one's.
    """
    first = held.places[0]
    at, asked = held.ordered[first].at, {_named(row) for row in held.rows}
    return [
        row for row in held.ordered[:first] if at - row.at > SAME_WATCH or _named(row) not in asked
    ]


def _named(row: Example) -> tuple[str, int | None]:
    """What a title is called: its copy in another library has a number of its own."""
    title = row.candidate.title
    return title.title.casefold() or title.id, title.year


def report(held: HeldOut, chances: Floats, *, seed: int = 0) -> dict[str, Any]:
    """What the predictions of the held-out answers are worth, beside what needs no learning.

    `popularity` is the audience rating as Plex has it: a household is too few for a popularity of its own.
    `random` is luck: what any order would get on average. The gain is the model's metric minus the prior's.
    """
    label, weight = held.label, held.weight
    scores = {
        "model": chances,
        "prior": by_prior(held.candidates),
        "popularity": by_rating(held.candidates),
    }
    times = [row.at for row in held.rows]
    sure = bootstrap.intervals(
        scores, label, weight, bootstrap.evenings(times), held.fold, seed=seed
    )
    points = {name: held.measure(score) for name, score in scores.items()}
    points["random"] = held.measure(np.full(len(label), 0.5))
    for found in (points, sure):
        found["popularity"]["log_loss"] = None  # a rating is no probability
    return {
        "examples": float(len(held.ordered)),
        "held_out": float(len(held.places)),
        **points,
        "intervals": sure,
        "calibration": calibration(label, chances, weight),
    }


def curve(learn: Train, held: HeldOut, titles: Sequence[Title]) -> list[dict[str, Any]]:
    """How good models are that learnt only the first few of the older answers: all judged on the held-out ones."""
    if not held.places:
        return []
    candidates = held.candidates
    before = _brief(held.measure(by_prior(candidates)))
    points = [{"answers": 0, "model": before, "prior": before}]
    for answers, known in _first_of(older(held)):
        learnt = held.measure(learn(known, titles).predict(candidates))
        points.append({"answers": answers, "model": _brief(learnt), "prior": before})
    return points


def _first_of(known: Sequence[Example]) -> Iterator[tuple[int, Sequence[Example]]]:
    """The oldest 5, 10, 20, … answers and in the end all, each with what was seen up to then."""
    said = [place for place, row in enumerate(known) if row.source in MEANT]
    count = FIRST_POINT
    while count <= len(said) * 0.75:  # one hardly smaller than all tells nothing new
        yield count, known[: said[count - 1] + 1]
        count *= 2
    if said:
        yield len(said), known


def _brief(metrics: Metrics) -> Metrics:
    return {name: metrics[name] for name in ("auc", "log_loss")}


def by_prior(candidates: Sequence[Candidate]) -> Floats:
    """Return the prior's probability of each candidate."""
    arrays = prior.title_arrays([candidate.title for candidate in candidates])
    moments = prior.moment_arrays([candidate.moment for candidate in candidates])
    seen = [candidate.seen for candidate in candidates]
    return prior.chance(prior.logits(arrays, moments, np.array(seen, dtype=bool)))


def by_rating(candidates: Sequence[Candidate]) -> Floats:
    """Return the audience rating of each candidate, 0 to 10; the usual one where it is unknown."""
    ratings = [candidate.title.audience_rating for candidate in candidates]
    known = [prior.USUAL_RATING if rating is None else rating for rating in ratings]
    return np.array(known, dtype=float)


def evaluate(learn: Train, examples: Sequence[Example], titles: Sequence[Title]) -> dict[str, Any]:
    """Judge a way of training on the newest answers: the whole report with its learning curve."""
    held = newest(examples)
    return {
        **report(held, predict(learn, held, titles)),
        "curve": curve(learn, held, titles),
    }
