"""Static files as the web serves them: named after what is in them, and compressed once.

A phone asks for such a file once and keeps it; what changes gets another name. `up` gathers them
under DATA_DIR/static. Where that was not done (tests, `runserver`) files are served as they lie.
"""

import hashlib
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import HashedFilesMixin
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

logger = logging.getLogger(__name__)

_UNUSED = ["*.map", "redoc", "*.flow"]  # the API's documentation is shown by Swagger
_ADDRESSES = HashedFilesMixin.patterns[0][1][:2]  # url() and @import; not where a map of it lies
_IMPORTS = vars(HashedFilesMixin)["_js_module_import_aggregation_patterns"][1]
_STAMP = "gathered.txt"


class NamedByContent(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Pages, our styles and our modules name a file by what is in it."""

    patterns = (("*.css", _ADDRESSES), ("js/*.js", _IMPORTS))
    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """Return the name by content; the plain one of a file that was not gathered, for a page's sake.

        That one picture is then missing, where otherwise the whole page would be.
        """
        try:
            return str(super().stored_name(name))
        except ValueError:
            logger.warning("%s was not gathered: run `manage.py up` or `prepare` again.", name)
            return name


def gather() -> bool:
    """Bring DATA_DIR/static up to date; tell whether anything had to be done."""
    root = Path(settings.STATIC_ROOT)
    stamp = _fingerprint()
    if (root / _STAMP).exists() and (root / _STAMP).read_text() == stamp:
        return False
    fresh = root.with_name("static.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _fill(fresh)
    (fresh / _STAMP).write_text(stamp)
    shutil.rmtree(root, ignore_errors=True)
    fresh.rename(root)
    return True


def _fill(folder: Path) -> None:
    storage = NamedByContent(location=folder, base_url=settings.STATIC_URL)
    found: dict[str, tuple[Storage, str]] = {}
    for name, source in _sources():
        if name not in found:  # the first finder's wins, as it does without gathering
            found[name] = (storage, name)
            with source.open(name) as file:
                storage.save(name, file)
    for _name, _named, problem in storage.post_process(found):
        if isinstance(problem, Exception):
            raise problem


def _sources() -> Iterator[tuple[str, Storage]]:
    for finder in get_finders():
        yield from finder.list(_UNUSED)


def _fingerprint() -> str:
    """What names, sizes and times of the sources come to, and where they will be served."""
    told = [settings.STATIC_URL, settings.VERSION]
    for name, source in _sources():
        facts = Path(source.path(name)).stat()
        told.append(f"{name} {facts.st_size} {facts.st_mtime_ns}")
    return hashlib.sha256("\n".join(told).encode()).hexdigest()
