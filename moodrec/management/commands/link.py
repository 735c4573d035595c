"""`manage.py link`: print a new one-time link."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from moodrec.security.models import OneTimeLink


class Command(BaseCommand):
    help = (
        "Print a link that signs a user in once; on a fresh install one that opens the first run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", metavar="NAME", help="default: the owner")

    def handle(self, *_args: Any, **options: Any) -> None:
        users = User.objects.filter(is_active=True)
        user = users.filter(username=options["name"]).first() if options["name"] else _owner()
        if options["name"] and user is None:
            raise CommandError(f"There is no user {options['name']!r}.")
        token = OneTimeLink.create_token(user)
        self.stdout.write(f"http://localhost:{settings.PORT}{settings.BASE_PATH}/welcome/{token}")


def _owner() -> User | None:
    return User.objects.filter(is_active=True, is_staff=True).order_by("pk").first()
