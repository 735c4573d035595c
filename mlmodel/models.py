"""The model's versions: the bytes, what they were learnt from, and how good they are."""

from django.db import models
from django.db.models import Q


class ModelVersion(models.Model):
    """One trained model. At most one is active; with none the prior scores."""

    class Kind(models.TextChoices):
        LOGISTIC = "logistic", "logistic regression"
        TREE = "tree", "decision tree"

    number = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    artifact = models.BinaryField(help_text="header and signed joblib payload")
    examples = models.PositiveIntegerField(help_text="answers it was learnt from")
    inputs = models.CharField(max_length=64, help_text="digest of those answers")
    metrics = models.JSONField(default=dict)
    active = models.BooleanField(default=False)
    accepted = models.BooleanField(
        default=False, help_text="was put to use and not rolled back: a rollback may return to it"
    )
    verdict = models.CharField(max_length=200, blank=True, help_text="why it was put to use or not")
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
