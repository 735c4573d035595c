"""`manage.py demo`: run the demo Plex server alone."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from plexsync.demo.__main__ import main


class Command(BaseCommand):
    help = "Run the demo Plex server (of 276 well-known titles, or of any number of made-up ones)."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=settings.DEMO_PORT)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--titles", type=int, help="serve this many made-up titles")
        parser.add_argument("--hostile", action="store_true", help="serve nothing but trouble")
        parser.add_argument(
            "--plex-tv",
            type=int,
            nargs="?",
            const=0,
            metavar="PORT",
            help="start a demo plex.tv beside it, on this or a free port",
        )
        parser.add_argument("--token", default=settings.DEMO_PLEX_TOKEN)

    def handle(self, *_args: Any, **options: Any) -> None:
        argv = [f"--{name}={options[name]}" for name in ("port", "host", "token")]
        if options["titles"]:
            argv.append(f"--titles={options['titles']}")
        if options["hostile"]:
            argv.append("--hostile")
        if options["plex_tv"] is not None:
            argv.append(f"--plex-tv={options['plex_tv']}")
        main(argv)
