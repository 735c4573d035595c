"""From the answers of the form to the moment that the model sees."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Any, Self

from mlmodel.moods import MOODS
from mlmodel.records import Moment

COMPANIES = ("solo", "group")
SESSIONS = ("any", "short", "movie", "binge")
SEEN = ("any", "new", "again")
ORDERS = ("first", "any")
TYPES = ("any", "movie", "show")
SPINS = ("too_long", "too_heavy", "too_light", "seen_it", "not_tonight", "never")
LEAST_MINUTES, MOST_MINUTES = 10, 1440
VIBES = MOODS
_NARROWING = ("shorter_than", "lighter_than", "heavier_than")


@dataclass(frozen=True, slots=True)
class Answers:
    """One filled questionnaire, as the HTTP contract names it."""

    vibe: tuple[str, ...] = ()
    company: str = "solo"
    session: str = "any"
    minutes: int | None = None
    seen: str = "any"
    type: str = "any"
    max_content_rating: str | None = None
    order: str = "first"
    """`first`: no entry of a franchise before the one it follows; `any`: in whatever order."""
    shorter_than: int | None = None
    """Minutes; set by a spin for `too_long`."""
    lighter_than: float | None = None
    """Heaviness 0..1; set by `too_heavy`."""
    heavier_than: float | None = None
    """Heaviness 0..1; set by `too_light`."""

    @classmethod
    def from_json(cls, mood: Mapping[str, Any]) -> Self:
        """Read the answers that an ask has stored."""
        known = {name: mood[name] for name in cls.__dataclass_fields__ if name in mood}
        return cls(**{**known, "vibe": tuple(mood.get("vibe") or ())})

    @property
    def is_narrowed(self) -> bool:
        """Whether a spin has narrowed it."""
        return any(getattr(self, name) is not None for name in _NARROWING)

    def without(self, name: str) -> Self:
        """Return the answers with one of them left open; `spin` is all that spins narrowed."""
        names = _NARROWING if name == "spin" else (name,)
        unanswered = {**type(self)().to_json(), "order": "any"}
        return self.from_json({**self.to_json(), **{n: unanswered[n] for n in names}})

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "vibe": list(self.vibe)}

    def mood_json(self) -> dict[str, Any]:
        """Return the mood as the HTTP contract shows it."""
        shown = ("vibe", "company", "session", "minutes", "seen", "type")
        return {name: value for name, value in self.to_json().items() if name in shown}


def moment_of(answers: Answers, now: datetime) -> Moment:
    """Return the moment of an ask; ``now`` is local time."""
    return Moment.at(
        now,
        moods=list(answers.vibe),
        company="group" if answers.company == "group" else "solo",
        minutes=answers.minutes,
    )


def minutes_until(finish: time, now: datetime) -> int:
    """Return the minutes from local ``now`` to the next time the clock shows ``finish``."""
    end = now.replace(hour=finish.hour, minute=finish.minute, second=0, microsecond=0)
    if end <= now:
        end += timedelta(days=1)
    return int((end.timestamp() - now.timestamp()) // 60)  # true time: clocks change at night
