"""From the answers of the form to the moment that the model sees."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Self

from mlmodel.moods import MOODS
from mlmodel.records import Moment
from recommender.wishes import Wish, intensities, known, together

COMPANIES = ("solo", "group")
SESSIONS = ("any", "short", "movie", "episode", "binge")
SITTINGS = ("episode", "binge")  # whose length is counted in episodes
SEEN = ("any", "new", "again")
ORDERS = ("first", "any")
TYPES = ("any", "movie", "show")
SPINS = ("too_long", "too_heavy", "too_light", "seen_it", "not_tonight", "never")
LEAST_MINUTES, MOST_MINUTES = 10, 1440
VIBES = MOODS
_NARROWING = ("shorter_than", "lighter_than", "heavier_than")
_TOGETHER = {"spin": _NARROWING, "vibe": ("vibe", "strong"), "minutes": ("minutes", "until")}


@dataclass(frozen=True, slots=True)
class Answers:
    """One filled questionnaire, as the HTTP contract names it."""

    vibe: tuple[str, ...] = ()
    """Everything that is wanted."""
    strong: tuple[str, ...] = ()
    """What of it is wanted very much."""
    avoid: tuple[str, ...] = ()
    """Moods of which nothing is wanted."""
    company: str = "solo"
    session: str = "any"
    minutes: int | None = None
    until: str | None = None
    """HH:MM, where the minutes were told by the clock."""
    seen: str = "any"
    type: str = "any"
    max_content_rating: str | None = None
    order: str = "first"
    """`first`: no entry of a franchise before the one it follows; `any`: in whatever order."""
    guests: tuple[Wish, ...] = ()
    """What those wish for who live elsewhere."""
    shorter_than: int | None = None
    """Minutes; set by a spin for `too_long`."""
    lighter_than: float | None = None
    """Heaviness 0..1; set by `too_heavy`."""
    heavier_than: float | None = None
    """Heaviness 0..1; set by `too_light`."""

    @classmethod
    def from_json(cls, mood: Mapping[str, Any]) -> Self:
        """Read the answers that an ask has stored."""
        found = {name: mood[name] for name in cls.__dataclass_fields__ if name in mood}
        moods = {name: tuple(mood.get(name) or ()) for name in ("vibe", "strong", "avoid")}
        guests = tuple(Wish.from_json(each) for each in mood.get("guests") or ())
        return cls(**{**found, **moods, "guests": guests})

    def in_the_mood(
        self,
        vibe: Iterable[str] | None = None,
        strong: Iterable[str] | None = None,
        avoid: Iterable[str] | None = None,
    ) -> Self:
        """Return the answers with these moods told anew; the newest word on a mood holds.

        What is wanted very much is wanted; None leaves what was said before.
        """
        again = {*(vibe or ()), *(strong or ())}
        shunned = set(self.avoid) - again if avoid is None else set(avoid)
        wanted = {*(self.vibe if vibe is None else vibe), *(strong or ())} - shunned
        very = wanted & set(self.strong if strong is None else strong)
        return replace(self, vibe=known(wanted), strong=known(very), avoid=known(shunned))

    def within(self, minutes: int | None) -> Self:
        """Return the answers with another time; what was told by the clock is no longer so."""
        return replace(self, minutes=minutes, until=None)

    def by_the_clock(self, now: datetime) -> Self:
        """Return the answers, of an earlier ask perhaps, with what is left of a time told by the clock.

        Where that has passed the time stays as long as it was. ``now`` is local time.
        """
        if self.until is None or self.minutes is None:
            return self
        left = minutes_until(time.fromisoformat(self.until), now)
        if left > self.minutes:  # it is tomorrow's
            return self.within(self.minutes)
        return replace(self, minutes=max(left, 1))

    @property
    def is_narrowed(self) -> bool:
        """Whether a spin has narrowed it."""
        return any(getattr(self, name) is not None for name in _NARROWING)

    def without(self, name: str) -> Self:
        """Return the answers with one of them left open; `spin` is all that spins narrowed.

        Of guests only what they rule out is left open, not what they wish for.
        """
        if name == "guests":
            return replace(self, guests=tuple(replace(each, avoid=()) for each in self.guests))
        names = _TOGETHER.get(name, (name,))
        unanswered = {**type(self)().to_json(), "order": "any"}
        return self.from_json({**self.to_json(), **{n: unanswered[n] for n in names}})

    def to_json(self) -> dict[str, Any]:
        lists = {name: list(getattr(self, name)) for name in ("vibe", "strong", "avoid")}
        return {**asdict(self), **lists, "guests": [each.to_json() for each in self.guests]}

    def mood_json(self) -> dict[str, Any]:
        """Return the mood as the HTTP contract shows it."""
        shown = ("vibe", "company", "session", "minutes", "seen", "type")
        return {name: value for name, value in self.to_json().items() if name in shown}


def moment_of(answers: Answers, now: datetime, present: int = 1) -> Moment:
    """Return the moment of an ask; ``now`` is local time.

    The answers speak for all of the household who are ``present``; each guest speaks for themselves.
    """
    household = [intensities(answers.vibe, answers.strong)] * max(present, 1)
    guests = [intensities(guest.vibe, guest.strong) for guest in answers.guests]
    return Moment.at(
        now,
        moods=together([*household, *guests]),
        company="group" if answers.company == "group" else "solo",
        minutes=answers.minutes,
    )


def minutes_until(finish: time, now: datetime) -> int:
    """Return the minutes from local ``now`` to the next time the clock shows ``finish``."""
    end = now.replace(hour=finish.hour, minute=finish.minute, second=0, microsecond=0)
    if end <= now:
        end += timedelta(days=1)
    return int((end.timestamp() - now.timestamp()) // 60)  # true time: clocks change at night
