"""Loaded before Django: the tests get a data directory of their own, never the household's."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_data = tempfile.mkdtemp(prefix="moodrec-test-")
(Path(_data) / "static").mkdir()  # WhiteNoise warns where it is missing
atexit.register(shutil.rmtree, _data, ignore_errors=True)
for name in ("DATABASE_URL", "REDIS_URL", "PLEX_URL", "PLEX_TOKEN", "DEMO_PLEX_URL"):
    os.environ.pop(name, None)
os.environ.update(DATA_DIR=_data, TZ="Europe/Berlin", LOG_LEVEL="WARNING")


def pytest_configure() -> None:
    """Keep the tests' database in a file, as the product does: threads then meet its real locks."""
    from django.conf import settings  # noqa: PLC0415 (the lines above must come first)

    settings.DATABASES["default"]["TEST"] = {"NAME": f"{_data}/test.sqlite3"}
