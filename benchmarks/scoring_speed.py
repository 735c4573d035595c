"""Time scoring a whole catalogue beside the one product it can't do without.

Trains on a few hundred made-up answers over made-up titles, then times, side by side in one run:
the bare sparse matrix-vector product, `Model.score_titles`, and the prior alone. Prints the medians
and their ratios.

    python benchmarks/scoring_speed.py [TITLES]
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from mlmodel import prior
from mlmodel.records import Candidate, Example, Moment, Title
from mlmodel.training import train

ROUNDS = 30
GENRES = ("Comedy", "Drama", "Horror", "Romance", "Thriller", "Documentary", "Animation", "War")


def titles(count: int) -> list[Title]:
    rng = np.random.default_rng(1)
    return [
        Title(
            id=str(n),
            title=f"Title {n}",
            year=int(rng.integers(1930, 2026)),
            genres=tuple(rng.choice(GENRES, 3, replace=False).tolist()),
            runtime_minutes=int(rng.integers(60, 190)),
            summary="A quiet town hides a tense secret and a funny, tender friendship.",
            directors=(f"Director {rng.integers(5000)}",),
            cast=tuple(f"Actor {n}" for n in rng.integers(0, 20_000, 4)),
            audience_rating=float(np.clip(rng.normal(6.8, 1), 1, 10)),
        )
        for n in range(count)
    ]


def answers(shelf: list[Title], count: int = 400) -> list[Example]:
    rng, start = np.random.default_rng(2), datetime(2026, 1, 1, tzinfo=UTC)
    return [
        Example(
            Candidate(shelf[int(rng.integers(len(shelf)))], Moment.at(start), "ada"),
            float(rng.random()),
            1.0,
            start + timedelta(hours=n),
        )
        for n in range(count)
    ]


def milliseconds(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the median of each, all of them once a round so that noise hits them alike."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            started = time.perf_counter()
            work()
            taken[name].append(1000 * (time.perf_counter() - started))
    return {name: statistics.median(values) for name, values in taken.items()}


def main(count: int) -> None:
    shelf = titles(count)
    started = time.perf_counter()
    model = train(answers(shelf), shelf)
    print(f"training on 400 answers over {count} titles  {time.perf_counter() - started:6.2f} s")
    matrix, arrays = model.title_matrix(shelf), prior.title_arrays(shelf)
    weights = np.ones(matrix.shape[1])
    moment = Moment.at(datetime(2026, 1, 1, 20, tzinfo=UTC), moods=["funny"], minutes=120)
    medians = milliseconds(
        {
            "bare product": lambda: matrix @ weights,
            "prior": lambda: prior.moment_logits(arrays, moment),
            "score_titles": lambda: model.score_titles(matrix, arrays, moment, "ada"),
        }
    )
    for name, value in medians.items():
        print(f"{name:14} {value:7.2f} ms   {value / medians['bare product']:5.1f} of the product")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
