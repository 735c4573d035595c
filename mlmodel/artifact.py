"""A model as signed bytes: packed with a manifest, and unpickled only where both are provably ours.

Unpickling runs whatever the bytes say, so nothing reaches `joblib.load` before the signature of this
install, the size, the digest of the payload and the versions of all it is made of were compared.
"""

import hashlib
import hmac
import io
import json
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from moodrec.phrasing import phrase

if TYPE_CHECKING:
    from mlmodel.training import Model

MAGIC = b"MOODREC-MODEL\n"
# magic, manifest (one line of JSON), signature, the joblib payload of a `training.Model`
FORMAT = 2
MOST_BYTES = 200 * 2**20  # a household's model has about one MiB; what is larger is none
_SALT = b"moodrec.mlmodel.registry.v1"

# The modules whose classes and columns are in the payload: the digest of their code is the schema.
OUR_CODE = (
    "config", "contexts", "doubt", "features", "fitting", "met", "moods", "moodtable.table",
    "moodtable.words", "prior", "records", "series_names", "training", "traits", "tree",
)  # fmt: skip
_TOLD = {"format", "created", "kind", "examples", "inputs", "libraries", "bytes", "sha256"}


class BadArtifact(Exception):
    """A model that must not be loaded (or stored): the message tells why."""


def _libraries() -> dict[str, str]:
    """Return the versions of all that the payload's classes come from, our own code among them.

    Nobody has to remember to raise a number when that changes; training is cheap. Read from the
    files, so that a web process can check an artifact without importing scikit-learn.
    """
    folder = Path(__file__).parent
    files = [folder.joinpath(*name.split(".")).with_suffix(".py") for name in OUR_CODE]
    code = b"".join(file.read_bytes() for file in files)
    return {
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "sklearn": version("scikit-learn"),
        "numpy": version("numpy"),
        "scipy": version("scipy"),
        "moodrec": hashlib.sha256(code).hexdigest()[:16],
    }


LIBRARIES = _libraries()  # of the code that this process runs, whatever an upgrade writes later


def pack(model: "Model", *, inputs: str = "", examples: int = 0) -> bytes:
    """Return a signed artifact that names what it learnt from.

    Raises BadArtifact for a model that is too large or has weights that are no numbers.
    """
    _check_weights(model)
    payload = _dumped(model)
    manifest = json.dumps(
        {
            "format": FORMAT,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "kind": model.kind,
            "examples": examples,
            "inputs": inputs,
            "libraries": LIBRARIES,
            "bytes": len(payload),
            "sha256": hashlib.sha256(payload).hexdigest(),
        }
    )
    signed = MAGIC + manifest.encode() + b"\n"
    artifact = signed + _signature(signed + payload) + b"\n" + payload
    check_size(len(artifact))
    return artifact


def check_size(size: int) -> None:
    """Raise BadArtifact where so many bytes can't be a model; ask before reading them."""
    if size > MOST_BYTES:
        raise BadArtifact(
            phrase("it has %(size)s MiB, more than any model of a household", size=size // 2**20)
        )


def manifest_of(artifact: bytes) -> dict[str, Any]:
    """Return the manifest of an artifact that may be unpickled. Raises BadArtifact for any other."""
    return _checked(artifact)[0]


def unpack(artifact: bytes) -> "Model":
    """Return the model of an artifact. Raises BadArtifact, before unpickling where it is not ours."""
    _manifest, payload = _checked(artifact)
    try:
        return _loaded(payload)
    except BadArtifact:
        raise
    except Exception as problem:  # a pickle of other code may raise anything
        cause = f"{type(problem).__name__}: {problem}"
        reason = phrase("it can’t be read (%(cause)s)", cause=cause)
        raise BadArtifact(reason) from problem


def _checked(artifact: bytes) -> tuple[dict[str, Any], bytes]:
    check_size(len(artifact))
    header, payload = _signed_parts(artifact)
    try:
        manifest = json.loads(header)
    except (ValueError, RecursionError) as problem:
        raise BadArtifact(phrase("its manifest can’t be read")) from problem
    if not isinstance(manifest, dict):
        raise BadArtifact(phrase("its manifest can’t be read"))
    _check_manifest(manifest, payload)
    return manifest, payload


def _signed_parts(artifact: bytes) -> tuple[bytes, bytes]:
    """Return manifest and payload of an artifact that this install signed."""
    if not artifact.startswith(MAGIC):
        raise BadArtifact(phrase("it is not a model of MoodRec"))
    parts = artifact[len(MAGIC) :].split(b"\n", 2)
    if len(parts) != 3:
        raise BadArtifact(phrase("it is cut short"))
    header, signature, payload = parts
    expected = _signature(MAGIC + header + b"\n" + payload)
    if not hmac.compare_digest(signature, expected):
        raise BadArtifact(phrase("it is damaged, or was not made by this install"))
    return header, payload


def _check_manifest(manifest: dict[str, Any], payload: bytes) -> None:
    if manifest.get("format") != FORMAT:
        was = str(manifest.get("format"))[:20]
        raise BadArtifact(
            phrase(
                "it was made by another version of MoodRec (its format is %(format)s, ours is %(ours)s)",
                format=was,
                ours=FORMAT,
            )
        )
    if missing := _TOLD - manifest.keys():
        raise BadArtifact(phrase("its manifest lacks %(names)s", names=", ".join(sorted(missing))))
    if manifest["libraries"] != LIBRARIES:
        raise BadArtifact(phrase("it was made by another version of MoodRec or its libraries"))
    found = {"bytes": len(payload), "sha256": hashlib.sha256(payload).hexdigest()}
    if found != {name: manifest[name] for name in found}:
        raise BadArtifact(phrase("its manifest speaks of another model"))


def _check_weights(model: "Model") -> None:
    """Raise BadArtifact where what was learnt is no number: every score would be none."""
    import numpy as np  # noqa: PLC0415 (a web process need not have it to check an artifact)

    for name, learnt in vars(model.pipeline["classifier"]).items():
        if isinstance(learnt, np.ndarray) and not np.isfinite(learnt).all():
            raise BadArtifact(
                phrase("what it learnt (%(name)s) holds values that are no numbers", name=name)
            )


def _dumped(model: "Model") -> bytes:
    import joblib  # noqa: PLC0415 (as above)

    buffer = io.BytesIO()
    joblib.dump(model, buffer, compress=3)
    return buffer.getvalue()


def _loaded(payload: bytes) -> "Model":
    import joblib  # noqa: PLC0415 (as above)

    from mlmodel.training import Model  # noqa: PLC0415 (brings scikit-learn)

    model = joblib.load(io.BytesIO(payload))
    if not isinstance(model, Model):
        raise BadArtifact(phrase("it holds a %(kind)s", kind=type(model).__name__))
    return model


def _signature(data: bytes) -> bytes:
    key = hashlib.sha256(_SALT + settings.DATA_KEYS[-1].encode()).digest()
    return hmac.new(key, data, hashlib.sha256).hexdigest().encode()
