"""`manage.py demo_household`: fill a fresh install with the demo library and its household."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mlmodel import learn
from moodrec.jobs.run import JobSkipped
from plexsync import sync
from plexsync.demo.library import read_library
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, Viewer
from recommender import demo_household


class Command(BaseCommand):
    help = "Fill a fresh install with the demo library, two made-up viewers and their past months."

    def handle(self, *_args: Any, **_options: Any) -> None:
        current = Connection.current()
        if current is not None and not current.is_demo:
            raise CommandError(
                f"{settings.DATA_DIR} holds a real household. Set DATA_DIR to another folder."
            )
        _accounts()
        with _demo_plex():
            sync.connect(settings.DEMO_PLEX_URL, settings.DEMO_PLEX_TOKEN, is_demo=True)
            done = sync.run()
        self.stdout.write(f"Demo library: {done['titles']} titles.")
        evenings = demo_household.move_in(timezone.now())
        if evenings:
            self.stdout.write(f"Demo household: Ana and Ben, {evenings} evenings.")
            self._train()

    def _train(self) -> None:
        try:
            self.stdout.write(learn.run()["detail"])
        except JobSkipped as reason:
            self.stdout.write(str(reason))


def _demo_plex() -> AbstractContextManager[Any]:
    """The demo server for as long as it takes, unless another container runs it."""
    if not settings.DEMO_PLEX_IS_OURS:
        return nullcontext()
    return DemoPlex(read_library(), settings.DEMO_PORT, settings.DEMO_PLEX_TOKEN)


def _accounts() -> None:
    """Make the owner `demo`, who is Ana, and Ben, who has no account."""
    user, _created = User.objects.get_or_create(
        username="demo", defaults={"is_staff": True, "is_superuser": True}
    )
    if _created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    if not Viewer.objects.filter(slug="ana").exists():
        Viewer.add("Ana", user=user, owns_plex_state=True, is_demo=True)
    if not Viewer.objects.filter(slug="ben").exists():
        Viewer.add("Ben", is_demo=True)
