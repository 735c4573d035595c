"""Make an install ready to start: folders, one process at a time, a backup, the newest schema."""

import fcntl
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import redis
from django.conf import settings
from django.core.management import call_command, execute_from_command_line
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from moodrec.backup import BackupFailed, backup, database_path, newest

FOLDERS = ("run", "posters", "backups", "static")


class NotReady(Exception):
    """The install can't start; the message names the cause and the cure."""


class Damaged(NotReady):
    """The database can't be read, and no waiting will change that."""


def folders() -> None:
    """Create the data directory's folders. Raises NotReady where it can't be written."""
    os.umask(0o077)  # nobody else on this machine reads what a household watches
    try:
        for name in FOLDERS:
            (settings.DATA_DIR / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        tempfile.TemporaryFile(dir=settings.DATA_DIR / "run").close()  # can it be written?
    except OSError as error:
        message = (
            f"{settings.DATA_DIR} can't be written ({error.strerror}). Set DATA_DIR or its owner."
        )
        raise NotReady(message) from error


def alone() -> int:
    """Take this data directory for as long as the process lives; return the lock's descriptor.

    Raises NotReady where another `up` has it: two brokers must not write the same files. A broker
    that outlived its `up` is told to stop.
    """
    descriptor = os.open(settings.DATA_DIR / "run" / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        message = f"MoodRec runs already on {settings.DATA_DIR}. Stop it first, or set DATA_DIR."
        raise NotReady(message) from error
    with suppress(redis.RedisError):
        redis.Redis(unix_socket_path=str(settings.BROKER_SOCKET), socket_timeout=5).shutdown()
    return descriptor


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


def database() -> None:
    """Connect. Raises NotReady where the database does not answer (yet), Damaged where it can't."""
    try:
        MigrationRecorder(connection).applied_migrations()
    except OperationalError as error:
        raise NotReady(f"The database does not answer: {error}") from error
    except DatabaseError as error:
        raise Damaged(
            f"{database_path() or 'The database'} is damaged: {error}. {_cure()}"
        ) from error


def _cure() -> str:
    if database_path() is None:
        return "Restore it from a dump of your own."
    copy = newest()
    if copy is None:
        return "There is no backup of it. To start afresh, move the file away."
    return f"Put the newest backup in its place: `manage.py restore {copy}`."


def migrate() -> None:
    """Bring the schema up to date, one process at a time, with a backup before it changes."""
    with locked("migrate"):
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return
        if executor.loader.applied_migrations:
            _backed_up()
        call_command("migrate", verbosity=0, interactive=False)


def _backed_up() -> None:
    try:
        backup()
    except BackupFailed as error:
        raise NotReady(f"{error} Without a copy the schema is not changed. {_cure()}") from error


def migrated() -> bool:
    """Tell whether the schema is up to date."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def schema() -> None:
    """Raise NotReady until the web service, of another container, has migrated the database."""
    if not migrated():
        raise NotReady("The database is not migrated yet: is the web service running?")


def command_line(arguments: list[str]) -> None:
    """Run a command; one that lacks its database or tables ends with the cause, no traceback."""
    try:
        execute_from_command_line(arguments)
    except DatabaseError as error:
        if not _answers():
            sys.exit(f"The database does not answer: {error}")
        if _has_schema():
            raise
        cure = "run `manage.py up` or `manage.py migrate`."
        sys.exit(f"The install in {settings.DATA_DIR} is not set up yet: {cure}")


def _answers() -> bool:
    """Tell whether the database can be reached and read at all."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _has_schema() -> bool:
    """Tell whether missing tables are not the trouble."""
    try:
        return migrated()
    except DatabaseError:
        return True
