"""What was said of a title, as a probability of having enjoyed it."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LabelWeights:
    """What each kind of answer says of enjoyment (label, 0..1) and how much it counts (weight)."""

    stars: tuple[float, ...] = (0.02, 0.02, 0.03, 0.05, 0.08, 0.2, 0.9, 0.96, 0.98)
    """Label of 1, 1.5, ... 5 stars: four or more is enjoyed, three is "all right", and people mean it."""
    stars_weights: tuple[float, ...] = (1.3, 1.2, 1.2, 1.1, 1.0, 0.8, 0.8, 1.0, 1.3)
    """Weight of the same: the plainest answer there is, and plainest at both ends."""
    again: float = 0.92
    """Label of "I would watch it again"."""
    not_again: float = 0.25
    """Label of "not again": good films are often seen just once, so a mild no."""
    again_weight: float = 0.7
    """Weight of would-watch-again, either way."""
    finished: float = 0.62
    """Label of a film finished and nothing said: people finish what they do not love."""
    finished_weight: float = 0.3
    """Weight of having finished."""
    abandoned: float = 0.18
    """Label of a film given up: perhaps the film, perhaps the telephone."""
    abandoned_weight: float = 0.5
    """Weight of having given up."""
    watched: float = 0.58
    """Label of a play that Plex reports and nobody spoke of: watched is not liked. See `beyond`."""
    watched_weight: float = 0.2
    """Weight of such a play."""
    rewatched: float = 0.8
    """Label of a film that Plex saw twice: few watch again what they did not enjoy."""
    rewatched_weight: float = 0.4
    """Weight of that."""
    left: float = 0.3
    """Label of a film that Plex saw begun and left: perhaps it was only late."""
    left_weight: float = 0.2
    """Weight of that."""
    plex_stars_share: float = 0.8
    """How much stars given in Plex weigh beside those given here: meant as seriously, but in no mood that we know."""
    passed: float = 0.35
    """Label of a title shown and passed over: not tonight, which is hardly "never"."""
    passed_weight: float = 0.1
    """Weight of passing over."""


LABEL_WEIGHTS = LabelWeights()
MOST_WEIGHT = 1.3  # of all that was said of one title together


def label_of(
    rating: float | None,
    completed: bool | None,  # noqa: FBT001 - an answer, not a switch
    would_watch_again: bool | None,  # noqa: FBT001
    weights: LabelWeights = LABEL_WEIGHTS,
) -> tuple[float, float] | None:
    """Label and weight of what was said, or None if nothing was; answers add up as evidence (in logits)."""
    said: list[tuple[float, float]] = []
    if rating is not None and math.isfinite(rating):
        said.append((_by_stars(rating, weights.stars), _by_stars(rating, weights.stars_weights)))
    if would_watch_again is not None:
        label = weights.again if would_watch_again else weights.not_again
        said.append((label, weights.again_weight))
    if completed is not None:
        known = (weights.finished, weights.finished_weight)
        said.append(known if completed else (weights.abandoned, weights.abandoned_weight))
    if not said:
        return None
    total = min(MOST_WEIGHT, sum(weight for _, weight in said))
    return _chance(sum(weight * _logit(label) for label, weight in said) / total), total


def label_of_watching(
    *, completed: bool | None, again: bool | None = None, weights: LabelWeights = LABEL_WEIGHTS
) -> tuple[float, float] | None:
    """Label and weight of what Plex saw and nobody spoke of, or None if that is nothing."""
    if again:
        return weights.rewatched, weights.rewatched_weight
    if completed is None:
        return None
    if completed:
        return weights.watched, weights.watched_weight
    return weights.left, weights.left_weight


def beyond(label: float, expected: float) -> float:
    """Having watched, beside what was expected of the title: never held against it, nor leaving for it.

    Households own what is good: of most of their titles more is expected than "watched" says.
    """
    both = _chance(_logit(label) + _logit(expected))
    return max(label, both) if label > 0.5 else min(label, both)


def label_of_plex_stars(
    rating: float, weights: LabelWeights = LABEL_WEIGHTS
) -> tuple[float, float]:
    """Label and weight of a rating of 0 to 10 given in Plex, which is half a star a point."""
    stars = rating / 2
    weight = weights.plex_stars_share * _by_stars(stars, weights.stars_weights)
    return _by_stars(stars, weights.stars), weight


def _by_stars(rating: float, values: tuple[float, ...]) -> float:
    """What a table says of a star rating: straight lines between half stars, held at 1 and at 5."""
    place = (min(max(rating, 1.0), 5.0) - 1) * 2
    low = min(int(place), len(values) - 2)
    return values[low] + (place - low) * (values[low + 1] - values[low])


def _logit(chance: float) -> float:
    return math.log(chance / (1 - chance))


def _chance(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))
