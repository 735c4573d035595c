"""What the model's traits and contexts are called: one vocabulary, for reasons and for the model page."""

from string import capwords

LONGEST_NAME = 40  # characters
GENRES = {
    "thriller": "thrillers", "western": "westerns", "documentary": "documentaries",
    "musical": "musicals", "biography": "biographies", "family": "family films",
    "children": "children's films", "music": "music films", "war": "war films",
    "sport": "sports films", "short": "short films",
}  # fmt: skip
KINDS = {
    "country": "titles from {}",
    "studio": "titles of the studio {}",
    "rated": "titles rated {}",
    "mood": "{} titles",
    "collection": "titles in “{}”",
    "franchise": "titles of “{}”",
}
TRAITS = {
    "base": "titles in general",
    "seen": "titles seen before",
    "prior": "what the house rules expect",
    "fit": "what fits the asked mood and time",
    "type movie": "films",
    "type show": "series",
    "audience rating": "what audiences rate high",
    "critic rating": "what critics rate high",
    "familiar directors": "directors with much on your shelf",
    "familiar actors": "actors with much on your shelf",
    "length 20": "titles of 20 minutes or less",
    "length 160": "titles of 160 minutes and more",
    "decade 1925": "titles of the 1920s and before",
}
MOMENTS = {
    "company:group": "in company",
    "minutes:60": "with an hour or less",
    "minutes:150": "with two and a half hours or more",
    "daypart:morning": "in the morning",
    "daypart:afternoon": "in the afternoon",
    "daypart:evening": "in the evening",
    "daypart:night": "late at night",
    "weekend": "at weekends",
}


def trait(name: str, made: str = "films") -> str:
    """Return a column of a title's row as one says it: `director X` is "films by X".

    ``made``: what the people of it made, "films" or "series". What has no words stays as it is.
    """
    kind, _, value = name.partition(" ")
    if name in TRAITS or not value:
        return TRAITS.get(name, name)
    if kind == "genre":
        return GENRES.get(value, short(value))
    if kind in {"director", "actor"}:
        return f"{made} {'by' if kind == 'director' else 'with'} {short(value)}"
    if kind == "decade" and value.isdigit():
        return of_decade(int(value))
    if kind == "length":
        return of_length(value)
    return KINDS[kind].format(called(kind, value)) if kind in KINDS else name


def called(kind: str, name: str) -> str:
    """Return a name as it is written; the log knows franchises in lower case."""
    return short(capwords(name) if kind == "franchise" else name)


def of_decade(year: int) -> str:
    """Return the titles of the decade that a year is in."""
    return f"titles of the {year // 10 * 10}s"


def of_length(minutes: int | str, made: str = "titles") -> str:
    """Return the titles of a length."""
    return f"{made} of about {minutes} minutes"


def moment(context: str) -> str:
    """Return a context of the model as one says it: `mood:funny` is "when funny is asked for"."""
    kind, _, value = context.partition(":")
    if context in MOMENTS:
        return MOMENTS[context]
    if kind == "mood":
        return f"when {value} is asked for"
    return f"with about {value} minutes" if kind == "minutes" else context.replace(":", " ")


def short(name: str) -> str:
    """Return a name, cut where it is too long to be read in a sentence."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
