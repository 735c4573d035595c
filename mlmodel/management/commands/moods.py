"""`manage.py moods`: write how much of each mood every title of a catalogue file has."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mlmodel.moods import profile
from mlmodel.replay import BadInput, read_catalogue, write_lines


class Command(BaseCommand):
    help = "Write the mood profile of every title, 0..1 for each mood of the vocabulary. Touches no database row."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--catalogue", type=Path, required=True, help="titles, JSON lines")
        parser.add_argument(
            "--out", type=Path, required=True, help="where the profiles go, JSON lines"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            write_lines(options["out"], _profiles(options["catalogue"]))
        except (BadInput, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Moods are in {options['out']}")


def _profiles(catalogue: Path) -> Iterator[dict[str, Any]]:
    for title in read_catalogue(catalogue):
        yield {"id": title.id, "moods": profile(title)}
