"""`manage.py doctor`: check that the parts work together."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mlmodel import registry
from moodrec.checks import checks


class Command(BaseCommand):
    help = "Check database, worker, Plex, model and disk; name what is wrong and its cure."

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = checks()
        for check in found:
            self.stdout.write(f"{'ok  ' if check.ok else 'BAD '} {check.name}: {check.detail}")
        if all(check.ok for check in found if check.vital):
            self._mend_model_file()
        bad = [check.name for check in found if not check.ok]
        if bad:
            raise CommandError(f"Not well: {', '.join(bad)}.")

    def _mend_model_file(self) -> None:
        try:
            fault = registry.mend_file()
        except OSError as error:
            self.stdout.write(f"note model.pkl: It can't be written ({error}); no pick needs it.")
            return
        if fault:
            told = f"It {fault}; it was written anew from the database."
            self.stdout.write(f"note model.pkl: {told}")
