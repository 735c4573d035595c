"""What Celery logs while the broker is away, in one line each that names cause and cure.

Its own words for it are a traceback of two hundred lines at each tick of the scheduler.
"""

import logging

from celery.exceptions import CPendingDeprecationWarning
from django.conf import settings
from kombu.exceptions import OperationalError

_ELSEWHERE = "Start the broker that REDIS_URL names, or set REDIS_URL right; jobs wait until then."
_OURS = "It is started again by itself; if not, the lines above say why. Jobs wait until then."
_OF_WORKER = "consumer: Cannot connect to"  # what it is, its cause, and when it is tried again
_NOT_FOR_US = CPendingDeprecationWarning.__name__  # advice on a setting that we chose


class OneLine(logging.Filter):
    """Says in a line who can't reach the broker, why, and what to do; other records stay as they are."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "py.warnings":
            return _NOT_FOR_US not in record.getMessage()
        if cause := _cause(record):
            cure = _ELSEWHERE if settings.REDIS_URL else _OURS
            record.msg, record.args = "The broker is away (%s). %s", (cause, cure)
            record.exc_info = record.exc_text = None
        return True


def _cause(record: logging.LogRecord) -> str:
    """Return what stands between Celery and the broker; "" where the record speaks of something else."""
    if str(record.msg).startswith(_OF_WORKER) and isinstance(record.args, tuple):
        return str(record.args[1]).rstrip(".")
    error = record.exc_info[1] if record.exc_info else None
    cause = error.__context__ if error else None
    return str(cause).rstrip(".") if isinstance(cause, OperationalError) else ""
