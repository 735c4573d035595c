"""What the questionnaire starts with: what was answered last time at an hour like this one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from mlmodel.records import daypart_of, is_weekend
from recommender.moment import SITTINGS

LATE = 22  # o'clock: with school or work tomorrow a long film is a bad idea
EARLY = 5
SHORT_NIGHT = "90"  # minutes
EVENING = 17
UNTIL_FROM = time(22, 30)
UNTIL_COUNT = 3
LEAST_LEFT = timedelta(minutes=75)  # shorter is no time for a film, and there are chips for it
HALF_HOUR = timedelta(minutes=30)
SPANS = ("60", "90", "120", "180")


@dataclass(frozen=True, slots=True)
class Past:
    """An ask of before: when in local time, what was answered, and who was there, by slug."""

    at: datetime
    mood: Mapping[str, Any] = field(default_factory=dict)
    viewers: tuple[str, ...] = ()


def starting(past: Sequence[Past], now: datetime) -> dict[str, Any]:
    """Return what the form starts with; nobody's mood is what it was.

    Of what was asked before (newest first) the newest counts that was asked at the same part of the
    day and of the week, else the newest of all. ``now`` is local time.
    """
    found = next((each for each in past if _alike(each.at, now)), past[0] if past else None)
    if found is None:
        return {"time": SHORT_NIGHT if is_school_night(now) else "", "type": "any", "seen": "any"}
    return {
        "viewer": list(found.viewers),
        "company": found.mood.get("company", "solo"),
        "type": found.mood.get("type", "any"),
        "seen": found.mood.get("seen", "any"),
        **_time(found.mood, now),
    }


def until(now: datetime) -> list[time]:
    """Return when an evening might end: three half hours; none by day. ``now`` is local time."""
    if EARLY <= now.hour < EVENING:
        return []
    first = _next_half_hour(now + LEAST_LEFT)
    from_then = now.replace(hour=UNTIL_FROM.hour, minute=UNTIL_FROM.minute)
    if now.hour >= EVENING and first < from_then:
        first = from_then
    return [(first + step * HALF_HOUR).time() for step in range(UNTIL_COUNT)]


def is_school_night(now: datetime) -> bool:
    """Tell whether it is late, and tomorrow (in the small hours: today) is a day of work."""
    morning = now + timedelta(days=1) if now.hour >= LATE else now
    return (now.hour >= LATE or now.hour < EARLY) and morning.weekday() < 5


def _alike(at: datetime, now: datetime) -> bool:
    return (daypart_of(at), is_weekend(at)) == (daypart_of(now), is_weekend(now))


def _time(mood: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the time there was, as the form asks for it; a clock's time only while it is offered."""
    minutes, session = mood.get("minutes"), mood.get("session")
    told = mood.get("until")
    if told:
        offered = [f"{each:%H:%M}" for each in until(now)]
        return {"time": told if told in offered else ""}
    if session in SITTINGS:
        return {"time": session, "minutes": minutes}
    if session == "movie":  # asked of the API, or of an earlier version
        return {"time": str(minutes or ""), "type": "movie"}
    span = str(minutes or "")
    return {"time": span} if span in SPANS else {"time": "", "minutes": minutes}


def _next_half_hour(at: datetime) -> datetime:
    floor = at.replace(minute=at.minute - at.minute % 30, second=0, microsecond=0)
    return floor if floor == at else floor + HALF_HOUR
