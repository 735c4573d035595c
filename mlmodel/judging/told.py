"""What an evaluation found, in plain words and one table for a terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from mlmodel.judging.judgement import NAMES, surely_better

ROWS = {
    "model": "learned",
    "prior": "no learning",
    "popularity": "audience rating",
    "random": "luck",
}
METRICS = {
    "auc": ("AUC", "how often something enjoyed is ranked above something not; 0.5 is luck"),
    "ndcg3": ("NDCG@3", "how well the first three are put in order; 1 is the best there could be"),
    "p3": ("P@3", "which share of the first three was enjoyed"),
    "log_loss": ("log loss", "how much the answers surprised it; lower is better"),
}
SOURCES = {
    "feedback": "said here",
    "plex": "stars in Plex",
    "watched": "watched and not spoken of",
    "passed": "shown and passed over",
}
WIDTH = 24


def table(metrics: Mapping[str, Any]) -> str:
    """Everything that an evaluation found, one line after the other."""
    parts = PARTS if metrics.get("model") else PARTS[:1]
    texts = ("\n".join(part(metrics)) for part in parts)
    last = f"A version trained now {metrics['verdict']}." if metrics.get("verdict") else ""
    return "\n\n".join(filter(None, [*texts, last]))


def _judged_on(metrics: Mapping[str, Any]) -> Iterator[str]:
    sources = [f"{n} {SOURCES.get(name, name)}" for name, n in metrics["sources"].items()]
    yield f"Judged on the {metrics['held_out']:.0f} newest answers, each predicted before it was learnt."
    yield f"Learnt from {metrics['examples']:.0f} examples: {', '.join(sources)}."


def _figures(metrics: Mapping[str, Any]) -> Iterator[str]:
    yield " " * 10 + "".join(f"{name:<{WIDTH}}" for name in ROWS.values()).rstrip()
    for key, (name, _) in METRICS.items():
        cells = [_cell(metrics, row, key) for row in ROWS]
        yield f"{name:10}" + "".join(f"{cell:<{WIDTH}}" for cell in cells).rstrip()


def _cell(metrics: Mapping[str, Any], row: str, key: str) -> str:
    value, interval = metrics[row][key], metrics["intervals"][row].get(key)
    if value is None:
        return "–"
    return f"{value:.2f}" + (f" ({interval[0]:.2f} to {interval[1]:.2f})" if interval else "")


def _meanings(metrics: Mapping[str, Any]) -> Iterator[str]:
    for name, meaning in METRICS.values():
        yield f"{name}: {meaning}."
    if any(metrics["intervals"]["model"].values()):
        yield "In brackets: 95 % intervals, from drawing your evenings anew."
    else:
        yield "Too few evenings yet to tell how far to trust these figures."


def _gain(metrics: Mapping[str, Any]) -> Iterator[str]:
    gain, ours, rules = metrics["intervals"]["gain"], metrics["model"], metrics["prior"]
    sure = surely_better(gain)
    yield (
        "Learning helps here." if sure else "Whether learning helps, these answers can't tell yet."
    )
    for key in ("auc", "log_loss"):
        if ours[key] is not None and rules[key] is not None:
            edges = gain.get(key)
            between = f" (between {edges[0]:+.2f} and {edges[1]:+.2f})" if edges else ""
            yield f"{METRICS[key][0]} beside no learning: {ours[key] - rules[key]:+.2f}{between}"


def _kinds(metrics: Mapping[str, Any]) -> Iterator[str]:
    yield "Kinds of model on the same answers:"
    for kind, found in metrics["kinds"].items():
        mark = ", in use here" if kind == metrics["kind"] else ""
        yield f"  {NAMES[kind]}: AUC {_figure(found['auc'])}, log loss {_figure(found['log_loss'])}{mark}"


def _calibration(metrics: Mapping[str, Any]) -> Iterator[str]:
    yield "Promised and kept:"
    for found in metrics["calibration"]:
        counted = f"{found['answers']:.0f} answer{'s' if found['answers'] != 1 else ''}"
        yield f"  scored about {found['score']:.0%}: {found['enjoyed']:.0%} enjoyed ({counted})"


def _curve(metrics: Mapping[str, Any]) -> Iterator[str]:
    yield "The same answers, predicted after learning fewer of the older ones:"
    for point in metrics["curve"]:
        ours = point["model"]
        yield f"  {point['answers']:>5} answers: AUC {_figure(ours['auc'])}, log loss {_figure(ours['log_loss'])}"


def _hits(metrics: Mapping[str, Any]) -> Iterator[str]:
    yield "Suggestions that were taken up and spoken of:"
    for name, by in (("learned", "picked by learning"), ("prior", "picked without")):
        found = metrics["hits"][name]
        rate = "" if found["rate"] is None else f" ({found['rate']:.0%})"
        yield f"  {by}: {found['enjoyed']} of {found['picked']} enjoyed{rate}"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


PARTS = (_judged_on, _figures, _meanings, _gain, _kinds, _calibration, _curve, _hits)
