"""Time learning a household beside the one fit it can't do without, and with its judgement.

Trains on made-up answers of four viewers in made-up moods over made-up titles, then times, in one
run: `train`, scikit-learn's logistic regression alone on the very rows that it made, and the whole
judgement of both kinds on the newest answers. Prints the times and the ratio of the first two.

    python benchmarks/training_speed.py [TITLES [ANSWERS …]]
"""

import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.scoring_speed import titles
from mlmodel.config import KINDS
from mlmodel.judging.judgement import DEFAULT, judge
from mlmodel.judging.trials import Trials
from mlmodel.labels import label_of
from mlmodel.moods import MOODS
from mlmodel.records import Candidate, Example, Moment, Title
from mlmodel.training import Model, train

VIEWERS = ("ada", "ben", "cy", "dee")


def answers(shelf: list[Title], count: int) -> list[Example]:
    rng, start = np.random.default_rng(2), datetime(2020, 1, 1, tzinfo=UTC)
    return [_answer(shelf, rng, start + timedelta(hours=20 * number)) for number in range(count)]


def _answer(shelf: list[Title], rng: np.random.Generator, at: datetime) -> Example:
    moods, minutes = [MOODS[int(rng.integers(len(MOODS)))]], int(rng.choice([60, 90, 120]))
    moment = Moment.at(at, moods=moods, minutes=minutes)
    said = label_of(float(rng.integers(1, 6)), None, None)
    assert said is not None
    title, viewer = shelf[int(rng.integers(len(shelf)))], VIEWERS[int(rng.integers(len(VIEWERS)))]
    return Example(Candidate(title, moment, viewer), *said, at)


def bare_fit(model: Model, examples: Sequence[Example]) -> Callable[[], object]:
    rows = model.features.transform([example.candidate for example in examples])
    label = np.array([example.label for example in examples])
    outcome = np.repeat([1, 0], len(examples))
    both, weights = sparse.vstack([rows, rows], format="csr"), np.concatenate([label, 1 - label])
    bare = LogisticRegression(fit_intercept=False, solver="newton-cg", tol=1e-6)
    return lambda: bare.fit(both, outcome, sample_weight=weights)


def judged(examples: Sequence[Example], shelf: Sequence[Title]) -> object:
    return judge(
        {kind: Trials(examples, shelf, kind=kind) for kind in KINDS}, DEFAULT, examples, shelf
    )


def seconds(work: Callable[[], object]) -> float:
    with threadpool_limits(1):
        started = time.perf_counter()
        work()
    return time.perf_counter() - started


def main(size: int, counts: Sequence[int]) -> None:
    shelf = titles(size)
    train(answers(shelf, 10), shelf)  # warm
    for count in counts:
        examples = answers(shelf, count)
        ours = seconds(partial(train, examples, shelf))
        bare = seconds(bare_fit(train(examples, shelf), examples))
        print(
            f"{count:7} answers over {size} titles: train {ours:6.2f} s, "
            f"the fit alone {bare:6.2f} s, {ours / bare:4.2f} times that; "
            f"judging both kinds {seconds(partial(judged, examples, shelf)):6.2f} s"
        )


if __name__ == "__main__":
    given = [int(value) for value in sys.argv[1:]] or [10_000]
    main(given[0], given[1:] or [1_000, 100_000])
