"""What is known of the shelf for those present: what they have seen, and what may be shown to them."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np
from django.contrib.auth.models import User
from django.utils import timezone

from feedback import log
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
    root: UUID | None = None,
) -> Known:
    """Return it for an ask; ``root`` is the ask that was spun."""
    seen = candidates.seen_by(shelf, viewers)
    return Known(seen, _ahead(shelf, viewers, answers), _free(shelf, viewers, user, root))


def _ahead(shelf: Catalogue, viewers: Sequence[Viewer], answers: Answers) -> Ints:
    """Return the episodes of each series that a sitting could be made of, where one is asked for."""
    if answers.session not in SITTINGS or answers.seen == "again":
        return shelf.episodes
    others = [viewer for viewer in viewers if not viewer.owns_plex_state]
    in_plex = len(others) < len(viewers) or not viewers
    return candidates.ahead(shelf, shelf.episodes_left if in_plex else shelf.episodes, others)


def _free(
    shelf: Catalogue, viewers: Sequence[Viewer], user: User | None, root: UUID | None
) -> Flags:
    """Return what was not shown for this ask already, nor put off or kept from anybody present."""
    hidden = log.unwanted(viewers, timezone.now())
    if root is not None:
        hidden |= log.shown_for(root)
    return visible(shelf, user, viewers) & ~candidates.among(shelf, hidden)


def visible(shelf: Catalogue, user: User | None, present: Sequence[Viewer] = ()) -> Flags:
    """Return which titles neither Plex nor an age cap keeps from these: as `plexsync.sight` says of rows."""
    kept_back, cap = sight.limits_of(user, present)
    seen: Flags = ~np.isin(shelf.ids, list(kept_back))  # a copy of one may be seen
    return seen if cap is None else seen & suits(shelf.age, cap)
