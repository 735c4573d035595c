"""A large household: ten thousand titles, evenings, answers, favourites."""

import uuid
from datetime import timedelta
from itertools import cycle, islice

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from feedback.models import Ask, Favorite, Feedback, Suggestion
from mlmodel import registry
from mlmodel.records import Moment, Title
from mlmodel.training import train
from moodrec.tests import builders
from moodrec.tests.household import FILMS, rows_of
from moodrec.tests.test_access import ROUTES
from plexsync.models import Connection, MediaItem, Viewer

TITLES = 10_000
ASKS = 1_000
ROUNDS = 4  # an ask and three spins of it, of one evening
FAVOURITES = 150
NIL = str(uuid.UUID(int=1))


def large_household(titles: int = TITLES, asks: int = ASKS) -> tuple[User, User]:
    """Fill the database; return the owner, and a member who signs in with Plex.

    Both are viewers, and so is a third, from whom Plex keeps a title.
    """
    owner, member = builders.owner(), builders.member()
    people = [builders.viewer("Ada", user=owner, owns_plex_state=True)]
    people.append(builders.viewer("Ben", user=member))
    people.append(builders.viewer("Cleo", user=builders.member("cleo")))
    MediaItem.objects.bulk_create(_titles(titles), batch_size=1000)
    _evenings(people, asks)
    shown = MediaItem.objects.order_by("pk")[:FAVOURITES]
    Favorite.objects.bulk_create(Favorite(viewer=p, item=item) for item in shown for p in people)
    _model_and_plex(people[1:])
    return owner, member


def _model_and_plex(guests: list[Viewer]) -> None:
    """A model that scores is there, and Plex shares the library; with the last all but one title."""
    _model()
    connection = builders.connection()
    keys = list(connection.libraries.values_list("key", flat=True))
    for guest in guests:
        sight = guest.sights.create(connection=connection, library_keys=keys)
    sight.hidden.add(MediaItem.objects.order_by("pk")[5])


def _model() -> None:
    items = [item.facts() for item in MediaItem.objects.order_by("pk")[:20]]
    model = train([], [Title.from_json(each) for each in items])
    belief = {"trait": "genre:Horror", "logit": 0.4, "odds": 1.5, "answers": 9}
    said = Feedback.objects.order_by("pk").values_list("pk", flat=True)[:10]
    moved = [{"origin": pk, "score": 0.7, "without": 0.6} for pk in said]
    insight = {"household": [belief], "viewers": {"ada": [belief], "ben": [belief]}, "moved": moved}
    registry.publish(
        model, answers=20, inputs="x", metrics={}, activate_it=True, verdict="is in use",
        insight=insight,
    )  # fmt: skip


def out_of_reach() -> None:
    """Plex does not answer: every page says so."""
    Connection.objects.update(state=Connection.State.UNREACHABLE, problem="Nobody answers there.")


def _evenings(people: list[Viewer], count: int) -> None:
    asks = _asks(count, people[0].user)
    through = Ask.viewers.through
    Ask.objects.bulk_create(asks, batch_size=500)
    both = (through(ask=ask, viewer=viewer) for ask in asks for viewer in people)
    through.objects.bulk_create(both, batch_size=500)
    items = cycle(MediaItem.objects.order_by("pk")[: 3 * count])
    shown = [_shown(ask, next(items), rank) for ask in asks for rank in (1, 2, 3)]
    Suggestion.objects.bulk_create(shown, batch_size=500)
    Feedback.objects.bulk_create(_said(people, shown), batch_size=500)


def _asks(count: int, user: User | None) -> list[Ask]:
    now, made, mood = timezone.now(), list[Ask](), {"vibe": ["tense"], "minutes": 150}
    moment = Moment.at(timezone.localtime(now), moods=["tense"], company="group", minutes=150)
    for number in range(count):
        evening, spin = divmod(number, ROUNDS)
        at = now - timedelta(days=evening, minutes=ROUNDS - spin)
        row = Ask(user=user, mood=mood, moment=moment.to_json(), asked_at=at)
        row.first = made[-spin] if spin else None
        made.append(row)
    return made


def _shown(ask: Ask, item: MediaItem, rank: int) -> Suggestion:
    seen = {"title": item.facts(), "moment": ask.moment, "viewer": "ada", "seen": False}
    return Suggestion(
        ask=ask, item=item, rank=rank, role=Suggestion.Role.SAFE_BET, score=0.7, prior=0.6,
        reasons=["It is tense", "Rated 8.5"], candidate=seen, shown_at=ask.asked_at,
    )  # fmt: skip


def _said(people: list[Viewer], shown: list[Suggestion]) -> list[Feedback]:
    """Every other title was watched, and both say of it."""
    return [
        Feedback(
            viewer=viewer, item=each.item, suggestion=each, candidate=each.candidate,
            rating=1 + place % 5, completed=True, said_at=each.shown_at,
        )
        for place, each in enumerate(shown[::2])
        for viewer in people
    ]  # fmt: skip


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
