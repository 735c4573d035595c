"""From Plex's XML to plain records: every attribute may be missing, wrong or hostile."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from plexsync.content_ratings import age_of

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_KEY = re.compile(r"[0-9]{1,18}")  # a longer one fits no column
_IMAGE_PATH = re.compile(
    rf"/library/(metadata|collections)/{_KEY.pattern}/(thumb|art|poster|composite)/{_KEY.pattern}"
)
_LEGACY_AGENTS = {"imdb": "imdb", "themoviedb": "tmdb", "thetvdb": "tvdb"}
_LEGACY_GUID = re.compile(r"com\.plexapp\.agents\.(imdb|themoviedb|thetvdb)://(tt\d+|\d+)(?=\?|$)")
_MAX_NAMES = 30  # of one kind a title keeps: nobody's taste hangs on the hundredth extra
_MAX_NAME = 120
_YEARS = range(1870, 2200)
_MAX_INT = 2**31 - 1
_AUDIO = "2"  # streamType of sound
OURS = " · MoodRec"  # ends the title of every playlist and collection that we made
_TAGS = {
    "Genre": "genres",
    "Director": "directors",
    "Writer": "writers",
    "Role": "cast",
    "Country": "countries",
    "Collection": "collections",
    "Label": "labels",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A library of the server. ``refreshing``: a scan runs, so that titles may be away for a while."""

    key: str
    type: str
    title: str
    refreshing: bool = False

    @classmethod
    def of(cls, element: Element) -> "Section":
        key = element.get("key") or ""
        return cls(
            key=key if _KEY.fullmatch(key) else "",
            type=element.get("type") or "",
            title=text(element, "title", 200) or "Untitled",
            refreshing=element.get("refreshing") in {"1", "true"},
        )


class State(NamedTuple):
    """What the connected account did with a title: the columns of MediaItem that hold it."""

    view_count: int = 0
    watched_episodes: int = 0
    last_viewed_at: datetime | None = None
    view_offset: int = 0
    """Seconds."""
    user_rating: float | None = None
    rated_at: datetime | None = None


UNTOUCHED = State()


@dataclass(frozen=True, slots=True)
class TitleRecord:
    """One title as Plex tells it; ``fields`` are columns of MediaItem."""

    rating_key: str
    fields: dict[str, Any]


def title_record(element: Element) -> TitleRecord:
    """Read a full entry (`Video` or `Directory`) of a film or series."""
    key = rating_key(element)
    tags, file = _children(element)
    fields = _identity(element, key, file)
    fields.update(_facts(element), **tags, **state(element)._asdict())
    return TitleRecord(key, fields)


def _identity(element: Element, key: str, file: str) -> dict[str, Any]:
    title = text(element, "title", 500) or _stem(file) or f"Untitled ({key})"
    return {
        "guid": text(element, "guid", 200),
        "type": text(element, "type", 10),
        "title": title,
        "sort_title": text(element, "titleSort", 500) or title,
        "original_title": text(element, "originalTitle", 500),
        "edition": text(element, "editionTitle", 200),
        "thumb": image_path(element, "thumb"),
        "art": image_path(element, "art"),
        "added_at": moment(element, "addedAt"),
        "available": not is_trashed(element),
    }


def _stem(file: str) -> str:
    """Return a file's name without folder and ending; Windows servers write it their way."""
    path = PureWindowsPath(file) if "\\" in file else PurePosixPath(file)
    return cleaned(path.stem, 500)


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


def _children(element: Element) -> tuple[dict[str, list[str]], str]:
    """Read everything below an entry in one pass: its tags, ids and languages, and its first file."""
    named: dict[str, list[str]] = {tag: [] for tag in _TAGS}
    ids: list[str] = []
    spoken: list[str] = []
    file = ""
    for child in element:
        names = named.get(child.tag)
        if names is not None:
            names.append(child.get("tag", ""))
        elif child.tag == "Guid":
            ids.append(child.get("id", ""))
        elif child.tag == "Media":
            file = file or _read_media(child, spoken)
    named["Collection"] = [name for name in named["Collection"] if not name.endswith(OURS)]
    found = {column: distinct(named[tag]) for tag, column in _TAGS.items()}
    ids += legacy_ids(element.get("guid") or "") if not ids else []
    return {**found, "external_ids": distinct(ids), "languages": distinct(spoken)}, file


