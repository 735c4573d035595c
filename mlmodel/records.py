"""The records that learning and scoring share: title, moment, candidate, example.

Plain frozen data without Django. They are stored as JSON with every suggestion, so they only ever gain
fields, with defaults, and reading never raises: what is missing or of the wrong type becomes None or empty.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Literal, Self

Company = Literal["solo", "group"]
Daypart = Literal["morning", "afternoon", "evening", "night"]

COMPANIES: tuple[Company, ...] = ("solo", "group")
DAYPARTS: tuple[Daypart, ...] = ("morning", "afternoon", "evening", "night")
LONGEST_TEXT = 5_000  # characters of a summary that are read; the rest of a hostile one is not
LONGEST_NAME = 300
MOST_NAMES = 60  # of one kind on one title
MOST_MINUTES = 100_000


def text(value: object, default: str = "", longest: int = LONGEST_NAME) -> str:
    """A string as it is, a number as its digits, anything else the default."""
    if isinstance(value, str):
        return value.strip()[:longest]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)[:longest]
    return default


def number(value: object, lowest: float, highest: float) -> float | None:
    """A finite number inside the bounds, else None; digits in a string count as a number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and lowest <= found <= highest else None


def whole(value: object, lowest: int, highest: int) -> int | None:
    """A whole number inside the bounds, else None."""
    found = number(value, lowest, highest)
    return None if found is None else int(found)


def names(value: object) -> tuple[str, ...]:
    """The distinct non-empty names of a list, in its order; a lone string is one name."""
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list | tuple):
        return ()
    found = (text(name) for name in listed[:MOST_NAMES])
    return tuple(dict.fromkeys(name for name in found if name))


@dataclass(frozen=True, slots=True)
class Title:
    """One film or show as the model sees it."""

    id: str
    title: str
    year: int | None = None
    type: str = "movie"
    genres: tuple[str, ...] = ()
    runtime_minutes: int | None = None
    """Of a film, or of one episode of a show."""
    summary: str = ""
    directors: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    content_rating: str | None = None
    audience_rating: float | None = None
    """0 to 10."""
    critic_rating: float | None = None
    """0 to 10."""
    studio: str | None = None
    countries: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    moods: tuple[float, ...] = field(default=(), compare=False)
    """The profile by the household's own table, in the order of `moods.MOODS`; empty: by the built-in one.

    Never stored: whoever reads a record gives it the profile of today's table (`describe`).
    """

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read a catalogue line; never raises on odd metadata."""
        return cls(
            id=text(data.get("id")),
            title=text(data.get("title")),
            year=whole(data.get("year"), 1850, 2200),
            type=text(data.get("type"), "movie") or "movie",
            genres=names(data.get("genres")),
            runtime_minutes=whole(data.get("runtime_minutes"), 1, MOST_MINUTES),
            summary=text(data.get("summary"), "", LONGEST_TEXT),
            directors=names(data.get("directors")),
            cast=names(data.get("cast")),
            content_rating=text(data.get("content_rating")) or None,
            audience_rating=_rating(data.get("audience_rating")),
            critic_rating=_rating(data.get("critic_rating")),
            studio=text(data.get("studio")) or None,
            countries=names(data.get("countries")),
            collections=names(data.get("collections")),
        )

    def to_json(self) -> dict[str, Any]:
        """The catalogue line of this title."""
        return {
            each.name: list(value) if isinstance(value, tuple) else value
            for each in fields(self)
            if each.name != "moods"
            for value in (getattr(self, each.name),)
        }


@dataclass(frozen=True, slots=True)
class Moment:
    """What the model sees of an ask."""

    moods: tuple[tuple[str, float], ...] = ()
    """Asked moods with their intensity 0..1, in alphabetical order."""
    company: Company = "solo"
    minutes: int | None = None
    """The time there is."""
    daypart: Daypart | None = None
    weekend: bool | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read a moment; `moods` may be a list of names, of pairs, or a mapping to intensities."""
        company, daypart, weekend = (data.get(key) for key in ("company", "daypart", "weekend"))
        return cls(
            moods=asked_moods(data.get("moods")),
            company="group" if company == "group" else "solo",
            minutes=whole(data.get("minutes"), 1, MOST_MINUTES),
            daypart=next((part for part in DAYPARTS if part == daypart), None),
            weekend=weekend if isinstance(weekend, bool) else None,
        )

    @classmethod
    def at(
        cls,
        when: datetime,
        *,
        moods: object = (),
        company: Company = "solo",
        minutes: int | None = None,
    ) -> Self:
        """The moment of a local date and time."""
        return cls(asked_moods(moods), company, minutes, daypart_of(when), is_weekend(when))

    def to_json(self) -> dict[str, Any]:
        """JSON that `from_json` reads back."""
        return {**asdict(self), "moods": dict(self.moods)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One title considered for one viewer in one moment."""

    title: Title
    moment: Moment = Moment()
    viewer: str | None = None
    """None means nobody in particular: the household."""
    seen: bool = False

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        title, moment = data.get("title"), data.get("moment")
        return cls(
            title=Title.from_json(title if isinstance(title, Mapping) else {}),
            moment=Moment.from_json(moment if isinstance(moment, Mapping) else {}),
            viewer=text(data.get("viewer")) or None,
            seen=data.get("seen") is True,
        )

    def to_json(self) -> dict[str, Any]:
        """JSON that `from_json` reads back."""
        return {
            "title": self.title.to_json(),
            "moment": self.moment.to_json(),
            "viewer": self.viewer,
            "seen": self.seen,
        }


@dataclass(frozen=True, slots=True)
class Example:
    """One row of training data: a candidate and how likely it was enjoyed."""

    candidate: Candidate
    label: float
    """Probability of enjoying, 0..1."""
    weight: float
    """How much the row counts; a full answer counts 1."""
    at: datetime
    source: str = "feedback"
    stars: float | None = None
    """1 to 5, where stars were given."""
    origin: int | None = None
    """The row of the log it comes from (`Feedback`), so that it can be shown and taken back."""


def asked_moods(value: object) -> tuple[tuple[str, float], ...]:
    """Mood names with intensities from a mapping, a list of names or a list of pairs."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, Mapping):
        value = list(value.items())
    if not isinstance(value, list | tuple):
        return ()
    found: dict[str, float] = {}
    for asked in value[:MOST_NAMES]:
        pair = asked if isinstance(asked, list | tuple) and len(asked) == 2 else (asked, 1.0)
        mood, intensity = text(pair[0]).lower(), number(pair[1], 0, 1)
        if mood and intensity:
            found[mood] = intensity
    return tuple(sorted(found.items()))


def daypart_of(when: datetime) -> Daypart:
    """Morning from 5, afternoon from 12, evening from 17, night from 22."""
    hour = when.hour
    if 5 <= hour < 12:
        return "morning"
    if 12 <= hour < 17:
        return "afternoon"
    return "evening" if 17 <= hour < 22 else "night"


def is_weekend(when: datetime) -> bool:
    """From Friday 17:00 to the end of Sunday; the small hours belong to the evening before."""
    hours_into_week = when.weekday() * 24 + when.hour
    return hours_into_week >= 4 * 24 + 17 or hours_into_week < 5


def moment_in_time(value: object) -> datetime | None:
    """An aware datetime from ISO text (UTC if it names no zone), else None."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _rating(value: object) -> float | None:
    """A rating 0..10; Plex writes 0 (and some agents write it) where nobody has voted."""
    return number(value, 0.01, 10)
