"""Guests: an evening's invitation, and what each guest wishes for on their own phone."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from feedback.models import Ask

LASTS = timedelta(hours=12)


def _tomorrow() -> object:
    return timezone.now() + LASTS


class Gathering(models.Model):
    """An evening to which guests were invited: by a link, which ends with the evening."""

    host = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True, help_text="of the link's last part")
    ask = models.ForeignKey(
        Ask,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        help_text="the newest one that was asked with these guests",
    )
    began_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(default=_tomorrow)

    def __str__(self) -> str:
        return f"{self.host}'s guests, {timezone.localtime(self.began_at):%d %b %Y}"


class Guest(models.Model):
    """Somebody who came by the link: a name, and what they are in the mood for."""

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="guests")
    name = models.CharField(max_length=40)
    vibe = models.JSONField(default=dict, help_text="mood: 1 wanted, 2 very much")
    avoid = models.JSONField(default=list, help_text="moods: none of it")
    here_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
