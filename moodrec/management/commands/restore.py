"""`manage.py restore FILE`: put a backup in the database's place."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mlmodel import registry
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
        if registry.keep_ours():
            self.stdout.write("Models that this install did not make are left out; it will train.")
        with suppress(OSError):  # `doctor` tells of it; no pick needs the file
            registry.mend_file()
        self.stdout.write("Restored. Start MoodRec again.")
