"""What the house rules (the prior) say of a title, in words; None where a rule has none for it."""

from collections.abc import Callable

from mlmodel.moods import profile
from mlmodel.prior import AUDIENCE_SLOPE, CRITIC_SLOPE, USUAL_RATING
from moodrec.phrases import joined, phrase, phrases
from recommender.terms import Teller
from recommender.vocabulary import moods_of

HAS_MOOD = 0.45
OLD = 1990  # what is younger was not loved long enough to say so


def rule(name: str, teller: Teller, value: float) -> str | None:
    """Return what a rule says; None where it has no words, or none for this title."""
    sentence = _RULES.get(name)
    return sentence(teller, value) if sentence else None


def _quality(teller: Teller, value: float) -> str | None:
    title = teller.candidate.title
    # the term is of both together: name whoever had the larger part in the way it went
    rated = ((title.audience_rating, AUDIENCE_SLOPE), (title.critic_rating, CRITIC_SLOPE))
    sign = 1 if value > 0 else -1
    audience, critics = (sign * s * (r - USUAL_RATING) if r is not None else 0.0 for r, s in rated)
    if max(audience, critics) <= 0:
        return None
    is_audience = audience >= critics
    rating = rated[0 if is_audience else 1][0] or 0.0
    shown = int(rating) if rating == int(rating) else rating
    if is_audience and value > 0:
        return phrase("Audiences rate it %(rating)s of 10.", rating=shown)
    if is_audience:
        return phrase("Audiences rate it only %(rating)s of 10.", rating=shown)
    if value > 0:
        return phrase("Critics rate it %(rating)s of 10.", rating=shown)
    return phrase("Critics rate it only %(rating)s of 10.", rating=shown)


def _mood(teller: Teller, value: float) -> str | None:
    asked = [mood for mood, _ in teller.candidate.moment.moods]
    has = profile(teller.candidate.title)
    wanted = [mood for mood in asked if (has.get(mood, 0) >= HAS_MOOD) == (value > 0)]
    if not wanted:
        return None
    if value > 0:
        return phrase("It is %(moods)s, as you asked.", moods=moods_of(wanted))
    return phrase("It is less %(moods)s than you asked for.", moods=moods_of(wanted))


def _age(teller: Teller, value: float) -> str | None:
    year = teller.candidate.title.year
    if not year or year > OLD or value <= 0:
        return None
    return phrase("Still loved since %(year)s.", year=year)


def _time(teller: Teller, value: float) -> str | None:
    minutes, there_is = teller.candidate.title.runtime_minutes, teller.candidate.moment.minutes
    if value > 0 or not minutes or not there_is:
        return None
    over = minutes - there_is
    if over <= 0:
        return phrase("It fills only part of your time.")
    return phrases("%(count)s minute over your time.", "%(count)s minutes over your time.", over)


def _company(_teller: Teller, value: float) -> str:
    if value > 0:
        return phrase("Easy to agree on in company.")
    return phrase("Not everybody's choice in company.")


def seen(teller: Teller, value: float) -> str | None:
    """Return what it means that it was seen before."""
    if value > 0:
        return phrase("Seeing things again went down well.")
    if not teller.seen:
        return phrase("You have seen it before.")
    return phrases(
        "%(who)s has seen it before.", "%(who)s have seen it before.", len(teller.seen),
        who=joined(list(teller.seen)),
    )  # fmt: skip


_RULES: dict[str, Callable[[Teller, float], str | None]] = {
    "quality": _quality,
    "mood": _mood,
    "age": _age,
    "time": _time,
    "company": _company,
    "seen": seen,
}
