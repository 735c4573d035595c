"""Server time, queries and compressed bytes of every page with ten thousand titles and a thousand asks.

Each page is asked for seven times in this process, without network and browser; the first time is
told apart, as it reads what later ones keep.

    python benchmarks/pages_speed.py [TITLES]
"""

import atexit
import gzip
import logging
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
folder = tempfile.mkdtemp(prefix="moodrec-bench-")
atexit.register(shutil.rmtree, folder, ignore_errors=True)
(Path(folder) / "static").mkdir()
os.environ.update(
    DJANGO_SETTINGS_MODULE="moodrec.tests.settings", DATA_DIR=folder, LOG_LEVEL="ERROR"
)

import django  # noqa: E402 (after the environment above)

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from feedback.models import Ask  # noqa: E402
from moodrec.tests.large import TITLES, large_household, pages  # noqa: E402
from plexsync.models import MediaItem  # noqa: E402

ROUNDS = 6


def seconds(browser: Client, address: str) -> float:
    started = time.perf_counter()
    browser.get(address)
    return time.perf_counter() - started


def main(titles: int) -> None:
    logging.disable(logging.WARNING)  # addresses that only take what a button sends
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    browser = Client()
    browser.force_login(large_household(titles)[0])
    ask, title = str(Ask.objects.latest("asked_at").pk), MediaItem.objects.order_by("pk").first()
    print(f"{'page':24} {'first':>7} {'median':>7} {'worst':>7} queries  bytes")
    for name, address in pages(browser, ask, title.pk if title else 1):
        first = seconds(browser, address)
        times = [seconds(browser, address) for _ in range(ROUNDS)]
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(address).content
        told = [f"{1000 * each:6.0f}" for each in (first, median(times), max(times))]
        print(f"{name:24} {' '.join(told)} ms {len(asked):5} {len(gzip.compress(page)):8}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TITLES)
