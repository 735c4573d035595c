"""The composition root: settings, addresses, commands and the supervisor."""

import re
from pathlib import Path

_CHANGELOG = Path(__file__).parent.parent / "CHANGELOG.md"
_NEWEST = re.search(r"^## (\d+\.\d+\.\d+)", _CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)
__version__ = _NEWEST.group(1) if _NEWEST else "0.0.0"

from moodrec.celery import app as celery_app  # noqa: E402 (whoever queues a job needs the app)

__all__ = ["__version__", "celery_app"]
