"""Backups: whole, private, the newest seven; and back again, whatever state the present one is in."""

import os
import resource
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import connection

from moodrec.backup import KEEP, BackupFailed, backup, check, database_path, restore
from moodrec.tests import builders
from moodrec.tests.installs import Install
from plexsync.models import MediaItem

pytestmark = pytest.mark.django_db(transaction=True)


def copies() -> list[Path]:
    return sorted((configured.DATA_DIR / "backups").iterdir())


def made() -> Path:
    copy = backup()
    assert copy is not None
    return copy


def spoil(path: Path) -> None:
    """Overwrite the end of a file, as a dying disk does: it can still be opened and copied."""
    with path.open("r+b") as file:
        file.seek(-20_000, os.SEEK_END)
        file.write(b"\xde\xad" * 10_000)


def titles(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [row[0] for row in database.execute("SELECT title FROM plexsync_mediaitem")]


def test_a_backup_holds_what_was_committed_and_is_private() -> None:
    builders.title("Alien")
    copy = made()
    assert titles(copy) == ["Alien"]
    assert copy.stat().st_mode & 0o777 == 0o600
    assert copies() == [copy]


def test_a_restored_backup_brings_everything_back() -> None:
    builders.title("Alien")
    copy = made()
    MediaItem.objects.all().delete()
    builders.title("Notes")
    restore(copy)
    assert [item.title for item in MediaItem.objects.all()] == ["Alien"]
    # what was there is kept, in case it was the better one
    assert titles(copies()[-1]) == ["Notes"]


def test_the_newest_seven_are_kept() -> None:
    made_ones = [made() for _ in range(KEEP + 2)]
    assert copies() == made_ones[2:]


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00" + bytes(5000)])
def test_what_is_no_database_of_ours_is_not_restored(tmp_path: Path, content: bytes) -> None:
    builders.title("Alien")
    (tmp_path / "copy").write_bytes(content)
    with pytest.raises(BackupFailed, match="not a database of MoodRec"):
        restore(tmp_path / "copy")
    assert MediaItem.objects.get().title == "Alien"


def test_a_file_that_does_not_exist_is_not_restored(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed):
        restore(tmp_path / "missing")
    assert not (tmp_path / "missing").exists()


def test_a_damaged_copy_is_refused() -> None:
    for number in range(300):
        builders.title(f"Title {number}", summary="x" * 500)
    copy = made()
    spoil(copy)
    with pytest.raises(BackupFailed):
        check(copy)
    with pytest.raises(BackupFailed):
        restore(copy)
    assert MediaItem.objects.count() == 300


def test_a_copy_may_have_any_name(tmp_path: Path) -> None:
    copy = made().rename(tmp_path / "my backup #1?100%.sqlite3")
    check(copy)  # raises where it is no database of ours
    assert copy.exists()


def test_other_databases_are_left_to_their_own_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(configured.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    assert database_path() is None
    assert backup() is None
    with pytest.raises(BackupFailed, match="pg_restore"):
        restore(Path("copy"))


def test_a_broken_database_is_not_backed_up_and_the_last_good_copy_stays(
    install: Install,
) -> None:
    good = Path(install.manage("backup").stdout.strip())
    spoil(install.database)
    done = install.manage("backup")
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: ")
    assert list((install.folder / "backups").iterdir()) == [good]


def test_a_broken_database_can_be_replaced_by_a_good_copy(install: Install) -> None:
    key = install.manage("apikey", "ada").stdout
    assert key
    good = install.manage("backup").stdout.strip()
    spoil(install.database)
    done = install.manage("restore", good)
    assert (done.returncode, done.stdout) == (0, "Restored. Start MoodRec again.\n")
    count = "from django.contrib.auth.models import User; print(User.objects.get().username)"
    assert install.manage("shell", "-v0", "-c", count).stdout == "ada\n"


def test_nothing_is_restored_while_moodrec_runs(install: Install) -> None:
    import socket  # noqa: PLC0415

    copy = install.manage("backup").stdout.strip()
    with socket.socket() as listening:
        listening.bind(("0.0.0.0", 0))  # noqa: S104
        listening.listen()
        port = str(listening.getsockname()[1])
        done = install.manage("restore", copy, PORT=port)
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr


def test_the_database_in_use_is_the_one_that_is_copied() -> None:
    assert str(database_path()) == connection.settings_dict["NAME"]


def test_the_oldest_of_seven_can_be_restored() -> None:
    builders.title("Alien")
    oldest = made()
    MediaItem.objects.all().delete()
    for _ in range(KEEP - 1):
        made()
    restore(oldest)
    assert MediaItem.objects.get().title == "Alien"
    assert len(copies()) == KEEP


def test_a_disk_that_fills_while_restoring_changes_nothing(tmp_path: Path) -> None:
    builders.title("Alien")
    copy = made()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(BackupFailed, match="can't be copied"):
            restore(copy)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert copies() == [copy]
    assert MediaItem.objects.get().title == "Alien"
    database = database_path()
    assert database is not None
    assert not database.with_suffix(".restoring").exists()
