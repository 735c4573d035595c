"""From the log to examples: what was said, about what the scorer saw when it was shown."""

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import chain

from django.db.models import Exists, OuterRef
from django.utils import timezone

from feedback.models import Ask, Feedback, Suggestion
from mlmodel import lessons, prior
from mlmodel.describe import recalled
from mlmodel.labels import LABEL_WEIGHTS, beyond, label_of, label_of_watching
from mlmodel.moodtable import rules as mood_rules
from mlmodel.records import Example, Title
from mlmodel.taste import from_plex
from plexsync.models import Connection

SAME_WATCH = timedelta(days=7)  # said again within it, the last word counts and not both
GRACE = timedelta(days=3)  # before a title that nobody spoke of counts as passed over
PASSED_SINCE = timedelta(days=365)


def examples() -> list[Example]:
    """Return everything the log and Plex can teach, oldest first.

    Its source tells what an example is: `feedback` was said here, `plex` are stars given in Plex,
    `watched` is what Plex saw and nobody spoke of, `passed` was shown and passed over.
    What was put aside, or said before learning began anew, teaches nothing (see `lessons`).
    """
    return _shared(sorted([*_said(), *_passed(), *from_plex()], key=lambda example: example.at))


def _shared(rows: Iterable[Example]) -> list[Example]:
    """Return the same with one record for equal titles: what training reads of a title it then reads once."""
    titles: dict[Title, Title] = {}
    return [
        replace(row, candidate=replace(row.candidate, title=titles.setdefault(title, title)))
        for row in rows
        for title in (row.candidate.title,)
    ]


def digest(rows: Iterable[Example]) -> str:
    """Return a digest of the examples and of the mood table: the same means there is nothing new to learn."""
    total = hashlib.sha256(mood_rules.table().digest.encode())
    for row in rows:
        key = (row.candidate.viewer, row.candidate.title.id, row.label, row.weight, row.at)
        total.update(repr(key).encode())
    return total.hexdigest()


def not_ours() -> list[str]:
    """Return the sources that teach nothing: the demo household, once a real Plex is connected."""
    current = Connection.current()
    return [] if current is None or current.is_demo else [Ask.Source.DEMO]


def _said() -> list[Example]:
    """Return what was said and may teach; what was put aside still took back what came before it."""
    aside, began = lessons.put_aside(), lessons.since()
    words = last_words(_each_said())
    return [word for word in words if word.origin not in aside and word.at >= began]


def last_words(said: Iterable[tuple[Hashable, Example]]) -> list[Example]:
    """Return what was said (given oldest first) without what the same one took back soon after.

    A film may be spoken of twice: below its suggestion, and on its own page.
    """
    kept: dict[Hashable, list[Example]] = defaultdict(list)
    for of_what, example in said:
        words = kept[of_what]
        if words and example.at - words[-1].at <= SAME_WATCH:
            if example.source == "watched" != words[-1].source:
                continue  # that it was watched takes back nothing that was said
            words.pop()
        words.append(example)
    return list(chain.from_iterable(kept.values()))


def _each_said() -> Iterator[tuple[Hashable, Example]]:
    rows = Feedback.objects.exclude(source__in=not_ours()).order_by("said_at", "pk")
    table = mood_rules.table()
    for row in rows.iterator(chunk_size=2000):
        found, source = _label(row)
        if found is not None:
            candidate = recalled(row.candidate, table)
            label, weight = found
            if source == "watched":
                label = beyond(label, prior.probability(candidate))
            stars = None if row.rating is None else float(row.rating)
            said = Example(candidate, label, weight, row.said_at, source, stars, row.pk)
            yield (row.viewer_id, row.item_id), said


def _label(row: Feedback) -> tuple[tuple[float, float] | None, str]:
    """Return label and weight of a row, and its source: watched is not liked."""
    if row.source == Ask.Source.PLEX and row.rating is None:
        again = row.would_watch_again
        return label_of_watching(completed=row.completed, again=again), "watched"
    return label_of(row.rating, row.completed, row.would_watch_again), "feedback"


def _passed() -> Iterator[Example]:
    """Yield what was shown and passed over, where another title of the same ask was spoken of."""
    now = timezone.now()
    spoken = Feedback.objects.filter(suggestion__ask=OuterRef("ask"))
    rows = Suggestion.objects.filter(
        Exists(spoken),
        feedback__isnull=True,
        shown_at__range=(max(now - PASSED_SINCE, lessons.since()), now - GRACE),
    ).exclude(ask__source__in=not_ours())
    rows = rows.order_by("shown_at", "pk")
    table = mood_rules.table()
    for row in rows.iterator(chunk_size=2000):
        yield Example(
            recalled(row.candidate, table),
            LABEL_WEIGHTS.passed,
            LABEL_WEIGHTS.passed_weight,
            row.shown_at,
            source="passed",
        )
