"""A column for a short list of names (genres, people) that can be filtered by a plain LIKE."""

from collections.abc import Iterable
from typing import Any

from django.db import models

_BREAK = "\n"


class NamesField(models.TextField[Iterable[str], list[str]]):
    """A list of names kept as text, one a line, with a line break before the first and after the last.

    So `contains(name)` finds whole names in any database, and a row costs one split to read.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", list)
        super().__init__(*args, **kwargs)

    def get_prep_value(self, value: Any) -> str:
        if isinstance(value, str):  # a lookup's pattern
            return value
        names = [" ".join(str(name).split()) for name in value or ()]
        names = [name for name in names if name]
        return f"{_BREAK}{_BREAK.join(names)}{_BREAK}" if names else ""

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> list[str]:
        return self.to_python(value)

    def to_python(self, value: Any) -> list[str]:
        if isinstance(value, str):
            return value.strip(_BREAK).split(_BREAK) if value.strip(_BREAK) else []
        return list(value or ())

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))


def containing(name: str) -> str:
    """Return the text to look for with `__contains` to find the whole name in a NamesField."""
    return f"{_BREAK}{name}{_BREAK}"
