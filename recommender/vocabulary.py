"""The words that reasons are made of: moods, moments, stars, and how many other titles.

Translators: what names titles is written as it stands in a dictionary.
"""

from collections.abc import Callable, Sequence

from moodrec.phrases import joined, phrase, phrases

ARE = {
    "funny": phrase("funny"),
    "action": phrase("full of action"),
    "dramatic": phrase("dramatic"),
    "relaxing": phrase("relaxing"),
    "tense": phrase("tense"),
    "scary": phrase("scary"),
    "romantic": phrase("romantic"),
    "dark": phrase("dark"),
    "thoughtful": phrase("thoughtful"),
    "uplifting": phrase("uplifting"),
}
"""What a title of a mood is: "It is funny and full of action"."""
WHEN = {
    "mood:funny": phrase("When you asked for funny,"),
    "mood:action": phrase("When you asked for action,"),
    "mood:dramatic": phrase("When you asked for dramatic,"),
    "mood:relaxing": phrase("When you asked for relaxing,"),
    "mood:tense": phrase("When you asked for tense,"),
    "mood:scary": phrase("When you asked for scary,"),
    "mood:romantic": phrase("When you asked for romantic,"),
    "mood:dark": phrase("When you asked for dark,"),
    "mood:thoughtful": phrase("When you asked for thoughtful,"),
    "mood:uplifting": phrase("When you asked for uplifting,"),
    "company:group": phrase("In company,"),
    "minutes": phrase("With as much time as tonight,"),
    "daypart:morning": phrase("In the morning,"),
    "daypart:afternoon": phrase("In the afternoon,"),
    "daypart:evening": phrase("In the evening,"),
    "daypart:night": phrase("Late at night,"),
    "weekend": phrase("At weekends,"),
}
"""How a sentence about a moment begins: "At weekends, westerns went down well."."""
STARS = {
    1.0: phrase("one star"),
    2.0: phrase("two stars"),
    4.0: phrase("four stars"),
    5.0: phrase("five stars"),
}
NUMBERS = {2: phrase("two"), 3: phrase("three"), 4: phrase("four"), 5: phrase("five")}
MOST_COUNTED = max(NUMBERS)


def number_of(count: int) -> str:
    """Return a number in words; one is said by "another"."""
    return NUMBERS.get(min(count, MOST_COUNTED), "")


def moods_of(moods: Sequence[str]) -> str:
    """Return what a title of these moods is: "funny and full of action"."""
    return joined([ARE.get(mood, mood) for mood in moods])


def films_by(name: str, count: int) -> str:
    """Return how many other films of a director: "two other Bong Joon-ho films"."""
    return phrases(
        "another %(name)s film", "%(number)s other %(name)s films", count,
        number=number_of(count), name=name,
    )  # fmt: skip


def others(kind: str, name: str, count: int) -> str:
    """Return how many other titles share a director, actor, collection or franchise."""
    return OTHERS[kind](count, number_of(count), name)


OTHERS: dict[str, Callable[[int, str, str], str]] = {
    "director": lambda count, number, name: phrases(
        "another title by %(name)s",
        "%(number)s other titles by %(name)s",
        count,
        number=number,
        name=name,
    ),
    "actor": lambda count, number, name: phrases(
        "another title with %(name)s",
        "%(number)s other titles with %(name)s",
        count,
        number=number,
        name=name,
    ),
    "collection": lambda count, number, name: phrases(
        "another title in “%(name)s”",
        "%(number)s other titles in “%(name)s”",
        count,
        number=number,
        name=name,
    ),
    "franchise": lambda count, number, name: phrases(
        "another title of “%(name)s”",
        "%(number)s other titles of “%(name)s”",
        count,
        number=number,
        name=name,
    ),
}
