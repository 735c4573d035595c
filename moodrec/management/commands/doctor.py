"""`manage.py doctor`: check that the parts work together."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moodrec.checks import checks


class Command(BaseCommand):
    help = "Check database, worker, Plex, model and disk; name what is wrong and its cure."

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = checks()
        for check in found:
            self.stdout.write(f"{'ok  ' if check.ok else 'BAD '} {check.name}: {check.detail}")
        bad = [check.name for check in found if not check.ok]
        if bad:
            raise CommandError(f"Not well: {', '.join(bad)}.")
