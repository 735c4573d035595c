"""What the page of the mood table shows: the grid, the words, the steps, and one title tried on them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mlmodel import words as called
from mlmodel.describe import describe
from mlmodel.models import MoodRule
from mlmodel.moods import BUILT_IN, GENRES, MOODS, Said, Table, genres_of, plain
from mlmodel.moodtable.table import AGE, PAIRS, RATING, RUNTIME, SAME_GENRE, YEAR
from mlmodel.moodtable.words import WORDS
from mlmodel.records import Title
from moodrec.phrases import told
from plexsync.models import MediaItem

SAMPLE = 10_000  # newest titles whose genres are counted
Steps = tuple[tuple[float, dict[str, float]], ...]
MOST_UNKNOWN = 30  # genres that the table does not know, the most frequent
SIGNS: dict[str, Promise] = {
    "start": _("any title"),
    "word": _("word “%(name)s”"),
    "genre": _("genre %(name)s"),
    "genres": _("%(name)s together"),
    "collection": _("collection “%(name)s”"),
    "runtime": _("%(name)s minutes"),
    "year": _("year %(name)s"),
    "rating": _("rated %(name)s"),
    "age": _("for age %(name)s"),
}
STEPS: tuple[tuple[Promise, Promise, Promise, Steps], ...] = (
    (_("Length"), _("under %(value)s minutes"), _("from %(value)s minutes"), RUNTIME),
    (
        pgettext_lazy("of a film", "Year"),
        pgettext_lazy("year", "before %(value)s"),
        pgettext_lazy("year", "from %(value)s"),
        YEAR,
    ),
    (_("Rating"), _("under %(value)s of 10"), _("from %(value)s of 10"), RATING),
    (
        _("Age of the content rating"),
        _("under %(value)s years"),
        _("from %(value)s years"),
        AGE,
    ),
)
"""What it is that has steps, how the first of them is told, and the others."""
STRONG, CLEAR = 2.0, 0.8  # from where on a number is shaded as such


@dataclass(frozen=True, slots=True)
class Weight:
    """One number of the table, as it is shown and typed."""

    mood: str
    evidence: float
    built_in: float

    @property
    def is_own(self) -> bool:
        return self.evidence != self.built_in

    @property
    def typed(self) -> str:
        """What stands in its field: nothing where it says nothing."""
        return f"{self.evidence:g}" if self.evidence else ""

    @property
    def signed(self) -> str:
        sign = "−" if self.evidence < 0 else "+"
        return f"{sign}{_written(abs(self.evidence))}"

    @property
    def shade(self) -> str:
        """The class that colours it."""
        strength = abs(self.evidence)
        step = 3 if strength >= STRONG else 2 if strength >= CLEAR else 1 if strength else 0
        return f"{'for' if self.evidence > 0 else 'against'}-{step}" if step else "silent"


@dataclass(frozen=True, slots=True)
class Line:
    """A genre of the grid, with a number for each mood."""

    name: str
    weights: list[Weight]
    titles: int = 0

    @property
    def called(self) -> str:
        """The genre in the reader's language; one that is not of the table as Plex writes it."""
        return genre_called(self.name)


@dataclass(frozen=True, slots=True)
class Part:
    """What one sign of a title says of one mood."""

    sign: str
    """As the page names it."""
    weight: Weight


@dataclass(frozen=True, slots=True)
class Bar:
    """How much of a mood the tried title has, and which signs said so, the loudest first."""

    mood: str
    share: float
    built_in: float
    parts: list[Part]

    @property
    def percent(self) -> int:
        return round(100 * self.share)

    @property
    def percent_built_in(self) -> int:
        return round(100 * self.built_in)


def grid(table: Table, counted: Mapping[str, int]) -> list[Line]:
    """The genres that the table knows, those of the library first."""
    known = {*table.genres, *GENRES}
    return [
        _line(name, table, counted)
        for name in sorted(known, key=lambda name: (-counted.get(name, 0), name))
    ]


def unknown(table: Table, counted: Mapping[str, int]) -> list[Line]:
    """The library's genres of which the table says nothing, the most frequent first."""
    names = [name for name in counted if name not in table.genres and name not in SAME_GENRE]
    names.sort(key=lambda name: (-counted[name], name))
    return [_line(name, table, counted) for name in names[:MOST_UNKNOWN]]


