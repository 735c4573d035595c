"""What the model believes and how good it is, in plain words."""

import math
from collections.abc import Mapping
from typing import Any

KINDS = {
    "director": "films by {}",
    "actor": "{} in the cast",
    "genre": "{}",
    "mood": "{} titles",
    "collection": "{}",
    "franchise": "the “{}” films",
    "country": "titles from {}",
    "studio": "titles of the studio {}",
    "rated": "titles rated {}",
    "type": "{}",
}
TRAITS = {
    "base": "titles in general",
    "seen": "titles seen before",
    "prior": "what the house rules expect",
    "type movie": "films",
    "type show": "series",
    "audience rating": "what audiences rate high",
    "critic rating": "what critics rate high",
    "familiar directors": "directors with much on your shelf",
    "familiar actors": "actors with much on your shelf",
    "length 20": "20 minutes or less",
    "length 160": "160 minutes and longer",
    "decade 1925": "the 1920s and before",
}
MOMENTS = {
    "company:group": "in company",
    "minutes:60": "with an hour or less",
    "minutes:150": "with two and a half hours or more",
    "daypart:morning": "in the morning",
    "daypart:afternoon": "in the afternoon",
    "daypart:evening": "in the evening",
    "daypart:night": "at night",
    "weekend": "at weekends",
}
LITTLE = 1.1  # odds; what moves them less is said to be slight
STRONG = 1.5


def trait(name: str) -> str:
    """A column of a title's row, as one says it: `director X` is "films by X"."""
    kind, _, value = name.partition(" ")
    if name in TRAITS:
        return TRAITS[name]
    if kind == "decade" and value.isdigit():
        return f"the {int(value) // 10 * 10}s"
    if kind == "length":
        return f"about {value} minutes long"
    return KINDS.get(kind, "{}").format(value) if kind in KINDS and value else name


def moment(name: str) -> str:
    """A context of the model, as one says it: `mood:funny` is "when funny is asked for"."""
    kind, _, value = name.partition(":")
    if name in MOMENTS:
        return MOMENTS[name]
    if kind == "mood":
        return f"when {value} is asked for"
    return f"with about {value} minutes" if kind == "minutes" else name.replace(":", " ")


def strength(odds: float) -> str:
    """How strong a belief is, either way."""
    far = max(odds, 1 / odds) if odds > 0 else math.inf
    if far < LITTLE:
        return "a touch"
    return "clearly" if far >= STRONG else "somewhat"


def gain(metrics: Mapping[str, Any]) -> str:
    """How sure it is that the model ranks better than the house rules: `clear`, `slight`, `none`, `worse`, or ''.

    The interval is that of the difference on the same answers; where it holds 0, the difference may be chance.
    """
    ours, rules = (share(lies(metrics, who, "auc")) for who in ("model", "prior"))
    if ours is None or rules is None:
        return ""
    low, high = interval(metrics, "gain")
    if low is not None and high is not None and (low > 0 or high < 0):
        return "clear" if low > 0 else "worse"
    return "slight" if ours > rules else "none"


def interval(metrics: Mapping[str, Any], of: str) -> tuple[float | None, float | None]:
    """Both ends of the 95 % interval of an AUC (`model`) or a difference of two (`gain`), where it was measured."""
    found = lies(metrics, "intervals", of, "auc")
    if not isinstance(found, list | tuple) or len(found) != 2:
        return None, None
    return number(found[0]), number(found[1])


def number(value: object) -> float | None:
    """A finite number, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


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
