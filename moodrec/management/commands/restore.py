"""`manage.py restore FILE`: put a backup in the database's place."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from moodrec import prepare
from moodrec.backup import BackupFailed, restore


class Command(BaseCommand):
    help = "Put a backup in the database's place. Stop MoodRec first; the present one is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            prepare.folders()
            prepare.free_port()
            restore(options["file"])
        except (BackupFailed, prepare.NotReady) as error:
            raise CommandError(str(error)) from error
        prepare.migrate()
        self.stdout.write("Restored. Start MoodRec again.")
