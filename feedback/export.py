"""A person's data as a file: everything as JSON, or the answers as a table for a spreadsheet."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from feedback.mine import person_of, rows_of
from feedback.models import Feedback
from plexsync.models import MediaItem, Viewer
from plexsync.pages.unlocked import still_locked
from plexsync.sight import is_limited, visible

Reader = User | AnonymousUser
ROWS = 500  # read at once
COLUMNS = (
    "said_at", "title", "year", "type", "finished", "would_watch_again", "stars",
    "moods", "company", "source", "plex_id",
)  # fmt: skip
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet run a cell

# Of each kind the columns that are this person's; who else was there, and for whom a reason is, stays out.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "asks": ("id", "asked_at", "mood", "spin", "source"),
    "suggestions": ("id", "ask_id", "item__title", "item__year", "item__rating_key", "role", "score",
                    "shown_at", "chosen_at"),
    "feedback": ("id", "suggestion_id", "item__title", "item__year", "item__rating_key", "completed",
                 "would_watch_again", "rating", "mood", "source", "teaches", "said_at", "updated_at"),
    "favorites": ("item__title", "item__year", "item__rating_key", "added_at"),
    "dismissals": ("item__title", "item__year", "item__rating_key", "kind", "said_at"),
    "plays": ("item__title", "item__year", "rating_key", "played_at", "source"),
    "states": ("item__title", "item__year", "item__rating_key", "view_count", "watched_episodes",
               "last_viewed_at", "view_offset", "user_rating", "rated_at"),
    "watched_episodes": ("episode__item__title", "episode__season", "episode__number",
                         "episode__title", "last_viewed_at"),
}  # fmt: skip

_ABOUT = {"asks": "", "watched_episodes": "episode__item"}  # where not "item": the way to its title


@require_GET
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Send the file, row by row as it is read; ``form`` is json or csv."""
    viewer = person_of(request.user, request.GET.get("viewer", ""))
    viewer = viewer or get_object_or_404(Viewer, pk=0)
    if shut := still_locked(request, [viewer], request.get_full_path()):
        return shut
    parts, kind = (
        (_json(viewer, request.user), "application/json")
        if form == "json"
        else (_csv(viewer, request.user), "text/csv")
    )
    answer = StreamingHttpResponse(parts, content_type=f"{kind}; charset=utf-8")
    day = timezone.localdate().isoformat()
    name = f"moodrec-{viewer.slug}-{day}.{form}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _json(viewer: Viewer, reader: Reader) -> Iterator[str]:
    yield "{\n" + f'"viewer": {_dumped(_person(viewer))}'
    left_out = 0
    for name, columns in _COLUMNS.items():
        yield f',\n"{name}": ['
        stored, rows = rows_of(name, viewer), _readable(name, viewer, reader)
        left_out += stored.count() - rows.count()
        rows = rows.order_by("pk").values(*columns)
        for number, row in enumerate(rows.iterator(chunk_size=ROWS)):
            yield ("," if number else "") + "\n  " + _dumped(_short(row))
        yield "]"
    yield f',\n"left_out": {left_out}\n}}\n'


def _readable(name: str, viewer: Viewer, reader: Reader) -> "QuerySet[Any]":
    """Return what is stored, without titles that are kept from who reads; the owner's file has all."""
    rows, item = rows_of(name, viewer), _ABOUT.get(name, "item")
    if not item or not is_limited(reader, ()):
        return rows
    titles = visible(MediaItem.objects.all(), reader)
    return rows.filter(Q(**{f"{item}__in": titles}) | Q(**{item: None}))


def _person(viewer: Viewer) -> dict[str, Any]:
    return {
        "name": viewer.name,
        "slug": viewer.slug,
        "account": viewer.user.get_username() if viewer.user else None,
        "content_cap": viewer.content_cap,
        "plex_id": viewer.plex_id,
    }


def _short(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row with "title" for "item__title"."""
    return {
        name.replace("item__", "").replace("rating_key", "plex_id"): v for name, v in row.items()
    }


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(value)


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(viewer: Viewer, reader: Reader) -> Iterator[str]:
    write: Any = csv.writer(_Echo()).writerow
    yield "\ufeff" + write(COLUMNS)  # the mark by which spreadsheets know UTF-8
    rows = _readable("feedback", viewer, reader).select_related("item").defer("candidate")
    for row in rows.order_by("said_at", "pk").iterator(chunk_size=ROWS):
        yield write([_harmless(cell) for cell in _line(row)])


def _line(row: Feedback) -> tuple[Any, ...]:
    moods = ", ".join(map(str, row.mood.get("vibe") or []))
    return (
        timezone.localtime(row.said_at).isoformat(timespec="seconds"),
        row.item.title, row.item.year, row.item.type,
        _word(row.completed), _word(row.would_watch_again), row.rating,
        moods, row.mood.get("company", ""), row.source, row.item.rating_key,
    )  # fmt: skip


def _word(answer: bool | None) -> str:  # noqa: FBT001 (it is the answer itself)
    return {True: "yes", False: "no", None: ""}[answer]


def _harmless(cell: Any) -> Any:
    """Return the cell so that no spreadsheet takes it for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULAS) else text
