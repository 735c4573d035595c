"""`manage.py evaluate`: tell how good the model is on the household's own log."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mlmodel import learn
from mlmodel.judging.told import table
from moodrec.jobs.run import JobSkipped


class Command(BaseCommand):
    help = "Judge the learner on the newest answers, each predicted before it is learnt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the metrics as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            metrics = learn.evaluate_log()
        except JobSkipped as reason:
            metrics = {"skipped": str(reason)}
        text = json.dumps(metrics) if options["json"] else metrics.get("skipped") or table(metrics)
        self.stdout.write(text)
