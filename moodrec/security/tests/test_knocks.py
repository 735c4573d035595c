"""Tries are counted by all processes together, and cost nothing once they are too many."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from moodrec.security.knocks import Knocks
from moodrec.security.models import Knock

pytestmark = pytest.mark.django_db


def a_door(name: str = "pin") -> Knocks:
    """The same door as another process has it."""
    return Knocks(name, each=2, everybody=3, seconds=10)


def test_one_caller_is_held_up_whichever_process_answers() -> None:
    assert [a_door().allows("a") for _ in range(3)] == [True, True, False]
    assert a_door().allows("b")


def test_many_callers_together_are_held_up_too_and_another_door_is_not() -> None:
    assert [a_door().allows(name) for name in "abcd"] == [True, True, True, False]
    assert a_door("wish").allows("d")


def test_knocking_in_vain_is_not_written_down_and_does_not_make_the_wait_longer(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    assert [a_door().allows("a") for _ in range(2)] == [True, True]
    with django_assert_num_queries(5):
        assert not any(a_door().allows("a") for _ in range(5))
    assert Knock.objects.count() == 2
    with time_machine.travel(timezone.now() + timedelta(seconds=11), tick=False):
        assert a_door().allows("a")
        assert Knock.objects.count() == 1  # what counts no more is forgotten


def test_who_is_forgiven_begins_anew_and_nobody_else_does() -> None:
    for caller in "ab":
        a_door().allows(caller)
    a_door().forgive("a")
    assert list(Knock.objects.values_list("caller", flat=True)) == ["b"]
