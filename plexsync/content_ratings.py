"""The age a content rating asks for, so that a cap works across countries."""

import re

AGES = {
    "g": 0, "u": 0, "tv-y": 0, "tv-g": 0, "al": 0, "all": 0, "tous publics": 0, "apt": 0, "l": 0,
    "uc": 0, "atp": 0,
    "tv-y7": 7, "tv-y7-fv": 7, "pg": 8, "tv-pg": 10,
    "12a": 12, "pg-13": 13, "tv-14": 14, "m": 15, "ma15+": 15, "r": 17, "tv-ma": 17,
    "nc-17": 18, "r18": 18, "r18+": 18, "x": 18, "xxx": 18,
}  # fmt: skip
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
