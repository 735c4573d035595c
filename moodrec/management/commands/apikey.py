"""`manage.py apikey`: make a key for the API."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandParser
from knox.models import AuthToken

from moodrec import accounts


class Command(BaseCommand):
    help = (
        "Make an API key for a user and print it, alone, on the last line. It is shown only once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "name", metavar="NAME", help="a user; made if there is none of this name"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["name"]).first()
        if user is None:
            user = accounts.make(options["name"])
            self.stderr.write(f"There was no user {user.username}: made one, without a password.")
        _row, key = AuthToken.objects.create(user)
        self.stdout.write(key)
