"""Tell and store sentences made by `phrasing`: in the reader's language, with how they were made."""

import json
from typing import Any

from django.db import models
from django.utils.formats import localize
from django.utils.translation import gettext, ngettext

from moodrec.phrasing import (
    Phrase,
    from_json,
    in_a_row,
    joined,
    phrase,
    phrases,
    to_json,
)

__all__ = [
    "Phrase", "PhraseField", "PhraseListField", "from_json", "in_a_row", "joined", "phrase",
    "phrases", "to_json", "told",
]  # fmt: skip


def told(said: str) -> str:
    """Return a phrase in the active language; any other text as it is."""
    if not isinstance(said, Phrase):
        return str(said)
    values = {name: _value(value) for name, value in said.values.items()}
    if said.plural:
        return ngettext(said.message, said.plural, int(values["count"])) % values
    return gettext(said.message) % values


def _value(value: Any) -> Any:
    """Return what a sentence is given: phrases told, fractions with the reader's decimal sign."""
    if isinstance(value, str):
        return told(value)
    return localize(value) if isinstance(value, float) else value


class PhraseField(models.TextField[str, str]):
    """A sentence: a phrase keeps how it was made, plain text is stored as it is."""

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Phrase):
            return json.dumps(to_json(value), ensure_ascii=False, sort_keys=True)
        return value if value is None or hasattr(value, "resolve_expression") else str(value)

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> str | None:
        if value is None or not value.startswith('{"'):
            return value
        try:
            return from_json(json.loads(value))
        except ValueError:
            return value


class PhraseListField(models.JSONField):
    """A list of sentences, each stored as `to_json` has it."""

    def get_prep_value(self, value: Any) -> Any:
        listed = isinstance(value, list | tuple)
        return super().get_prep_value([to_json(each) for each in value] if listed else value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        found = super().from_db_value(value, expression, connection)
        return [from_json(each) for each in found] if isinstance(found, list) else found
