"""A sentence that remembers how it was made, so that it can be told in each reader's own language.

What is written once and read later (a reason, a job's detail) can't know who will read it. A Phrase is
the English sentence, as a string like any other, and beside it the message and the values it came from;
`told` says it again in the language of whoever reads. `PhraseField` and `to_json` keep both.
`manage.py makemessages` finds what stands in `phrase(…)` and `phrases(…)`.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext, ngettext

Json = Any


class Phrase(str):
    """The sentence in English; `message`, `plural` and `values` make it anew in another language."""

    message: str
    plural: str
    values: Mapping[str, Any]

    def __new__(cls, message: str, plural: str, values: Mapping[str, Any]) -> "Phrase":
        chosen = plural if plural and values["count"] != 1 else message
        made = super().__new__(cls, chosen % values)
        made.message, made.plural, made.values = message, plural, values
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Phrase, (self.message, self.plural, dict(self.values))


def phrase(message: str, /, **values: Any) -> Phrase:
    """Return the sentence of a message with `%(name)s` in it; a value may be a phrase itself."""
    return Phrase(message, "", values)


def phrases(one: str, many: str, count: int, /, **values: Any) -> Phrase:
    """Return the sentence for so many; the messages find the number as `%(count)s`."""
    return Phrase(one, many, {**values, "count": count})


def told(said: str) -> str:
    """Return a phrase in the active language; any other text as it is."""
    if not isinstance(said, Phrase):
        return str(said)
    values = {n: told(v) if isinstance(v, str) else v for n, v in said.values.items()}
    if said.plural:
        return ngettext(said.message, said.plural, int(values["count"])) % values
    return gettext(said.message) % values


def joined(names: Sequence[str]) -> str:
    """Return "Ada", "Ada and Ben" or "Ada, Ben and Cleo"."""
    if len(names) < 2:
        return names[0] if names else ""
    before = ", ".join(names[:-1])
    return phrase("%(before)s and %(last)s", before=before, last=names[-1])


def to_json(said: str) -> Json:
    """Return what `from_json` reads back; text that is no phrase stays text."""
    if not isinstance(said, Phrase):
        return said
    values = {n: to_json(v) if isinstance(v, str) else v for n, v in said.values.items()}
    return {"say": said.message, "many": said.plural, "with": values}


def from_json(stored: Json) -> str:
    """Read what `to_json` wrote; anything else as plain text, never an error."""
    if not isinstance(stored, Mapping):
        return str(stored)
    try:
        values = {
            str(name): from_json(value) if isinstance(value, Mapping) else value
            for name, value in stored["with"].items()
        }
        return Phrase(str(stored["say"]), str(stored["many"]), values)
    except (KeyError, TypeError, ValueError, AttributeError):
        return ""


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
