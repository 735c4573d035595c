"""What a wise stranger would pick before knowing this household: a hand-written logit with named terms.

Every number is a round logit set by hand (its direction checked on public ratings, not fitted to them):
+0.4 means odds half again as good, +0.7 twice as good.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mlmodel.moods import MOODS, genres_of, profiles
from mlmodel.records import Candidate, Moment, Title

Floats = npt.NDArray[np.float64]

BASE = 0.0  # of the films that people choose to watch they enjoy about half

# Quality. One point of rating about doubles the odds; critics count half as much, for fewer agree with them.
USUAL_RATING = 6.7
AUDIENCE_SLOPE = 0.85
CRITIC_SLOPE = 0.4
MOST_QUALITY = 2.2  # beyond this a rating is a handful of fans (or of foes)

# Age. What is still on the shelf after decades was kept because it is good; of the nineties everything is
# still around, good or not; the newest titles have mostly been rated by those who could not wait.
AGES: tuple[tuple[float, float], ...] = (
    (1930, 0.0),
    (1955, 0.25),
    (1980, 0.15),
    (1992, -0.1),
    (2006, 0.1),
    (2020, 0.0),
)

# Genre, beside what the rating says. Loud and frightening kinds, and those for children, are put on for company's
# sake and divide a sofa; what few people choose (a documentary) was chosen on purpose.
GENRES: dict[str, float] = {
    "horror": -0.3,
    "action": -0.15,
    "family": -0.1,
    "music": -0.1,
    "science fiction": -0.05,
    "documentary": 0.15,
    "war": 0.05,
}

# Mood: the share of the asked moods that the title has, around the share that any title has by chance.
MOOD_SLOPE = 2.6
MOOD_BY_CHANCE = 0.45

# Time: a little over the time there is, is forgiven; well over is not; a much shorter one leaves an evening half empty.
OVERTIME_FREE = 0.05
OVERTIME_SLOPE = 6.0  # logits for each doubling of the time
MOST_OVERTIME = 2.5
HALF_EMPTY = -0.25
HALF = 0.45

# Company: several people agree more easily on what is funny or lively than on what is bleak or slow.
GROUP: dict[str, float] = {
    "funny": 0.3,
    "action": 0.2,
    "uplifting": 0.15,
    "dark": -0.3,
    "thoughtful": -0.2,
    "scary": -0.2,
}

# Most people would rather see something new; a household that re-watches teaches otherwise.
SEEN = -0.35

# What is asked tonight, beside what a title is worth on any night: a household whose answers contradict the ratings
# may unlearn those, and still means the mood that it asks for.
FITS = ("mood", "time", "company")
PARTS = ("title", "fit")


@dataclass(frozen=True, slots=True)
class TitleArrays:
    """What the prior reads of many titles, one entry each; NaN where unknown."""

    quality: Floats
    age: Floats
    genre: Floats
    runtime: Floats
    moods: Floats
    group: Floats

    def __len__(self) -> int:
        return len(self.quality)

    def take(self, rows: npt.NDArray[np.intp]) -> "TitleArrays":
        """The same for chosen titles, in the order chosen."""
        return TitleArrays(**{name: getattr(self, name)[rows] for name in self.__slots__})


@dataclass(frozen=True, slots=True)
class MomentArrays:
    """What the prior reads of moments: one entry each, or a single one that holds for all titles."""

    shares: Floats
    """(n, moods): intensities that sum to 1, or all 0 where no mood was asked."""
    strength: Floats
    """The strongest intensity asked."""
    minutes: Floats
    group: Floats


def title_arrays(titles: Sequence[Title], moods: Floats | None = None) -> TitleArrays:
    """Columns of many titles; hand in their mood profiles if they are known already."""
    shares = profiles(titles) if moods is None else moods
    runtime = _column([title.runtime_minutes for title in titles])
    year = _column([title.year for title in titles])
    weights = np.array([GROUP.get(mood, 0.0) for mood in MOODS])
    return TitleArrays(
        quality=_quality(titles),
        age=_known(np.interp(year, [at for at, _ in AGES], [term for _, term in AGES])),
        genre=np.array(
            [sum(GENRES.get(g, 0.0) for g in genres_of(t.genres)) for t in titles], dtype=float
        ),
        runtime=runtime,
        moods=shares,
        group=shares @ weights,
    )


def moment_arrays(moments: Sequence[Moment]) -> MomentArrays:
    """Columns of moments."""
    asked = np.array(
        [[dict(m.moods).get(mood, 0.0) for mood in MOODS] for m in moments], dtype=float
    )
    asked = asked.reshape(len(moments), len(MOODS))
    total = asked.sum(axis=1, keepdims=True)
    return MomentArrays(
        shares=np.divide(asked, total, out=np.zeros_like(asked), where=total > 0),
        strength=asked.max(axis=1, initial=0.0),
        minutes=_column([moment.minutes for moment in moments]),
        group=np.array([float(moment.company == "group") for moment in moments]),
    )


def columns(
    titles: TitleArrays, moments: MomentArrays, seen: npt.ArrayLike = 0
) -> dict[str, Floats]:
    """The named terms of many titles; moments match titles one to one, or a single moment holds for all."""
    size = len(titles)
    return {
        "base": np.full(size, BASE),
        "quality": titles.quality,
        "age": titles.age,
        "genre": titles.genre,
        "mood": _mood(titles.moods, moments),
        "time": _time(titles.runtime, moments.minutes),
        "company": titles.group * moments.group,
        "seen": np.broadcast_to(np.where(seen, SEEN, 0.0), (size,)),
    }


def parts(titles: TitleArrays, moments: MomentArrays, seen: npt.ArrayLike = 0) -> Floats:
    """The prior's logit of many titles in its two PARTS, one column each, that can be unlearnt apart."""
    found = columns(titles, moments, seen)
    of_title = np.sum([found[name] for name in found if name not in FITS], axis=0)
    return np.column_stack([of_title, np.sum([found[name] for name in FITS], axis=0)])


