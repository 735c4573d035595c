"""Rows for tests, each built by one function with sensible defaults: name only what matters.

So `feedback(title("Alien", year=1979), rating=5)` is a whole household with one answer.
"""

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.utils import timezone

from feedback.models import Ask, Dismissal, Favorite, Feedback, Suggestion
from mlmodel import registry, serving
from mlmodel.models import ModelVersion
from mlmodel.records import Moment
from moodrec.jobs.models import Job
from plexsync.models import Connection, Library, MediaItem, Viewer

if TYPE_CHECKING:
    from mlmodel.training import Model

TOKEN = "canary-plex-token"  # what must never leave the database
_number = count(1)


def owner(username: str = "ada", **fields: Any) -> User:
    """The household's owner, who may see everything."""
    return User.objects.create_superuser(username, password="pass-word-1", **fields)


def member(username: str = "ben", **fields: Any) -> User:
    """Somebody who signs in and owns nothing."""
    return User.objects.create_user(username, password="pass-word-1", **fields)


def viewer(name: str = "Ada", *, user: User | None = None, **fields: bool) -> Viewer:
    return Viewer.add(name, user=user, **fields)


def connection(**fields: Any) -> Connection:
    """The active connection; made once a test, unless told anything else."""
    found = Connection.current()
    if found is not None and not fields:
        return found
    return Connection.objects.create(
        **{
            "name": "Den",
            "url": "http://127.0.0.1:9",  # nobody answers there
            "token": TOKEN,
            "machine_identifier": "machine-1",
            "client_identifier": "client-1",
            "state": Connection.State.OK,
            **fields,
        }
    )


def library(title: str = "Films", **fields: Any) -> Library:
    """The library of this name; made once a test."""
    fields = {"type": "movie", **fields}
    fields["connection"] = fields.get("connection") or connection()
    found = Library.objects.filter(title=title, connection=fields["connection"]).first()
    return found or Library.objects.create(**{"key": str(next(_number)), "title": title, **fields})


def title(name: str = "Alien", **fields: Any) -> MediaItem:
    """A film nobody has watched, on offer tonight."""
    number = next(_number)
    fields["library"] = fields.get("library") or library()
    return MediaItem.objects.create(
        **{
            "rating_key": str(number),
            "guid": f"plex://movie/{number}",
            "type": "movie",
            "title": name,
            "sort_title": name,
            "year": 1979,
            "runtime_minutes": 117,
            "genres": ["Horror", "Science Fiction"],
            "directors": ["Ridley Scott"],
            "cast": ["Sigourney Weaver"],
            "countries": ["United Kingdom"],
            "audience_rating": 8.5,
            "summary": "A crew answers a signal and brings something home.",
            **fields,
        }
    )


def series(name: str = "Fargo", **fields: Any) -> MediaItem:
    """A series nobody has started."""
    facts = {"type": "show", "runtime_minutes": 50, "season_count": 2, "episode_count": 20}
    fields["library"] = fields.get("library") or library("Series", type="show")
    return title(name, **{**facts, **fields})


def ask(
    *, vibe: Sequence[str] = ("tense",), viewers: Sequence[Viewer] | None = None, **fields: Any
) -> Ask:
    """An ask made alone, on the page; by the first viewer there is unless told."""
    mood = {"vibe": list(vibe), "company": "solo", "session": "any", "minutes": 150}
    fields.setdefault("asked_at", timezone.now())
    now = timezone.localtime(fields["asked_at"])
    moment = Moment.at(now, moods=list(vibe), company="solo", minutes=150)
    row = Ask.objects.create(**{"mood": mood, "moment": moment.to_json(), **fields})
    row.viewers.set([_anybody()] if viewers is None else viewers)
    return row


def suggestion(item: MediaItem | None = None, **fields: Any) -> Suggestion:
    """A title shown for an ask, with what the scorer saw."""
    item = item or title(f"Title {next(_number)}")
    fields["ask"] = fields.get("ask") or ask()
    candidate = {"title": item.facts(), "moment": fields["ask"].moment, "viewer": "ada"}
    return Suggestion.objects.create(
        **{
            "item": item,
            "rank": 1,
            "role": Suggestion.Role.SAFE_BET,
            "score": 0.72,
            "prior": 0.61,
            "reasons": ["It is tense", "Rated 8.5"],
            "candidate": {**candidate, "seen": False},
            "shown_at": fields["ask"].asked_at,
            **fields,
        }
    )


def feedback(
    item: MediaItem | None = None, *, on: Suggestion | None = None, **fields: Any
) -> Feedback:
    """What a viewer said: of a suggestion (`on`), or of a title that nobody had suggested."""
    item = on.item if on else item or title(f"Title {next(_number)}")
    seen = on.candidate if on else {"title": item.facts(), "moment": {}, "seen": False}
    fields["viewer"] = fields.get("viewer") or _anybody()
    answers = {"completed": True, "would_watch_again": True, "rating": 4}
    mood = on.ask.mood if on else {}
    return Feedback.objects.create(
        **{"item": item, "suggestion": on, "candidate": seen, "mood": mood, **answers, **fields}
    )


def favorite(item: MediaItem | None = None, **fields: Any) -> Favorite:
    fields["viewer"] = fields.get("viewer") or _anybody()
    return Favorite.objects.create(item=item or title(), **fields)


def dismissal(item: MediaItem | None = None, **fields: Any) -> Dismissal:
    fields["viewer"] = fields.get("viewer") or _anybody()
    return Dismissal.objects.create(
        item=item or title(), **{"kind": Dismissal.Kind.NEVER, **fields}
    )


def version(number: int = 1, **fields: Any) -> ModelVersion:
    """A model version whose artifact nobody can load."""
    return ModelVersion.objects.create(
        **{
            "number": number,
            "kind": ModelVersion.Kind.LOGISTIC,
            "artifact": b"artifact-canary",
            "examples": 40,
            "inputs": "0" * 64,
            "metrics": {"model": {"auc": 0.71}, "prior": {"auc": 0.64}},
            **fields,
        }
    )


def published(model: "Model", **fields: Any) -> ModelVersion:
    """A version that can be loaded, in use."""
    told = {"answers": 9, "inputs": "x", "metrics": {}, "activate_it": True, "verdict": "in use"}
    return registry.publish(model, **{**told, **fields})


def spoil(*rows: ModelVersion, artifact: bytes = b"rubbish") -> None:
    """Put something else in the place of these versions' models."""
    ModelVersion.objects.filter(pk__in=[row.pk for row in rows]).update(artifact=artifact)
    serving.forget()


def job(kind: str = "sync", **fields: Any) -> Job:
    return Job.objects.create(kind=kind, **{"state": Job.State.SUCCEEDED, **fields})


def _anybody() -> Viewer:
    return Viewer.objects.order_by("pk").first() or viewer()
