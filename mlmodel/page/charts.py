"""Pictures of how good a model is, as geometry that a template draws in SVG, each with the table it was drawn from.

Coordinates are text, in a picture 360 wide and 260 high; what was not measured, or is no number, is not drawn.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlmodel.page.reading import interval, number, percent, share
from moodrec.phrasing import phrase, phrases

WIDTH, HEIGHT = 360.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 40.0, 348.0, 14.0, 220.0
LEAST_POINTS = 2
SURE = 1.96  # standard deviations that hold 95 %
DOTS = (3.5, 9.0)  # radius of the point with fewest and with most answers
TICKS = 5
Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, and what it says."""

    at: str
    says: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A point, with the span it is 95 % sure to lie in."""

    x: str
    y: str
    r: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points, of a kind that the stylesheet knows."""

    kind: str
    path: str
    dots: Sequence[Dot] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and its table twin."""

    name: str
    title: str
    says: str
    """The whole picture in one sentence, for who does not see it."""
    across: str
    up: str
    x: Sequence[Tick]
    y: Sequence[Tick]
    lines: Sequence[Line]
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def learning_curve(metrics: Mapping[str, Any]) -> Chart | None:
    """How well it ranked after so many answers, against the house rules; None with fewer than two points."""
    points = _curve(metrics)
    if len(points) < LEAST_POINTS or points[0][0] == points[-1][0]:
        return None
    across = _Axis(points[0][0], points[-1][0], LEFT + 12, RIGHT - 12)
    lowest = min(0.5, *(min(ours, rules) for _at, ours, rules in points))
    up = _Axis(math.floor(lowest * 10) / 10, 1.0, BOTTOM, TOP)
    first, last = points[0], points[-1]
    return Chart(
        name="curve",
        title=phrase("What your answers are worth"),
        says=phrase(
            "With %(few)s answers it put the better of two titles first in %(before)s of 100 cases,"
            " with %(many)s in %(after)s; the house rules in %(rules)s.",
            few=f"{first[0]:.0f}",
            before=percent(first[1]),
            many=f"{last[0]:.0f}",
            after=percent(last[1]),
            rules=percent(last[2]),
        ),
        across=phrase("answers learnt from"),
        up=phrase("right of 100"),
        x=[
            Tick(across.at(value), f"{value:.0f}") for value in _some([at for at, *_rest in points])
        ],
        y=[Tick(up.at(value), percent(value)) for value in _tenths(up.low)],
        lines=_curves(points, across, up, interval(metrics, "model")),
        heads=[
            phrase("Answers learnt from"),
            phrase("Your model, right of 100"),
            phrase("House rules, right of 100"),
        ],
        rows=[[f"{at:.0f}", percent(ours), percent(rules)] for at, ours, rules in points],
    )


def _curve(metrics: Mapping[str, Any]) -> list[Point]:
    """Return for each number of answers how well the model ranked and the house rules did, 0..1."""
    return sorted(
        (answers, ours, rules)
        for each in _listed(metrics, "curve")
        if (answers := number(each.get("answers"))) is not None and answers >= 0
        if (ours := share(_auc(each, "model"))) is not None
        if (rules := share(_auc(each, "prior"))) is not None
    )


def _curves(
    points: list[Point],
    across: "_Axis",
    up: "_Axis",
    likely_last: tuple[float | None, float | None],
) -> list[Line]:
    """Draw both; the last point of ours shows between what it likely lies."""
    last = points[-1][0]
    dots = [
        _dot(across, up, at, ours, *(likely_last if at == last else (ours, ours)))
        for at, ours, _rules in points
    ]
    rules = _path((across.at(at), up.at(rules)) for at, _ours, rules in points)
    return [Line("rules", rules), Line("ours", _path((dot.x, dot.y) for dot in dots), dots)]


def calibration(metrics: Mapping[str, Any]) -> Chart | None:
    """Of titles scored alike, how many were enjoyed; None without any."""
    bins = _bins(metrics)
    if not bins:
        return None
    across, up = _Axis(0, 1, LEFT + 4, RIGHT - 6), _Axis(0, 1, BOTTOM, TOP)
    most = max(answers for *_rest, answers in bins)
    telling = max(bins, key=lambda each: each[2])
    dots = [
        _dot(across, up, score, enjoyed, *likely(enjoyed, answers), answers / most)
        for score, enjoyed, answers in bins
    ]
    return Chart(
        name="calibration",
        title=phrase("Does it mean what it says?"),
        says=phrases(
            "When it said about %(said)s %%, you enjoyed %(enjoyed)s %% (%(count)s answer)."
            " On the dashed line it would mean exactly what it says.",
            "When it said about %(said)s %%, you enjoyed %(enjoyed)s %% (%(count)s answers)."
            " On the dashed line it would mean exactly what it says.",
            int(telling[2]),
            said=percent(telling[0]),
            enjoyed=percent(telling[1]),
        ),
        across=phrase("what it said"),
        up=phrase("what you enjoyed, %%"),
        x=[Tick(across.at(tenth / 10), f"{tenth * 10} %") for tenth in range(0, 11, 2)],
        y=[Tick(up.at(tenth / 10), f"{tenth * 10}") for tenth in range(0, 11, 2)],
        lines=[
            Line("even", _path([(across.at(0), up.at(0)), (across.at(1), up.at(1))])),
            Line("ours", _path((dot.x, dot.y) for dot in dots), dots),
        ],
        heads=[
            phrase("It said"),
            phrase("You enjoyed"),
            phrase("Answers"),
            phrase("Likely between"),
        ],
        rows=[_row(*each) for each in bins],
    )


def _bins(metrics: Mapping[str, Any]) -> list[Point]:
    """Return of titles scored alike: the score, the share enjoyed, how many answers."""
    return sorted(
        (score, enjoyed, answers)
        for each in _listed(metrics, "calibration")
        if (score := share(each.get("score"))) is not None
        if (enjoyed := share(each.get("enjoyed"))) is not None
        if (answers := number(each.get("answers"))) is not None and answers > 0
    )


def _row(score: float, enjoyed: float, answers: float) -> list[str]:
    between = _between(*likely(enjoyed, answers))
    return [f"{percent(score)} %", f"{percent(enjoyed)} %", f"{answers:.0f}", between]


def _between(low: float, high: float) -> str:
    return phrase("%(low)s %% and %(high)s %%", low=percent(low), high=percent(high))


def likely(part: float, answers: float) -> tuple[float, float]:
    """Where a share seen in so many answers lies with 95 % certainty: Wilson, JASA 22 (1927) 209-212."""
    spread = SURE**2 / answers
    middle = (part + spread / 2) / (1 + spread)
    half = SURE / (1 + spread) * math.sqrt(part * (1 - part) / answers + spread / (4 * answers))
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class _Axis:
    """Values between low and high, laid between two places of the picture."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> str:
        part = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return f"{self.start + part * (self.end - self.start):.1f}"