def logits(titles: TitleArrays, moments: MomentArrays, seen: npt.ArrayLike = 0) -> Floats:
    """The prior's logit of many titles: the sum of `columns`."""
    total: Floats = np.sum(list(columns(titles, moments, seen).values()), axis=0)
    return total


def moment_logits(titles: TitleArrays, moment: Moment, seen: npt.ArrayLike = 0) -> Floats:
    """The prior's logit of many titles in one moment."""
    return logits(titles, moment_arrays([moment]), seen)


def terms(candidate: Candidate) -> Mapping[str, float]:
    """The named logit contributions of one candidate; they sum to `logit`."""
    found = columns(
        title_arrays([candidate.title]), moment_arrays([candidate.moment]), candidate.seen
    )
    return {name: float(column[0]) for name, column in found.items()}


def logit(candidate: Candidate) -> float:
    """The prior's log-odds that the candidate is enjoyed."""
    return sum(terms(candidate).values())


def probability(candidate: Candidate) -> float:
    """The prior's probability that the candidate is enjoyed."""
    return float(chance(np.array(logit(candidate))))


def chance(log_odds: Floats) -> Floats:
    """Probabilities of log-odds."""
    shares: Floats = 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))
    return shares


def _column(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def _known(values: Floats) -> Floats:
    """Unknown is neutral."""
    return np.nan_to_num(values, nan=0.0)


def _quality(titles: Sequence[Title]) -> Floats:
    """Audience and critic rating around the usual one, kept within bounds; unknown is neutral."""
    audience = _column([title.audience_rating for title in titles]) - USUAL_RATING
    critic = _column([title.critic_rating for title in titles]) - USUAL_RATING
    both = AUDIENCE_SLOPE * _known(audience) + CRITIC_SLOPE * _known(critic)
    return np.clip(both, -MOST_QUALITY, MOST_QUALITY)


def _mood(moods: Floats, moments: MomentArrays) -> Floats:
    """How well the title has what was asked; nothing asked, nothing said."""
    one = len(moments.shares) == 1  # a plain product is several times quicker
    share = moods @ moments.shares[0] if one else np.einsum("ij,ij->i", moods, moments.shares)
    match: Floats = MOOD_SLOPE * (share - MOOD_BY_CHANCE) * moments.strength
    return match


def _time(runtime: Floats, minutes: Floats) -> Floats:
    """Nothing where it fits, a growing penalty where it is too long, a slight one where the evening stays empty."""
    if np.isnan(minutes).all():
        return np.zeros(len(runtime))
    ratio = runtime / minutes
    over = np.clip((ratio - 1 - OVERTIME_FREE) * OVERTIME_SLOPE, 0.0, MOST_OVERTIME)
    found: Floats = np.where(ratio < HALF, HALF_EMPTY, -over)
    return _known(found)
