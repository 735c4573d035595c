"""Routes that read the library: sections, listings, metadata, tags and search."""

from __future__ import annotations

from plexsync.demo.elements import attributes, element, overridden, tag, tag_id
from plexsync.demo.http import (
    LIBRARY,
    Answer,
    Call,
    Route,
    container,
    listed,
    paged,
    refusal,
    route,
)
from plexsync.demo.listing import TAGS, kind_asked, value
from plexsync.demo.meta import meta_xml
from plexsync.demo.sections import Section
from plexsync.demo.titles import Title

SCANNED = 1_790_000_000
EXTRAS = 9_000_000  # keys from here on are of trailers
NUMBERS = {"movie": "1", "show": "2"}


def library(call: Call) -> Answer:
    """Owner only on a real server; others are sent to the sections."""
    if not call.user.owner:
        return refusal(403)
    titles = (("sections", "Library Sections"), ("onDeck", "On Deck"), ("recentlyAdded", "New"))
    inside = "".join(tag("Directory", (("key", key), ("title", title))) for key, title in titles)
    head = (("size", 3), *LIBRARY, ("title1", "Plex Library"))
    return container(inside, head)


def sections(call: Call) -> Answer:
    seen = [number for number in call.plex.library.sections if call.section(number)]
    head = (("size", len(seen)), ("allowSync", 0), ("title1", "Plex Library"))
    return container("".join(_section(call, number) for number in seen), head)


def _uuid(call: Call, number: int) -> str:
    code = call.plex.library.machine_identifier
    return f"{code[:8]}-{code[8:12]}-4{code[13:16]}-8{code[17:20]}-{code[20:31]}{number}"


def _section(call: Call, number: int) -> str:
    section = call.plex.library.sections[number]
    kind, changed = section.kind, SCANNED + section.changes
    pairs = (
        ("allowSync", 1),
        ("art", f"/:/resources/{kind}-fanart.jpg"),
        ("composite", f"/library/sections/{number}/composite/{changed}"),
        ("filters", 1),
        ("refreshing", int(section.refreshing)),
        ("thumb", f"/:/resources/{kind}.png"),
        ("key", number),
        ("type", kind),
        ("title", section.title),
        ("agent", section.agent),
        ("scanner", section.scanner),
        ("language", "en-US"),
        ("uuid", _uuid(call, number)),
        ("updatedAt", changed),
        ("createdAt", SCANNED - 90_000_000),
        ("scannedAt", changed),
        ("content", 1),
        ("directory", 1),
        ("contentChangedAt", 1_000 + section.changes),
        ("hidden", 0),
    )
    location = tag("Location", (("id", number), ("path", section.path)))
    return tag("Directory", overridden(pairs, section.raw), location)


def _of_section(call: Call, number: int) -> tuple[tuple[str, object], ...]:
    section = call.plex.library.sections[number]
    return (
        ("librarySectionID", number),
        ("librarySectionTitle", section.title),
        ("librarySectionUUID", _uuid(call, number)),
        ("title1", section.title),
        ("viewGroup", section.kind),
    )


def listing(call: Call, section: str) -> Answer:
    number = int(section)
    found = call.section(number)
    if found is None:
        return refusal(404)
    if {"push", "or"} & {name for name, _ in call.query}:
        return refusal(400)  # nested conditions are not spoken here; better said than guessed
    kind = kind_asked(found.kind, call.query)
    rows = call.plex.listings.rows(number, kind, call.query, call.diary)
    return _with_meta(call, found, listed(call, rows, _of_section(call, number)), kind)


def collections(call: Call, section: str) -> Answer:
    number = int(section)
    found = call.section(number)
    if found is None:
        return refusal(404)
    rows = call.plex.listings.rows(number, "collection", call.query, call.diary)
    answer = listed(call, rows, _of_section(call, number))
    return _with_meta(call, found, answer, "collection")


def _with_meta(call: Call, section: Section, answer: Answer, kind: str) -> Answer:
    if call.asked("includeMeta") == "1" and section.kind in {"movie", "show"}:
        meta = meta_xml(section.number, section.kind, kind).encode()
        answer.body = answer.body.replace(b"</MediaContainer>", meta + b"</MediaContainer>")
    return answer


def metadata(call: Call, keys: str) -> Answer:
    """One or more items in full; unknown keys are passed over unless all are."""
    found = [call.find(int(key)) for key in keys.split(",") if key]
    items = [item for item in found if item]
    if not items:
        return refusal(404)
    form = call.form(full=True)
    pairs = _of_section(call, items[0].section)
    return paged(call, items, lambda item: element(item, form), pairs)


def children(call: Call, key: str) -> Answer:
    item = call.find(int(key))
    if item is None:
        return refusal(404)
    parent = (("key", key), ("parentTitle", item.title), *_of_section(call, item.section))
    return listed(call, call.plex.library.children(item), parent)


def leaves(call: Call, key: str) -> Answer:
    item = call.find(int(key))
    if item is None:
        return refusal(404)
    rows = call.plex.library.leaves(item)
    return listed(call, rows, (("key", key), *_of_section(call, item.section)))


def extras(call: Call, key: str) -> Answer:
    """What belongs to a film beside it: most have a trailer, which is an item of its own."""
    item = call.find(int(key))
    if item is None:
        return refusal(404)
    if isinstance(item, Title) and item.kind == "movie" and item.mark % 4:
        return container(_trailer(item), (("size", 1),))
    return container("", (("size", 0),))