def legacy_ids(guid: str) -> list[str]:
    """Return the external id that a guid of Plex's old agents holds, if any."""
    told = _LEGACY_GUID.match(guid)
    return [f"{_LEGACY_AGENTS[told[1]]}://{told[2]}"] if told else []


def _read_media(media: Element, spoken: list[str]) -> str:
    """Note the languages of a version's sound; return the path of its first file."""
    file = ""
    for part in media:
        file = file or part.get("file") or ""
        spoken += [each.get("language") or "" for each in part if each.get("streamType") == _AUDIO]
    return file


def state(element: Element) -> State:
    """Read what the asking account did with a title, from a full entry or a listing's."""
    get = element.attrib.get
    if (
        get("viewCount") is get("lastViewedAt") is get("viewOffset") is get("userRating") is None
        and get("viewedLeafCount", "0") == "0"
    ):
        return UNTOUCHED
    stars = rating(element, "userRating") or None
    return State(
        view_count=integer(element, "viewCount") or 0,
        watched_episodes=integer(element, "viewedLeafCount") or 0,
        last_viewed_at=moment(element, "lastViewedAt"),
        view_offset=(integer(element, "viewOffset") or 0) // 1000,
        user_rating=stars,
        rated_at=moment(element, "lastRatedAt") if stars else None,  # stars may be taken back
    )


def is_trashed(element: Element) -> bool:
    """Tell whether Plex lists a title whose file is gone: it waits for the trash to be emptied."""
    return bool(element.get("deletedAt"))


def rating_key(element: Element) -> str:
    """Return Plex's number of the title; '' for anything that would be no part of an address."""
    key = element.get("ratingKey") or ""
    return key if _KEY.fullmatch(key) else ""


def text(element: Element, name: str, limit: int) -> str:
    value = element.get(name)
    return cleaned(value, limit) if value else ""


def cleaned(value: str, limit: int) -> str:
    """Return a text without control characters and not too long."""
    if not value.isprintable():
        value = _CONTROL.sub("", value)
    return value.strip()[:limit].rstrip()


def integer(element: Element, name: str) -> int | None:
    """Return a count or duration: a whole number from 0 to what a column holds, else None."""
    told = element.get(name)
    if told is None:
        return None
    try:
        value = int(told)
    except ValueError:
        return None
    return value if 0 <= value <= _MAX_INT else None


def rating(element: Element, name: str) -> float | None:
    """Return a rating of 0 to 10; None where absent or not a number."""
    told = element.get(name)
    if told is None:
        return None
    try:
        value = float(told)
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 <= value <= 10 else None


def moment(element: Element, name: str) -> datetime | None:
    """Return the moment of an epoch; None for one that is absent, before 1970 or after 2038."""
    seconds = integer(element, name)
    return datetime.fromtimestamp(seconds, tz=UTC) if seconds else None


def day(element: Element, name: str) -> date | None:
    told = element.get(name)
    if not told:
        return None
    try:
        return date.fromisoformat(told[:10])
    except ValueError:
        return None


def image_path(element: Element, name: str) -> str:
    """Return a path of an image in the server's library; '' for anything that leads elsewhere."""
    path = element.get(name)
    return path if path and _IMAGE_PATH.fullmatch(path) else ""


def distinct(values: list[str]) -> list[str]:
    """Return names as they come, each once, cleaned; not more than anybody's taste hangs on."""
    if not values:
        return []
    if not "".join(values).isprintable():
        values = [_CONTROL.sub("", value) for value in values]
    names = dict.fromkeys([value.strip()[:_MAX_NAME] for value in values])
    return [name for name in names if name][:_MAX_NAMES]
