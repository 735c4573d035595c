"""Reads metrics and insight of any shape: what older versions did not measure is None."""

import math
from collections.abc import Mapping
from typing import Any


def gain(metrics: Mapping[str, Any]) -> str:
    """How sure it is that the model is better than the house rules, by what both said of the same answers.

    `clear` or `worse` where the whole interval of the difference in ranking says so; `percentages` where only that of
    the loss does; else `slight` or `none`, for the difference may be chance. '' where nothing was measured.
    """
    ours, rules = (share(lies(metrics, who, "auc")) for who in ("model", "prior"))
    if ours is None or rules is None:
        return ""
    low, high = interval(metrics, "gain")
    if low is not None and high is not None and (low > 0 or high < 0):
        return "clear" if low > 0 else "worse"
    _, loss = interval(metrics, "gain", "log_loss")
    if loss is not None and loss < 0:
        return "percentages"
    return "slight" if ours > rules else "none"


def interval(
    metrics: Mapping[str, Any], of: str, metric: str = "auc"
) -> tuple[float | None, float | None]:
    """Both ends of the 95 % interval of a metric of the `model` or of its `gain`, where it was measured."""
    found = lies(metrics, "intervals", of, metric)
    if not isinstance(found, list | tuple) or len(found) != 2:
        return None, None
    return number(found[0]), number(found[1])


def number(value: object) -> float | None:
    """A finite number, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:  # JSON knows whole numbers of any length
        return None
    return found if math.isfinite(found) else None


def share(value: object) -> float | None:
    """A number between 0 and 1, else None."""
    found = number(value)
    return found if found is not None and 0 <= found <= 1 else None


def percent(value: float | None) -> str:
    """A share as one says it, without a sign: "74"."""
    return "" if value is None else f"{value * 100:.0f}"


def lies(metrics: object, *path: str) -> object:
    """What lies at the path, None where there is no such way: older versions measured less."""
    for step in path:
        if not isinstance(metrics, Mapping):
            return None
        metrics = metrics.get(step)
    return metrics
