"""So many knocks in so many seconds, of each and of all."""

import pytest

from moodrec.security.pace import Pace


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Pace:
    return Pace(each=2, everybody=3, seconds=10, clock=clock)


def test_one_caller_is_held_up_and_the_next_is_not(pace: Pace) -> None:
    assert [pace.allows("a") for _ in range(3)] == [True, True, False]
    assert pace.allows("b")


def test_many_callers_together_are_held_up_too(pace: Pace) -> None:
    assert [pace.allows(name) for name in "abcd"] == [True, True, True, False]


def test_time_lets_them_in_again(pace: Pace, clock: Clock) -> None:
    assert [pace.allows("a") for _ in range(3)] == [True, True, False]
    clock.now = 10.0
    assert pace.allows("a")


def test_knocking_on_in_vain_does_not_make_the_wait_longer(pace: Pace, clock: Clock) -> None:
    for _ in range(50):
        pace.allows("a")
        clock.now += 0.1
    clock.now = 10.0
    assert pace.allows("a")
