"""What pages choose from, put together once a process has started, before somebody waits for it."""

import logging
import threading

from django.db import connection

from mlmodel.matrix import catalogue
from recommender.library.index import index

logger = logging.getLogger(__name__)


def begin() -> threading.Thread:
    """Do it in a thread; whoever asks meanwhile waits for what is under way, and starts nothing twice."""
    thread = threading.Thread(target=_warm, name="warming", daemon=True)
    thread.start()
    return thread


def _warm() -> None:
    try:
        index(catalogue())
    except Exception:
        logger.exception("Nothing is prepared; the first page will do it.")
    finally:
        connection.close()
