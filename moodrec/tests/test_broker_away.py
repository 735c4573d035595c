"""While the broker is away the log says so in a line: who, why, and what to do."""

import logging
import warnings
from importlib import import_module
from typing import Any

import pytest
from celery.beat import Scheduler
from celery.exceptions import CPendingDeprecationWarning
from pytest_django import Settings

from moodrec.celery import app


@pytest.fixture
def scheduler(broker_away: str) -> Scheduler:
    """A scheduler whose broker is away."""
    found = Scheduler(app=app, lazy=True)
    found.merge_inplace(app.conf.beat_schedule)
    return found


def tick(scheduler: Scheduler) -> None:
    scheduler.apply_entry(scheduler.schedule["tick"])


@pytest.mark.parametrize(
    ("address", "cure"),
    [
        ("redis://broker:6379/0", "Start the broker that REDIS_URL names"),
        ("", "started again by itself"),
    ],
)
def test_the_scheduler_names_cause_and_cure(
    scheduler: Scheduler,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    address: str,
    cure: str,
) -> None:
    settings.REDIS_URL = address
    tick(scheduler)
    [line] = caplog.text.splitlines()
    assert "The broker is away" in line
    assert "Connection refused" in line
    assert cure in line


def test_the_worker_does_so_too(caplog: pytest.LogCaptureFixture) -> None:
    error = ConnectionError("Error 111 connecting to 127.0.0.1:9. Connection refused.")
    again = "Trying again in 2.00 seconds... (1/None)"
    consumer: Any = import_module("celery.worker.consumer.consumer")
    consumer.logger.error(consumer.CONNECTION_ERROR, "redis://127.0.0.1:9/0", error, again)
    [line] = caplog.text.splitlines()
    assert "The broker is away (Error 111" in line
    assert "jobs wait until then" in line.lower()


def test_what_else_the_scheduler_fails_at_keeps_its_traceback(
    scheduler: Scheduler, caplog: pytest.LogCaptureFixture
) -> None:
    scheduler.schedule["tick"].args = (object(),)  # no JSON can hold it
    tick(scheduler)
    assert "The broker is away" not in caplog.text
    assert "Traceback" in caplog.text


def test_advice_on_a_setting_we_chose_is_not_repeated(caplog: pytest.LogCaptureFixture) -> None:
    logging.captureWarnings(capture=True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn("cancel tasks", CPendingDeprecationWarning, stacklevel=1)
            warnings.warn("something else", RuntimeWarning, stacklevel=1)
    finally:
        logging.captureWarnings(capture=False)
    assert "cancel tasks" not in caplog.text
    assert "something else" in caplog.text
