"""What `manage.py evaluate` and `manage.py train` print."""

import json
from typing import Any

import pytest
from django.core.management import call_command

from mlmodel.judging import told
from mlmodel.models import ModelVersion
from mlmodel.tests.test_learn import a_steady_household, say

pytestmark = pytest.mark.django_db


def printed(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    call_command(*command)
    return capsys.readouterr().out


def a_moody_household() -> None:
    """Loves musicals, four of five; and one of five Westerns."""
    for day in range(60, 0, -2):
        say(day % 5 != 0, "Musical", day)
        say(day % 5 == 0, "Western", day - 1)


def test_every_row_of_the_table_has_its_interval(capsys: pytest.CaptureFixture[str]) -> None:
    a_moody_household()
    text = printed(capsys, "evaluate")
    assert "Judged on the 20 newest answers, each predicted before it was learnt." in text
    assert "Learnt from 60 examples: 60 said here." in text
    assert all(name in text for name in told.ROWS.values())
    [auc] = [line for line in text.splitlines() if line.startswith("AUC  ")]
    assert auc.count(" to ") == 3  # of two genres with the same rating the rating tells nothing
    assert "0.50 (0." in auc  # luck has one too
    assert "A version trained now is in use" in text
    assert not ModelVersion.objects.exists()


def test_the_table_says_whether_learning_helps(capsys: pytest.CaptureFixture[str]) -> None:
    a_steady_household()
    assert "Learning helps here." in printed(capsys, "evaluate")
    ten: Any = json.loads(printed(capsys, "evaluate", "--json"))
    ten["intervals"]["gain"] = {"auc": [-0.1, 0.2], "log_loss": [-0.1, 0.1]}
    assert "can't tell yet" in told.table(ten)


def test_hardly_any_answers_are_told_without_intervals(capsys: pytest.CaptureFixture[str]) -> None:
    for day in range(6, 1, -1):
        say(True, "Western", day / 100)  # all in one sitting
    text = printed(capsys, "evaluate")
    assert "Too few evenings yet" in text
    assert "(0." not in text.split("\n\n")[1]


def test_too_few_answers_are_told_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    assert "0 answers so far; training starts with 5." in printed(capsys, "evaluate")
    assert "training starts" in json.loads(printed(capsys, "evaluate", "--json"))["skipped"]


def test_the_json_is_what_a_training_stores(capsys: pytest.CaptureFixture[str]) -> None:
    a_steady_household()
    found = json.loads(printed(capsys, "evaluate", "--json"))
    assert "Version 1 is in use" in printed(capsys, "train")
    stored = ModelVersion.objects.get()
    assert found == {**stored.metrics, "verdict": stored.verdict}


def test_a_training_prints_its_verdict_and_a_second_one_that_nothing_is_new(
    capsys: pytest.CaptureFixture[str],
) -> None:
    a_steady_household()
    assert "better than no learning" in printed(capsys, "train")
    assert "Nothing new" in printed(capsys, "train")
    assert json.loads(printed(capsys, "train", "--json", "--force"))["active"] is True
