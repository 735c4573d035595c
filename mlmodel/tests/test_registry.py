"""A model file in doubt is ignored, and the prior scores."""

import io
import json
import os
import pickle
from pathlib import Path
from typing import Any

import pytest

from mlmodel import registry, training
from mlmodel.models import ModelVersion
from mlmodel.records import Candidate, Title
from mlmodel.registry import MAGIC, BadArtifact, pack, unpack
from mlmodel.training import Model, train

TITLES = [Title(id=str(n), title=f"Title {n}", year=1990 + n, genres=("Drama",)) for n in range(8)]


@pytest.fixture(scope="module")
def model() -> Model:
    return train([], TITLES)


@pytest.fixture
def artifact(model: Model) -> bytes:
    return pack(model)


def publish(model: Model, **fields: Any) -> ModelVersion:
    given = {"answers": 9, "inputs": "x", "metrics": {}, "activate_it": True, "verdict": "good"}
    return registry.publish(model, **{**given, **fields})


class Evil:
    """Touches a file when it is unpickled."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.canary),)


def test_what_was_packed_comes_back(model: Model, artifact: bytes) -> None:
    candidates = [Candidate(title) for title in TITLES]
    assert unpack(artifact).predict(candidates) == pytest.approx(model.predict(candidates))


def test_an_unsigned_pickle_is_never_loaded(tmp_path: Path) -> None:
    canary = tmp_path / "executed"
    evil = pickle.dumps(Evil(canary))
    header = json.dumps({"format": 1, "libraries": registry._libraries()}).encode()
    for body in (evil, MAGIC + evil, MAGIC + header + b"\n" + b"0" * 64 + b"\n" + evil):
        with pytest.raises(BadArtifact):
            unpack(body)
    assert not canary.exists()


def test_any_flipped_byte_is_noticed(artifact: bytes) -> None:
    for place in range(0, len(artifact), max(len(artifact) // 60, 1)):
        broken = bytearray(artifact)
        broken[place] ^= 1
        with pytest.raises(BadArtifact):
            unpack(bytes(broken))


def test_a_file_cut_anywhere_is_noticed(artifact: bytes) -> None:
    for end in range(0, len(artifact), 1024):
        with pytest.raises(BadArtifact):
            unpack(artifact[:end])


def test_another_install_s_signature_is_refused(artifact: bytes, settings: Any) -> None:
    settings.DATA_KEYS = ["another key of another install"]
    with pytest.raises(BadArtifact, match="signature"):
        unpack(artifact)


def test_other_library_versions_mean_train_again(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as old:
        old.setattr(registry, "_libraries", lambda: {"sklearn": "0.1"})
        artifact = pack(model)
    with pytest.raises(BadArtifact, match="other versions"):
        unpack(artifact)


def test_a_future_format_means_train_again(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as future:
        future.setattr(registry, "FORMAT", 99)
        artifact = pack(model)
    with pytest.raises(BadArtifact, match="99"):
        unpack(artifact)


@pytest.mark.parametrize("library", ["python", "sklearn", "numpy", "scipy", "moodrec"])
def test_the_header_names_everything_the_payload_depends_on(artifact: bytes, library: str) -> None:
    header = json.loads(artifact[len(MAGIC) :].split(b"\n", 1)[0])
    assert header["libraries"][library]


def signed(header: bytes, payload: bytes) -> bytes:
    """An artifact of this install, whatever is in it."""
    start = MAGIC + header + b"\n"
    return start + registry._signature(start + payload) + b"\n" + payload


def good_header(**changes: Any) -> bytes:
    good = {"format": registry.FORMAT, "libraries": registry._libraries()}
    return json.dumps({**good, **changes}).encode()


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
    for header, payload in (
        (good_header(), gone),
        (good_header(), b"no pickle"),
        (good_header(), b""),
        (b"no JSON", b""),
        (b"[]", b""),
    ):
        with pytest.raises(BadArtifact, match="can't be read"):
            unpack(signed(header, payload))


def test_something_else_than_a_model_is_a_bad_artifact() -> None:
    with pytest.raises(BadArtifact, match="holds a dict"):
        unpack(signed(good_header(), pickle.dumps({})))


@pytest.mark.django_db
def test_a_bad_artifact_leaves_the_prior_scoring(
    model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    row = publish(model)
    ModelVersion.objects.filter(pk=row.pk).update(artifact=b"rubbish")
    assert registry.active() is None
    assert "the prior scores" in caplog.text


@pytest.mark.django_db
def test_one_version_is_active_and_the_last_three_are_kept(model: Model) -> None:
    for _ in range(6):
        publish(model)
    kept = ModelVersion.objects.order_by("number").values_list("number", "active")
    assert list(kept) == [(3, False), (4, False), (5, False), (6, True)]


@pytest.mark.django_db
def test_versions_that_were_not_used_push_out_none_that_was(model: Model) -> None:
    for _ in range(5):
        publish(model)
    for _ in range(4):
        publish(model, activate_it=False)
    kept = ModelVersion.objects.order_by("number").values_list("number", "accepted", "active")
    assert list(kept) == [
        (2, True, False),
        (3, True, False),
        (4, True, False),
        (5, True, True),
        (9, False, False),  # the newest, so that the same answers are not fitted again
    ]


@pytest.mark.django_db
def test_a_number_that_another_training_took_first_is_no_failure(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(model)
    numbers = iter([1, 2])  # the first was read before the other training stored its version
    monkeypatch.setattr(registry, "_next_number", lambda: next(numbers))
    assert publish(model).number == 2
    assert ModelVersion.objects.get(active=True).number == 2


@pytest.mark.django_db
def test_a_version_that_is_not_better_is_kept_but_not_used(model: Model) -> None:
    publish(model)
    publish(model, activate_it=False)
    active = registry.active()
    assert active is not None
    assert active.number == 1


@pytest.mark.django_db
def test_rolling_back_uses_the_version_before(model: Model) -> None:
    publish(model)
    publish(model)
    row = registry.rollback()
    assert row is not None
    assert row.number == 1
    assert registry.active() is not None
    assert registry.rollback() is None


@pytest.mark.django_db
def test_rolling_back_passes_over_what_was_never_used(model: Model) -> None:
    publish(model)
    publish(model, activate_it=False)
    publish(model)
    row = registry.rollback()
    assert row is not None
    assert row.number == 1


@pytest.mark.django_db
def test_rolling_back_never_returns_to_what_was_rolled_back_before(model: Model) -> None:
    publish(model)
    publish(model)
    registry.rollback()
    publish(model)
    row = registry.rollback()
    assert row is not None
    assert row.number == 1


@pytest.mark.django_db
def test_what_the_owner_puts_to_use_is_accepted(model: Model) -> None:
    row = publish(model, activate_it=False)
    registry.activate(row)
    publish(model)
    assert registry.rollback() == row


@pytest.mark.django_db
def test_another_thread_may_forget_what_this_one_just_loaded(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Forgetful(dict[int, Any]):
        def __contains__(self, key: object) -> bool:
            found = super().__contains__(key)
            self.clear()  # what the other thread does, at the worst moment
            return found

        def __setitem__(self, key: int, value: Any) -> None:
            super().__setitem__(key, value)
            self.clear()

    monkeypatch.setattr(registry, "_loaded", Forgetful())
    publish(model)
    assert registry.active() is not None
    assert registry.active() is not None


@pytest.mark.django_db(transaction=True)
def test_the_file_in_the_data_directory_is_the_active_version(model: Model, settings: Any) -> None:
    row = publish(model)
    assert Path(settings.DATA_DIR, "model.pkl").read_bytes() == bytes(row.artifact)
    assert isinstance(unpack(registry.file_path().read_bytes()), Model)


@pytest.mark.django_db(transaction=True)
def test_a_file_that_can_t_be_written_fails_nothing(
    model: Model, settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "model.pkl" / "in the way").mkdir(parents=True)
    row = publish(model)
    assert ModelVersion.objects.get(active=True) == row
    assert "model.pkl" in caplog.text
    assert [path.name for path in tmp_path.iterdir()] == ["model.pkl"]  # no draft left behind


def test_the_payload_is_a_joblib_file(artifact: bytes) -> None:
    import joblib  # noqa: PLC0415

    payload = artifact[len(MAGIC) :].split(b"\n", 2)[2]
    assert isinstance(joblib.load(io.BytesIO(payload)), Model)
