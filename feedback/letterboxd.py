"""Read a Letterboxd export (`ratings.csv` or `watched.csv`) into the log: what was watched, and stars."""

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from feedback import log
from feedback.models import Ask, Feedback
from plexsync.models import MediaItem, Viewer

MOST_BYTES = 10_000_000
COLUMNS = {"Name", "Year"}


class BadExport(Exception):
    """The file can't be read as an export of Letterboxd; the message says what to give."""


@dataclass(slots=True)
class Imported:
    """What came of an import."""

    stored: int = 0
    not_owned: int = 0
    spoken_of: int = 0
    """Films of which the viewer has said something here, which is the newer word."""
    unclear: list[str] = field(default_factory=list)
    """Several titles of the library have this name and year."""


def import_export(path: Path, viewer: Viewer) -> Imported:
    """Store each film of the export that the household owns as the viewer's feedback.

    Films are matched by name and year, both exactly but for case and accents: the export has no
    other identity. Importing the same file again changes nothing, and nothing that was said here is
    overwritten. Raises BadExport.
    """
    rows = list(_rows(path))
    shelf, spoken = _shelf(), _spoken_of(viewer)
    done = Imported()
    for row in rows:
        found = shelf.get((_plain(row["Name"]), row["Year"]), [])
        if len(found) == 1 and found[0].pk in spoken:
            done.spoken_of += 1
        elif len(found) == 1:
            said = {"completed": True, **_stars(row.get("Rating"))}
            log.said(viewer, found[0], said, source=Ask.Source.LETTERBOXD, at=_day(row.get("Date")))
            done.stored += 1
        elif found:
            done.unclear.append(f"{row['Name']} ({row['Year']})")
        else:
            done.not_owned += 1
    return done


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadExport(f"{path} is larger than an export can be.")
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise BadExport(f"{path} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadExport(f"{path} is no text. Unzip the export and give its ratings.csv.") from error
    reader = csv.DictReader(lines)
    if not set(reader.fieldnames or ()) >= COLUMNS:
        raise BadExport(f"{path} has no columns Name and Year. Give ratings.csv or watched.csv.")
    yield from _checked(reader)


def _checked(reader: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    try:
        yield from (row for row in reader if row.get("Name") and row.get("Year"))
    except csv.Error as error:
        raise BadExport(f"The file is no CSV: {error}.") from error


def _shelf() -> dict[tuple[str, str], list[MediaItem]]:
    """Return the films on offer by plain name and year; twins in two libraries count as one."""
    shelf: dict[tuple[str, str], list[MediaItem]] = {}
    for item in MediaItem.objects.on_offer().filter(type="movie").order_by("pk"):
        for name in {_plain(item.title), _plain(item.original_title)} - {""}:
            known = shelf.setdefault((name, str(item.year)), [])
            if not any(other.guid and other.guid == item.guid for other in known):
                known.append(item)
    return shelf


def _spoken_of(viewer: Viewer) -> set[int]:
    """Return the titles of which the viewer said something here that an import would write over."""
    rows = Feedback.objects.filter(viewer=viewer, suggestion=None)
    rows = rows.exclude(source__in=(Ask.Source.LETTERBOXD, Ask.Source.PLEX))
    return set(rows.values_list("item_id", flat=True))


def _plain(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(x for x in apart if not unicodedata.combining(x)).split())


def _stars(text: str | None) -> dict[str, int]:
    """Return whole stars of "0.5" to "5"; half stars count up."""
    try:
        stars = float(text or "")
    except ValueError:
        return {}
    return {"rating": min(max(int(stars + 0.5), 1), 5)} if 0 < stars <= 5 else {}


def _day(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text or "").replace(tzinfo=UTC)
    except ValueError:
        return None
