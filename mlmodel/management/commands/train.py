"""`manage.py train`: learn from the log now, in this process."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mlmodel import learn
from moodrec.jobs.run import JobFailed, JobSkipped


class Command(BaseCommand):
    help = "Learn from what the household said; put the new model to use if it is not worse."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="even where nothing new was said")
        parser.add_argument(
            "--json", action="store_true", help="print the result as JSON at the end"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            result = learn.run(force=options["force"], asked=True)
        except JobSkipped as reason:
            self.stdout.write(
                json.dumps({"skipped": str(reason)}) if options["json"] else str(reason)
            )
            return
        except JobFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(result) if options["json"] else result["detail"])
