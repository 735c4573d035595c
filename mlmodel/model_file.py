"""`model.pkl`: the owner's copy of the model in use. MoodRec writes it and never reads a score from it.

The database row is the truth; many workers on many hosts share it. So whatever becomes of the file
(gone, cut, swapped, a link to elsewhere, writable by all) changes no pick: `doctor` tells of it and
writes it anew.
"""

import logging
import os
import stat
import tempfile
import time
from pathlib import Path

from django.conf import settings

from mlmodel.artifact import MOST_BYTES

logger = logging.getLogger(__name__)

PRIVATE = 0o600
DRAFT = "model.pkl.draft-"
LEFT_BEHIND_SECONDS = 3600  # a draft this old lost its writer


def path() -> Path:
    """Where the file is."""
    return Path(settings.DATA_DIR) / "model.pkl"


def write(artifact: bytes) -> None:
    """Write the file in one step. A full disk only warns: no score depends on it."""
    try:
        replace(artifact)
    except OSError as problem:
        logger.warning("%s is not written, which changes no score: %s", path(), problem)


def replace(artifact: bytes) -> None:
    """Put the artifact in the file's place, whatever is there; a link is replaced, not followed.

    Raises OSError. After a power cut there is the old file or the new one, whole: see
    https://lwn.net/Articles/457667/ for why the folder is synced as well.
    """
    folder = path().parent
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    descriptor, draft = tempfile.mkstemp(dir=folder, prefix=DRAFT)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(artifact)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path())
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise
    _sync(folder)


def remove() -> None:
    """Remove the file: no model is in use."""
    try:
        path().unlink(missing_ok=True)
    except OSError as problem:
        logger.warning("%s is not removed, which changes no score: %s", path(), problem)


def fault(artifact: bytes) -> str:
    """Tell what is wrong with the file beside the artifact in use; nothing is followed or loaded."""
    try:
        found = path().lstat()
    except FileNotFoundError:
        return "is missing"
    if stat.S_ISLNK(found.st_mode):
        return "is a link to elsewhere"
    if not stat.S_ISREG(found.st_mode):
        return "is no file"
    if stat.S_IMODE(found.st_mode) != PRIVATE:
        return f"has the mode {stat.S_IMODE(found.st_mode):04o} instead of {PRIVATE:04o}"
    return "" if _content(found.st_size) == artifact else "is not the model in use"


def _content(size: int) -> bytes:
    """Return the file's bytes, or none where there are more than any model has."""
    if size > MOST_BYTES:
        return b""
    descriptor = os.open(path(), os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(MOST_BYTES + 1)


def sweep(folder: Path) -> None:
    """Remove the drafts of writers that were killed."""
    for draft in folder.glob(f"{DRAFT}*"):
        try:
            if time.time() - draft.lstat().st_mtime > LEFT_BEHIND_SECONDS:
                draft.unlink()
        except FileNotFoundError:
            continue  # its writer was quicker


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