def _dot(
    across: _Axis,
    up: _Axis,
    x: float,
    y: float,
    low: float | None,
    high: float | None,
    size: float = 0.2,
) -> Dot:
    """A point; a size of 1 is the largest, by area."""
    radius = max(DOTS[0], DOTS[1] * math.sqrt(size))
    ends = (y if low is None else low, y if high is None else high)
    return Dot(across.at(x), up.at(y), f"{radius:.1f}", up.at(ends[0]), up.at(ends[1]))


def _path(points: Iterator[tuple[str, str]] | Sequence[tuple[str, str]]) -> str:
    return "M" + " L".join(f"{x} {y}" for x, y in points)


def _some(values: Sequence[float]) -> list[float]:
    """The first, the last and a few between, apart enough to be read."""
    distinct = sorted(set(values))
    apart = (distinct[-1] - distinct[0]) / TICKS
    kept = [distinct[0]]
    for value in distinct[1:-1]:
        if value - kept[-1] >= apart and distinct[-1] - value >= apart:
            kept.append(value)
    return [*kept, distinct[-1]]


def _tenths(lowest: float) -> list[float]:
    step = 1 if lowest >= 0.45 else 2
    return [tenth / 10 for tenth in range(10, round(lowest * 10) - 1, -step)]


def _listed(metrics: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = metrics.get(name)
    rows = found if isinstance(found, list) else []
    return [row for row in rows if isinstance(row, Mapping)]


def _auc(row: Mapping[str, Any], who: str) -> object:
    found = row.get(who)
    return found.get("auc") if isinstance(found, Mapping) else None
