"""What is known of the shelf for those present: what they have seen, and what may be shown to them."""

from collections.abc import Collection, Sequence

import numpy as np
from django.contrib.auth.models import User

from mlmodel.matrix import Catalogue
from plexsync import sight
from plexsync.content_ratings import suits
from plexsync.models import Viewer
from recommender import candidates
from recommender.candidates import Flags, Ints, Known
from recommender.moment import SITTINGS, Answers


def known(
    shelf: Catalogue,
    viewers: Sequence[Viewer],
    answers: Answers,
    *,
    user: User | None = None,
    hidden: Collection[int] = (),
) -> Known:
    """Return it for an ask; ``hidden``: which titles were shown for it already, put off or ruled out."""
    seen = candidates.seen_by(shelf, viewers)
    shared = visible(shelf, user, viewers)
    free = shared & ~candidates.among(shelf, hidden)
    return Known(seen, _ahead(shelf, viewers, answers), free, shared)


def _ahead(shelf: Catalogue, viewers: Sequence[Viewer], answers: Answers) -> Ints:
    """Return the episodes of each series that a sitting could be made of, where one is asked for."""
    if answers.session not in SITTINGS or answers.seen == "again":
        return shelf.episodes
    in_plex = not viewers or any(viewer.owns_plex_state for viewer in viewers)
    return candidates.ahead(shelf, shelf.episodes_left if in_plex else shelf.episodes, viewers)


def visible(shelf: Catalogue, user: User | None, present: Sequence[Viewer] = ()) -> Flags:
    """Return which titles neither Plex nor an age cap keeps from these: as `plexsync.sight` says of rows."""
    kept_back, cap = sight.limits_of(user, present)
    seen: Flags = ~np.isin(shelf.ids, list(kept_back))  # a copy of one may be seen
    return seen if cap is None else seen & suits(shelf.age, cap)
