"""Measure on anybody's data: households in files of JSON lines, through the very code that serves."""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from mlmodel.evaluation import Train, by_prior
from mlmodel.labels import label_of
from mlmodel.records import (
    MOST_MINUTES,
    Candidate,
    Company,
    Example,
    Moment,
    Title,
    moment_in_time,
    number,
    text,
    whole,
)


class BadInput(ValueError):
    """A file of a replay cannot be used; the message names the file and the line."""


def replay(
    catalogue: Path, train_log: Path, test_log: Path, learn: Train
) -> Iterator[dict[str, Any]]:
    """Learn every household's log and score its lines of the other: one answer a test line, in that file's order."""
    titles = {title.id: title for title in read_catalogue(catalogue)}
    shelf = list(titles.values())
    learnt, asked = _households(train_log, titles), _households(test_log, titles)
    scores: dict[int, dict[str, Any]] = {}
    for household, lines in asked.items():
        known = sorted(learnt.get(household, []), key=lambda line: line.at)
        scores |= _scored(household, lines, known, learn, shelf)
    return (scores[line] for line in sorted(scores))


def read_catalogue(path: Path) -> Iterator[Title]:
    """The titles of a catalogue of JSON lines."""
    for _, where, row in _rows(path, ("id", "title")):
        title = Title.from_json(row)
        if not title.id:
            raise BadInput(f"{where}: id is empty")
        yield title


def write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write JSON lines beside the file and put them in its place when all are there: never a half-written file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(row)}\n" for row in rows)
        part.chmod(0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a log."""

    number: int
    at: datetime
    viewer: str
    title: Title
    moment: Moment
    said: tuple[float, float] | None


def _households(path: Path, titles: Mapping[str, Title]) -> dict[str, list[_Line]]:
    """The lines of a log by household, each in the file's order."""
    found: dict[str, list[_Line]] = {}
    for number_, where, row in _rows(path, ("household", "viewer", "id", "at")):
        at, title = moment_in_time(row["at"]), titles.get(text(row["id"]))
        if at is None:
            raise BadInput(f"{where}: at is not a date and time")
        if title is None:
            raise BadInput(f"{where}: id {text(row['id'])!r} is not in the catalogue")
        company: Company = "group" if row.get("company") == "group" else "solo"
        minutes = whole(row.get("minutes"), 1, MOST_MINUTES)
        moment = Moment.at(at, moods=row.get("moods"), company=company, minutes=minutes)
        line = _Line(number_, at, text(row["viewer"]), title, moment, _said(row))
        found.setdefault(text(row["household"]), []).append(line)
    return found


def _said(row: Mapping[str, Any]) -> tuple[float, float] | None:
    """Label and weight of what a line says, if it says anything."""
    completed, again = (
        value if isinstance(value, bool) else None
        for value in (row.get("completed"), row.get("would_watch_again"))
    )
    return label_of(number(row.get("rating"), 0, 5), completed, again)


def _scored(
    household: str,
    lines: Sequence[_Line],
    known: Sequence[_Line],
    learn: Train,
    shelf: Sequence[Title],
) -> dict[int, dict[str, Any]]:
    """The answers to one household's test lines; a household that said nothing is scored by the prior."""
    examples = _examples(known)
    met = {(line.viewer, line.title.id) for line in known}
    candidates = [
        Candidate(line.title, line.moment, line.viewer, (line.viewer, line.title.id) in met)
        for line in lines
    ]
    before = by_prior(candidates)
    scores = learn(examples, shelf).predict(candidates) if examples else before
    return {
        line.number: {
            "line": line.number,
            "household": household,
            "id": line.title.id,
            "score": float(score),
            "prior": float(expected),
        }
        for line, score, expected in zip(lines, scores, before, strict=True)
    }


def _examples(known: Sequence[_Line]) -> list[Example]:
    """What a household's lines teach; in order of time, so that seeing again is known as such."""
    met: set[tuple[str, str]] = set()
    found = []
    for line in known:
        key = (line.viewer, line.title.id)
        if line.said is not None:
            candidate = Candidate(line.title, line.moment, line.viewer, key in met)
            found.append(Example(candidate, *line.said, line.at, "replay"))
        met.add(key)
    return found


def _rows(path: Path, required: Sequence[str]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Number, "file, line n" and object of every line; anything else is bad input."""
    try:
        with path.open(encoding="utf-8") as file:
            for place, line in enumerate(file):
                where = f"{path}, line {place + 1}"
                yield place, where, _row(where, line, required)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: {error}") from error


def _row(where: str, line: str, required: Sequence[str]) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{where}: not JSON ({error})") from error
    if not isinstance(row, dict):
        raise BadInput(f"{where}: not a JSON object")
    missing = [name for name in required if row.get(name) is None]
    if missing:
        raise BadInput(f"{where}: {missing[0]} is missing")
    return row
