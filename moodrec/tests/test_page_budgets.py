"""With ten thousand titles and a thousand asks every page costs few queries and few bytes; how long
it takes is measured by benchmarks/pages_speed.py."""

import gzip
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feedback.models import Ask
from mlmodel.matrix import catalogue
from moodrec.tests.large import large_household, out_of_reach, pages
from plexsync.models import MediaItem, Viewer

QUERIES = 12
BYTES = 150_000
_FILES = re.compile(rb'(?:href|src)="/static/([^"#?]+)')
_SHOWN = (".css", ".js", ".svg")  # the large icons are for home screens


def _compressed(page: bytes) -> int:
    """What a phone fetches the first time, posters aside."""
    files = {name.decode() for name in _FILES.findall(page)}
    parts = [Path(str(finders.find(name))).read_bytes() for name in files if name.endswith(_SHOWN)]
    return sum(len(gzip.compress(part)) for part in [page, *parts])


def _dear(client: Client, there: list[tuple[str, str]]) -> Iterator[str]:
    for name, address in there:
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address).content
        size = _compressed(page)
        if len(asked) > QUERIES or size > BYTES:
            yield f"{name} ({address}): {len(asked)} queries, {size} bytes"


@pytest.mark.django_db
def test_why_not_costs_no_more_whatever_was_asked(client: Client) -> None:
    owner, member = large_household(titles=200, asks=40)
    title, first = MediaItem.objects.order_by("-pk")[:2]
    saga = {"collections": ["Rocky Collection"], "runtime_minutes": 80}
    MediaItem.objects.filter(pk=first.pk).update(title="Rocky", year=1976, **saga)
    MediaItem.objects.filter(pk=title.pk).update(title="Rocky II", year=1979, **saga)
    title.library.touch()
    catalogue()
    wishes = [{"session": "binge"}, {"vibe": ["funny"], "avoid": ["dark"], "minutes": 90}]
    dear = []
    for person, mood in product((owner, member), wishes):
        ask = Ask.objects.create(user=person, mood=mood, moment={})
        ask.viewers.set(Viewer.objects.all())
        client.force_login(person)
        dear += list(_dear(client, [(f"{person} {mood}", f"/titles/{title.pk}/why?ask={ask.pk}")]))
        page = client.get(f"/titles/{title.pk}/why?ask={ask.pk}").content.decode()
        assert "It follows “Rocky”, not seen yet by" in page
    assert dear == []


@pytest.mark.django_db
def test_every_page_of_a_large_library_is_cheap(client: Client) -> None:
    """For the owner and for somebody with whom Plex shares the library; while Plex answers, and not."""
    people: tuple[User, User] = large_household()
    ask = str(Ask.objects.latest("asked_at").pk)
    title = MediaItem.objects.order_by("pk").first()
    assert title is not None
    dear = []
    for person in people:
        client.force_login(person)
        there = pages(client, ask, title.pk)
        assert {"tonight", "three", "history", "favorites", "model"} <= {n for n, _ in there}
        dear += [f"{person}: {each}" for each in _dear(client, there)]
    out_of_reach()
    client.force_login(people[0])
    dear += [f"without Plex: {each}" for each in _dear(client, pages(client, ask, title.pk))]
    assert dear == []
