"""What the model's traits and contexts are called: one vocabulary, for reasons and for the model page.

Each is a phrase, told in the reader's language. Translators: a trait names titles ("thrillers", "films by
Jane Campion") and is written as it stands in a dictionary, for it is put after a colon or first in a sentence.
"""

from collections.abc import Callable, Mapping
from string import capwords

from moodrec.phrasing import phrase

LONGEST_NAME = 40  # characters
GENRES = {
    "action": phrase("action"), "adventure": phrase("adventure"), "animation": phrase("animation"),
    "biography": phrase("biographies"), "children": phrase("children's films"),
    "comedy": phrase("comedy"), "crime": phrase("crime"), "documentary": phrase("documentaries"),
    "drama": phrase("drama"), "family": phrase("family films"), "fantasy": phrase("fantasy"),
    "food": phrase("food"), "history": phrase("history"), "horror": phrase("horror"),
    "music": phrase("music films"), "musical": phrase("musicals"), "mystery": phrase("mystery"),
    "nature": phrase("nature"), "news": phrase("news"), "reality": phrase("reality"),
    "romance": phrase("romance"), "science fiction": phrase("science fiction"),
    "short": phrase("short films"), "soap": phrase("soap"), "sport": phrase("sports films"),
    "talk": phrase("talk"), "thriller": phrase("thrillers"), "travel": phrase("travel"),
    "tv movie": phrase("tv movie"), "war": phrase("war films"), "western": phrase("westerns"),
}  # fmt: skip
MOODS = {
    "funny": phrase("funny titles"),
    "action": phrase("action titles"),
    "dramatic": phrase("dramatic titles"),
    "relaxing": phrase("relaxing titles"),
    "tense": phrase("tense titles"),
    "scary": phrase("scary titles"),
    "romantic": phrase("romantic titles"),
    "dark": phrase("dark titles"),
    "thoughtful": phrase("thoughtful titles"),
    "uplifting": phrase("uplifting titles"),
}
TRAITS = {
    "base": phrase("titles in general"),
    "seen": phrase("titles seen before"),
    "prior": phrase("what the house rules expect"),
    "fit": phrase("what fits the asked mood and time"),
    "type movie": phrase("films"),
    "type show": phrase("series"),
    "audience rating": phrase("what audiences rate high"),
    "critic rating": phrase("what critics rate high"),
    "familiar directors": phrase("directors with much on your shelf"),
    "familiar actors": phrase("actors with much on your shelf"),
    "length 20": phrase("titles of 20 minutes or less"),
    "length 160": phrase("titles of 160 minutes and more"),
    "decade 1925": phrase("titles of the 1920s and before"),
}
MOMENTS = {
    "mood:funny": phrase("when funny is asked for"),
    "mood:action": phrase("when action is asked for"),
    "mood:dramatic": phrase("when dramatic is asked for"),
    "mood:relaxing": phrase("when relaxing is asked for"),
    "mood:tense": phrase("when tense is asked for"),
    "mood:scary": phrase("when scary is asked for"),
    "mood:romantic": phrase("when romantic is asked for"),
    "mood:dark": phrase("when dark is asked for"),
    "mood:thoughtful": phrase("when thoughtful is asked for"),
    "mood:uplifting": phrase("when uplifting is asked for"),
    "company:group": phrase("in company"),
    "minutes:60": phrase("with an hour or less"),
    "minutes:150": phrase("with two and a half hours or more"),
    "daypart:morning": phrase("in the morning"),
    "daypart:afternoon": phrase("in the afternoon"),
    "daypart:evening": phrase("in the evening"),
    "daypart:night": phrase("late at night"),
    "weekend": phrase("at weekends"),
}


def trait(name: str, made: str = "films") -> str:
    """Return a column of a title's row as one says it: `director X` is "films by X".

    ``made``: what the people of it made, "films" or "series". What has no words stays as it is.
    """
    kind, _, value = name.partition(" ")
    if name in TRAITS or not value:
        return TRAITS.get(name, name)
    if kind in {"genre", "mood"}:
        return {"genre": GENRES, "mood": MOODS}[kind].get(value, short(value))
    if kind == "decade":
        return of_decade(int(value)) if value.isdigit() else name
    if kind == "length":
        return of_length(value)
    say = (_OF_SERIES if made == "series" else _OF_FILMS).get(kind)
    return say(called(kind, value)) if say else name


_Sayings = Mapping[str, Callable[[str], str]]
_OF_ANY: _Sayings = {
    "country": lambda name: phrase("titles from %(name)s", name=name),
    "studio": lambda name: phrase("titles of the studio %(name)s", name=name),
    "rated": lambda name: phrase("titles rated %(name)s", name=name),
    "collection": lambda name: phrase("titles in “%(name)s”", name=name),
    "franchise": lambda name: phrase("titles of “%(name)s”", name=name),
}
_OF_FILMS: _Sayings = {
    **_OF_ANY,
    "director": lambda name: phrase("films by %(name)s", name=name),
    "actor": lambda name: phrase("films with %(name)s", name=name),
}
_OF_SERIES: _Sayings = {
    **_OF_ANY,
    "director": lambda name: phrase("series by %(name)s", name=name),
    "actor": lambda name: phrase("series with %(name)s", name=name),
}


def called(kind: str, name: str) -> str:
    """Return a name as it is written; the log knows franchises in lower case."""
    return short(capwords(name) if kind == "franchise" else name)


def of_decade(year: int) -> str:
    """Return the titles of the decade that a year is in."""
    return phrase("titles of the %(decade)ss", decade=year // 10 * 10)


def of_length(minutes: int | str, made: str = "titles") -> str:
    """Return the titles ("titles", "films" or "episodes") of a length."""
    if made == "episodes":
        return phrase("episodes of about %(minutes)s minutes", minutes=minutes)
    if made == "films":
        return phrase("films of about %(minutes)s minutes", minutes=minutes)
    return phrase("titles of about %(minutes)s minutes", minutes=minutes)


def moment(context: str) -> str:
    """Return a context of the model as one says it: `mood:funny` is "when funny is asked for"."""
    kind, _, value = context.partition(":")
    if context in MOMENTS:
        return MOMENTS[context]
    if kind == "minutes":
        return phrase("with about %(minutes)s minutes", minutes=value)
    return context.replace(":", " ")


def short(name: str) -> str:
    """Return a name, cut where it is too long to be read in a sentence."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
