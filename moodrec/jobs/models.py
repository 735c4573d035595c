"""The Job row: what was asked of the worker and how far it got."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moodrec.phrases import PhraseField, from_json, told


class Job(models.Model):
    """One piece of background work. At most one of a kind waits or runs at any time."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        SUCCEEDED = "succeeded", _("Succeeded")
        FAILED = "failed", _("Failed")
        SKIPPED = "skipped", _("Skipped")

    ACTIVE = (State.QUEUED, State.RUNNING)

    kind = models.CharField(max_length=20, db_index=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    arguments = models.JSONField(default=dict, blank=True)
    progress = models.FloatField(default=0, help_text="0 to 1")
    detail = PhraseField(blank=True, help_text="what it does now, or why it ended")
    log = models.JSONField(
        default=list, blank=True, help_text="[[seconds since it began, sentence], …], oldest first"
    )
    cancelled = models.BooleanField(default=False, help_text="somebody asked it to stop")
    result = models.JSONField(default=dict, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(
        null=True, blank=True, help_text="a running job past this has lost its worker"
    )
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    queued_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(state__in=["queued", "running"]), name="one_active_job"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} ({self.state})"

    @property
    def is_active(self) -> bool:
        return self.state in self.ACTIVE

    @property
    def steps(self) -> list[tuple[float, str]]:
        """What it did, oldest first: seconds since it began, and a sentence."""
        return [(seconds, from_json(said)) for seconds, said in self.log]

    def as_json(self) -> dict[str, Any]:
        """Return the job as the HTTP contract shows it."""
        return {
            "job": self.pk,
            "kind": self.kind,
            "state": str(self.state),
            "progress": round(self.progress, 3),
            "detail": told(self.detail),
            "result": self.result,
            "url": reverse("api-jobs-detail", args=[self.pk]),
        }


class Schedule(models.Model):
    """How often a kind of job runs, where the household chose otherwise than the settings."""

    kind = models.CharField(max_length=20, primary_key=True)
    every_hours = models.FloatField(help_text="0: only when somebody asks")

    def __str__(self) -> str:
        return f"{self.kind} every {self.every_hours:g} h"


class Heartbeat(models.Model):
    """When a part that runs on its own (the scheduler through the worker) was last alive."""

    name = models.CharField(max_length=20, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} seen {self.seen_at:%Y-%m-%d %H:%M:%S}"

    @classmethod
    def beat(cls, name: str) -> None:
        cls.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})
