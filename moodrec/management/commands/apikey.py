"""`manage.py apikey`: make a key for the API, list a user's keys, or revoke them."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
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
        instead = parser.add_mutually_exclusive_group()
        instead.add_argument("--list", action="store_true", help="show the beginnings of the keys")
        instead.add_argument("--revoke", metavar="PREFIX", help="end this key; `all` ends all")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["name"]).first()
        if options["list"]:
            self._list(_keys(user, options["name"]))
        elif options["revoke"] is not None:
            self._revoke(_keys(user, options["name"]), options["revoke"])
        else:
            _row, key = AuthToken.objects.create(user or self._made(options["name"]))
            self.stdout.write(key)

    def _made(self, name: str) -> User:
        try:
            User._meta.get_field("username").clean(name, None)  # noqa: SLF001 (Django's public name for it)
        except ValidationError as error:
            raise CommandError(f"{name!r} can't be a user: {' '.join(error.messages)}") from error
        user = accounts.make(name)
        self.stderr.write(f"There was no user {name}: made one, without a password.")
        if user.is_staff:
            self.stderr.write(
                f"It is the first, so it owns this install. To sign in: `manage.py link {name}`."
            )
        return user

    def _list(self, keys: "QuerySet[AuthToken]") -> None:
        for key in keys.order_by("created"):
            self.stdout.write(f"{key.token_key}  {key.created:%Y-%m-%d %H:%M}")

    def _revoke(self, keys: "QuerySet[AuthToken]", prefix: str) -> None:
        chosen = keys if prefix == "all" else keys.filter(token_key__startswith=prefix)
        count = chosen.count()
        if prefix != "all" and count != 1:
            raise CommandError(f"{count} keys begin with {prefix!r}: see --list.")
        chosen.delete()
        self.stderr.write(f"{count} revoked.")


def _keys(user: User | None, name: str) -> "QuerySet[AuthToken]":
    if user is None:
        raise CommandError(f"There is no user {name!r}.")
    keys: QuerySet[AuthToken] = AuthToken.objects.filter(user=user)
    return keys
