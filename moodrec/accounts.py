"""Make accounts: the first one owns the install."""

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from plexsync.models import Viewer


def owner_exists() -> bool:
    return User.objects.filter(is_active=True, is_staff=True).exists()


def make_owner(username: str, password: str) -> User | None:
    """Store the account that owns the install; None where somebody else's was quicker."""
    with transaction.atomic():
        _one_at_a_time()
        return None if owner_exists() else make(username, password)


def make(username: str, password: str | None = None) -> User:
    """Store a new account with a viewer of its own. The first account owns the install.

    Without a password it can't sign in by one: by key or one-time link only.
    """
    with transaction.atomic():
        _one_at_a_time()
        first = not owner_exists()
        user = User(username=username, is_staff=first, is_superuser=first)
        user.set_password(password)
        user.save()
        Viewer.add(username, user=user, owns_plex_state=first)
    return user


def _one_at_a_time() -> None:
    """Let nobody else ask for an owner until this transaction ends: two must not both be the first.

    SQLite's transactions do so by themselves; elsewhere a row that every install has is locked.
    """
    ContentType.objects.select_for_update().get(app_label="auth", model="user")
