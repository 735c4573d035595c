"""With ten thousand titles every page costs few queries and few bytes; how long it takes is measured
by benchmarks/pages_speed.py."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feedback.models import Ask
from moodrec.tests.large import large_household, pages
from plexsync.models import MediaItem

QUERIES = 12
BYTES = 150_000
_FILES = re.compile(rb'(?:href|src)="/static/([^"#?]+)')
_SHOWN = (".css", ".js", ".svg")  # the large icons are for home screens


def _compressed(page: bytes) -> int:
    """What a phone fetches the first time, posters aside."""
    files = {name.decode() for name in _FILES.findall(page)}
    parts = [Path(str(finders.find(name))).read_bytes() for name in files if name.endswith(_SHOWN)]
    return sum(len(gzip.compress(part)) for part in [page, *parts])


@pytest.mark.django_db
def test_every_page_of_a_large_library_is_cheap(client: Client) -> None:
    owner: User = large_household()
    client.force_login(owner)
    ask = str(Ask.objects.latest("asked_at").pk)
    title = MediaItem.objects.order_by("pk").first()
    assert title is not None
    there = pages(client, ask, title.pk)
    assert {"tonight", "three", "history", "favorites", "model", "play"} <= {n for n, _ in there}
    dear = []
    for name, address in there:
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address).content
        size = _compressed(page)
        if len(asked) > QUERIES or size > BYTES:
            dear.append(f"{name} ({address}): {len(asked)} queries, {size} bytes")
    assert dear == []
