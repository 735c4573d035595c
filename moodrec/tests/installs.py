"""Installs of their own for tests: a folder whose commands run as processes, as at home."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
_OURS = {"SECRET_KEY", "DATA_KEYS", "PORT", "DEMO_PORT", "DEBUG", "HTTPS", "ALLOWED_HOSTS"}
_OURS |= {"DJANGO_SETTINGS_MODULE", "BASE_PATH"}
_LINK = re.compile(r"http://localhost:\d+\S*/welcome/\S+")


# Below those that the system hands out (from 32768 on): what listens at "any port" or calls somebody
# takes none of ours between our look and the start of an install. Each process begins elsewhere.
_PORTS = cycle(range(20_000, 32_000))
_ports = islice(_PORTS, os.getpid() * 97 % 12_000, None)


def free_port() -> int:
    """Return a port at which nobody listens, and which nobody is given twice."""
    return next(port for port in _ports if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports() -> dict[str, str]:
    """Where an install of its own may listen."""
    return {"PORT": str(free_port()), "DEMO_PORT": str(free_port())}


def home_of(link: str) -> str:
    """Return the address of the install that printed a one-time link."""
    return link.partition("/welcome")[0]


@dataclass
class Install:
    """One data directory; `environment` holds for every command."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return self.folder / "db.sqlite3"

    def variables(self, **more: str) -> dict[str, str]:
        inherited = {name: v for name, v in os.environ.items() if name not in _OURS}
        return {**inherited, **self.environment, "DATA_DIR": str(self.folder), **more}

    def manage(self, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """Run `manage.py` to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.variables(**more),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    @contextmanager
    def up(self, *options: str) -> Iterator[str]:
        """Run everything, as at home; yields the one-time link that is printed."""
        process = subprocess.Popen(
            [sys.executable, "-u", "manage.py", "up", *options],
            cwd=ROOT,
            env=self.variables(),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        try:
            yield next(found.group() for line in process.stdout if (found := _LINK.search(line)))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)
            process.stdout.close()


@pytest.fixture(scope="session")
def _migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the newest schema and nothing in it, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    done = Install(folder).manage("migrate", "--verbosity=0")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def install(_migrated: Path, tmp_path: Path) -> Install:
    """A fresh install: keys and an empty database."""
    folder = tmp_path / "data"
    shutil.copytree(_migrated, folder)
    return Install(folder, {"PORT": str(free_port())})
