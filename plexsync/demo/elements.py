"""Items as Plex XML: the short form of listings and the full form of a single item."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape

from plexsync.demo.heads import Pairs, head_of
from plexsync.demo.library import section_named
from plexsync.demo.media import chapters_xml, markers_xml, media_xml
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
    full: bool = False
    guids: bool = False
    chapters: bool = False
    markers: bool = False
    no_elements: frozenset[str] = frozenset()
    no_fields: frozenset[str] = frozenset()
    spoiled: bool = False
    """A fault: every third item lacks what is usually there."""


SPOILED = frozenset(
    {"title", "year", "guid", "duration", "originallyAvailableAt", "summary", "thumb", "addedAt"}
)


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
    head = attributes([*extra, *head_of(item), *_state(item, form)], hidden)
    return f"<{name}{head}>{_inside(item, form)}</{name}>"


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
        yield "librarySectionTitle", section_named(item.section)
        yield "librarySectionID", item.section
        yield "librarySectionKey", f"/library/sections/{item.section}"


def _inside(item: Item, form: Form) -> str:
    parts: dict[str, str] = {}
    if isinstance(item, Episode) or (isinstance(item, Title) and item.kind == "movie"):
        parts["Media"] = media_xml(item, full=form.full)
    if isinstance(item, (Title, Episode)):
        parts |= _pictures(item)
    if isinstance(item, Title):
        parts |= _tags(item, form)
    if isinstance(item, (Title, Episode)):
        parts |= _extras(item, form)
    return "".join(xml for name, xml in parts.items() if name not in form.no_elements)


def _pictures(item: Title | Episode) -> dict[str, str]:
    show = item.show if isinstance(item, Episode) else item
    where = f"/library/metadata/{item.key}"
    name = text(item.title)
    images = (("coverPoster", "thumb"), ("background", "art"), ("clearLogo", "clearLogo"))
    image = "".join(
        f'<Image alt="{name}" type="{kind}" url="{where}/{path}/{item.updated_at}"/>'
        for kind, path in images
    )
    corners = ("topLeft", "topRight", "bottomRight", "bottomLeft")
    tones = (f"{(show.mark >> 6 * n) & 0x7F7F7F:06x}" for n in range(4))
    blur = "".join(f' {corner}="{tone}"' for corner, tone in zip(corners, tones, strict=True))
    return {"Image": image, "UltraBlurColors": f"<UltraBlurColors{blur}/>"}


def _tags(title: Title, form: Form) -> dict[str, str]:
    named = {
        "Genre": title.genres,
        "Country": title.countries,
        "Director": title.directors,
        "Writer": title.writers,
    }
    tags = {
        name: "".join(_tag(name, value, form) for value in _first(values, name, form))
        for name, values in named.items()
    }
    tags["Collection"] = "".join(_tag("Collection", value, form) for value in title.collections)
    cast = enumerate(_first(title.cast, "Role", form))
    tags["Role"] = "".join(_role(title, place, name, form) for place, name in cast)
    return tags


def _first(values: tuple[str, ...], name: str, form: Form) -> tuple[str, ...]:
    return values[:16] if form.full else values[: _LISTED[name]]


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


def _extras(item: Title | Episode, form: Form) -> dict[str, str]:
    extras: dict[str, str] = {}
    if isinstance(item, Title) and (form.guids or form.full):
        extras["Guid"] = guids_xml(item)
    if form.full and isinstance(item, Title):
        extras["Label"] = _tag("Label", "Rainy day", form) if item.mark % 9 == 0 else ""
        extras["Rating"] = _ratings(item)
    if form.chapters and item.kind != "show":
        extras["Chapter"] = chapters_xml(item)
    if form.markers and item.kind != "show":
        extras["Marker"] = markers_xml(item)
    return extras


def guids_xml(title: Title) -> str:
    found = (("imdb", title.imdb), ("tmdb", title.tmdb))
    return "".join(f'<Guid id="{source}://{value}"/>' for source, value in found if value)


def _ratings(title: Title) -> str:
    given = (
        ("rottentomatoes://image.rating.ripe", title.critic_rating, "critic"),
        ("themoviedb://image.rating", title.audience_rating, "audience"),
    )
    return "".join(
        f'<Rating image="{image}" value="{value}" type="{kind}"/>'
        for image, value, kind in given
        if value is not None
    )
