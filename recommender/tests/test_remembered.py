"""What the questionnaire starts with."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from recommender.remembered import Past, is_school_night, starting, until

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = 5  # January 2026


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=BERLIN)


def past(when: datetime, who: tuple[str, ...] = ("ada",), **mood: Any) -> Past:
    return Past(when, {"vibe": ["funny"], "company": "solo", **mood}, who)


def test_the_last_ask_of_the_same_part_of_day_and_week_wins() -> None:
    saturday, morning = past(at(3, 20), ("ada", "ben"), type="movie"), past(at(4, 10), ("ada",))
    weekday = past(at(2, 9), ("cleo",))
    asks = [morning, saturday, weekday]
    assert starting(asks, at(10, 19))["viewer"] == ["ada", "ben"]
    assert starting(asks, at(10, 19))["type"] == "movie"
    assert starting(asks, at(9, 10))["viewer"] == ["cleo"]


def test_else_the_last_of_all_counts() -> None:
    assert starting([past(at(4, 10), ("ben",)), past(at(3, 20))], at(7, 23))["viewer"] == ["ben"]


def test_nobody_s_mood_is_what_it_was() -> None:
    strong = past(at(3, 20), strong=["funny"], avoid=["dark"])
    assert not {"vibe", "strong", "avoid"} & set(starting([strong], at(10, 20)))


@pytest.mark.parametrize(
    ("mood", "time_told", "minutes"),
    [
        ({"minutes": 90}, "90", None),
        ({"minutes": 95}, "", 95),
        ({"session": "binge", "minutes": 200}, "binge", 200),
        ({"session": "episode"}, "episode", None),
        ({"minutes": 163, "until": "22:30"}, "22:30", None),
        ({"minutes": 163, "until": "20:30"}, "", None),
        ({"session": "movie", "minutes": 120}, "120", None),
    ],
)
def test_the_time_there_was_is_remembered_as_it_was_told(
    mood: dict[str, Any], time_told: str, minutes: int | None
) -> None:
    found = starting([past(at(3, 20), **mood)], at(10, 20))
    assert (found["time"], found.get("minutes")) == (time_told, minutes)


def test_a_late_school_night_suggests_a_limit_only_where_nothing_is_remembered() -> None:
    late = at(MONDAY, 22, 15)
    assert starting([], late)["time"] == "90"
    assert starting([], at(MONDAY, 21))["time"] == ""
    assert starting([past(at(4, 20))], late)["time"] == ""


@pytest.mark.parametrize(
    ("now", "school"),
    [
        (at(4, 22), True),  # Sunday
        (at(9, 23), False),  # Friday
        (at(10, 1), False),  # the night to Saturday
        (at(12, 1), True),  # the night to Monday
        (at(MONDAY, 20), False),
    ],
)
def test_a_school_night_is_late_with_work_tomorrow(now: datetime, *, school: bool) -> None:
    assert is_school_night(now) is school


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (at(5, 20), [time(22, 30), time(23), time(23, 30)]),
        (at(5, 21, 20), [time(23), time(23, 30), time(0)]),
        (at(5, 0, 10), [time(1, 30), time(2), time(2, 30)]),
        (at(5, 14), []),
    ],
)
def test_an_evening_s_ends_are_half_hours_with_time_for_a_film(
    now: datetime, ends: list[time]
) -> None:
    assert until(now) == ends


def test_every_suggested_end_leaves_time_for_a_film() -> None:
    for minutes in range(0, 24 * 60, 7):
        now = at(5, 0) + timedelta(minutes=minutes)
        for end in until(now):
            left = (datetime.combine(now, end, BERLIN) - now) % timedelta(days=1)
            assert timedelta(minutes=75) <= left <= timedelta(hours=7)
