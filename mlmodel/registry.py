"""The model's versions: publish, activate, roll back, and score by the last good one."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.db.models.functions import Length

from mlmodel import mending, model_file
from mlmodel.artifact import BadArtifact, check_size, manifest_of, pack, unpack
from mlmodel.models import ModelVersion
from moodrec.once import once
from moodrec.phrasing import phrase

if TYPE_CHECKING:
    from mlmodel.training import Model

logger = logging.getLogger(__name__)

KEEP = 3  # accepted versions beside the active one, for rollback
KEEP_UNUSED = 1  # the newest version that is not used: what it learnt from is not fitted again


@dataclass(frozen=True, slots=True)
class Active:
    """The version that scores, with its model."""

    number: int
    model: "Model"
    examples: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """The version in use can't be used: why, and which older one scores instead."""

    number: int
    cause: str
    instead: int | None
    """None: the prior scores."""

    @property
    def told(self) -> str:
        """What the owner is told: the cause, what picks meanwhile, and the cure."""
        if self.instead is None:
            return phrase(
                "Version %(number)s of the model can’t be used: %(cause)s. Until it is trained again,"
                " the house rules pick. MoodRec asked its worker for that by itself; “Train now” on"
                " the model page, or `manage.py train`, asks once more.",
                number=self.number,
                cause=self.cause,
            )
        return phrase(
            "Version %(number)s of the model can’t be used: %(cause)s. Until it is trained again,"
            " version %(instead)s picks. MoodRec asked its worker for that by itself; “Train now” on"
            " the model page, or `manage.py train`, asks once more.",
            number=self.number,
            cause=self.cause,
            instead=self.instead,
        )


_loaded: dict[int, Active | None] = {}
_causes: dict[int, str] = {}
"""Of each version looked at, why it can't be used; empty where it can."""


def active() -> Active | None:
    """Return the version that scores; None where none is in use, or none can be believed.

    Where the one in use can't be, it is the last good one. Costs one small query; an artifact is
    read and checked once a process and version.
    """
    row = _in_use()
    if row is None:
        return None
    if _cause(row):
        mending.ask_for_training(row)
    try:
        return _loaded[row.pk]
    except KeyError:
        found = _last_good(row)
    _loaded.clear()  # another thread may do this at any time, so what was found is kept at hand
    _loaded[row.pk] = found
    return found


def trouble() -> Trouble | None:
    """Return what the owner must know of the version in use; None where all is well.

    Cheap enough for every page: nothing is unpickled, no scikit-learn is imported.
    """
    row = _in_use()
    if row is None or not _cause(row):
        return None
    mending.ask_for_training(row)
    instead = next((older for older in _accepted_before(row) if not _cause(older)), None)
    return Trouble(row.number, _cause(row), instead.number if instead else None)


def broken() -> bool:
    """Tell whether the version in use can't be believed, so that an older one or the prior scores."""
    row, found = _in_use(), active()
    return row is not None and (found is None or found.number != row.number)


def forget() -> None:
    """Drop what was loaded and found: the next call reads and checks it again."""
    _loaded.clear()
    _causes.clear()
    mending.forget()


def fault(row: ModelVersion) -> str:
    """Return why this version can't be put to use, as `Trouble.cause`; empty where it can."""
    return _cause(row)


def loads(row: ModelVersion) -> bool:
    """Tell whether this version's artifact can be believed."""
    return _load(row) is not None


@once
def _usable() -> list[ModelVersion]:
    """Return the version in use and those kept for a rollback, few rows, the newest first."""
    rows = ModelVersion.objects.filter(Q(active=True) | Q(accepted=True)).order_by("-number")
    return list(rows.defer("artifact", "insight", "metrics"))


def _in_use() -> ModelVersion | None:
    return next((row for row in _usable() if row.active), None)


def _accepted_before(row: ModelVersion) -> Iterator[ModelVersion]:
    """Yield the versions that were in use before this one, newest first."""
    return (each for each in _usable() if each.accepted and each.number < row.number)


def _last_good(row: ModelVersion) -> Active | None:
    found = _load(row)
    if found is not None:
        return found
    found = next(filter(None, map(_load, _accepted_before(row))), None)
    instead = f"version {found.number} scores" if found else "the prior scores"
    logger.error("Model %s is not used, %s: %s.", row, instead, _causes[row.pk])
    return found


def _load(row: ModelVersion) -> Active | None:
    if _cause(row):
        return None
    try:
        return Active(row.number, unpack(_artifact(row)), row.examples)
    except BadArtifact as problem:
        _causes[row.pk] = str(problem)
        return None


def _cause(row: ModelVersion) -> str:
    """Return why this version can't be used, looked at once a process; empty where it can."""
    if row.pk not in _causes:
        try:
            _check_origin(row, manifest_of(_artifact(row)))
            _causes[row.pk] = ""
        except BadArtifact as problem:
            _causes[row.pk] = str(problem)
    return _causes.get(row.pk, "")


def _artifact(row: ModelVersion) -> bytes:
    stored = ModelVersion.objects.filter(pk=row.pk)
    sizes = stored.annotate(size=Length("artifact")).values_list("size", flat=True)
    check_size(sizes.first() or 0)
    found = stored.values_list("artifact", flat=True).first()
    if found is None:
        raise BadArtifact(phrase("it is gone, a newer one took its place"))
    if isinstance(found, str):  # SQLite keeps what it is given, whatever the column's type
        raise BadArtifact(phrase("it is not a model of MoodRec"))
    return bytes(found)


def _check_origin(row: ModelVersion, manifest: dict[str, Any]) -> None:
    """Raise BadArtifact for one of ours in a row that is not its own."""
    told = {"kind": row.kind, "examples": row.examples, "inputs": row.inputs}
    if told != {name: manifest[name] for name in told}:
        raise BadArtifact("it is the model of another version")


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
    row = next((older for older in _accepted_before(current) if not _cause(older)), None)
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
    if not broken():
        return
    found = active()
    if found is None:
        reset()
    else:
        activate(ModelVersion.objects.defer("artifact").get(number=found.number))


def keep_ours() -> int:
    """Drop every version that can't be used here (restored from elsewhere, say); return how many.

    Where the one in use was among them, a training is asked for and the last good one scores.
    """
    settle()
    bad = [row.pk for row in ModelVersion.objects.defer("artifact", "insight") if _cause(row)]
    ModelVersion.objects.filter(pk__in=bad).delete()
    return len(bad)


def mend_file() -> str:
    """Write `model.pkl` anew where it is not the model in use; return what was wrong with it.

    Raises OSError where it can't be written.
    """
    row = ModelVersion.objects.filter(active=True).first()
    if row is None or _cause(row):
        return ""
    artifact = bytes(row.artifact)
    fault = model_file.fault(artifact)
    if fault:
        model_file.replace(artifact)
    return fault
