"""How likely each viewer is to enjoy a title tonight, and why: by the very terms that would pick it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from mlmodel import prior, scoring
from mlmodel.matrix import Catalogue
from mlmodel.met import NOTHING, Met
from mlmodel.records import Candidate, Moment, Title
from plexsync.models import Viewer
from recommender import reasons
from recommender.candidates import Flags


@dataclass(frozen=True, slots=True)
class Liking:
    """What one viewer may expect of a title."""

    viewer: Viewer
    percent: int
    why: reasons.Explained
    seen: bool


def liking(
    shelf: Catalogue,
    title: Title,
    viewers: Sequence[Viewer],
    seen: Flags,
    moment: Moment,
    *,
    named: bool,
) -> list[Liking]:
    """Return it for each viewer; ``seen``: whether each has; ``named``: whether reasons may name titles."""
    found = []
    for viewer, has_seen in zip(viewers, seen.tolist(), strict=False):
        candidate = Candidate(title, moment, viewer.slug, bool(has_seen))
        terms = scoring.terms(shelf, candidate)
        chance = prior.chance(np.array(sum(value for _name, value in terms)))
        met = partial(scoring.met, shelf, viewer.slug) if named else _nothing
        person = reasons.Person(viewer.name, terms, met)
        why = reasons.explain(candidate, [person])
        found.append(Liking(viewer, round(100 * float(chance)), why, bool(has_seen)))
    return found


def _nothing(_trait: str) -> Met:
    return NOTHING
