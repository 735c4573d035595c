"""Text as a search compares it: without accents, capitals and punctuation, the same for everybody's keyboard."""

import unicodedata

# Letters that Unicode does not take apart, as people type them without such keys.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_SILENT = frozenset("'’‘`´.·")  # "L.A." is found by "la", "don't" by "dont"
_ASCII = {
    number: None if chr(number) in _SILENT else " "
    for number in range(128)
    if not chr(number).isalnum()
}


def fold(text: str) -> str:
    """Return the words of a text in plain small letters, single spaces between them.

    What is nothing but punctuation keeps it, so that a title such as "…" can be found.
    """
    plain = _folded(text)
    return plain or " ".join(text.casefold().split())


def _folded(text: str) -> str:
    if text.isascii():  # most are, and this takes a tenth of the time
        return " ".join(text.lower().translate(_ASCII).split())
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c))
    lower = text.casefold().translate(_PLAIN)
    if not lower.isascii():  # some capitals fold to a letter with an accent
        lower = unicodedata.normalize("NFKD", lower)
    return " ".join("".join(map(_kept, lower)).split())


def _kept(letter: str) -> str:
    if letter.isalnum():
        return letter
    if letter in _SILENT or unicodedata.combining(letter):
        return ""
    return letter if unicodedata.category(letter).startswith("M") else " "
