"""Pictures kept on disk: the least recently used go first, and nothing breaks where none can be kept.

Several processes share the folder; each file appears in one step and never changes.
"""

import os
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

LEAST_FREE = 200 * 2**20  # bytes on the disk that are left to the database
DAY = 86_400  # seconds; that a picture was used is noted once a day
SWEPT_TO = 0.9  # of the quota, so that not every new picture sweeps
SWEEP_AFTER = 0.05  # of the quota, written by this process

_written: float = 0.0  # bytes, by this process, since it last swept


def folder() -> Path:
    return Path(settings.DATA_DIR) / "posters"


def kept(name: str) -> bytes | None:
    """Return the picture kept under this name."""
    path = folder() / name
    try:
        body = path.read_bytes()
        if time.time() - path.stat().st_mtime > DAY:
            os.utime(path)
    except OSError:
        return None
    return body


def keep(name: str, body: bytes) -> None:
    """Keep a picture; a full, read-only or vanished disk costs the cache and not the picture."""
    draft = folder() / f"{name}.{secrets.token_hex(8)}"
    try:
        folder().mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder()).free < LEAST_FREE:
            return
        draft.write_bytes(body)
        draft.replace(folder() / name)
        _sweep_now_and_then(len(body))
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _sweep_now_and_then(size: int) -> None:
    global _written  # noqa: PLW0603 (two threads that both count here sweep a little later)
    _written += size
    if _written > _quota() * SWEEP_AFTER:
        _written = 0
        sweep()


def _quota() -> float:
    return float(settings.POSTER_CACHE_MB) * 2**20


def sweep() -> None:
    """Remove what was not used for longest, until a tenth of the quota is free."""
    found = []
    for entry in os.scandir(folder()):
        with suppress(FileNotFoundError):  # another process sweeps too
            found.append((entry.stat().st_mtime, entry.stat().st_size, entry.path))
    total = sum(size for _used, size, _path in found)
    if total <= _quota():
        return
    for _used, size, path in sorted(found):
        if total <= _quota() * SWEPT_TO:
            return
        Path(path).unlink(missing_ok=True)
        total -= size
