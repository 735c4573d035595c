"""`manage.py import_letterboxd FILE`: a Letterboxd export as a viewer's day-one taste."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.letterboxd import BadExport, import_export
from plexsync.models import Viewer


class Command(BaseCommand):
    help = "Store the films of a Letterboxd ratings.csv or watched.csv that the household owns."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--viewer", metavar="SLUG", help="whose export it is")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            done = import_export(options["file"], _viewer(options["viewer"]))
        except BadExport as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{done.stored} stored, {done.not_owned} not in your library.")
        if done.spoken_of:
            self.stdout.write(f"{done.spoken_of} left as you said it here.")
        for name in done.unclear:
            self.stdout.write(f"Left out, several titles fit: {name}")


def _viewer(slug: str | None) -> Viewer:
    """Return the viewer named, or the only one there is."""
    found = list(Viewer.objects.filter(slug=slug) if slug else Viewer.objects.all()[:2])
    if len(found) != 1:
        known = ", ".join(Viewer.objects.values_list("slug", flat=True)) or "nobody yet"
        raise CommandError(f"Say whose it is with --viewer: {known}.")
    return found[0]
