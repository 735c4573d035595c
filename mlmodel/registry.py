"""The model's versions: publish, activate, roll back, and load only what is provably ours."""

import hashlib
import hmac
import inspect
import io
import json
import logging
import os
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max

from mlmodel.models import ModelVersion

if TYPE_CHECKING:
    from mlmodel.training import Model

logger = logging.getLogger(__name__)

MAGIC = b"MOODREC-MODEL\n"
FORMAT = 1  # 1: the joblib payload of a training.Model behind a JSON header
KEEP = 3  # accepted versions beside the active one, for rollback
KEEP_UNUSED = 1  # the newest version that is not used: what it learnt from is not fitted again
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
    try:
        return _loaded[row.pk]
    except KeyError:
        found = _load(row)
    _loaded.clear()  # another thread may do this at any time, so what was found is kept at hand
    _loaded[row.pk] = found
    return found


def broken() -> bool:
    """Tell whether a version is in use that can't be believed, so that the prior scores."""
    return active() is None and ModelVersion.objects.filter(active=True).exists()


def forget() -> None:
    """Drop the loaded model: the next call reads and checks it again."""
    _loaded.clear()


def loads(row: ModelVersion) -> bool:
    """Tell whether this version's artifact can be believed."""
    return _load(row) is not None


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
    row = ModelVersion(
        kind=model.kind,
        artifact=pack(model),
        examples=answers,
        inputs=inputs,
        metrics=metrics,
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
        transaction.on_commit(lambda: write_file(bytes(row.artifact)))


def rollback() -> ModelVersion | None:
    """Put the accepted version before the active one to use; None where there is none.

    The one that is left is accepted no more: no later rollback returns to it.
    """
    current = ModelVersion.objects.defer("artifact").filter(active=True).first()
    if current is None:
        return None
    older = ModelVersion.objects.filter(accepted=True, number__lt=current.number)
    row = older.defer("artifact").order_by("-number").first()
    if row is not None:
        with transaction.atomic():
            activate(row)
            ModelVersion.objects.filter(pk=current.pk).update(accepted=False)
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
    """Return the model of an artifact. Raises BadArtifact, if unsigned before it is unpickled."""
    header, payload = _signed_parts(artifact)
    try:
        return _read(header, payload)
    except BadArtifact:
        raise
    except Exception as problem:  # a pickle of other code may raise anything
        reason = f"it can't be read ({type(problem).__name__}: {problem}): train again"
        raise BadArtifact(reason) from problem


def _signed_parts(artifact: bytes) -> tuple[bytes, bytes]:
    """Return header and payload of an artifact that this install signed."""
    if not artifact.startswith(MAGIC):
        raise BadArtifact("it is not a model of MoodRec")
    parts = artifact[len(MAGIC) :].split(b"\n", 2)
    if len(parts) != 3:
        raise BadArtifact("it is cut short")
    header, signature, payload = parts
    expected = _signature(MAGIC + header + b"\n" + payload)
    if not hmac.compare_digest(signature, expected):
        raise BadArtifact("the signature is not of this install")
    return header, payload


def _read(header: bytes, payload: bytes) -> "Model":
    import joblib  # noqa: PLC0415 (as above)

    from mlmodel.training import Model  # noqa: PLC0415 (as above)

    _check_header(json.loads(header))
    model = joblib.load(io.BytesIO(payload))
    if not isinstance(model, Model):
        raise BadArtifact(f"it holds a {type(model).__name__}: train again")
    return model


def _check_header(header: dict[str, Any]) -> None:
    if header.get("format") != FORMAT:
        raise BadArtifact(f"its format is {header.get('format')}, ours is {FORMAT}: train again")
    if header.get("libraries") != _libraries():
        raise BadArtifact("it was made by other versions of the libraries or MoodRec: train again")


def _libraries() -> dict[str, str]:
    """Return the versions of all that the payload's classes come from, our own among them."""
    import numpy as np  # noqa: PLC0415 (as above)
    import scipy  # noqa: PLC0415
    import sklearn  # noqa: PLC0415

    return {
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "sklearn": sklearn.__version__,
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "moodrec": _own_code(),
    }


@cache
def _own_code() -> str:
    """Return a digest of the modules whose classes and columns are in the payload.

    Nobody has to remember to raise a number when one of them changes; training is cheap.
    """
    from mlmodel import features, moods, prior, records, training  # noqa: PLC0415 (as above)

    code = "".join(map(inspect.getsource, (features, moods, prior, records, training)))
    return hashlib.sha256(code.encode()).hexdigest()[:16]


def _signature(data: bytes) -> bytes:
    key = hashlib.sha256(_SALT + settings.DATA_KEYS[-1].encode()).digest()
    return hmac.new(key, data, hashlib.sha256).hexdigest().encode()


def file_path() -> Path:
    return Path(settings.DATA_DIR) / "model.pkl"


def write_file(artifact: bytes) -> None:
    """Write `model.pkl` in one step; the database row is the truth, so a full disk only warns."""
    try:
        _replace(file_path(), artifact)
    except OSError as problem:
        logger.warning("%s is not written, which changes no score: %s", file_path(), problem)


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix="model.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise
