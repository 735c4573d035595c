"""Say why a title is here, from the true terms of its score, and what speaks against it most."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mlmodel.moods import profile
from mlmodel.prior import AUDIENCE_SLOPE, CRITIC_SLOPE, USUAL_RATING
from mlmodel.records import Candidate

TELLING = 0.07  # logits: a smaller term moved nothing that anybody would notice
MOST_REASONS = 3
HAS_MOOD = 0.45
LONG_MINUTES = 150
SLOPES = {"Audiences": AUDIENCE_SLOPE, "Critics": CRITIC_SLOPE}

Term = tuple[str, float]


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a title is shown, best reason first, and its one drawback."""

    reasons: list[str]
    drawback: str | None


def explain(candidate: Candidate, terms: Sequence[Term], names: Mapping[str, str]) -> Explained:
    """Put the terms into words; ``names`` are the viewers' names by slug.

    Terms that sum to the score, largest first; each becomes at most one sentence, and one that
    moved the score by less than TELLING none.
    """
    ordered = sorted(_merged(terms).items(), key=lambda term: -abs(term[1]))
    telling = [term for term in ordered if abs(term[1]) >= TELLING]
    spoken = [_say(candidate, term, names) for term in telling]
    for_it = [text for text, (_, value) in zip(spoken, telling, strict=True) if text and value > 0]
    against = [text for text, (_, value) in zip(spoken, telling, strict=True) if text and value < 0]
    reasons = list(dict.fromkeys(for_it))[:MOST_REASONS] or [_plain(candidate)]
    return Explained(reasons, against[0] if against else _long(candidate))


def _merged(terms: Sequence[Term]) -> dict[str, float]:
    """Add what the household's and the viewer's weights say of one trait: they are one opinion.

    It is told as the viewer's where the larger part is the viewer's own.
    """
    total: dict[str, float] = {}
    largest: dict[str, Term] = {}
    for name, value in terms:
        context, _, trait = name.partition("|")
        shared = trait if context == "household" or context.startswith("viewer:") else name
        total[shared] = total.get(shared, 0.0) + value
        if abs(value) >= abs(largest.get(shared, ("", 0.0))[1]):
            largest[shared] = (name, value)
    return {largest[shared][0]: value for shared, value in total.items()}


def _say(candidate: Candidate, term: Term, names: Mapping[str, str]) -> str | None:
    name, value = term
    if name.startswith("prior:"):
        sentence = _PRIOR.get(name.removeprefix("prior:"))
        return sentence(candidate, value) if sentence else None
    context, _, trait = name.partition("|")
    what = _trait(candidate, trait)
    return _learnt(context, what, value, names) if what else None


def _learnt(context: str, what: str, value: float, names: Mapping[str, str]) -> str | None:
    kind, _, detail = context.partition(":")
    likes = value > 0
    if kind == "household":
        return f"You have enjoyed {what}." if likes else f"You have been cool on {what}."
    if kind == "viewer":
        who = names.get(detail, detail)
        return f"{who} has enjoyed {what}." if likes else f"{who} has been cool on {what}."
    if kind == "mood":
        good = "works for you" if likes else "has not worked for you"
        return f"When you ask for {detail}, {what} {good}."
    if kind in {"daypart", "weekend"}:
        when = "At the weekend" if kind == "weekend" else _DAYPARTS.get(detail, "At this hour")
        return f"{when}, {what} {'suits you' if likes else 'suits you less'}."
    if kind == "company":
        return f"In company, {what} {'goes down well' if likes else 'goes down less well'}."
    return None


def _trait(candidate: Candidate, trait: str) -> str | None:
    """Return a learnt trait in words; None for one that says nothing by itself."""
    kind, _, name = trait.partition(" ")
    words: dict[str, Callable[[], str]] = {
        "genre": lambda: name,
        "mood": lambda: f"{name} titles",
        "director": lambda: f"films by {name}",
        "actor": lambda: f"films with {name}",
        "collection": lambda: f"the {name} titles",
        "country": lambda: f"titles from {name}",
        "studio": lambda: f"titles of {name}",
        "decade": lambda: f"titles of the {int(float(name)) // 10 * 10}s",
        "length": lambda: _length(candidate),
        "type": lambda: "series" if name == "show" else "films",
        "word": lambda: f"stories with “{name}”",
    }
    return words[kind]() if kind in words else None


def _length(candidate: Candidate) -> str:
    minutes = candidate.title.runtime_minutes or 0
    return f"titles of about {max(10, round(minutes, -1))} minutes"


def _quality(candidate: Candidate, value: float) -> str | None:
    title = candidate.title
    known = {"Audiences": title.audience_rating, "Critics": title.critic_rating}
    # the term is of both together: name whoever had the larger part in the way it went
    parts = {
        who: SLOPES[who] * (rating - USUAL_RATING) * (1 if value > 0 else -1)
        for who, rating in known.items()
        if rating is not None
    }
    if not parts:
        return None
    who = max(parts, key=lambda rater: parts[rater])
    rating = known[who]
    return (
        f"{who} rate it {rating:g} of 10." if value > 0 else f"{who} rate it only {rating:g} of 10."
    )


def _mood(candidate: Candidate, value: float) -> str | None:
    asked = [mood for mood, _ in candidate.moment.moods]
    has = profile(candidate.title)
    wanted = [mood for mood in asked if (has.get(mood, 0) >= HAS_MOOD) == (value > 0)]
    if not wanted:
        return None
    said = " and ".join("full of action" if mood == "action" else mood for mood in wanted)
    return f"It is {said}, as you asked." if value > 0 else f"It is less {said} than you asked for."


def _age(candidate: Candidate, value: float) -> str | None:
    year = candidate.title.year
    return f"Still loved since {year}." if year and value > 0 else None


def _time(candidate: Candidate, value: float) -> str | None:
    minutes, there_is = candidate.title.runtime_minutes, candidate.moment.minutes
    if value > 0 or not minutes or not there_is:
        return None
    over = minutes - there_is
    return f"{over} minutes over your time." if over > 0 else "It fills only part of your time."


def _company(_candidate: Candidate, value: float) -> str:
    return "Easy to agree on in company." if value > 0 else "Not everybody's choice in company."


def _seen(_candidate: Candidate, value: float) -> str | None:
    return "You have seen it before." if value < 0 else None


def _plain(candidate: Candidate) -> str:
    """Return the reason that is left where no term stands out: it passed what was asked."""
    asked = ", ".join(mood for mood, _ in candidate.moment.moods)
    return (
        f"It fits what you asked: {asked}." if asked else "Nothing in particular: it simply fits."
    )


def _long(candidate: Candidate) -> str | None:
    minutes = candidate.title.runtime_minutes or 0
    if candidate.title.type == "show" or minutes < LONG_MINUTES:
        return None
    return f"It takes {minutes // 60} h {minutes % 60:02d}."


_PRIOR: dict[str, Callable[[Candidate, float], str | None]] = {
    "quality": _quality,
    "mood": _mood,
    "age": _age,
    "time": _time,
    "company": _company,
    "seen": _seen,
}
_DAYPARTS = {
    "morning": "In the morning",
    "afternoon": "In the afternoon",
    "evening": "In the evening",
    "night": "Late at night",
}
