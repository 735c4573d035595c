"""`model.pkl` is the owner's copy: written whole or not at all, mended, never followed or loaded."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from mlmodel import model_file, registry, serving
from mlmodel.artifact import unpack
from mlmodel.models import ModelVersion
from mlmodel.training import Model
from moodrec.tests.builders import published
from moodrec.tests.installs import ROOT, Install

KILLS = 30


@pytest.mark.django_db(transaction=True)
def test_the_file_in_the_data_directory_is_the_version_in_use(model: Model) -> None:
    row = published(model)
    assert model_file.path().read_bytes() == bytes(row.artifact)
    assert isinstance(unpack(model_file.path().read_bytes()), Model)
    assert model_file.path().stat().st_mode & 0o777 == 0o600
    assert registry.mend_file() == ""
    registry.reset()
    assert not model_file.path().exists()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_can_t_be_written_fails_nothing(
    model: Model, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "model.pkl" / "in the way").mkdir(parents=True)
    row = published(model)
    registry.reset()
    registry.activate(row)
    assert ModelVersion.objects.get(active=True) == row
    assert "model.pkl" in caplog.text
    assert [path.name for path in tmp_path.iterdir()] == ["model.pkl"]  # no draft left behind


def cut(path: Path) -> None:
    os.truncate(path, 100)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def tampered(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))


def of_two_gigabytes(path: Path) -> None:
    os.truncate(path, 2 << 30)  # sparse: it takes no room


def gone(path: Path) -> None:
    path.unlink()


def writable_by_all(path: Path) -> None:
    path.chmod(0o666)


def a_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def a_link_to_nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to("/nowhere/at/all")


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)  # who opens it to read waits for ever


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (gone, "is missing"),
        (cut, "is not the model in use"),
        (emptied, "is not the model in use"),
        (tampered, "is not the model in use"),
        (of_two_gigabytes, "is not the model in use"),
        (writable_by_all, "has the mode 0666 instead of 0600"),
        (a_link, "is a link to elsewhere"),
        (a_link_to_nowhere, "is a link to elsewhere"),
        (a_pipe, "is no file"),
    ],
)
def test_a_bad_file_changes_no_score_and_is_written_anew(
    model: Model, spoil: Any, told: str
) -> None:
    row = published(model)
    spoil(model_file.path())
    serving.forget()
    assert serving.active() is not None
    assert serving.trouble() is None
    assert registry.mend_file() == told
    assert model_file.path().lstat().st_mode == 0o100600
    assert model_file.path().read_bytes() == bytes(row.artifact)
    assert registry.mend_file() == ""


@pytest.mark.django_db(transaction=True)
def test_a_link_is_replaced_and_not_written_through(model: Model, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    model_file.path().symlink_to(precious)
    published(model)
    assert precious.read_text() == "mine"
    assert not model_file.path().is_symlink()


@pytest.mark.django_db(transaction=True)
def test_a_model_that_can_t_be_used_is_not_written_out(model: Model) -> None:
    row = published(model)
    ModelVersion.objects.filter(pk=row.pk).update(artifact=b"rubbish")
    serving.forget()
    gone(model_file.path())
    assert registry.mend_file() == ""
    assert not model_file.path().exists()


def test_doctor_tells_of_a_bad_file_and_mends_it(install: Install, model: Model) -> None:
    made = install.manage("shell", "-v0", "-c", _PUBLISH)
    assert made.returncode == 0, made.stderr
    file = install.folder / "model.pkl"
    file.chmod(0o666)
    told = install.manage("doctor").stdout
    assert "model.pkl: It has the mode 0666 instead of 0600; it was written anew" in told
    assert file.stat().st_mode & 0o777 == 0o600
    assert "model.pkl" not in install.manage("doctor").stdout


_PUBLISH = """
from mlmodel import registry, serving
from mlmodel.training import train
registry.publish(train([], []), answers=9, inputs="x", metrics={}, activate_it=True, verdict="")
"""

_KILL = """
import os, random, signal, sys, time
import django
django.setup()
from mlmodel import model_file
from mlmodel.artifact import manifest_of, pack, unpack
from mlmodel.training import train

versions = [pack(train([], []), inputs=name) for name in ("a", "b")]
model_file.replace(versions[0])
chance = random.Random(7)
seen = set()
for _ in range(int(sys.argv[1])):
    told, tell = os.pipe()
    writer = os.fork()
    while writer == 0:
        for artifact in versions:
            model_file.replace(artifact)
        if told:
            told = os.write(tell, b".") - 1
    os.read(told, 1)  # however slow the machine, both were written before it is killed
    os.close(told), os.close(tell)
    time.sleep(chance.uniform(0.001, 0.03))
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    content = model_file.path().read_bytes()
    unpack(content)
    seen.add(manifest_of(content)["inputs"])
print(*sorted(seen))
"""


def drafts(folder: Path) -> list[Path]:
    return list(folder.glob(f"{model_file.DRAFT}*"))


def test_kill_9_while_writing_leaves_a_whole_file_and_no_litter_for_ever(install: Install) -> None:
    """Thirty writers killed at random moments; after each the file is a whole model of ours."""
    done = subprocess.run(
        [sys.executable, "-c", _KILL, str(KILLS)],
        cwd=ROOT,
        env=install.variables(DJANGO_SETTINGS_MODULE="moodrec.settings"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "a b\n"  # both were written: the kills did not all come too early
    assert drafts(install.folder)  # and some came in the midst of writing
    for draft in drafts(install.folder):
        os.utime(draft, times=(0, 0))
    model_file.sweep(install.folder)
    assert drafts(install.folder) == []


def test_the_draft_of_a_writer_at_work_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / f"{model_file.DRAFT}x").touch()
    model_file.sweep(tmp_path)
    assert len(drafts(tmp_path)) == 1


def test_a_backup_of_another_install_is_restored_without_its_model(install: Install) -> None:
    assert install.manage("shell", "-v0", "-c", _PUBLISH).returncode == 0
    assert install.manage("backup").returncode == 0
    copy = str(next((install.folder / "backups").glob("moodrec-*.sqlite3")))
    ours = install.manage("restore", copy)
    assert ours.stdout == "Restored. Start MoodRec again.\n", ours.stderr
    elsewhere = install.manage("restore", copy, DATA_KEYS=Fernet.generate_key().decode())
    assert "it will train" in elsewhere.stdout, elsewhere.stderr
    left = install.manage("shell", "-v0", "-c", _LEFT)
    assert left.stdout == "0 queued\n", left.stderr


_LEFT = """
from mlmodel.models import ModelVersion
from moodrec.jobs.models import Job
print(ModelVersion.objects.count(), Job.objects.get(kind="train").state)
"""
