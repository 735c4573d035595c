"""`manage.py listen`: hear from Plex when somebody watched something. A part of `up`."""

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from plexsync.listen import listen


class Command(BaseCommand):
    help = "Listen to the household's Plex server and look at the plays when somebody watched."

    def handle(self, *_args: Any, **_options: Any) -> None:
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        listen(stop)
