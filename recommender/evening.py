"""Everything that a choice is made from, as it stands once the candidates are scored."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User

from feedback.memory import Happened
from mlmodel.matrix import Catalogue
from mlmodel.records import Moment
from mlmodel.scoring import Scores
from plexsync.models import Viewer
from recommender.candidates import Flags
from recommender.moment import Answers
from recommender.ranking import Choice

Chosen = tuple[Choice, int]
"""How a title was chosen, and its place on the shelf."""


@dataclass(frozen=True, slots=True)
class Evening:
    """Who asks what of which shelf, and how its titles score."""

    shelf: Catalogue
    answers: Answers
    viewers: Sequence[Viewer]
    moment: Moment
    fit: Flags
    """Which titles pass everything asked."""
    seen: Flags
    """One row for each of those present; a single one where nobody in particular asks."""
    found: Scores
    happened: Sequence[Happened] = ()
    """What those present saw lately, passed over, or want no more."""
    user: User | None = None
    """Who asks, if they signed in."""
    limited: bool = False
    """Whether Plex keeps titles from somebody who hears the answer: no reason may name such a title."""

    @property
    def slugs(self) -> list[str]:
        return [viewer.slug for viewer in self.viewers]
