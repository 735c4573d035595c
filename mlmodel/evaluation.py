"""How good a model is: ranking, calibration and loss on answers it has not learnt, against the prior."""

import json
import math
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mlmodel import prior
from mlmodel.records import (
    MOST_MINUTES,
    Candidate,
    Company,
    Example,
    Moment,
    Title,
    label_of,
    moment_in_time,
    number,
    text,
    whole,
)
from mlmodel.training import Model

Floats = npt.NDArray[np.float64]
Train = Callable[[Sequence[Example], Sequence[Title]], Model]
Metrics = dict[str, float | None]

ENJOYED = 0.5  # a label from here on counts as enjoyed where a metric knows only yes and no
TOP = 3  # as many titles as MoodRec shows
BINS = 5
NEWEST_SHARE = 0.25  # of the answers, held out to judge a model on
FOLDS = 4
LOSS_TOLERANCE = 0.005  # log loss; less is noise on a household's few answers
AUC_TOLERANCE = 0.01


def auc(liked: npt.NDArray[np.bool_], score: Floats, weight: Floats | None = None) -> float | None:
    """The chance that something liked is scored above something not; ties count half; None with one class."""
    weights = np.ones(len(score)) if weight is None else weight
    values, place = np.unique(score, return_inverse=True)
    good = np.bincount(place, weights * liked, len(values))
    bad = np.bincount(place, weights * ~liked, len(values))
    pairs = good.sum() * bad.sum()
    if pairs == 0:
        return None
    below = np.cumsum(bad) - bad
    return float((good * (below + bad / 2)).sum() / pairs)


def precision_at(liked: npt.NDArray[np.bool_], score: Floats, top: int = TOP) -> float | None:
    """The share liked among those ranked first."""
    return float(liked[_first(score, top)].mean()) if len(score) else None


def ndcg_at(liked: npt.NDArray[np.bool_], score: Floats, top: int = TOP) -> float | None:
    """The same, the first place counting most, against the best order there could be; None if none is liked."""
    discount = 1 / np.log2(np.arange(2, top + 2))
    best = (np.sort(liked)[::-1][:top] * discount[: len(liked)]).sum()
    return (
        float((liked[_first(score, top)] * discount[: len(liked)]).sum() / best) if best else None
    )


def log_loss(label: Floats, score: Floats, weight: Floats | None = None) -> float | None:
    """The weighted mean surprise at soft labels; lower is better, None without any."""
    weights = np.ones(len(score)) if weight is None else weight
    if weights.sum() <= 0:
        return None
    chance = np.clip(score, 1e-6, 1 - 1e-6)
    surprise = -(label * np.log(chance) + (1 - label) * np.log(1 - chance))
    return float((weights * surprise).sum() / weights.sum())


def calibration(label: Floats, score: Floats, bins: int = BINS) -> list[dict[str, float]]:
    """Of titles scored alike, how many were enjoyed: one entry for each bin of the score that holds any."""
    place = np.clip((score * bins).astype(int), 0, bins - 1)
    return [
        {
            "from": found / bins,
            "score": float(score[place == found].mean()),
            "enjoyed": float(label[place == found].mean()),
            "answers": float((place == found).sum()),
        }
        for found in range(bins)
        if (place == found).any()
    ]


def measure(label: Floats, score: Floats, weight: Floats | None = None) -> Metrics:
    """Every metric of one set of scores."""
    liked = label >= ENJOYED
    return {
        "auc": auc(liked, score, weight),
        "ndcg3": ndcg_at(liked, score),
        "p3": precision_at(liked, score),
        "log_loss": log_loss(label, score, weight),
    }


def evaluate(
    learn: Train,
    examples: Sequence[Example],
    titles: Sequence[Title],
    *,
    other: Model | None = None,
    share: float = NEWEST_SHARE,
    folds: int = FOLDS,
) -> dict[str, Any]:
    """Judge a way of training on the newest answers, each predicted before it is learnt.

    1. Put the answers in order of time and hold out the newest share, in a few folds.
    2. Before each fold, train on everything older and predict the fold.
    3. Measure these predictions, the prior's and another model's on the same answers.

    `other` must not have learnt the newest answers for its numbers to be fair; where it has, they flatter it.
    """
    ordered = sorted(examples, key=lambda example: example.at)
    held = ordered[len(ordered) - math.ceil(len(ordered) * share) :]
    candidates = [example.candidate for example in held]
    label = np.array([example.label for example in held])
    weight = np.array([example.weight for example in held])
    learnt = np.concatenate([np.zeros(0), *_progressive(learn, ordered, len(held), titles, folds)])
    found: dict[str, Any] = {
        "examples": float(len(ordered)),
        "held_out": float(len(held)),
        "model": measure(label, learnt, weight),
        "prior": measure(label, _by_prior(candidates), weight),
        "calibration": calibration(label, learnt),
    }
    if other is not None:
        found["other"] = measure(label, other.predict(candidates), weight)
    return found


def worse(new: Mapping[str, float | None], old: Mapping[str, float | None]) -> bool:
    """Whether metrics are worse beyond noise: by loss, else by ranking; unknown is not worse."""
    loss, loss_before = new.get("log_loss"), old.get("log_loss")
    if loss is not None and loss_before is not None:
        return loss > loss_before + LOSS_TOLERANCE
    rank, rank_before = new.get("auc"), old.get("auc")
    return rank is not None and rank_before is not None and rank < rank_before - AUC_TOLERANCE


def _progressive(
    learn: Train, ordered: Sequence[Example], held: int, titles: Sequence[Title], folds: int
) -> Iterator[Floats]:
    """Predictions of the newest answers, fold by fold, each by a model of all older ones."""
    start = len(ordered) - held
    cuts = (
        np.linspace(start, len(ordered), min(folds, max(held, 1)) + 1).round().astype(int).tolist()
    )
    for low, high in pairwise(cuts):
        fold = [example.candidate for example in ordered[low:high]]
        if fold:
            yield learn(ordered[:low], titles).predict(fold)


def _by_prior(candidates: Sequence[Candidate]) -> Floats:
    arrays = prior.title_arrays([candidate.title for candidate in candidates])
    moments = prior.moment_arrays([candidate.moment for candidate in candidates])
    seen = [candidate.seen for candidate in candidates]
    return prior.chance(prior.logits(arrays, moments, np.array(seen, dtype=bool)))


def _first(score: Floats, top: int) -> npt.NDArray[np.intp]:
    return np.argsort(-score, kind="stable")[:top]


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
    by_prior = _by_prior(candidates)
    scores = learn(examples, shelf).predict(candidates) if examples else by_prior
    return {
        line.number: {
            "line": line.number,
            "household": household,
            "id": line.title.id,
            "score": float(score),
            "prior": float(expected),
        }
        for line, score, expected in zip(lines, scores, by_prior, strict=True)
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
