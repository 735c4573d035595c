"""How far each kind of evidence may move the score, and how training goes about it: all that can be tuned."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["logistic", "tree"]
KINDS: tuple[Kind, ...] = ("logistic", "tree")


@dataclass(frozen=True, slots=True)
class FeatureConfig:
    """How far each kind of evidence may move the score: the spread of its weights before any answer, in logits."""

    prior: float = 10.0
    """Scale of the prior's logit; large, so that its weight is hardly drawn to 0."""
    fit_weight: float = 10.0
    """How many answers it takes to doubt that a title should fit what is asked (mood, time, company)."""
    base: float = 1.2
    """How generous a household or viewer is in general: some enjoy a third of what they watch, some four fifths."""
    rating: float = 0.35
    """How much more or less than usual a point of audience or critic rating matters."""
    moods: float = 0.5
    """Taste for each mood of a title."""
    length: float = 0.2
    """Taste for short or long."""
    decades: float = 0.7
    """Taste for each decade; wide, for households differ in nothing more than in old and new."""
    familiar: float = 0.3
    """Taste for the much-filmed against the little-known, by how often their people are on the shelf."""
    genres: float = 0.3
    """Taste for each genre, beside the moods it brings."""
    directors: float = 0.7
    """Each director met in the log."""
    actors: float = 0.5
    """Each actor met in the log."""
    collections: float = 0.6
    """Each collection or franchise met in the log; a title alone in its franchise is remembered by this."""
    kinds: float = 0.25
    """Shows, content ratings, countries, studios."""
    household: float = 0.6
    """Share of taste that the whole household has in common."""
    viewer: float = 1.0
    """Share that is a viewer's own."""
    moment: float = 0.7
    """How much the asked mood, company and time together bend taste."""
    clock: float = 0.3
    """How much daypart and weekend bend it, before the cap."""

    def of(self, trait: str) -> float:
        """How far a named trait may move the score."""
        return {
            "genre": self.genres,
            "director": self.directors,
            "actor": self.actors,
            "collection": self.collections,
            "franchise": self.collections,
        }.get(trait.partition(" ")[0], self.kinds)

    def unnamed_variance(self, *, known: bool) -> float:
        """Doubt, in squared logits, about the usual title's people of whom nothing is known.

        One director, three leading actors, and four kinds, as the household and a viewer who is known may like them.
        """
        names = self.directors**2 + 3 * self.actors**2 + 4 * self.kinds**2
        return names * (self.household**2 + (self.viewer**2 if known else 0.0))


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """What training may be told; kept as JSON beside the model."""

    features: FeatureConfig = field(default_factory=FeatureConfig)
    """The spread of each kind of evidence."""
    pseudo_examples: int = 200
    """How many titles of the catalogue the prior speaks for."""
    pseudo_weight: float = 15.0
    """What they weigh together, in answers."""
    half_life_days: float = 3000.0
    """After so long an answer counts half: tastes change slowly."""
    tree_depth: int = 3
    """Questions a tree may ask in a row."""
    tree_spread: float = 0.5
    """How far a leaf may move the prior before any answer is in it, in logits."""
