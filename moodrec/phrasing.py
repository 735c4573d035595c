"""A sentence that remembers how it was made, so that it can be told in each reader's own language.

What is written once and read later (a reason, a job's detail) can't know who will read it. A Phrase is
the English sentence, as a string like any other, and beside it the message and the values it came from;
`phrases.told` says it again in the language of whoever reads. `to_json` keeps both.
`manage.py makemessages` finds what stands in `phrase(…)` and `phrases(…)`. No Django in here: the learning
core says things, too.
"""

from collections.abc import Mapping, Sequence
from typing import Any

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

    def __str__(self) -> str:
        """Return the phrase itself: `str(error)` of what was raised with one still knows how it was made."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Phrase, (self.message, self.plural, dict(self.values))


def phrase(message: str, /, **values: Any) -> Phrase:
    """Return the sentence of a message with `%(name)s` in it; a value may be a phrase itself."""
    return Phrase(message, "", values)


def phrases(one: str, many: str, count: int, /, **values: Any) -> Phrase:
    """Return the sentence for so many; the messages find the number as `%(count)s`."""
    return Phrase(one, many, {**values, "count": count})


def joined(names: Sequence[str]) -> str:
    """Return "Ada", "Ada and Ben" or "Ada, Ben and Cleo"."""
    if len(names) < 2:
        return names[0] if names else ""
    before = names[0]
    for name in names[1:-1]:
        before = phrase("%(before)s, %(then)s", before=before, then=name)
    return phrase("%(before)s and %(last)s", before=before, last=names[-1])


def in_a_row(sentences: Sequence[str]) -> str:
    """Return whole sentences one after the other."""
    said = sentences[0] if sentences else ""
    for then in sentences[1:]:
        said = phrase("%(before)s %(then)s", before=said, then=then)
    return said


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
