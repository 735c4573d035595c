"""`manage.py sync`: mirror Plex now, in this process."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from moodrec.jobs.run import JobFailed, JobSkipped
from plexsync import sync
from plexsync.client import PlexError


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # they load every page, and take longer than a sweep
    help = "Mirror the household's Plex (the connected one, else PLEX_URL and PLEX_TOKEN)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--library", metavar="KEY", help="only the library with this key")
        parser.add_argument("--full", action="store_true", help="read every title again")
        parser.add_argument(
            "--json", action="store_true", help="print the counts as JSON at the end"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        def report(progress: float, detail: str = "") -> None:
            if options["verbosity"]:
                self.stderr.write(f"{progress:4.0%} {detail}")

        try:
            done = sync.run(library=options["library"], full=options["full"], report=report)
        except (JobFailed, JobSkipped, PlexError) as error:
            raise CommandError(str(error)) from error
        done.pop("detail")
        if options["json"]:
            self.stdout.write(json.dumps(done))
        else:
            self.stdout.write(
                "{titles} titles on offer; {created} new, {updated} changed, "
                "{missing} missing, {held} held, in {seconds} s.".format(**done)
            )
