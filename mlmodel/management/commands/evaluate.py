"""`manage.py evaluate`: tell how good the model is on the household's own log."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mlmodel import learn
from moodrec.jobs.run import JobSkipped

NAMES = {"auc": "AUC", "ndcg3": "NDCG@3", "p3": "P@3", "log_loss": "log loss"}


class Command(BaseCommand):
    help = "Judge the learner on the newest answers, each predicted before it is learnt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the metrics as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            metrics = learn.evaluate_log()
        except JobSkipped as reason:
            metrics = {"skipped": str(reason)}
        self.stdout.write(json.dumps(metrics) if options["json"] else _table(metrics))


def _table(metrics: dict[str, Any]) -> str:
    if "skipped" in metrics:
        return str(metrics["skipped"])
    lines = [f"{metrics['held_out']:.0f} newest of {metrics['examples']:.0f} examples"]
    lines += [f"{'':9} {'learned':>8} {'no learning':>12}"]
    for key, name in NAMES.items():
        learned, before = metrics["model"][key], metrics["prior"][key]
        lines.append(f"{name:9} {_figure(learned):>8} {_figure(before):>12}")
    return "\n".join(lines)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
