"""Times end a sentence well in every language."""

from datetime import UTC, datetime

import pytest
from django.utils import formats, translation

EVENING = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
@pytest.mark.parametrize("form", ["TIME_FORMAT", "DATETIME_FORMAT", "SHORT_DATETIME_FORMAT"])
def test_no_time_ends_with_a_dot(language: str, form: str) -> None:
    with translation.override(language):
        assert formats.date_format(EVENING, form)[-1] != "."


def test_an_english_evening_is_told_by_the_clock_of_twelve() -> None:
    with translation.override("en"):
        assert formats.time_format(EVENING.time()) == "8:15 PM"
