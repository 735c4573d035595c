"""One term of a score in words: what it says, of whom, on what evidence. Nothing that is not in the term."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mlmodel import words
from mlmodel.met import NOTHING, Met, Said
from mlmodel.moods import profile
from mlmodel.prior import AUDIENCE_SLOPE, CRITIC_SLOPE, USUAL_RATING
from mlmodel.records import Candidate
from mlmodel.words import called, short

HAS_MOOD = 0.45
LIKED, DISLIKED = 0.6, 0.4  # of what was said of a title
MANY_STARS, FEW_STARS = 4.0, 2.0
OLD = 1990  # what is younger was not loved long enough to say so
LONGEST = 90  # characters; what is longer goes without its evidence
SLOPES = {"Audiences": AUDIENCE_SLOPE, "Critics": CRITIC_SLOPE}
OF = {"director": "by {}", "actor": "with {}", "collection": "in “{}”", "franchise": "of “{}”"}
TELLABLE = {*OF, "genre", "mood", "country", "studio", "type"}  # what says something by itself
NUMBERS = ("no", "one", "two", "three", "four", "five")


@dataclass(frozen=True, slots=True)
class Told:
    """A term that is told: whose or when (`context`), of what (`trait`), and how much, in logits."""

    context: str
    """`prior`, `tree`, `seen`, `household`, `viewer`, or a moment such as `mood:funny`."""
    trait: str
    value: float


@dataclass(frozen=True, slots=True)
class Teller:
    """What the words need beside the term."""

    candidate: Candidate
    who: str = ""
    """The viewer's name; empty where nobody in particular asks, or all of a group."""
    in_group: bool = False
    follows: str = ""
    """The title on the shelf that comes before this one."""
    seen: str = ""
    """Who has seen it, in words; empty: all."""
    met: Callable[[str], Met] = lambda _trait: NOTHING


def say(told: Told, teller: Teller) -> str | None:
    """Return the sentence of a term; None where it has no words, or the log speaks against them."""
    if told.context == "prior":
        sentence = _PRIOR.get(told.trait)
        return sentence(teller, told.value) if sentence else None
    if told.context == "tree":
        return f"Your answers on such titles speak {'for' if told.value > 0 else 'against'} it."
    if told.context == "seen":
        return _seen(teller, told.value)
    what = _what(teller.candidate, told.trait)
    if what is None:
        return None
    if told.context in {"household", "viewer"}:
        return _taste(told, what, teller)
    when = _when(told.context)
    return f"{when}, {what} {_went(told.value)}." if when else None


def for_person(name: str) -> str:
    """Return how a reason begins that is one person's in a group."""
    return f"For {short(name)}: "


def is_personal(told: Told) -> bool:
    """Tell whether the term is somebody's taste, and neither the moment's nor everybody's."""
    return told.context in {"household", "viewer"}


def evidence(told: Told, teller: Teller) -> set[str]:
    """Return the titles that the viewer spoke of and that the term rests on."""
    return {said.title for said in _agreeing(told, teller)} if is_personal(told) else set()


def a_stretch(teller: Teller, met: Sequence[Callable[[str], Met]], *, unsure: bool) -> str | None:
    """Return what a stretch finds out: a director of whom none of these has said anything; else that it may.

    Of a series the directors are those of some episodes, of whom nobody speaks.
    """
    title = teller.candidate.title
    directors = title.directors[:1] if title.type == "movie" else ()
    unknown = [d for d in directors if not any(theirs(f"director {d}").count for theirs in met)]
    if unknown:
        return f"A stretch: no word from you yet on films by {short(unknown[0])}."
    return "A stretch: less certain than the safe bet, and perhaps a find." if unsure else None


def _taste(told: Told, what: str, teller: Teller) -> str | None:
    if teller.who and teller.met(told.trait).count:
        return _with_evidence(told, what, teller)
    if told.context == "household" or not teller.who:
        return f"At home, {what} {_went(told.value)}."
    if teller.in_group:
        return f"{for_person(teller.who)}{what} {_went(told.value)}."
    has = "has enjoyed" if told.value > 0 else "has been cool on"
    return f"{short(teller.who)} {has} {what}."


def _with_evidence(told: Told, what: str, teller: Teller) -> str | None:
    """Return the sentence with the titles it rests on; None where what was said was the contrary."""
    agree, likes = _agreeing(told, teller), told.value > 0
    if not agree:
        return None
    follows = next((s.title for s in agree if s.title == teller.follows), "") if likes else ""
    if follows and told.trait.startswith(("franchise ", "collection ")):
        return _next_part(short(follows), teller)
    plain = _counted(told, what, teller, agree)
    names = [short(said.title) for said in agree]
    lists = [f" ({', '.join(names[:count])})" for count in range(len(names), 0, -1)]
    return f"{plain}{next((few for few in lists if len(plain) + len(few) < LONGEST), '')}."


def _agreeing(told: Told, teller: Teller) -> list[Said]:
    """Return what the viewer said of other titles with the trait that goes the way of the term."""
    said = teller.met(told.trait).titles if teller.who else ()
    other = [each for each in said if each.title != teller.candidate.title.title]
    return [s for s in other if (s.label >= LIKED if told.value > 0 else s.label <= DISLIKED)]


