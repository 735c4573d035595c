"""`manage.py replay` and `manage.py moods`: files in, files out, no database."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from mlmodel import prior
from mlmodel.moods import MOODS
from mlmodel.records import Candidate, Moment, Title, moment_in_time

CATALOGUE: list[dict[str, Any]] = [
    {
        "id": f"t{number}",
        "title": f"Film {number}",
        "genres": ["Horror" if number % 2 else "Comedy"],
        "audience_rating": 6 + number % 5 / 3,
        "year": None,
    }
    for number in range(40)
]


def line(household: str, number: int, **more: object) -> dict[str, Any]:
    at = f"2026-01-{1 + number % 28:02}T20:13:00+00:00"
    return {"household": household, "viewer": "v", "id": f"t{number}", "at": at, **more}


LEARN = [line("h1", number, rating=5 if number % 2 else 1) for number in range(24)]
ASK = [line("h2", 30), line("h1", 31, moods=["scary"]), line("h1", 30), line("h2", 31)]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    return {
        "catalogue": write(tmp_path / "c.jsonl", CATALOGUE),
        "train": write(tmp_path / "a.jsonl", LEARN),
        "test": write(tmp_path / "b.jsonl", ASK),
        "out": tmp_path / "s.jsonl",
    }


def replay(files: dict[str, Path]) -> list[dict[str, Any]]:
    call_command("replay", **files, stdout=StringIO())
    return read(files["out"])


def test_every_line_is_answered_in_the_order_of_the_file(files: dict[str, Path]) -> None:
    found = replay(files)
    assert [row["line"] for row in found] == [0, 1, 2, 3]
    assert [(row["household"], row["id"]) for row in found] == [
        (row["household"], row["id"]) for row in ASK
    ]
    assert all(0 < row["score"] < 1 and 0 < row["prior"] < 1 for row in found)


def test_a_household_without_answers_is_scored_by_the_prior(files: dict[str, Path]) -> None:
    first = replay(files)[0]
    at = moment_in_time(ASK[0]["at"])
    assert at is not None
    candidate = Candidate(Title.from_json(CATALOGUE[30]), Moment.at(at), "v")
    assert first["score"] == first["prior"] == pytest.approx(prior.probability(candidate))


def test_a_household_is_scored_by_what_it_said(files: dict[str, Path]) -> None:
    _, horror, comedy, _ = replay(files)
    assert horror["score"] > horror["prior"]
    assert comedy["score"] < comedy["prior"]


def test_the_asked_mood_counts(files: dict[str, Path]) -> None:
    _, asked, _, unasked = replay(files)
    assert asked["prior"] > unasked["prior"]


@pytest.mark.parametrize(
    ("name", "bad", "cause"),
    [
        ("catalogue", "{", r"c\.jsonl, line 1: not JSON"),
        ("catalogue", "[]", "line 1: not a JSON object"),
        ("catalogue", '{"id": "t1"}', "line 1: title is missing"),
        ("train", '{"household": "h"}', r"a\.jsonl, line 1: viewer is missing"),
        ("test", json.dumps(line("h", 1, at="soon")), "line 1: at is not a date"),
        ("test", json.dumps(line("h", 99)), "line 1: id 't99' is not in the catalogue"),
        ("test", "[" * 100_000, "not JSON"),
    ],
)
def test_bad_input_names_the_file_and_the_line_and_writes_nothing(
    files: dict[str, Path], name: str, bad: str, cause: str
) -> None:
    files[name].write_text(bad, encoding="utf-8")
    files["out"].write_text("as before", encoding="utf-8")
    with pytest.raises(CommandError, match=cause):
        replay(files)
    assert files["out"].read_text(encoding="utf-8") == "as before"
    assert len(list(files["out"].parent.iterdir())) == 4  # and no part of one is left


def test_a_missing_file_and_one_that_is_not_text_are_named(files: dict[str, Path]) -> None:
    files["test"].write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match=r"b\.jsonl"):
        replay(files)
    files["test"].unlink()
    with pytest.raises(CommandError, match=r"b\.jsonl"):
        replay(files)


def test_moods_writes_every_mood_of_every_title(files: dict[str, Path]) -> None:
    call_command("moods", catalogue=files["catalogue"], out=files["out"], stdout=StringIO())
    found = read(files["out"])
    assert [row["id"] for row in found] == [row["id"] for row in CATALOGUE]
    assert all(tuple(row["moods"]) == MOODS for row in found)
    assert found[0]["moods"]["funny"] > 0.5 > found[0]["moods"]["scary"]


def test_moods_refuses_a_bad_catalogue(files: dict[str, Path]) -> None:
    files["catalogue"].write_text('{"id": "", "title": "A"}', encoding="utf-8")
    with pytest.raises(CommandError, match="line 1: id is empty"):
        call_command("moods", catalogue=files["catalogue"], out=files["out"], stdout=StringIO())
    assert not files["out"].exists()
