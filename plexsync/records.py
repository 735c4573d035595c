"""From Plex's XML to plain records: every attribute may be missing, wrong or hostile."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from xml.etree.ElementTree import Element

from plexsync.content_ratings import age_of

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_IMAGE_PATH = re.compile(r"/library/(metadata|collections)/\d+/(thumb|art|poster|composite)/\d+")
_KEY = re.compile(r"[0-9]{1,18}")
_MAX_NAMES = 30  # of one kind a title keeps: nobody's taste hangs on the hundredth extra
_MAX_NAME = 120
_YEARS = range(1870, 2200)
_MAX_INT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Section:
    """A library of the server."""

    key: str
    type: str
    title: str

    @classmethod
    def of(cls, element: Element) -> "Section":
        title = text(element, "title", 200) or "Untitled"
        return cls(element.get("key") or "", element.get("type") or "", title)


@dataclass(frozen=True, slots=True)
class TitleRecord:
    """One title as Plex tells it; ``fields`` are columns of MediaItem."""

    rating_key: str
    fields: dict[str, Any]


def title_record(element: Element) -> TitleRecord:
    """Read a full entry (`Video` or `Directory`) of a film or series."""
    key = rating_key(element)
    fields = {**_identity(element, key), **_facts(element), **_names(element), **_state(element)}
    return TitleRecord(key, fields)


def _identity(element: Element, key: str) -> dict[str, Any]:
    title = text(element, "title", 500) or f"Untitled ({key})"
    return {
        "guid": text(element, "guid", 200),
        "external_ids": [text(child, "id", 60) for child in element.findall("Guid")],
        "type": text(element, "type", 10),
        "title": title,
        "sort_title": text(element, "titleSort", 500) or title,
        "original_title": text(element, "originalTitle", 500),
        "edition": text(element, "editionTitle", 200),
        "thumb": image_path(element, "thumb"),
        "art": image_path(element, "art"),
        "added_at": moment(element, "addedAt"),
    }


def _facts(element: Element) -> dict[str, Any]:
    year = integer(element, "year")
    duration = integer(element, "duration") or 0
    content_rating = text(element, "contentRating", 40)
    return {
        "year": year if year in _YEARS else None,
        "released_on": day(element, "originallyAvailableAt"),
        "summary": text(element, "summary", 5000),
        "runtime_minutes": round(duration / 60_000) or None,
        "studio": text(element, "studio", 200),
        "content_rating": content_rating,
        "content_age": age_of(content_rating),
        "audience_rating": rating(element, "audienceRating"),
        "critic_rating": rating(element, "rating"),
        "season_count": integer(element, "childCount"),
        "episode_count": integer(element, "leafCount"),
    }


def _names(element: Element) -> dict[str, Any]:
    return {
        "genres": names(element, "Genre"),
        "directors": names(element, "Director"),
        "writers": names(element, "Writer"),
        "cast": names(element, "Role"),
        "countries": names(element, "Country"),
        "collections": names(element, "Collection"),
        "labels": names(element, "Label"),
    }


def _state(element: Element) -> dict[str, Any]:
    return {
        "watched_episodes": integer(element, "viewedLeafCount") or 0,
        "view_count": integer(element, "viewCount") or 0,
        "last_viewed_at": moment(element, "lastViewedAt"),
        "user_rating": rating(element, "userRating"),
    }


def rating_key(element: Element) -> str:
    """Return Plex's number of the title; '' for anything that would be no part of an address."""
    key = element.get("ratingKey") or ""
    return key if _KEY.fullmatch(key) else ""


def text(element: Element, name: str, limit: int) -> str:
    return _CONTROL.sub("", element.get(name) or "").strip()[:limit]


def integer(element: Element, name: str) -> int | None:
    """Return a count or duration: a whole number from 0 to what a column holds, else None."""
    try:
        value = int(element.get(name) or "")
    except ValueError:
        return None
    return value if 0 <= value <= _MAX_INT else None


def rating(element: Element, name: str) -> float | None:
    """Return a rating of 0 to 10; None where absent or not a number."""
    try:
        value = float(element.get(name) or "")
    except ValueError:
        return None
    return value if 0 <= value <= 10 else None


def moment(element: Element, name: str) -> datetime | None:
    seconds = integer(element, name)
    return datetime.fromtimestamp(seconds, tz=UTC) if seconds else None


def day(element: Element, name: str) -> date | None:
    try:
        return date.fromisoformat((element.get(name) or "")[:10])
    except ValueError:
        return None


def image_path(element: Element, name: str) -> str:
    """Return a path of an image in the server's library; '' for anything that leads elsewhere."""
    path = element.get(name) or ""
    return path if _IMAGE_PATH.fullmatch(path) else ""


def names(element: Element, tag: str) -> list[str]:
    found = (text(child, "tag", _MAX_NAME) for child in element.findall(tag))
    return list(dict.fromkeys(name for name in found if name))[:_MAX_NAMES]
