"""The filters, sorts and fields of a section: without them plexapi refuses to search by any."""

from __future__ import annotations

from functools import lru_cache

from plexsync.demo.elements import tag

_COMMON = {
    "title": "string",
    "studio": "string",
    "genre": "tag",
    "year": "integer",
    "decade": "integer",
    "contentRating": "tag",
    "director": "tag",
    "writer": "tag",
    "actor": "tag",
    "country": "tag",
    "collection": "tag",
    "userRating": "integer",
    "viewCount": "integer",
    "lastViewedAt": "date",
    "originallyAvailableAt": "date",
    "addedAt": "date",
    "duration": "integer",
    "inProgress": "boolean",
    "unwatched": "boolean",
}
_EPISODE = ("title", "year", "viewCount", "lastViewedAt", "originallyAvailableAt", "addedAt")
_FIELDS = {
    "movie": _COMMON,
    "show": {**_COMMON, "unwatchedLeaves": "boolean"},
    "season": {"title": "string", "unwatchedLeaves": "boolean"},
    "episode": {**{name: _COMMON[name] for name in _EPISODE}, "unwatched": "boolean"},
    "collection": {"title": "string"},
}
_SORTS = {
    "titleSort": "asc",
    "year": "desc",
    "originallyAvailableAt": "desc",
    "rating": "desc",
    "audienceRating": "desc",
    "userRating": "desc",
    "contentRating": "asc",
    "duration": "desc",
    "addedAt": "desc",
    "lastViewedAt": "desc",
    "viewCount": "desc",
}
_OPERATORS = {
    "tag": {"=": "is", "!=": "is not"},
    "integer": {"=": "is", "!=": "is not", ">>=": "is greater than", "<<=": "is less than"},
    "string": {
        "=": "contains",
        "!=": "does not contain",
        "==": "is",
        "!==": "is not",
        "<=": "begins with",
        ">=": "ends with",
    },
    "boolean": {"=": "is true", "!=": "is false"},
    "date": {"<<=": "is before", ">>=": "is after"},
}
_KINDS = {"movie": ("movie",), "show": ("show", "season", "episode")}
_NUMBERS = {"movie": 1, "show": 2, "season": 3, "episode": 4, "collection": 18}


@lru_cache
def meta_xml(section: int, kind: str, active: str) -> str:
    kinds = ("collection",) if active == "collection" else _KINDS[kind]
    types = "".join(_type(section, kind, active) for kind in kinds)
    return f"<Meta>{types}{''.join(_field_type(name) for name in _OPERATORS)}</Meta>"


def _type(section: int, kind: str, active: str) -> str:
    where = f"/library/sections/{section}"
    pairs = (
        ("key", f"{where}/all?type={_NUMBERS[kind]}"),
        ("type", kind),
        ("title", kind.capitalize()),
        ("active", int(kind == active)),
    )
    filters = "".join(_filter(where, kind, name) for name in _FIELDS[kind])
    return tag("Type", pairs, filters + "".join(map(_sort, _SORTS)) + _fields(kind))


def _filter(where: str, kind: str, name: str) -> str:
    pairs = (
        ("filter", name),
        ("filterType", "boolean" if _FIELDS[kind][name] == "boolean" else "string"),
        ("key", f"{where}/{name}"),
        ("title", name),
        ("type", "filter"),
    )
    return tag("Filter", pairs)


def _sort(name: str) -> str:
    pairs = (
        ("defaultDirection", _SORTS[name]),
        ("descKey", f"{name}:desc"),
        ("key", name),
        ("title", name),
    )
    return tag("Sort", pairs)


def _fields(kind: str) -> str:
    """Films go without a prefix only in what plexapi adds itself; Plex names them movie.year."""
    return "".join(
        tag("Field", (("key", f"{kind}.{name}"), ("title", name), ("type", sort)))
        for name, sort in _FIELDS[kind].items()
    )


def _field_type(name: str) -> str:
    inside = "".join(
        tag("Operator", (("key", key), ("title", title))) for key, title in _OPERATORS[name].items()
    )
    return tag("FieldType", (("type", name),), inside)
