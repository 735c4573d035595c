"""Which titles of the shelf somebody may see: as `plexsync.sight` says of rows."""

import numpy as np
import numpy.typing as npt
from django.contrib.auth.models import User

from mlmodel.matrix import Catalogue
from plexsync import sight
from plexsync.content_ratings import suits


def visible(shelf: Catalogue, user: User | None) -> npt.NDArray[np.bool_]:
    """Return which titles neither Plex nor an age cap keeps from this user."""
    kept_back, cap = sight.limits_of(user, ())
    seen: npt.NDArray[np.bool_] = ~np.isin(shelf.ids, list(kept_back))
    return seen if cap is None else seen & suits(shelf.age, cap)
