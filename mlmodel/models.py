"""The model's versions, the household's own mood rules, and the day learning began anew."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mlmodel.moods import MOODS
from moodrec.phrases import PhraseField


class ModelVersion(models.Model):
    """One trained model. At most one is active; with none the prior scores."""

    class Kind(models.TextChoices):
        LOGISTIC = "logistic", _("logistic regression")
        TREE = "tree", _("decision tree")

    number = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    artifact = models.BinaryField(help_text="header and signed joblib payload")
    examples = models.PositiveIntegerField(help_text="answers it was learnt from")
    inputs = models.CharField(max_length=64, help_text="digest of those answers")
    metrics = models.JSONField(default=dict, help_text="how good it is; see `evaluation`")
    insight = models.JSONField(
        default=dict, help_text="what it believes and which answers moved it; see `insight`"
    )
    active = models.BooleanField(default=False)
    accepted = models.BooleanField(
        default=False, help_text="was put to use and not rolled back: a rollback may return to it"
    )
    verdict = PhraseField(blank=True, help_text="why it was put to use or not")
    trained_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = "model version"
        constraints = [
            models.UniqueConstraint(
                fields=["active"], condition=Q(active=True), name="one_active_version"
            )
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class MoodRule(models.Model):
    """The household's own word on what a genre, a word or a collection says of a mood.

    It takes the place of the built-in table's number, or adds one that the table lacks.
    """

    class Sign(models.TextChoices):
        GENRE = "genre", _("genre")
        WORD = "word", _("word of the summary")
        COLLECTION = "collection", _("collection")

    sign = models.CharField(max_length=10, choices=Sign.choices, default=Sign.GENRE)
    name = models.CharField(max_length=100, help_text="as Plex writes it; upper case is ignored")
    mood = models.CharField(max_length=12, choices=[(mood, mood) for mood in MOODS])
    evidence = models.FloatField(
        validators=[MinValueValidator(-5), MaxValueValidator(5)],
        help_text="-5 to 5: 0 says nothing, 1 “rather yes”, 3 “surely”, -1 “rather not”",
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["sign", "name", "mood"]
        constraints = [
            models.UniqueConstraint(fields=["sign", "name", "mood"], name="one_mood_rule_a_sign")
        ]

    def __str__(self) -> str:
        return f"{self.get_sign_display()} “{self.name}” is {self.mood}: {self.evidence:+g}"


class FreshStart(models.Model):
    """Somebody reset the learning: what was said before teaches no more, until this is taken back."""

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"began anew on {timezone.localtime(self.at):%d %b %Y %H:%M}"