def genres_counted() -> Counter[str]:
    """How many of the newest titles on offer have each genre, by the table's names and by Plex's."""
    listed = MediaItem.objects.on_offer().order_by("-pk").values_list("genres", flat=True)[:SAMPLE]
    return Counter(chain.from_iterable({*genres_of(names), *map(plain, names)} for names in listed))


def _line(name: str, table: Table, counted: Mapping[str, int]) -> Line:
    return Line(name, [_weight("genre", name, mood, table) for mood in MOODS], counted.get(name, 0))


def _weight(sign: str, name: str, mood: str, table: Table) -> Weight:
    return Weight(mood, table.said(sign, name, mood), BUILT_IN.said(sign, name, mood))


def genre_called(name: str) -> str:
    """Return a genre in the reader's language, two as "comedy + crime"; unknown ones as they are."""
    return " + ".join(told(called.GENRES.get(each, each)) for each in name.split(" + "))


def own() -> list[tuple[MoodRule, str, Weight]]:
    """The household's own numbers, each with its sign, beside the one it takes the place of."""
    return [
        (
            row,
            sign_called(row.sign, row.name),
            Weight(row.mood, row.evidence, BUILT_IN.said(row.sign, row.name, row.mood)),
        )
        for row in MoodRule.objects.all()
    ]


def sign_called(sign: str, name: str) -> str:
    """Return a sign as the page names it: "word “ghost”", "80 minutes"."""
    return str(SIGNS[sign]) % {"name": _name_called(sign, name)}


def _name_called(sign: str, name: str) -> str:
    if sign == "rating":
        return number_format(name)
    return genre_called(name) if sign.startswith("genre") else name


def words() -> Iterator[tuple[str, list[tuple[Weight, str]]]]:
    """The built-in words of each mood, in groups of one number."""
    for mood in MOODS:
        yield (
            mood,
            [
                (Weight(mood, number, number), ", ".join(sorted(set(listed.split()))))
                for number, listed in WORDS[mood]
            ],
        )


def collections() -> list[tuple[str, list[Weight]]]:
    """The built-in phrases of collections."""
    return [(name, _said(weights)) for name, weights in sorted(BUILT_IN.collections.items())]


def pairs() -> list[tuple[str, list[Weight]]]:
    """What two genres say together."""
    return [(genre_called(" + ".join(pair)), _said(weights)) for pair, weights in PAIRS.items()]


def steps() -> Iterator[tuple[str, list[tuple[str, list[Weight]]]]]:
    """Length, year, rating and age: what each says from which value on."""
    for name, below, above, table in STEPS:
        starts = [str(above) % {"value": _written(start)} for start, _weights in table]
        labels = [str(below) % {"value": _written(table[1][0])}, *starts[1:]]
        rows = [(label, _said(said)) for label, (_start, said) in zip(labels, table, strict=True)]
        yield str(name), rows


def _written(number: float) -> str:
    """A number with the reader's decimal sign, a year without separators."""
    return number_format(Decimal(f"{number:g}"), use_l10n=True, force_grouping=False)


def _said(weights: Mapping[str, float]) -> list[Weight]:
    return [Weight(mood, number, number) for mood, number in weights.items()]


def tried(item: MediaItem, table: Table) -> list[Bar]:
    """A title's profile by today's table, beside the built-in one, and what each of its signs said."""
    title = describe(item, BUILT_IN)
    now, before = (which.profiles([title])[0].tolist() for which in (table, BUILT_IN))
    said = list(_parts(title, table))
    return [
        Bar(
            mood,
            now[place],
            before[place],
            _loudest(part for part in said if part.weight.mood == mood),
        )
        for place, mood in enumerate(MOODS)
    ]


def _parts(title: Title, table: Table) -> Iterator[Part]:
    for said in table.said_of(title):
        sign = sign_called(said.sign, said.name)
        for mood, number in said.weights.items():
            yield Part(sign, Weight(mood, number, _built_in(said, mood, number)))


def _built_in(said: Said, mood: str, number: float) -> float:
    """The built-in number of a sign that can have one of the household's, else the number itself."""
    own_signs = MoodRule.Sign.values
    return BUILT_IN.said(said.sign, said.name, mood) if said.sign in own_signs else number


def _loudest(parts: Iterable[Part]) -> list[Part]:
    return sorted(parts, key=lambda part: -abs(part.weight.evidence))
