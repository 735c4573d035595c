"""Make accounts: the first one owns the install. By password, or by a plex.tv account."""

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from plexsync import linking
from plexsync.client.plextv import Account
from plexsync.models import PlexAccount, Viewer


def owner_exists() -> bool:
    return User.objects.filter(is_active=True, is_staff=True).exists()


def make_owner(username: str, password: str | None = None) -> User | None:
    """Store the account that owns the install; None where somebody else's was quicker."""
    with transaction.atomic():
        _one_at_a_time()
        return None if owner_exists() else make(username, password)


def make_owner_of_plex(account: Account) -> User | None:
    """Store the owner who signs in with Plex; None where somebody else's was quicker."""
    with transaction.atomic():
        user = make_owner(_free(account.username))
        if user is not None:
            linking.claim(user, account)
        return user


def make(username: str, password: str | None = None) -> User:
    """Store a new account with a viewer of its own. The first account owns the install.

    Without a password it can't sign in by one: by key, one-time link or Plex only.
    """
    with transaction.atomic():
        _one_at_a_time()
        first = not owner_exists()
        user = _store(username, password, owner=first)
        Viewer.add(username, user=user, owns_plex_state=first)
    return user


def of_viewer(viewer: Viewer) -> User:
    """Return the user who is this viewer; made where there is none, to sign in by link or key."""
    with transaction.atomic():
        _one_at_a_time()
        known = User.objects.filter(viewer=viewer).first()
        if known is not None:
            return known
        user = _store(_free(viewer.name), None, owner=False)
        Viewer.objects.filter(pk=viewer.pk).update(user=user)
        return user


def of_plex(account: Account) -> User:
    """Return the user of this plex.tv account, which has just shown that it may use the server.

    The account is known by its number alone. Somebody new becomes a member, who owns nothing; the
    viewer who stands for them already is theirs. Whoever the owner shut out comes back inactive.
    """
    with transaction.atomic():
        _one_at_a_time()
        known = PlexAccount.objects.filter(plex_id=account.id).select_related("user").first()
        if known is None:
            return _member(account)
        if known.lost_at is not None:
            known.user.is_active = True
            known.user.save(update_fields=["is_active"])
        known.username, known.checked_at, known.lost_at = (
            account.username[:200],
            timezone.now(),
            None,
        )
        known.save()
        return known.user


def _member(account: Account) -> User:
    viewer = Viewer.objects.filter(plex_id=account.id).select_related("user").first()
    user = viewer.user if viewer else None
    if user is None or user.is_staff:  # an owner's account is linked on the connection page only
        user = _store(_free(account.username), None, owner=False)
        _give_viewer(user, account, viewer)
    linking.claim(user, account)
    return user


def _give_viewer(user: User, account: Account, waiting: Viewer | None) -> None:
    """Let the user be the viewer who waits for this account, else a new one."""
    viewer = waiting if waiting and waiting.user is None else None
    if viewer is None:
        viewer = Viewer.add(account.name or user.username)
        viewer.plex_id = None if waiting else account.id
    viewer.user, viewer.enabled = user, True
    viewer.save()


def _free(username: str) -> str:
    """Return this name, or one made from it that nobody has: names never lead to an account."""
    base = username.strip()[:140] or "plex"
    taken = {name.lower() for name in User.objects.values_list("username", flat=True)}
    names = (f"{base}-{n}" if n else base for n in range(len(taken) + 1))
    return next(name for name in names if name.lower() not in taken)


def _store(username: str, password: str | None, *, owner: bool) -> User:
    user = User(username=username, is_staff=owner, is_superuser=owner)
    user.set_password(password)
    user.save()
    return user


def _one_at_a_time() -> None:
    """Let nobody else ask for an owner until this transaction ends: two must not both be the first.

    SQLite's transactions do so by themselves; elsewhere a row that every install has is locked.
    """
    ContentType.objects.select_for_update().get(app_label="auth", model="user")
