"""What holds for every test of the project."""

import pytest
from pytest_django import Settings

from mlmodel import matrix, registry


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Start without what the test before left in this process's memory."""
    matrix.forget()
    registry.forget()


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: Settings) -> None:
    """No test is about the hash."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
