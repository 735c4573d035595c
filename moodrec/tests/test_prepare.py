"""Making an install ready: folders, the port, one migration at a time with a backup before it."""

import socket
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from pytest_django import Settings

from moodrec import prepare
from moodrec.prepare import NotReady
from moodrec.tests.installs import Install, free_port


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "new" / "data"


def test_the_folders_are_private(settings: Settings) -> None:
    prepare.folders()
    for name in prepare.FOLDERS:
        assert (settings.DATA_DIR / name).stat().st_mode & 0o777 == 0o700


def test_a_place_that_cannot_be_written_is_named(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.DATA_DIR = tmp_path / "file"
    with pytest.raises(NotReady, match=r"can't be written .* Set DATA_DIR or its owner"):
        prepare.folders()


def test_a_taken_port_is_named(settings: Settings) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", free_port()))
        listening.listen()
        settings.BIND, settings.PORT = listening.getsockname()
        with pytest.raises(NotReady, match=f"Port {settings.PORT} is taken"):
            prepare.free_port()
    prepare.free_port()


def test_a_lock_is_held_by_one_at_a_time() -> None:
    prepare.folders()
    order: list[str] = []

    def wait() -> None:
        with prepare.locked("migrate"):
            order.append("second")

    thread = threading.Thread(target=wait)
    with prepare.locked("migrate"):
        thread.start()
        thread.join(0.1)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


@pytest.mark.django_db
def test_an_up_to_date_schema_is_left_alone(settings: Settings) -> None:
    prepare.folders()
    assert prepare.migrated()
    prepare.migrate()
    assert list((settings.DATA_DIR / "backups").iterdir()) == []


def test_an_older_schema_is_backed_up_before_it_changes(install: Install) -> None:
    assert install.manage("migrate", "axes", "0001", "-v0").returncode == 0
    code = "from moodrec import prepare; prepare.folders(); prepare.migrate(); print(prepare.migrated())"
    done = install.manage("shell", "-v0", "-c", code)
    assert done.stdout == "True\n"
    [copy] = (install.folder / "backups").iterdir()
    with closing(sqlite3.connect(copy)) as database:
        count = "SELECT COUNT(*) FROM django_migrations WHERE app = 'axes'"
        assert database.execute(count).fetchone() == (1,)
