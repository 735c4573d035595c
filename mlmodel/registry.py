"""The model's versions: publish, activate, roll back, and load only what is provably ours."""

import hashlib
import hmac
import io
import json
import logging
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from mlmodel.models import ModelVersion

if TYPE_CHECKING:
    from mlmodel.training import Model

logger = logging.getLogger(__name__)

MAGIC = b"MOODREC-MODEL\n"
FORMAT = 1  # 1: the joblib payload of a training.Model behind a JSON header
KEEP = 3  # versions beside the active one, for rollback
_SALT = b"moodrec.mlmodel.registry.v1"


class BadArtifact(Exception):
    """A model file that must not be loaded: not signed by us, broken, or of other libraries."""


@dataclass(frozen=True, slots=True)
class Active:
    """The version in use, with its model."""

    number: int
    model: "Model"
    examples: int


_loaded: dict[int, Active | None] = {}


def active() -> Active | None:
    """Return the active version; None where there is none, or its artifact can't be believed.

    Costs one small query; the artifact is read and checked once a process and version.
    """
    row = ModelVersion.objects.filter(active=True).only("pk", "number", "examples").first()
    if row is None:
        return None
    if row.pk not in _loaded:
        _loaded.clear()
        _loaded[row.pk] = _load(row)
    return _loaded[row.pk]


def forget() -> None:
    """Drop the loaded model: the next call reads and checks it again."""
    _loaded.clear()


def _load(row: ModelVersion) -> Active | None:
    try:
        model = unpack(bytes(row.artifact))
    except BadArtifact as problem:
        logger.error("Model %s is not used, the prior scores: %s", row, problem)  # noqa: TRY400
        return None
    return Active(row.number, model, row.examples)


def publish(
    model: "Model",
    *,
    answers: int,
    inputs: str,
    metrics: dict[str, Any],
    activate_it: bool,
    verdict: str,
) -> ModelVersion:
    """Store a new version, put it to use where wanted, and drop the oldest spare ones."""
    artifact = pack(model)
    with transaction.atomic():
        newest = ModelVersion.objects.aggregate(newest=Max("number"))["newest"] or 0
        row = ModelVersion.objects.create(
            number=newest + 1,
            kind=model.kind,
            artifact=artifact,
            examples=answers,
            inputs=inputs,
            metrics=metrics,
            verdict=verdict,
        )
        if activate_it:
            activate(row)
        spare = ModelVersion.objects.filter(active=False).order_by("-number")[KEEP:]
        ModelVersion.objects.filter(pk__in=list(spare.values_list("pk", flat=True))).delete()
    return row


def activate(row: ModelVersion) -> None:
    """Put this version to use; from the next request on it scores."""
    with transaction.atomic():
        ModelVersion.objects.filter(active=True).update(active=False)
        ModelVersion.objects.filter(pk=row.pk).update(active=True)
        row.refresh_from_db(fields=["active"])
        transaction.on_commit(lambda: write_file(bytes(row.artifact)))


def rollback() -> ModelVersion | None:
    """Put the version before the active one to use; None where there is none."""
    current = ModelVersion.objects.filter(active=True).first()
    older = ModelVersion.objects.filter(number__lt=current.number) if current else None
    row = older.order_by("-number").first() if older is not None else None
    if row is not None:
        activate(row)
    return row


def reset() -> None:
    """Use no model: the prior scores until the next training."""
    ModelVersion.objects.filter(active=True).update(active=False)


def pack(model: "Model") -> bytes:
    """Return a signed artifact: magic, header (JSON, readable), signature, joblib payload."""
    import joblib  # noqa: PLC0415 (brings NumPy's and the payload's weight only where needed)

    buffer = io.BytesIO()
    joblib.dump(model, buffer, compress=3)
    payload = buffer.getvalue()
    header = json.dumps({"format": FORMAT, "libraries": _libraries(), "bytes": len(payload)})
    signed = MAGIC + header.encode() + b"\n"
    return signed + _signature(signed + payload) + b"\n" + payload


def unpack(artifact: bytes) -> "Model":
    """Return the model of an artifact. Raises BadArtifact before a byte of it is unpickled."""
    if not artifact.startswith(MAGIC):
        raise BadArtifact("it is not a model of MoodRec")
    parts = artifact[len(MAGIC) :].split(b"\n", 2)
    if len(parts) != 3:
        raise BadArtifact("it is cut short")
    header, signature, payload = parts
    expected = _signature(MAGIC + header + b"\n" + payload)
    if not hmac.compare_digest(signature, expected):
        raise BadArtifact("the signature is not of this install")
    _check_header(json.loads(header))
    import joblib  # noqa: PLC0415 (as above)

    model: Model = joblib.load(io.BytesIO(payload))
    return model


def _check_header(header: dict[str, Any]) -> None:
    if header.get("format") != FORMAT:
        raise BadArtifact(f"its format is {header.get('format')}, ours is {FORMAT}: train again")
    if header.get("libraries") != _libraries():
        raise BadArtifact("it was made by other versions of the libraries: train again")


def _libraries() -> dict[str, str]:
    import numpy as np  # noqa: PLC0415 (as above)
    import sklearn  # noqa: PLC0415

    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {"python": python, "sklearn": sklearn.__version__, "numpy": np.__version__}


def _signature(data: bytes) -> bytes:
    key = hashlib.sha256(_SALT + settings.DATA_KEYS[-1].encode()).digest()
    return hmac.new(key, data, hashlib.sha256).hexdigest().encode()


def file_path() -> Path:
    return Path(settings.DATA_DIR) / "model.pkl"


def write_file(artifact: bytes) -> None:
    """Write `model.pkl` in one step; the database row stays the truth."""
    path = file_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix="model.")
    with os.fdopen(descriptor, "wb") as file:
        file.write(artifact)
        file.flush()
        os.fsync(file.fileno())
    Path(draft).replace(path)
