"""Loaded before Django: the tests get a data directory of their own, never the household's."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

pytest_plugins = ["moodrec.tests.installs", "moodrec.tests.demo_home"]

_data = tempfile.mkdtemp(prefix="moodrec-test-")
(Path(_data) / "static").mkdir()  # WhiteNoise warns where it is missing
atexit.register(shutil.rmtree, _data, ignore_errors=True)
for name in ("BASE_PATH", "DATABASE_URL", "REDIS_URL", "PLEX_URL", "PLEX_TOKEN", "DEMO_PLEX_URL"):
    os.environ.pop(name, None)
os.environ.update(
    DJANGO_SETTINGS_MODULE="moodrec.tests.settings",
    DATA_DIR=_data,
    TZ="Europe/Berlin",
    LOG_LEVEL="WARNING",
)
