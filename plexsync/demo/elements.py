"""Items as Plex XML: the short form of listings and the full form of a single item."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias, TypeGuard
from xml.sax.saxutils import escape

from plexsync.demo.heads import Pairs, head_of
from plexsync.demo.media import chapters_xml, markers_xml, media_xml
from plexsync.demo.sections import Section
from plexsync.demo.titles import Collection, Episode, Item, Season, Title
from plexsync.demo.watching import Diary

# Most text needs no escaping, and looking first is three times as fast as escaping.
_SPECIAL = re.compile('[&<>"\n\r\t]')
_ENTITIES = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
# What a listing shows of each tag; everything else needs the full form.
_LISTED = {"Genre": 2, "Country": 1, "Director": 2, "Writer": 2, "Role": 3}
_INVENTED_ROLES = ("Alex", "Morgan", "Sam", "Charlie", "Robin", "Jules", "Casey", "Frankie", "Max")


@dataclass(frozen=True, slots=True)
class Form:
    """How an answer wants its items: long or short, with what, without what, and for whom."""

    diary: Diary
    sections: Mapping[int, Section]
    full: bool = False
    guids: bool = False
    chapters: bool = False
    markers: bool = False
    no_elements: frozenset[str] = frozenset()
    no_fields: frozenset[str] = frozenset()
    spoiled: bool = False
    """A fault: every third item lacks what is usually there."""
    garbled: bool = False
    """A fault: every third item has numbers that are none."""


Maker: TypeAlias = Callable[[Item, Form], str]

SPOILED = frozenset(
    {"title", "year", "guid", "duration", "originallyAvailableAt", "summary", "thumb", "addedAt"}
)

GARBLED: dict[str, str | None] = {
    "year": "MCMXC",
    "duration": "NaN",
    "addedAt": "99999999999999999",
    "updatedAt": "-62135596801",
    "viewCount": "-1",
    "viewOffset": "1e400",
    "rating": "inf",
    "audienceRating": "8,5",
    "leafCount": "many",
}


def attributes(pairs: Pairs, hidden: frozenset[str] = frozenset()) -> str:
    """Attributes; one without a value is left out, as Plex does. The hottest line of a listing."""
    return "".join(
        [
            f' {name}="{text(value) if type(value) is str else value}"'
            for name, value in pairs
            if value is not None and name not in hidden
        ]
    )


def text(value: str) -> str:
    return escape(value, _ENTITIES) if _SPECIAL.search(value) else value


def tag(name: str, pairs: Pairs, inside: str = "") -> str:
    return (
        f"<{name}{attributes(pairs)}>{inside}</{name}>"
        if inside
        else f"<{name}{attributes(pairs)}/>"
    )


@lru_cache(maxsize=50_000)
def tag_id(kind: str, name: str) -> int:
    """The same tag has the same id, without a table of all of them."""
    return zlib.crc32(f"{kind}:{name}".encode()) >> 4


def element(item: Item, form: Form, extra: Pairs = ()) -> str:
    """One item; `extra` goes first, for the ids a playlist or queue adds."""
    hidden = form.no_fields
    if form.spoiled and item.key % 3 == 0:
        hidden |= SPOILED
    name = "Video" if item.kind in {"movie", "episode"} else "Directory"
    pairs: Pairs = [*extra, *head_of(item), *_state(item, form)]
    if form.garbled and item.key % 3 == 0:
        pairs = overridden(pairs, GARBLED)
    if raw := _raw_of(item):
        pairs = overridden(pairs, raw)
    return f"<{name}{attributes(pairs, hidden)}>{_inside(item, form)}</{name}>"


def _raw_of(item: Item) -> dict[str, str | None] | None:
    if isinstance(item, Episode):
        return item.show.raw_episodes
    return item.raw if isinstance(item, Title) else None


def overridden(pairs: Pairs, raw: dict[str, str | None] | None) -> Pairs:
    """The attributes with those of `raw` instead; those it sets to None are left out."""
    return list((dict(pairs) | raw).items()) if raw else pairs


def _state(item: Item, form: Form) -> Pairs:
    """What the asking account did with the item; nothing done, nothing said."""
    watch = form.diary.summed(item)
    yield "viewCount", watch.count or None
    yield "lastViewedAt", watch.viewed_at
    yield "viewOffset", watch.offset
    if watch.rating is not None:
        yield "userRating", watch.rating
        yield "lastRatedAt", watch.rated_at
    if isinstance(item, Season) or (isinstance(item, Title) and item.kind == "show"):
        yield "viewedLeafCount", form.diary.seen(item.leaf_keys)
    if form.full or isinstance(item, Collection):
        yield "librarySectionTitle", form.sections[item.section].title
        yield "librarySectionID", item.section
        yield "librarySectionKey", f"/library/sections/{item.section}"


def _inside(item: Item, form: Form) -> str:
    """The elements that were not excluded; those that were cost nothing, as on a real server."""
    return "".join(make(item, form) for name, make in _INSIDE if name not in form.no_elements)


def _media(item: Item, form: Form) -> str:
    return media_xml(item, full=form.full) if _has_file(item) else ""


def _has_file(item: Item) -> TypeGuard[Title | Episode]:
    return isinstance(item, Episode) or (isinstance(item, Title) and item.kind == "movie")


def _images(item: Item, _: Form) -> str:
    if not isinstance(item, (Title, Episode)):
        return ""
    where, name = f"/library/metadata/{item.key}", text(item.title)
    images = (("coverPoster", "thumb"), ("background", "art"), ("clearLogo", "clearLogo"))
    return "".join(
        f'<Image alt="{name}" type="{kind}" url="{where}/{path}/{item.updated_at}"/>'
        for kind, path in images
    )


def _colours(item: Item, _: Form) -> str:
    if not isinstance(item, (Title, Episode)):
        return ""
    mark = item.show.mark if isinstance(item, Episode) else item.mark
    corners = ("topLeft", "topRight", "bottomRight", "bottomLeft")
    tones = (f"{(mark >> 6 * n) & 0x7F7F7F:06x}" for n in range(4))
    blur = "".join(f' {corner}="{tone}"' for corner, tone in zip(corners, tones, strict=True))
    return f"<UltraBlurColors{blur}/>"


def _tags(name: str, attribute: str) -> Maker:
    def made(item: Item, form: Form) -> str:
        if not isinstance(item, Title):
            return ""
        values = _first(getattr(item, attribute), name, form)
        return "".join([_tag(name, value, form) for value in values])

    return made


def _roles(item: Item, form: Form) -> str:
    if not isinstance(item, Title):
        return ""
    cast = enumerate(_first(item.cast, "Role", form))
    return "".join([_role(item, place, name, form) for place, name in cast])


def _first(values: tuple[str, ...], name: str, form: Form) -> tuple[str, ...]:
    most = 16 if name == "Role" else None
    return values[: most if form.full else _LISTED.get(name)]


def _tag(name: str, value: str, form: Form) -> str:
    if not form.full:
        return f'<{name} tag="{text(value)}"/>'
    number = tag_id(name, value)
    return f'<{name} id="{number}" filter="{name.lower()}={number}" tag="{text(value)}"/>'


def _role(title: Title, place: int, name: str, form: Form) -> str:
    """Role names and portraits only for invented people: those of real ones we do not know."""
    if not form.full:
        return f'<Role tag="{text(name)}"/>'
    number = tag_id("Role", name)
    pairs: list[tuple[str, object]] = [("id", number), ("filter", f"actor={number}"), ("tag", name)]
    if title.invented:
        first = _INVENTED_ROLES[(title.mark + place) % len(_INVENTED_ROLES)]
        code = f"{number * 2_654_435_761 * (title.mark | 1):024x}"[-24:]
        pairs += [
            ("tagKey", code),
            ("role", f"{first} {name.rpartition(' ')[2]}"),
            ("thumb", f"https://metadata-static.plex.tv/{code[0]}/people/{code}.jpg"),
        ]
    return tag("Role", pairs)


def _guids(item: Item, form: Form) -> str:
    return guids_xml(item) if isinstance(item, Title) and (form.guids or form.full) else ""


def _labels(item: Item, form: Form) -> str:
    if not isinstance(item, Title) or not form.full:
        return ""
    labels = item.labels or (("Rainy day",) if item.mark % 9 == 0 else ())
    return "".join(_tag("Label", label, form) for label in labels)


def guids_xml(title: Title) -> str:
    found = (("imdb", title.imdb), ("tmdb", title.tmdb), ("tvdb", title.tvdb))
    return "".join(f'<Guid id="{source}://{value}"/>' for source, value in found if value)


def _ratings(item: Item, form: Form) -> str:
    if not isinstance(item, Title) or not form.full:
        return ""
    given = (
        ("rottentomatoes://image.rating.ripe", item.critic_rating, "critic"),
        ("themoviedb://image.rating", item.audience_rating, "audience"),
    )
    return "".join(
        f'<Rating image="{image}" value="{value}" type="{kind}"/>'
        for image, value, kind in given
        if value is not None
    )


def _chapters(item: Item, form: Form) -> str:
    return chapters_xml(item) if form.chapters and _has_file(item) else ""


def _markers(item: Item, form: Form) -> str:
    return markers_xml(item) if form.markers and _has_file(item) else ""


def _preferences(item: Item, form: Form) -> str:
    """The one display setting of a collection that matters: its order."""
    if not isinstance(item, Collection) or not form.full:
        return ""
    pairs = (
        ("id", "collectionSort"),
        ("label", "Collection order"),
        ("summary", "The order of the items of this collection."),
        ("type", "int"),
        ("default", 0),
        ("value", item.sort),
        ("hidden", 0),
        ("advanced", 0),
        ("group", ""),
        ("enumValues", "0:Release date|1:Alphabetical|2:Custom"),
    )
    return f"<Preferences>{tag('Setting', pairs)}</Preferences>"


_INSIDE: tuple[tuple[str, Maker], ...] = (
    ("Media", _media),
    ("Image", _images),
    ("UltraBlurColors", _colours),
    ("Genre", _tags("Genre", "genres")),
    ("Country", _tags("Country", "countries")),
    ("Director", _tags("Director", "directors")),
    ("Writer", _tags("Writer", "writers")),
    ("Collection", _tags("Collection", "collections")),
    ("Role", _roles),
    ("Guid", _guids),
    ("Label", _labels),
    ("Rating", _ratings),
    ("Chapter", _chapters),
    ("Marker", _markers),
    ("Preferences", _preferences),
)
