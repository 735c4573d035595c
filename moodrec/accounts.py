"""Make accounts: the first one owns the install."""

from django.contrib.auth.models import User
from django.db import transaction

from plexsync.models import Viewer


def owner_exists() -> bool:
    return User.objects.filter(is_active=True, is_staff=True).exists()


def make(username: str, password: str | None = None, *, viewer: str | None = None) -> User:
    """Store a new account with a viewer of its own. The first account owns the install.

    Without a password it can't sign in by one: by key or one-time link only.
    """
    with transaction.atomic():
        first = not owner_exists()
        user = User(username=username, is_staff=first, is_superuser=first)
        user.set_password(password)
        user.save()
        Viewer.add(viewer or username, user=user, owns_plex_state=first)
    return user
