"""A model in doubt is never unpickled: trust.md's every way in which one can be bad."""

import hashlib
import io
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

from mlmodel import artifact as module
from mlmodel import training
from mlmodel.artifact import MAGIC, MOST_BYTES, OUR_CODE, BadArtifact, manifest_of, pack, unpack
from mlmodel.config import Kind
from mlmodel.records import Candidate, Title
from mlmodel.training import Model, train


@pytest.fixture(scope="module")
def artifact(model: Model) -> bytes:
    return pack(model, inputs="digest", examples=9)


@pytest.fixture
def unpickled(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What reached `joblib.load`, which goes on to do its work."""
    seen: list[object] = []
    load = joblib.load

    def watched(file: Any) -> Any:
        seen.append(file)
        return load(file)

    monkeypatch.setattr(joblib, "load", watched)
    return seen


class Evil:
    """Makes a folder when it is unpickled."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.canary),)


def parts(artifact: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    header, signature, payload = artifact[len(MAGIC) :].split(b"\n", 2)
    return json.loads(header), signature, payload


def signed(header: bytes, payload: bytes) -> bytes:
    """An artifact of this install, whatever is in it."""
    start = MAGIC + header + b"\n"
    return start + module._signature(start + payload) + b"\n" + payload


def told_of(payload: bytes, **changes: Any) -> bytes:
    """A manifest that is true of this payload but for the changes."""
    true = {
        "format": module.FORMAT,
        "created": "2026-01-01T00:00:00+00:00",
        "kind": "logistic",
        "examples": 9,
        "inputs": "digest",
        "libraries": module.LIBRARIES,
        "bytes": len(payload),
        "sha256": hashlib.sha256(payload).hexdigest(),
    }
    return json.dumps({**true, **changes}).encode()


def test_what_was_packed_comes_back(model: Model, artifact: bytes) -> None:
    candidates = [Candidate(title) for title in (Title("1", "Alien"), Title("2", "Brazil"))]
    assert unpack(artifact).predict(candidates) == pytest.approx(model.predict(candidates))


def test_the_payload_is_a_joblib_file(artifact: bytes) -> None:
    assert isinstance(joblib.load(io.BytesIO(parts(artifact)[2])), Model)


def test_the_manifest_tells_what_it_was_made_of_and_by(artifact: bytes) -> None:
    manifest = manifest_of(artifact)
    payload = parts(artifact)[2]
    assert (manifest["kind"], manifest["examples"], manifest["inputs"]) == ("logistic", 9, "digest")
    assert manifest["libraries"].keys() == {"python", "sklearn", "numpy", "scipy", "moodrec"}
    assert all(manifest["libraries"].values())
    assert manifest["libraries"]["numpy"] == np.__version__
    assert manifest["sha256"] == hashlib.sha256(payload).hexdigest()
    assert manifest["created"] > "2026"


def test_an_evil_pickle_never_runs(
    artifact: bytes, unpickled: list[object], tmp_path: Path, settings: Any
) -> None:
    canary = tmp_path / "executed"
    evil = pickle.dumps(Evil(canary))
    header, signature, _ = parts(artifact)
    plain = json.dumps(header).encode()
    old = {**module.LIBRARIES, "sklearn": "0.24.2"}
    other = {**module.LIBRARIES, "moodrec": "0" * 16}
    bad = [
        evil,
        MAGIC + evil,
        MAGIC + plain + b"\n" + b"0" * 64 + b"\n" + evil,
        MAGIC + plain + b"\n\n" + evil,
        MAGIC + plain + b"\n" + signature + b"\n" + evil,  # the signature of another payload
        MAGIC + told_of(evil) + b"\n" + signature + b"\n" + evil,
        signed(plain, evil),  # signed by us, and the manifest of another payload
        signed(told_of(evil, sha256="0" * 64), evil),
        signed(told_of(evil, bytes=len(evil) + 1), evil),
        signed(told_of(evil, format=module.FORMAT + 1), evil),
        signed(told_of(evil, format=1), evil),
        signed(told_of(evil, libraries=old), evil),
        signed(told_of(evil, libraries=other), evil),
        signed(told_of(evil, libraries=None), evil),
        *[
            signed(json.dumps({**json.loads(told_of(evil)), name: None}).encode(), evil)
            for name in ("format", "libraries", "bytes", "sha256")
        ],
    ]
    ours, settings.DATA_KEYS = settings.DATA_KEYS, ["a key of another install"]
    bad.append(signed(told_of(evil), evil))
    settings.DATA_KEYS = ours
    for body in bad:
        with pytest.raises(BadArtifact):
            unpack(body)
    assert not canary.exists()
    assert unpickled == []


def test_the_canary_sings_where_nothing_is_checked(tmp_path: Path) -> None:
    """Else the test above would prove nothing."""
    joblib.load(io.BytesIO(pickle.dumps(Evil(tmp_path / "executed"))))
    assert (tmp_path / "executed").exists()


def test_any_flipped_byte_is_noticed(artifact: bytes, unpickled: list[object]) -> None:
    header = len(artifact) - len(parts(artifact)[2])
    for place in [*range(header), *range(header, len(artifact), 997)]:
        broken = bytearray(artifact)
        broken[place] ^= 1
        with pytest.raises(BadArtifact):
            unpack(bytes(broken))
    assert unpickled == []


def test_a_file_cut_anywhere_is_noticed(artifact: bytes, unpickled: list[object]) -> None:
    header = len(artifact) - len(parts(artifact)[2])
    for end in [*range(header + 1), *range(0, len(artifact), 1024), len(artifact) - 1]:
        with pytest.raises(BadArtifact):
            unpack(artifact[:end])
    assert unpickled == []


def test_another_install_s_signature_is_refused(
    artifact: bytes, unpickled: list[object], settings: Any
) -> None:
    settings.DATA_KEYS = ["another key of another install"]
    with pytest.raises(BadArtifact, match="not made by this install"):
        unpack(artifact)
    assert unpickled == []


@pytest.mark.parametrize("library", ["python", "sklearn", "numpy", "scipy", "moodrec"])
def test_another_version_of_any_library_means_train_again(
    model: Model, library: str, unpickled: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as old:
        old.setattr(module, "LIBRARIES", {**module.LIBRARIES, library: "0.1"})
        artifact = pack(model)
    with pytest.raises(BadArtifact, match="another version of MoodRec or its libraries"):
        unpack(artifact)
    assert unpickled == []


def test_a_future_format_is_named(artifact: bytes) -> None:
    payload = parts(artifact)[2]
    with pytest.raises(BadArtifact, match="its format is 99"):
        unpack(signed(told_of(payload, format=99), payload))


@pytest.mark.parametrize(
    "name", ["created", "kind", "examples", "inputs", "libraries", "bytes", "sha256"]
)
def test_a_manifest_without_any_of_its_parts_is_refused(artifact: bytes, name: str) -> None:
    payload = parts(artifact)[2]
    told = json.loads(told_of(payload))
    del told[name]
    with pytest.raises(BadArtifact, match=f"lacks {name}"):
        unpack(signed(json.dumps(told).encode(), payload))


@pytest.mark.parametrize("header", [b"no JSON", b"[]", b"[" * 100_000, b"\xff", b""])
def test_a_manifest_that_is_none_is_refused(header: bytes) -> None:
    with pytest.raises(BadArtifact, match="manifest"):
        unpack(signed(header, b""))


def test_what_is_too_large_is_refused_before_it_is_looked_at(unpickled: list[object]) -> None:
    with pytest.raises(BadArtifact, match="200 MiB"):
        unpack(MAGIC + bytes(MOST_BYTES))
    assert unpickled == []


def test_what_is_too_large_is_not_packed(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 1000)
    with pytest.raises(BadArtifact, match="more than any model"):
        pack(model)


def test_the_largest_model_is_far_larger_than_any(artifact: bytes) -> None:
    assert len(artifact) < MOST_BYTES / 100


@pytest.mark.parametrize("kind", ["logistic", "tree"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_weights_that_are_no_numbers_are_not_packed(kind: Kind, value: float) -> None:
    model = train([], [], kind=kind)
    learnt = vars(model.pipeline["classifier"])["coef_" if kind == "logistic" else "corrections_"]
    learnt.flat[0] = value
    with pytest.raises(BadArtifact, match="no numbers"):
        pack(model)


class Gone:
    """A class that the next release no longer has."""


def of_a_class_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr(Gone, "__module__", "mlmodel.training")
    monkeypatch.setattr(training, "Gone", Gone, raising=False)
    return pickle.dumps(Gone())


def test_what_is_signed_and_still_can_t_be_read_is_a_bad_artifact(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as before:
        gone = of_a_class_that_is_gone(before)
    for payload in (gone, b"no pickle", b""):
        with pytest.raises(BadArtifact, match="can’t be read"):
            unpack(signed(told_of(payload), payload))


def test_something_else_than_a_model_is_a_bad_artifact() -> None:
    payload = pickle.dumps({})
    with pytest.raises(BadArtifact, match="holds a dict"):
        unpack(signed(told_of(payload), payload))


_LOADED = """
import sys
from mlmodel import training
ours = [name for name, module in sys.modules.items() if name.startswith("mlmodel.")
        and not hasattr(module, "__path__")]
print(*(name.removeprefix("mlmodel.") for name in ours))
"""


def test_the_digest_of_our_code_covers_all_that_a_model_is_made_of() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True, timeout=60
    )
    assert set(done.stdout.split()) <= set(OUR_CODE)


def test_an_artifact_is_checked_without_loading_scikit_learn(artifact: bytes) -> None:
    script = "import sys, mlmodel.registry; print([m for m in sys.modules if m == 'sklearn'])"
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {script}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == "[]\n"
