"""`manage.py backup`: copy the database now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moodrec.backup import BackupFailed, backup


class Command(BaseCommand):
    help = "Copy the database to the backups folder, checked; the newest seven are kept."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            copy = backup()
        except BackupFailed as error:
            raise CommandError(f"{error} Older backups are untouched.") from error
        if copy is None:
            raise CommandError("There is no SQLite database to copy; use pg_dump for PostgreSQL.")
        self.stdout.write(str(copy))
