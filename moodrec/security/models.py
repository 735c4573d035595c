"""One-time links: the way into a fresh install and into the demo."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone

LIFETIME = timedelta(days=1)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class OneTimeLink(models.Model):
    """A link that works once: it signs its user in, or opens the first-run page where it has none."""

    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE
    )
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"one-time link for {self.user or 'the first run'}"

    @classmethod
    def create_token(cls, user: User | None) -> str:
        """Store a new link and return its token, which is kept nowhere else; forget dead links."""
        now = timezone.now()
        cls.objects.filter(Q(used_at__isnull=False) | Q(expires_at__lte=now)).delete()
        token = secrets.token_urlsafe(24)
        cls.objects.create(digest=_digest(token), user=user, expires_at=now + LIFETIME)
        return token

    @classmethod
    def redeem(cls, token: str) -> "OneTimeLink | None":
        """Use up the link of this token and return it; None where it is unknown, used or old."""
        now = timezone.now()
        open_links = cls.objects.filter(digest=_digest(token), used_at=None, expires_at__gt=now)
        link = open_links.select_related("user").first()
        return link if link and open_links.update(used_at=now) else None


class Knock(models.Model):
    """A try that counts, of a door that few may be made at (see `knocks`)."""

    door = models.CharField(max_length=20)
    caller = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (models.Index(fields=["door", "at"], name="knock_door_at"),)

    def __str__(self) -> str:
        return f"{self.caller} at {self.door}"
