"""The age a content rating asks for, so that a cap works across countries."""

import re
from typing import Any

AGES = {
    "g": 0, "u": 0, "tv-y": 0, "tv-g": 0, "al": 0, "all": 0, "tous publics": 0, "apt": 0, "l": 0,
    "uc": 0, "atp": 0,
    "tv-y7": 7, "tv-y7-fv": 7, "pg": 8, "tv-pg": 10,
    "12a": 12, "pg-13": 13, "tv-14": 14, "m": 15, "ma15+": 15, "r": 17, "tv-ma": 17,
    "nc-17": 18, "r18": 18, "r18+": 18, "x": 18, "xxx": 18,
}  # fmt: skip
UNKNOWN = 99  # stands for the age of an unrated title, where ages are plain numbers
GROWN_UP = 18  # who has this cap, or a higher one, may see what nobody rated
_DIGITS = re.compile(r"\d{1,2}")


def age_of(content_rating: str | None) -> int | None:
    """Return the least age for a rating such as 'PG-13', 'de/12' or 'FSK 16'; None where unknown."""
    if not content_rating:
        return None
    rating = content_rating.rsplit("/", 1)[-1].strip().lower()
    if rating in AGES:
        return AGES[rating]
    digits = _DIGITS.search(rating)
    return int(digits.group()) if digits and int(digits.group()) <= 21 else None


def suits(ages: Any, cap: int) -> Any:
    """Tell whether an age is for somebody with this cap; of an array of ages, of each of them."""
    return (ages <= cap) | ((ages == UNKNOWN) & (cap >= GROWN_UP))
