"""From answers to the moment."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from recommender.moment import Answers, minutes_until, moment_of

BERLIN = ZoneInfo("Europe/Berlin")


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, 9, hour, minute, tzinfo=BERLIN)  # a Friday


def test_the_moment_knows_the_hour_and_the_weekend() -> None:
    moment = moment_of(Answers(vibe=("funny",), company="group", minutes=90), at(20))
    assert dict(moment.moods) == {"funny": 1.0}
    assert (moment.company, moment.minutes) == ("group", 90)
    assert (moment.daypart, moment.weekend) == ("evening", True)


@pytest.mark.parametrize(
    ("now", "finish", "minutes"),
    [(at(20), time(22, 30), 150), (at(23, 30), time(0, 15), 45), (at(20), time(20), 1440)],
)
def test_minutes_until_the_clock_shows_a_time(now: datetime, finish: time, minutes: int) -> None:
    assert minutes_until(finish, now) == minutes


@pytest.mark.parametrize(
    ("now", "minutes", "until"),
    [
        (at(20), 180, "23:00"),
        (at(21, 30), 90, "23:00"),
        (at(22, 59), 1, "23:00"),
        (at(23, 10), 180, None),  # that time has passed: what is left is how long they had
    ],
)
def test_a_time_told_by_the_clock_shrinks_with_the_evening(
    now: datetime, minutes: int, until: str | None
) -> None:
    asked = Answers(minutes=180, until="23:00").by_the_clock(now)
    assert (asked.minutes, asked.until) == (minutes, until)
    assert Answers(minutes=180).by_the_clock(now) == Answers(minutes=180)


def test_a_time_told_anew_is_no_more_told_by_the_clock() -> None:
    assert Answers(minutes=60, until="21:00").within(120) == Answers(minutes=120)


def test_answers_survive_the_log() -> None:
    answers = Answers(vibe=("dark", "tense"), minutes=95, shorter_than=120, max_content_rating="R")
    assert Answers.from_json(answers.to_json()) == answers


def test_an_old_ask_with_fewer_answers_is_still_read() -> None:
    assert Answers.from_json({"vibe": ["funny"], "unknown": 1}) == Answers(vibe=("funny",))
