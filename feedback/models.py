"""The log's rows: the ask, the suggestions shown for it, and what viewers said of titles."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from moodrec.phrases import PhraseField, PhraseListField
from plexsync.models import MediaItem, Viewer


class AskQuerySet(models.QuerySet["Ask"]):
    def visible_to(self, user: User | AnonymousUser) -> "AskQuerySet":
        """All asks for the owner; for others those they made or were present at."""
        if user.is_staff:
            return self.all()
        mine = Ask.viewers.through.objects.filter(viewer__user__pk=user.pk or 0).values("ask")
        return self.filter(Q(user__pk=user.pk or 0) | Q(pk__in=mine))


class Ask(models.Model):
    """One filled questionnaire."""

    class Source(models.TextChoices):
        WEB = "web", pgettext_lazy("source", "page")
        API = "api", "API"
        COMMAND = "command", pgettext_lazy("source", "command")
        DEMO = "demo", pgettext_lazy("source", "demo household")
        LETTERBOXD = "letterboxd", "Letterboxd"
        PLEX = "plex", pgettext_lazy("source", "watched in Plex")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    viewers = models.ManyToManyField(Viewer, blank=True, related_name="asks")
    mood = models.JSONField(help_text="the answers: vibe, company, session, minutes, seen, type …")
    moment = models.JSONField(help_text="what the model saw of them")
    first = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="spins",
        help_text="the ask that was spun again",
    )
    spin = models.CharField(max_length=20, blank=True, help_text="why it was spun")
    model_version = models.PositiveIntegerField(
        null=True, blank=True, help_text="empty: scored by the prior"
    )
    remaining = models.PositiveIntegerField(default=0, help_text="fitting titles not shown yet")
    relax = models.JSONField(default=list, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.WEB)
    asked_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects: ClassVar[models.Manager["Ask"]] = AskQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["model_version", "asked_at"]),
            models.Index(fields=["source", "asked_at"]),
        ]

    def __str__(self) -> str:
        vibes = ", ".join(self.mood.get("vibe") or ["any mood"])
        return f"{vibes}, {timezone.localtime(self.asked_at):%d %b %Y %H:%M}"

    @property
    def root_id(self) -> uuid.UUID:
        """The first ask of a chain of spins."""
        return self.first_id or self.pk


class Suggestion(models.Model):
    """One title shown for an ask, with what the scorer saw and why it was chosen."""

    class Role(models.TextChoices):
        SAFE_BET = "safe_bet", _("Safe bet")
        STRETCH = "stretch", _("Stretch")
        WILDCARD = "wildcard", _("Wildcard")

    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="suggestions")
    item = models.ForeignKey(MediaItem, on_delete=models.PROTECT, related_name="suggestions")
    rank = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=10, choices=Role.choices)
    score = models.FloatField(help_text="probability that it is enjoyed")
    prior = models.FloatField(help_text="the same before anything was learnt")
    reasons = PhraseListField(default=list)
    drawback = PhraseField(blank=True)
    candidate = models.JSONField(help_text="what the scorer saw; training reads this")
    chance = models.FloatField(
        null=True, blank=True, help_text="that the draw fell on it; empty where nothing was drawn"
    )
    shown_at = models.DateTimeField(default=timezone.now)
    chosen_at = models.DateTimeField(
        null=True, blank=True, help_text="when somebody opened or played it from here"
    )

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["ask", "item"], name="a_title_once_an_ask"),
        ]
        indexes = [models.Index(fields=["shown_at"])]

    def __str__(self) -> str:
        return f"{self.item} as {self.get_role_display()}"


class Feedback(models.Model):
    """What a viewer said of a title."""

    viewer = models.ForeignKey(Viewer, on_delete=models.PROTECT, related_name="feedback")
    item = models.ForeignKey(MediaItem, on_delete=models.PROTECT, related_name="feedback")
    suggestion = models.ForeignKey(
        Suggestion, null=True, blank=True, on_delete=models.SET_NULL, related_name="feedback"
    )
    completed = models.BooleanField(null=True, blank=True)
    would_watch_again = models.BooleanField(null=True, blank=True)
    rating = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    rating_sent = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="the stars that Plex was told"
    )
    mood = models.JSONField(default=dict, blank=True, help_text="the mood it was watched in")
    candidate = models.JSONField(help_text="title and moment as they were; training reads this")
    source = models.CharField(max_length=10, choices=Ask.Source.choices, default=Ask.Source.WEB)
    teaches = models.BooleanField(
        default=True, help_text="whether the model learns from it; it stays in the history"
    )
    said_at = models.DateTimeField(default=timezone.now, db_index=True)
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        verbose_name_plural = "feedback"
        constraints = [
            models.UniqueConstraint(
                fields=["viewer", "suggestion"],
                condition=Q(suggestion__isnull=False),
                name="one_feedback_a_suggestion",
            ),
            models.UniqueConstraint(
                fields=["viewer", "item"],
                condition=Q(suggestion__isnull=True),
                name="one_feedback_a_title_unasked",
            ),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__range=(1, 5)), name="one_to_five_stars"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.viewer} on {self.item}"


class StarsTakenBack(models.Model):
    """Stars that Plex was told and that no longer hold: it is to be told that there are none."""

    viewer = models.ForeignKey(Viewer, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(MediaItem, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name_plural = "stars taken back"
        constraints = [
            models.UniqueConstraint(fields=["viewer", "item"], name="taken_back_once"),
        ]

    def __str__(self) -> str:
        return f"{self.viewer} no longer rates {self.item}"


class Favorite(models.Model):
    """A title a viewer wants to keep in sight."""

    viewer = models.ForeignKey(Viewer, on_delete=models.CASCADE, related_name="favorites")
    item = models.ForeignKey(MediaItem, on_delete=models.PROTECT, related_name="favorites")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-added_at"]
        constraints = [models.UniqueConstraint(fields=["viewer", "item"], name="one_favorite")]

    def __str__(self) -> str:
        return f"{self.viewer} likes {self.item}"


class Dismissal(models.Model):
    """A viewer's 'not this one': never to be shown, seen elsewhere already, or not tonight."""

    class Kind(models.TextChoices):
        NEVER = "never", _("never show it")
        SEEN_IT = "seen_it", _("seen it already")
        NOT_TONIGHT = "not_tonight", _("not tonight")

    LASTING = (Kind.NEVER, Kind.SEEN_IT)

    viewer = models.ForeignKey(Viewer, on_delete=models.CASCADE, related_name="dismissals")
    item = models.ForeignKey(MediaItem, on_delete=models.PROTECT, related_name="dismissals")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["viewer", "item", "kind"], name="one_dismissal_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.viewer}: {self.get_kind_display()} {self.item}"
