"""What Plex knew before anybody spoke here: stars, and what was watched once, twice or left.

It teaches only of titles that the viewer said nothing of: what people say here counts instead.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from feedback.models import Ask
from mlmodel import lessons, prior
from mlmodel.describe import COLUMNS, describe
from mlmodel.labels import beyond, label_of_plex_stars, label_of_watching
from mlmodel.moodtable import rules as mood_rules
from mlmodel.records import Candidate, Example
from plexsync import states
from plexsync.models import Connection, MediaItem, Viewer
from plexsync.states import StateRow

MOST_STARS = 1000  # of one viewer, the newest
MOST_WATCHED = 100  # so that what was merely watched never outweighs what was said
MOST_WEIGHT = 50.0  # answers, that all of it together counts: who speaks here is soon heard over it
LEFT = (0.05, 0.8)  # of the runtime
LEFT_LONG_AGO = timedelta(days=30)
UNKNOWN = datetime(2010, 1, 1, tzinfo=UTC)  # for what Plex gives no date of: long ago, never now
ROWS = 200


@dataclass(frozen=True, slots=True)
class _Sign:
    """What a state says of a title's enjoyment."""

    item_id: int
    label: float
    weight: float
    at: datetime
    source: str
    stars: float | None = None


def from_plex() -> Iterator[Example]:
    """Yield an example for each title that an enabled viewer rated or watched in Plex."""
    current = Connection.current()
    viewers = Viewer.objects.filter(enabled=True)
    if current is not None and not current.is_demo:
        viewers = viewers.exclude(is_demo=True)  # made-up people teach the demo only
    for viewer in viewers if current else ():
        yield from _of(viewer)


def stars_in_plex(people: Iterable[Viewer] | None = None) -> int:
    """Return how many stars of enabled viewers (among these, where told) Plex holds, that may teach."""
    people = Viewer.objects.all() if people is None else people
    began = lessons.began_anew()
    return states.starred([viewer for viewer in people if viewer.enabled], began)


def _of(viewer: Viewer) -> Iterator[Example]:
    """Yield the viewer's examples, each made lighter where together they would drown the answers."""
    found = list(_taught(viewer))
    share = min(1.0, MOST_WEIGHT / max(sum(example.weight for example in found), 1e-9))
    return (replace(example, weight=example.weight * share) for example in found)


def _taught(viewer: Viewer) -> Iterator[Example]:
    told = _spoken_of(viewer, Q(source=Ask.Source.PLEX))
    spoken = _spoken_of(viewer, ~Q(source=Ask.Source.PLEX) | Q(teaches=False))
    rows = list(states.of(viewer))
    began = lessons.since()
    yield from _examples(viewer, _stars(rows, began), spoken)
    yield from _examples(viewer, _watched(rows, began), spoken | told)


def _spoken_of(viewer: Viewer, wanted: Q) -> set[str]:
    """Return the titles that the log holds something of already, copies counted as one."""
    rows = lessons.heard().filter(wanted, viewer=viewer)
    return {_title(item, guid) for item, guid in rows.values_list("item", "item__guid")}


def _title(item_id: int, guid: str) -> str:
    return guid or str(item_id)


def _stars(rows: Iterable[StateRow], began: datetime) -> list[_Sign]:
    found = [
        _Sign(
            row.item_id,
            *label_of_plex_stars(row.user_rating),
            _when(row.rated_at or row.last_viewed_at),
            "plex",
            stars=row.user_rating / 2,
        )
        for row in rows
        if row.user_rating
    ]
    return _newest(found, MOST_STARS, began)


def _watched(rows: Iterable[StateRow], began: datetime) -> list[_Sign]:
    found = [
        _Sign(row.item_id, *said, _when(row.last_viewed_at), "watched")
        for row in rows
        if not row.user_rating and (said := _said(row)) is not None
    ]
    return _newest(found, MOST_WATCHED, began)


def _said(row: StateRow) -> tuple[float, float] | None:
    """Return label and weight of having watched; of a series nothing tells a second time."""
    if row.watched_episodes:
        return label_of_watching(completed=True)
    if row.view_count:
        return label_of_watching(completed=True, again=row.view_count > 1 and not row.episode_count)
    long_ago = _when(row.last_viewed_at) < timezone.now() - LEFT_LONG_AGO
    is_left = long_ago and states.is_left(row.view_offset, row.runtime_minutes, LEFT)
    return label_of_watching(completed=False) if is_left else None


def _when(at: datetime | None) -> datetime:
    return at if at is not None and at <= timezone.now() else UNKNOWN


def _newest(signs: list[_Sign], most: int, began: datetime) -> list[_Sign]:
    """Return the newest signs; one without a date is from before any fresh start."""
    young = (sign for sign in signs if sign.at >= began)
    return sorted(young, key=lambda sign: (sign.at, sign.item_id), reverse=True)[:most]


def _examples(viewer: Viewer, signs: list[_Sign], known: set[str]) -> Iterator[Example]:
    """Yield the examples of titles not known yet; each title is known from then on."""
    table = mood_rules.table()
    for start in range(0, len(signs), ROWS):
        part = {sign.item_id: sign for sign in signs[start : start + ROWS]}
        for item in MediaItem.objects.filter(pk__in=part).only(*COLUMNS, "guid").order_by("pk"):
            title, sign = _title(item.pk, item.guid), part[item.pk]
            if title not in known:
                known.add(title)
                candidate = Candidate(describe(item, table), viewer=viewer.slug)
                label = sign.label
                if sign.source == "watched":
                    label = beyond(label, prior.probability(candidate))
                yield Example(candidate, label, sign.weight, sign.at, sign.source, stars=sign.stars)
