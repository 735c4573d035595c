"""What holds for every test of the project."""

from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as examples
from pytest_django import Settings

from mlmodel import matrix, serving
from moodrec import plex_sign_in
from plexsync import posters
from plexsync.pages import link
from recommender.library import index

# the same examples on every run, however slow the machine: a change is judged by what it changes
examples.register_profile(
    "moodrec",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
examples.load_profile("moodrec")

pytest_plugins = ["moodrec.tests.household", "moodrec.tests.plextv", "moodrec.tests.chromium"]


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    """Give each test a data directory of its own: backups, pictures and models left by no other."""
    settings.DATA_DIR = tmp_path
    settings.DEMO_WANTED = tmp_path / "run" / "demo-wanted"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no slow machine rebuild the catalogue in a thread, which sees no row of a test's transaction."""
    monkeypatch.setattr(matrix, "QUICK_SECONDS", float("inf"))


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Start without what the test before left in this process's memory."""
    translation.deactivate()  # a request in another language leaves it to the thread
    matrix.forget()
    index.forget()
    serving.forget()
    plex_sign_in.STARTS.forget()
    link.LOOKS.forget()
    posters.forget()
