"""A large household: ten thousand titles, evenings, answers, favourites."""

import uuid
from itertools import cycle, islice

from django.contrib.auth.models import User
from django.test import Client

from feedback import log
from moodrec.tests import builders
from moodrec.tests.household import FILMS, rows_of
from moodrec.tests.test_access import ROUTES
from plexsync.models import MediaItem

TITLES = 10_000
EVENINGS = 20
NIL = str(uuid.UUID(int=1))


def large_household(titles: int = TITLES) -> User:
    """Fill the database; return the owner, who is a viewer too."""
    owner = builders.owner()
    people = [builders.viewer("Ada", user=owner, owns_plex_state=True), builders.viewer("Ben")]
    MediaItem.objects.bulk_create(_titles(titles), batch_size=1000)
    shown = iter(MediaItem.objects.order_by("pk")[: 3 * EVENINGS])
    for _evening in range(EVENINGS):
        ask = builders.ask(viewers=people, user=owner)
        for place, item in enumerate(islice(shown, 3), 1):
            suggestion = builders.suggestion(item, ask=ask, rank=place)
            log.said(people[0], item, {"rating": 1 + place}, suggestion=suggestion)
            builders.favorite(item, viewer=people[0])
    return owner


def _titles(titles: int) -> list[MediaItem]:
    facts = cycle(list(rows_of(FILMS)))
    made = []
    for number, film in enumerate(islice(facts, titles)):
        columns = {
            f.name: getattr(film, f.name) for f in film._meta.concrete_fields if f.name != "id"
        }
        columns |= {"rating_key": f"{100_000 + number}", "guid": f"plex://movie/{number}"}
        made.append(MediaItem(**columns))
    return made


def pages(browser: Client, ask: str, title: int) -> list[tuple[str, str]]:
    """Return name and address of every route that answers this browser with a page of ours."""
    found = []
    for name, sample in ROUTES:
        address = sample.replace(NIL, ask).replace("/titles/1", f"/titles/{title}")
        if name.startswith("api-") or name in {"welcome", "sign-out"}:
            continue
        answer = browser.get(address, headers={"accept": "text/html"})
        whole = answer.status_code == 200 and "text/html" in answer.get("Content-Type", "")
        if whole and b"<html" in answer.content:
            found.append((name, address))
    return found
