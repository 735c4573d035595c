"""What the names of a series' titles have in common, and which of them each is by its number."""

import re
import unicodedata
from typing import NamedTuple

HIGHEST = 20  # a higher number is a year, a street or a flight

_WORDS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen",
)  # fmt: skip
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii")
_NUMBERS = {
    **{str(n): n for n in range(1, HIGHEST + 1)},
    **{word: n for n, word in enumerate(_WORDS, start=1)},
    **{word: n for n, word in enumerate(_ROMAN, start=1)},
    "deux": 2,
}
_NUMBERED = re.compile(
    r"^(?P<base>.*?[^\W_].*?)[\s:,–—-]+(?:(?P<kind>part|pt|vol|volume|chapter|episode)\b\.?\s*)?"
    rf"(?P<number>{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})(?:\s*½|\s1/2)?\s*(?=$|:|\s[–—-]\s|\()"
)
_MAYBE_NUMBERED = re.compile(r"[\s:,–—-](?:\d|[ivx]+\b|" + "|".join(_WORDS) + "|deux)")
_NO_NAME = re.compile(r"[^\w\s']|_|'(?=\s|$)")
_SUBTITLE = re.compile(r":\s|\s[–—-]\s")
_ARTICLES = frozenset({"the", "a", "an"})
_KIND_OF_LIST = re.compile(
    r"[\s\-–—:(]+(?:the\s+)?(?:complete\s+)?(?:collection|trilogy|saga|series|franchise|anthology|duology|"
    r"quadrilogy|tetralogy|pentalogy|hexalogy|movies|films|filmreihe|sammlung)\)?$"
)
_COLON_IN_NAME = ("mission: impossible",)  # whose colon begins no subtitle
_SUPERSCRIPTS = {ord("²"): " 2", ord("³"): " 3"}  # Alien³


class Name(NamedTuple):
    """What a title's name tells of the series it may belong to."""

    folded: str
    """In lower case, without accents."""
    shared: str
    """What it has in common with its numbered sequels."""
    stem: str
    """What it has in common with every title of the series: see `stem`."""
    number: int | None
    """1 for the plain name, for others of that name may be numbered."""
    is_episode: bool
    is_plain: bool
    """Nothing but the name, neither number nor subtitle."""


def read(title: str) -> Name:
    """Return what a title's name tells."""
    folded = _folded(title)
    base, number, is_episode = _parsed(folded)
    shared = _bare(base)
    common = _stem(base) if _SUBTITLE.search(base) else shared
    is_plain = number is None and shared == common
    return Name(folded, shared, common, 1 if is_plain else number, is_episode, is_plain)


def stem(title: str) -> str:
    """Return what the names of a series' titles have in common: lower case, without article, number, subtitle.

    "Terminator 2: Judgment Day" and "The Terminator" are `terminator`. A name that is nothing but a number
    or a title without letters stays as it is.
    """
    return _stem(_parsed(_folded(title))[0])


def _stem(base: str) -> str:
    for name in _COLON_IN_NAME:
        if base.startswith(name):
            return _bare(name)
    head = _bare(_SUBTITLE.split(base, maxsplit=1)[0])
    return head if re.search(r"[^\W\d]", head) else _bare(base)


def bears(name: Name, words: str) -> bool:
    """Tell whether a title has these words in its name, in the plural too: "Aliens" bears "alien"."""
    said = f" {_bare(name.folded)} "
    return f" {words} " in said or f" {words}s " in said


def collection_name(collection: str) -> str:
    """Return the name of a collection as its titles bear it: "The Alien Collection" is `alien`."""
    folded = _folded(collection)
    shorter = _KIND_OF_LIST.sub("", folded)
    while shorter != folded:
        folded, shorter = shorter, _KIND_OF_LIST.sub("", shorter)
    return _bare(folded)


def _folded(title: str) -> str:
    """Return a title in lower case without accents, one kind of apostrophe, single spaces."""
    if not title.isascii():
        plain = title.translate(_SUPERSCRIPTS).replace("’", "'").replace("½", " 1/2")
        letters = unicodedata.normalize("NFKD", plain)
        title = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(title.casefold().split())


def _parsed(folded: str) -> tuple[str, int | None, bool]:
    """Return what stands before the number, the number, and whether it is an episode's."""
    match = _NUMBERED.match(folded) if _MAYBE_NUMBERED.search(folded) else None
    if match is None or not _bare(match["base"]):
        return folded, None, False
    return match["base"], _NUMBERS[match["number"]], match["kind"] == "episode"


def _bare(name: str) -> str:
    """Return the words of a folded name, without its article and punctuation."""
    words = name.split() if name.replace(" ", "").isalnum() else _NO_NAME.sub(" ", name).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)
