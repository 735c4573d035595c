"""`manage.py makemessages`: Django's own, which also finds what stands in `phrase` and `phrases`."""

from django.core.management.base import CommandParser
from django.core.management.commands import makemessages

ELSEWHERE = ("tests", "docs", "data", "benchmarks", "static", "migrations", "plexsync/demo/*")


class Command(makemessages.Command):
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
    xgettext_options = [
        *makemessages.Command.xgettext_options,
        "--keyword=phrase:1",
        "--keyword=phrases:1,2",
        "--keyword=_lazy",
    ]

    def add_arguments(self, parser: CommandParser) -> None:
        """Set what our files look like: no line numbers, no wrapping, nothing that is left over."""
        super().add_arguments(parser)
        parser.set_defaults(
            locale=["de", "fr", "es"],
            add_location="file",
            no_wrap=True,
            no_obsolete=True,
            ignore_patterns=[".venv", *ELSEWHERE],
        )
