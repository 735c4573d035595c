"""Make an install ready to start: folders, one process at a time, a backup, the newest schema."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from moodrec.backup import backup

FOLDERS = ("run", "posters", "backups", "static")


class NotReady(Exception):
    """The install can't start; the message names the cause and the cure."""


def folders() -> None:
    """Create the data directory's folders. Raises NotReady where it can't be written."""
    try:
        for name in FOLDERS:
            (settings.DATA_DIR / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = settings.DATA_DIR / "run" / "probe"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        message = (
            f"{settings.DATA_DIR} can't be written ({error.strerror}). Set DATA_DIR or its owner."
        )
        raise NotReady(message) from error


def free_port() -> None:
    """Raise NotReady where another program listens on our port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.BIND, settings.PORT))
        except OSError as error:
            message = f"Port {settings.PORT} is taken. Is MoodRec running already? Else set PORT."
            raise NotReady(message) from error


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold this data directory's lock of that name; others wait for it."""
    path: Path = settings.DATA_DIR / "run" / f"{name}.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def migrate() -> None:
    """Bring the schema up to date, one process at a time, with a backup before it changes."""
    with locked("migrate"):
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return
        if executor.loader.applied_migrations:
            backup()
        call_command("migrate", verbosity=0, interactive=False)


def migrated() -> bool:
    """Tell whether the schema is up to date: workers of another container wait for it."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