def _next_part(before: str, teller: Teller) -> str:
    if teller.in_group:
        return f"{for_person(teller.who)}what comes after {before}, which went down well."
    return f"{short(teller.who)} enjoyed {before}; this is what comes next."


def _counted(told: Told, what: str, teller: Teller, agree: Sequence[Said]) -> str:
    who, likes = short(teller.who), told.value > 0
    if teller.in_group:
        return f"{for_person(teller.who)}{what} {_went(told.value)}"
    others = _others(told.trait, teller.candidate, len(agree))
    stars = _same_stars(agree, likes=likes)
    if stars:
        return f"{who} gave {others} {stars}"
    return f"{who} {'enjoyed' if likes else 'was cool on'} {others}"


def _others(trait: str, candidate: Candidate, count: int) -> str:
    """Return how many other titles with the trait: "two other Bong Joon-ho films"."""
    kind, _, name = trait.partition(" ")
    ending = "" if count == 1 else "s"
    number = "another" if count == 1 else f"{NUMBERS[min(count, 5)]} other"
    if kind == "director" and candidate.title.type == "movie":
        return f"{number} {short(name)} film{ending}"
    return f"{number} title{ending} {OF[kind].format(called(kind, name))}"


def _same_stars(said: Sequence[Said], *, likes: bool) -> str | None:
    """Return the stars that all of these got, in words, where they speak as the term does."""
    stars = said[0].stars
    if stars is None or any(each.stars != stars for each in said):
        return None
    if not (stars >= MANY_STARS if likes else stars <= FEW_STARS):
        return None
    number = NUMBERS[int(stars)] if stars == int(stars) and stars <= 5 else f"{stars:g}"
    return f"{number} star{'' if stars == 1 else 's'}"


def _went(value: float) -> str:
    return "went down well" if value > 0 else "went down less well"


def _when(context: str) -> str:
    kind, _, detail = context.partition(":")
    if kind == "mood":
        return f"When you asked for {detail}"
    return (
        "With as much time as tonight" if kind == "minutes" else words.moment(context).capitalize()
    )


def _what(candidate: Candidate, trait: str) -> str | None:
    """Return a learnt trait in words; None for one that says nothing by itself."""
    kind, _, name = trait.partition(" ")
    if kind == "decade":
        return words.of_decade(candidate.title.year) if candidate.title.year else None
    if kind == "length":
        return _length(candidate)
    if kind not in TELLABLE or (kind == "mood" and profile(candidate.title)[name] < HAS_MOOD):
        return None
    return words.trait(trait, _made(candidate))


def _made(candidate: Candidate) -> str:
    return "series" if candidate.title.type == "show" else "films"


def _length(candidate: Candidate) -> str | None:
    minutes = candidate.title.runtime_minutes
    if not minutes:
        return None
    made = "episodes" if candidate.title.type == "show" else "films"
    return words.of_length(max(10, round(minutes, -1)), made)


def _quality(teller: Teller, value: float) -> str | None:
    title = teller.candidate.title
    known = {"Audiences": title.audience_rating, "Critics": title.critic_rating}
    # the term is of both together: name whoever had the larger part in the way it went
    parts = {
        who: SLOPES[who] * (rating - USUAL_RATING) * (1 if value > 0 else -1)
        for who, rating in known.items()
        if rating is not None
    }
    who = max(parts, key=lambda rater: parts[rater], default="")
    if parts.get(who, 0.0) <= 0:
        return None
    return f"{who} rate it {'' if value > 0 else 'only '}{known[who]:g} of 10."


def _mood(teller: Teller, value: float) -> str | None:
    asked = [mood for mood, _ in teller.candidate.moment.moods]
    has = profile(teller.candidate.title)
    wanted = [mood for mood in asked if (has.get(mood, 0) >= HAS_MOOD) == (value > 0)]
    if not wanted:
        return None
    said = " and ".join("full of action" if mood == "action" else mood for mood in wanted)
    return f"It is {said}, as you asked." if value > 0 else f"It is less {said} than you asked for."


def _age(teller: Teller, value: float) -> str | None:
    year = teller.candidate.title.year
    return f"Still loved since {year}." if year and year <= OLD and value > 0 else None


def _time(teller: Teller, value: float) -> str | None:
    minutes, there_is = teller.candidate.title.runtime_minutes, teller.candidate.moment.minutes
    if value > 0 or not minutes or not there_is:
        return None
    over = minutes - there_is
    if over > 0:
        return f"{over} minute{'' if over == 1 else 's'} over your time."
    return "It fills only part of your time."


def _company(_teller: Teller, value: float) -> str:
    return "Easy to agree on in company." if value > 0 else "Not everybody's choice in company."


def _seen(teller: Teller, value: float) -> str | None:
    if value > 0:
        return "Seeing things again went down well."
    return f"{teller.seen or 'You have'} seen it before."


_PRIOR: dict[str, Callable[[Teller, float], str | None]] = {
    "quality": _quality,
    "mood": _mood,
    "age": _age,
    "time": _time,
    "company": _company,
    "seen": _seen,
}
