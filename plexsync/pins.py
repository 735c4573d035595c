"""A viewer's PIN: who doesn't know it can't say that they are this viewer on a shared device.

Kept as a hash, as passwords are. Tries are few, so four digits are enough at home.
"""

import re

from django.contrib.auth.hashers import check_password, make_password

from moodrec.security.knocks import Knocks
from plexsync.models import Viewer

TRIES = Knocks("pin", each=6, everybody=60, seconds=900)  # of one viewer's PIN, whoever types it
_FORM = re.compile(r"[0-9]{4,8}")


class TooManyTries(Exception):
    """This viewer's PIN was tried too often: even the right one isn't looked at for a while."""


def is_well_formed(pin: str) -> bool:
    """Tell whether this is four to eight digits."""
    return _FORM.fullmatch(pin) is not None


def set_pin(viewer: Viewer, pin: str) -> None:
    """Ask for this PIN from now on; "" for none. Raises ValueError where it is no PIN."""
    if pin and not is_well_formed(pin):
        raise ValueError("A PIN has four to eight digits.")
    viewer.pin = make_password(pin) if pin else ""
    viewer.save(update_fields=["pin"])


def fits(viewer: Viewer, pin: str) -> bool:
    """Tell whether this is the viewer's PIN; so it is where they have none. Raises TooManyTries."""
    if not viewer.pin:
        return True
    if not TRIES.allows(str(viewer.pk)):
        raise TooManyTries
    right = is_well_formed(pin) and check_password(pin, viewer.pin)
    if right:
        TRIES.forgive(str(viewer.pk))
    return right
