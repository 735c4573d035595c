"""The model's versions: published, put to use, rolled back, dropped. Which of them scores: `serving`."""

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from mlmodel import model_file, serving
from mlmodel.artifact import pack
from mlmodel.models import ModelVersion

if TYPE_CHECKING:
    from mlmodel.training import Model

KEEP = 3  # accepted versions beside the active one, for rollback
KEEP_UNUSED = 1  # the newest version that is not used: what it learnt from is not fitted again


def publish(
    model: "Model",
    *,
    answers: int,
    inputs: str,
    metrics: dict[str, Any],
    activate_it: bool,
    verdict: str,
    insight: dict[str, Any] | None = None,
) -> ModelVersion:
    """Store a new version, put it to use where wanted, and drop the oldest spare ones.

    Raises BadArtifact where the model is none: too large, or with weights that are no numbers.
    """
    row = ModelVersion(
        kind=model.kind,
        artifact=pack(model, inputs=inputs, examples=answers),
        examples=answers,
        inputs=inputs,
        metrics=metrics,
        insight=insight or {},
        verdict=verdict,
    )
    try:
        _store(row, activate_it=activate_it)
    except IntegrityError:  # another training took the number first
        _store(row, activate_it=activate_it)
    return row


def _store(row: ModelVersion, *, activate_it: bool) -> None:
    with transaction.atomic():
        row.pk, row.number = None, _next_number()
        row.save(force_insert=True)
        if activate_it:
            activate(row)
        _evict()


def _next_number() -> int:
    newest: int | None = ModelVersion.objects.aggregate(newest=Max("number"))["newest"]
    return (newest or 0) + 1


def _evict() -> None:
    """Drop the oldest versions; one that was not used never pushes out one that was."""
    spare = ModelVersion.objects.filter(active=False).order_by("-number")
    pks = spare.values_list("pk", flat=True)
    kept = [*pks.filter(accepted=True)[:KEEP], *pks.filter(accepted=False)[:KEEP_UNUSED]]
    spare.exclude(pk__in=kept).delete()


def activate(row: ModelVersion) -> None:
    """Put this version to use; from the next request on it scores."""
    with transaction.atomic():
        ModelVersion.objects.filter(active=True).update(active=False)
        ModelVersion.objects.filter(pk=row.pk).update(active=True, accepted=True)
        row.refresh_from_db(fields=["active", "accepted"])
        transaction.on_commit(lambda: model_file.write(bytes(row.artifact)))


def rollback() -> ModelVersion | None:
    """Put the last good version before the active one to use; None where there is none.

    The one that is left is accepted no more: no later rollback returns to it.
    """
    current = ModelVersion.objects.defer("artifact").filter(active=True).first()
    if current is None:
        return None
    row = next(
        (older for older in serving.accepted_before(current) if not serving.fault(older)), None
    )
    if row is not None:
        with transaction.atomic():
            activate(row)
            ModelVersion.objects.filter(pk=current.pk).update(accepted=False)
    return row


def reset() -> None:
    """Use no model: the prior scores until the next training."""
    ModelVersion.objects.filter(active=True).update(active=False)
    transaction.on_commit(model_file.remove)


def withdrawn() -> bool:
    """Tell whether the version in use learnt an answer that was put aside since: it must not outlive a training."""
    return ModelVersion.objects.filter(active=True, accepted=False).exists()


def learnt_right(row: ModelVersion) -> None:
    """Accept the version again, if it is in use: what was put aside since teaches again."""
    ModelVersion.objects.filter(pk=row.pk, active=True).update(accepted=True)


def settle() -> None:
    """Where the version in use can't be, say so in the rows: the one that scores is in use, or none."""
    if not serving.broken():
        return
    found = serving.active()
    if found is None:
        reset()
    else:
        activate(ModelVersion.objects.defer("artifact").get(number=found.number))


def keep_ours() -> int:
    """Drop every version that can't be used here (restored from elsewhere, say); return how many.

    Where the one in use was among them, a training is asked for and the last good one scores.
    """
    settle()
    bad = [
        row.pk for row in ModelVersion.objects.defer("artifact", "insight") if serving.fault(row)
    ]
    ModelVersion.objects.filter(pk__in=bad).delete()
    return len(bad)


def mend_file() -> str:
    """Write `model.pkl` anew where it is not the model in use; return what was wrong with it.

    Raises OSError where it can't be written.
    """
    row = ModelVersion.objects.filter(active=True).first()
    if row is None or serving.fault(row):
        return ""
    artifact = bytes(row.artifact)
    fault = model_file.fault(artifact)
    if fault:
        model_file.replace(artifact)
    return fault
