"""A text column that is encrypted at rest."""

from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


def cipher() -> MultiFernet:
    """Return the cipher of this install's data keys; the first encrypts, all decrypt."""
    return MultiFernet([Fernet(key) for key in settings.DATA_KEYS])


class EncryptedTextField(models.TextField[str, str]):
    """Text stored as a Fernet token; reads as '' where no key of this install fits it.

    An unreadable secret is treated as a missing one: the household links Plex again.
    """

    def get_prep_value(self, value: Any) -> str:
        return cipher().encrypt(str(value).encode()).decode() if value else ""

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> str:
        try:
            return cipher().decrypt(value).decode() if value else ""
        except InvalidToken:
            return ""
