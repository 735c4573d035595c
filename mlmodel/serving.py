"""The version that scores: the one in use, or where that can't be believed the last good one before it."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.db.models.functions import Length

from mlmodel import mending
from mlmodel.artifact import BadArtifact, check_size, manifest_of, unpack
from mlmodel.models import ModelVersion
from moodrec.once import once
from moodrec.phrasing import phrase

if TYPE_CHECKING:
    from mlmodel.training import Model

logger = logging.getLogger(__name__)


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
    if fault(row):
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
    if row is None or not fault(row):
        return None
    mending.ask_for_training(row)
    instead = next((older for older in accepted_before(row) if not fault(older)), None)
    return Trouble(row.number, fault(row), instead.number if instead else None)


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
    """Return why this version can't be used, looked at once a process; empty where it can."""
    if not row.inputs:
        return phrase("what it had learnt is deleted")
    if row.pk not in _causes:
        try:
            _check_origin(row, manifest_of(_artifact(row)))
            _causes[row.pk] = ""
        except BadArtifact as problem:
            _causes[row.pk] = str(problem)
    return _causes.get(row.pk, "")


def loads(row: ModelVersion) -> bool:
    """Tell whether this version's artifact can be believed."""
    return _load(row) is not None


def accepted_before(row: ModelVersion) -> Iterator[ModelVersion]:
    """Yield the versions that were in use before this one, newest first."""
    return (each for each in _usable() if each.accepted and each.number < row.number)


@once
def _usable() -> list[ModelVersion]:
    """Return the version in use and those kept for a rollback, few rows, the newest first."""
    rows = ModelVersion.objects.filter(Q(active=True) | Q(accepted=True)).order_by("-number")
    return list(rows.defer("artifact", "insight", "metrics"))


def _in_use() -> ModelVersion | None:
    return next((row for row in _usable() if row.active), None)


def _last_good(row: ModelVersion) -> Active | None:
    found = _load(row)
    if found is not None:
        return found
    found = next(filter(None, map(_load, accepted_before(row))), None)
    instead = f"version {found.number} scores" if found else "the prior scores"
    logger.error("Model %s is not used, %s: %s.", row, instead, _causes[row.pk])
    return found


def _load(row: ModelVersion) -> Active | None:
    if fault(row):
        return None
    try:
        return Active(row.number, unpack(_artifact(row)), row.examples)
    except BadArtifact as problem:
        _causes[row.pk] = str(problem)
        return None


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
        raise BadArtifact(phrase("it is the model of another version"))
