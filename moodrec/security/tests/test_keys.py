"""Keys: each install has its own, nobody else reads them, and no example passes for one."""

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from moodrec.security import keys
from moodrec.security.keys import WeakKey, checked, load_or_create
from moodrec.tests.installs import Install

PRINT_KEYS = "from django.conf import settings as s; print(s.SECRET_KEY, s.DATA_KEYS)"


def test_two_fresh_installs_have_different_keys(tmp_path: Path) -> None:
    first, second = (load_or_create(tmp_path / name / "session.key") for name in "ab")
    assert first != second
    assert len(first) >= 64


def test_a_key_is_kept_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "data.key"
    key = load_or_create(path, fernet=True)
    Fernet(key)
    assert load_or_create(path, fernet=True) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert list(path.parent.iterdir()) == [path]  # no draft is left


def test_eight_processes_that_start_at_once_agree_on_a_key(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "data.key"
    # each waits for the word, so that they meet
    code = (
        "import pathlib, runpy\n"
        f"make = runpy.run_path({keys.__file__!r})['load_or_create']\n"
        f"while not pathlib.Path({str(tmp_path / 'go')!r}).exists(): pass\n"
        f"print(make(pathlib.Path({str(path)!r}), fernet=True))"
    )
    command = [sys.executable, "-c", code]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    (tmp_path / "go").touch()
    answers = {run.communicate(timeout=60)[0].strip() for run in runs}
    assert answers == {path.read_text()}
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("example", ["change-me", "CHANGE-ME", "secret", "fifteen-letters", ""])
def test_an_example_is_no_key(example: str) -> None:
    with pytest.raises(WeakKey, match="SECRET_KEY is an example"):
        checked("SECRET_KEY", example)


def test_a_real_key_is_taken_as_it_is() -> None:
    assert checked("SECRET_KEY", "x" * 16) == "x" * 16


def test_no_command_runs_with_an_example_for_a_key(tmp_path: Path) -> None:
    done = Install(tmp_path).manage("check", SECRET_KEY="change-me")
    assert done.returncode != 0
    assert "SECRET_KEY is an example or shorter than 16 characters" in done.stderr


def test_a_key_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("a-key-from-a-docker-secret")
    done = Install(tmp_path / "data").manage(
        "shell", "-v0", "-c", PRINT_KEYS, SECRET_KEY_FILE=str(tmp_path / "key")
    )
    assert done.stdout.startswith("a-key-from-a-docker-secret ")
