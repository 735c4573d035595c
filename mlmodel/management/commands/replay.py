"""`manage.py replay`: learn households from a log file and score the lines of another, through the code that serves."""

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mlmodel.config import KINDS
from mlmodel.replay import BadInput, replay, write_lines
from mlmodel.training import train


class Command(BaseCommand):
    help = "Score a log of answers with one model per household learnt from another log. Touches no database row."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--catalogue", type=Path, required=True, help="titles, JSON lines")
        parser.add_argument(
            "--train", type=Path, required=True, help="the log to learn from, JSON lines"
        )
        parser.add_argument("--test", type=Path, required=True, help="the log to score, JSON lines")
        parser.add_argument(
            "--out", type=Path, required=True, help="where the scores go, JSON lines"
        )
        parser.add_argument("--kind", choices=KINDS, default="logistic", help="the model to learn")
        parser.add_argument("--seed", type=int, default=0)

    def handle(self, *_args: Any, **options: Any) -> None:
        learn = partial(train, kind=options["kind"], seed=options["seed"])
        try:
            rows = replay(options["catalogue"], options["train"], options["test"], learn)
            write_lines(options["out"], rows)
        except (BadInput, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Scores are in {options['out']}")
