"""Copy the database while it runs, check the copy, keep the newest few; and put one back."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from django.conf import settings
from django.db import connection
from django.utils import timezone

KEEP = 7
NAMES = "moodrec-*.sqlite3"


@dataclass(frozen=True, slots=True)
class Copy:
    """A backup that is kept."""

    path: Path
    made_at: datetime
    size: int
    """In bytes."""

    @property
    def name(self) -> str:
        return self.path.name


class BackupFailed(Exception):
    """No good copy could be made or put back; what was there is untouched."""


def backup() -> Path | None:
    """Write a checked copy of the SQLite database to the backups; None for other databases."""
    source = database_path()
    if source is None or not source.exists():
        return None
    folder = settings.DATA_DIR / "backups"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target: Path = folder / f"moodrec-{timezone.now():%Y%m%d-%H%M%S-%f}.sqlite3"
    draft = target.with_suffix(".part")
    try:
        _copy(source, draft)
        check(draft)
        draft.chmod(0o600)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    for old in sorted(folder.glob(NAMES))[:-KEEP]:
        old.unlink(missing_ok=True)  # another backup may be tidying up, too
    return target


def restore(copy: Path) -> None:
    """Put a copy in the database's place, keeping the present one as a backup.

    Raises BackupFailed where the copy is broken or not ours. Nothing else may run meanwhile.
    """
    target = database_path()
    if target is None:
        raise BackupFailed("Only SQLite is restored here; use pg_restore for PostgreSQL.")
    draft = target.with_suffix(".restoring")
    try:
        _draw(copy, draft)
        if target.exists():
            _set_aside(target)  # this may rotate out the very copy that was asked for
        connection.close()
        for leftover in (f"{target}-wal", f"{target}-shm"):
            Path(leftover).unlink(missing_ok=True)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def newest() -> Path | None:
    """Return the newest backup there is."""
    return max((settings.DATA_DIR / "backups").glob(NAMES), default=None)


def kept() -> list[Copy]:
    """Return the backups there are, the newest first."""
    files = sorted((settings.DATA_DIR / "backups").glob(NAMES), reverse=True)
    return [copy for file in files if (copy := _copy_of(file))]


def _copy_of(file: Path) -> Copy | None:
    """Return a backup with its facts; None where it was deleted in this very moment."""
    try:
        facts = file.stat()
    except FileNotFoundError:
        return None
    made_at = datetime.fromtimestamp(facts.st_mtime, tz=timezone.get_current_timezone())
    return Copy(file, made_at, facts.st_size)


def to_take_away(copy: Path) -> BinaryIO:
    """Open a copy without who is signed in: whoever finds the file could be them.

    Raises BackupFailed where there is no room for it.
    """
    try:
        with NamedTemporaryFile(dir=copy.parent, suffix=".part") as draft:
            shutil.copyfile(copy, draft.name)
            with closing(sqlite3.connect(draft.name)) as database, database:
                database.execute("PRAGMA secure_delete=ON")
                database.execute("DELETE FROM django_session")
            return Path(draft.name).open("rb")
    except (OSError, sqlite3.Error) as error:
        raise BackupFailed(f"{copy} can't be prepared ({error}).") from error


def check(copy: Path) -> None:
    """Raise BackupFailed where a file is not a whole database of ours."""
    try:
        with closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as database:
            verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
            database.execute("SELECT 1 FROM plexsync_mediaitem LIMIT 1")
    except sqlite3.Error as error:
        raise BackupFailed(f"{copy} is not a database of MoodRec ({error}).") from error
    if verdict != "ok":
        raise BackupFailed(f"{copy} is damaged: {verdict}.")


def database_path() -> Path | None:
    """Return where the SQLite file is; None for other databases."""
    database = settings.DATABASES["default"]
    return Path(database["NAME"]) if "sqlite" in database["ENGINE"] else None


def _draw(copy: Path, draft: Path) -> None:
    """Read the copy into a draft beside the database, and check both: a disk may fill on the way."""
    check(copy)
    try:
        shutil.copyfile(copy, draft)
    except OSError as error:
        raise BackupFailed(f"{copy} can't be copied to {draft} ({error.strerror}).") from error
    check(draft)


def _set_aside(database: Path) -> None:
    """Back up the present database; of a broken one, which can't be, keep the files as they are."""
    try:
        backup()
    except BackupFailed:
        name = f"broken-{timezone.now():%Y%m%d-%H%M%S}.sqlite3"
        for ending in ("", "-wal"):
            if Path(f"{database}{ending}").exists():
                kept = settings.DATA_DIR / "backups" / f"{name}{ending}"
                shutil.copyfile(f"{database}{ending}", kept)


def _copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    reading, writing = sqlite3.connect(source), sqlite3.connect(target)
    try:
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise BackupFailed(f"The copy failed: {error}.") from error
    finally:
        writing.close()
        reading.close()
