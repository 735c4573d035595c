"""A title's moods as bars, and which of its signs said so."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from feedback.moodnames import mood_name
from mlmodel.describe import describe
from mlmodel.moods import BUILT_IN, MOODS, Said
from mlmodel.moodtable import rules as mood_rules
from mlmodel.words import GENRES
from moodrec.phrases import told
from plexsync.models import MediaItem
from recommender.candidates import FITS_MOOD

MOST_SIGNS = 3
TELLING = 0.3  # logits; a sign that says less is not named


@dataclass(frozen=True, slots=True)
class Bar:
    """How much of a mood a title has."""

    mood: str
    name: str
    percent: int
    fits: bool
    """Whether it is offered when the mood is asked for."""
    signs: list[str]
    """What says so, or speaks against it where it has little; the loudest first."""


def bars(item: MediaItem) -> list[Bar]:
    """Return a bar for each mood, the strongest first."""
    table = mood_rules.table()
    title = describe(item, BUILT_IN)
    shares = table.profiles([title])[0].tolist()
    said = table.said_of(title)
    found = [_bar(mood, share, said) for mood, share in zip(MOODS, shares, strict=True)]
    return sorted(found, key=lambda bar: -bar.percent)


def _bar(mood: str, share: float, said: list[Said]) -> Bar:
    fits = share >= FITS_MOOD
    weighed = [(each.weights.get(mood, 0.0), each) for each in said if each.sign in _NAMED]
    agree = [pair for pair in weighed if abs(pair[0]) >= TELLING and (pair[0] > 0) == fits]
    agree.sort(key=lambda pair: -abs(pair[0]))
    signs = [_NAMED[each.sign](each.name) for _weight, each in agree[:MOST_SIGNS]]
    return Bar(mood, mood_name(mood), round(100 * share), fits, signs)


def _genre(name: str) -> str:
    return told(GENRES.get(name, name))


_NAMED: dict[str, Callable[[str], str]] = {
    "word": lambda name: _("the word “%(word)s”") % {"word": name},
    "genre": _genre,
    "genres": lambda name: " + ".join(map(_genre, name.split(" + "))),
    "collection": lambda name: _("the collection “%(name)s”") % {"name": name},
    "runtime": lambda name: _("%(minutes)s minutes") % {"minutes": name},
    "year": lambda name: _("the year %(year)s") % {"year": name},
    "rating": lambda name: _("rated %(rating)s") % {"rating": number_format(name)},
    "age": lambda name: (
        _("age %(age)s and over") % {"age": name} if name != "0" else _("for all ages")
    ),
}
