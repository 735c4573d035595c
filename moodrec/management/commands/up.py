"""`manage.py up`: start MoodRec on this host, or one of its services."""

import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from moodrec import prepare, static_files, supervise
from moodrec.security.models import OneTimeLink

SERVICES = ("web", "worker", "scheduler")
WAIT_SECONDS = 120


class Command(BaseCommand):
    help = "Start everything on this host: broker, worker, scheduler and web. Or name services."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("services", nargs="*", choices=[[], *SERVICES], metavar="SERVICE",
                            help="web, worker, scheduler; none means all")  # fmt: skip
        parser.add_argument(
            "--demo", action="store_true", help="with the demo library and household"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        # a container's first process is spared the signals that it doesn't handle
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        services = options["services"] or list(SERVICES)
        try:
            self._prepare(services)
        except prepare.NotReady as error:
            raise CommandError(str(error)) from error
        if options["demo"]:
            settings.DEMO_WANTED.touch()
            call_command("demo_household", stdout=self.stdout, stderr=self.stderr)
        ready = self._announce if "web" in services else lambda: None
        supervise.Supervisor(_parts(services)).run(ready=ready)

    def _prepare(self, services: list[str]) -> None:
        prepare.folders()
        if not settings.REDIS_URL:
            prepare.alone()
        self._wait_for(prepare.database)
        if "web" in services:
            prepare.free_port()
            prepare.migrate()
            with prepare.locked("static"):
                static_files.gather()
        else:
            self._wait_for(prepare.schema)

    def _wait_for(self, part: Callable[[], None]) -> None:
        """Wait for what another container makes ready; after a while its NotReady is raised."""
        deadline = time.monotonic() + WAIT_SECONDS
        told = False
        while True:
            try:
                part()
            except prepare.Damaged:
                raise
            except prepare.NotReady as problem:
                if time.monotonic() > deadline:
                    raise
                if not told:
                    self.stderr.write(f"{problem} Waiting ...")
                told = True
                time.sleep(1)
            else:
                return

    def _announce(self) -> None:
        """Print where to go, once the web answers."""
        address = f"http://localhost:{settings.PORT}{settings.BASE_PATH}"
        if not supervise.answers(f"{address}/healthz", WAIT_SECONDS):
            self.stderr.write("The web did not start; the lines above say why.")
            return
        demo = (
            User.objects.filter(username="demo").first() if settings.DEMO_WANTED.exists() else None
        )
        self.stdout.write(f"\n  MoodRec is ready at {address}\n")
        if demo or not User.objects.exists():
            what = "the demo household" if demo else "the first run"
            token = OneTimeLink.create_token(demo)
            self.stdout.write(
                f"  Open this link once, for {what}:\n\n  {address}/welcome/{token}\n"
            )
        self.stdout.flush()


def _parts(services: list[str]) -> list[supervise.Part]:
    makers = {"web": supervise.web, "worker": supervise.worker, "scheduler": supervise.scheduler}
    parts = [makers[name]() for name in ("worker", "scheduler", "web") if name in services]
    if "scheduler" in services:
        parts.append(supervise.listener())
    if not settings.REDIS_URL:
        parts.insert(0, supervise.broker())
    if "web" in services and settings.DEMO_PLEX_IS_OURS:
        parts.insert(0, supervise.demo_plex())
    return parts