def _trailer(item: Title) -> str:
    number = EXTRAS + item.key
    pairs = (
        ("ratingKey", number),
        ("key", f"/library/metadata/{number}"),
        ("type", "clip"),
        ("subtype", "trailer"),
        ("extraType", 1),
        ("title", f"{item.title} (Trailer)"),
        ("duration", 120_000),
    )
    return tag("Video", pairs)


def everywhere(call: Call) -> Answer:
    """All sections at once; `guid` is how a vanished key is found again."""
    query = call.query
    rows = [
        item
        for number, section in call.plex.library.sections.items()
        if call.section(number)
        and call.asked("type", section.kind) in {section.kind, NUMBERS.get(section.kind)}
        for item in call.plex.listings.rows(number, section.kind, query, call.diary)
    ]
    return listed(call, rows)


def choices(call: Call, section: str, field: str) -> Answer:
    """The values a filter can take in a section."""
    number = int(section)
    if call.section(number) is None:
        return refusal(404)
    found = _choices(call, number, field)
    xml = "".join(_choice(number, field, key, title) for key, title in found)
    return container(xml, (("size", len(found)), *LIBRARY, *_of_section(call, number)))


def _choices(call: Call, section: int, field: str) -> list[tuple[str, str]]:
    titles = [t for t in call.plex.library.titles.values() if t.section == section]
    if field in TAGS:
        kind, attribute = TAGS[field]
        names = {name for title in titles for name in getattr(title, attribute)}
        return sorted(((str(tag_id(kind, n)), n) for n in names), key=lambda pair: pair[1])
    if field == "decade":
        years = {title.year // 10 * 10 for title in titles if title.year}
        return [(str(year), f"{year}s") for year in sorted(years, reverse=True)]
    values = {value(title, field, call.diary) for title in titles} - {None}
    return [(str(found), str(found)) for found in sorted(values, reverse=field == "year")]


def _choice(section: int, field: str, key: str, title: str) -> str:
    fast = f"/library/sections/{section}/all?{field}={key}"
    pairs = (("fastKey", fast), ("key", key), ("title", title), ("type", field))
    return f"<Directory{attributes(pairs)}/>"


def recently_added(call: Call, section: str = "") -> Answer:
    titles = [t for t in call.titles() if section in {"", str(t.section)}]
    return listed(call, sorted(titles, key=lambda title: -title.added_at)[:50])


def on_deck(call: Call, section: str = "") -> Answer:
    """What was begun and not finished, the latest first."""
    begun = [
        (watch.viewed_at or 0, key) for key, watch in call.diary.watches.items() if watch.offset
    ]
    found = [call.find(key) for _, key in sorted(begun, reverse=True)]
    rows = [item for item in found if item and section in {"", str(item.section)}]
    return listed(call, rows)


def search(call: Call) -> Answer:
    """The hub search: films and shows whose title contains the words."""
    words, limit = call.asked("query").casefold(), call.number("limit", 10)
    wanted = call.asked("sectionId")
    titles = [t for t in call.titles() if wanted in {"", str(t.section)}]
    hits = [title for title in titles if words and words in title.title.casefold()]
    hubs = (("movie", "Movies"), ("show", "Shows"))
    inside = "".join(
        _hub(call, kind, name, [hit for hit in hits if hit.kind == kind][:limit])
        for kind, name in hubs
    )
    return container(inside, (("size", len(hubs)), *LIBRARY))


def _hub(call: Call, kind: str, name: str, hits: list[Title]) -> str:
    pairs = (
        ("title", name),
        ("type", kind),
        ("hubIdentifier", kind),
        ("size", len(hits)),
        ("more", 0),
    )
    form = call.form()
    return tag("Hub", pairs, "".join(element(hit, form) for hit in hits))


def nothing(call: Call, *_: str) -> Answer:
    """Accepted, and there is nothing to say."""
    return Answer()


SECTION = r"/library/sections/(\d+)"
FIELD = "(genre|year|decade|contentRating|director|writer|actor|country|studio|collection)"
ROUTES: list[Route] = [
    route("GET", r"/library/sections/(\d+)/all", "listing", listing),
    route("GET", r"/library/metadata/(\d+(?:,\d+)+),?", "metadata batch", metadata),
    route("GET", r"/library/metadata/(\d+),?", "single item", metadata),
    route("GET", r"/library/metadata/(\d+)/children", "children", children),
    route("GET", r"/library/metadata/(\d+)/allLeaves", "leaves", leaves),
    route("GET", r"/library/metadata/(\d+)/extras", "extras", extras),
    route("GET", r"/library/?", "library", library),
    route("GET", r"/library/sections/?", "sections", sections),
    route("GET", r"/library/all", "all libraries", everywhere),
    route("GET", rf"{SECTION}/collections", "collections", collections),
    route("GET", rf"{SECTION}/{FIELD}", "choices", choices),
    route("GET", r"/library/recentlyAdded", "recently added", recently_added),
    route("GET", rf"{SECTION}/recentlyAdded", "recently added", recently_added),
    route("GET", r"/library/onDeck", "on deck", on_deck),
    route("GET", rf"{SECTION}/onDeck", "on deck", on_deck),
    route("GET", r"/hubs/continueWatching/items", "on deck", on_deck),
    route("GET", r"/hubs/search", "search", search),
    route("GET", rf"{SECTION}/refresh", "refresh", nothing),
]
