"""Say why a title is here, from the true terms of its score, and what speaks against it most."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from mlmodel.met import NOTHING, Met
from mlmodel.records import Candidate
from moodrec.phrases import phrase
from recommender.terms import Teller, Told
from recommender.vocabulary import moods_of
from recommender.wording import a_stretch, evidence, is_personal, say

TELLING = 0.07  # logits: a smaller term moved nothing that anybody would notice
MOST_REASONS = 3
MOST_IN_GROUP = 5
LONG_MINUTES = 150
CONCRETE = 2.0  # "gave two other films of hers five stars" says more than a number as large
BLAND = 0.5  # "titles of the 2010s" says less
AGAIN = 0.3  # what was said of another of the three says little more
NOTHING_MUCH = 1e-9
HATS = ("length", "decade")  # a length or year lies between two knots: their terms are one opinion
OF_TIME = "minutes"  # likewise the time there is

Term = tuple[str, float]
Spoken = tuple[Told, str]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody present: the terms of their own score, and what the log knows of their taste."""

    name: str
    terms: Sequence[Term]
    met: Callable[[str], Met] = lambda _trait: NOTHING
    has_seen: bool = False


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a title is shown, best reason first, and its one drawback."""

    reasons: list[str]
    drawback: str | None


@dataclass(frozen=True, slots=True)
class Showing:
    """How a title is shown: what the words need beside the title and the people."""

    stretch: bool = False
    unsure: bool = False
    """Whether its score is less sure than that of the first of the three."""
    follows: str = ""
    """The title on the shelf that comes before it."""
    again: bool = False
    """Whether something seen was asked for."""
    said: Collection[str] = ()
    """The reasons of those shown before it."""


def explain(
    candidate: Candidate, people: Sequence[Person], showing: Showing = Showing()
) -> Explained:
    """Put the terms of everybody's score into words; of nobody in particular, one Person without a name.

    Terms sum to the score's logit; the largest come first; each becomes at most one sentence, and one
    that moved the score by less than TELLING none. A group hears what holds for all of them, then a
    reason for each whose own taste had one. A stretch says what is unknown, where the log knows taste.
    What was said of another of the three goes last; that somebody is cool on what was asked is no drawback.
    """
    alone = people[0] if len(people) == 1 else None
    together = _told(alone) if alone else _average([_told(person) for person in people])
    teller = _teller(candidate, people, showing.follows)
    spoken = _spoken(together, teller, showing)
    shared = [(told, text) for told, text in spoken if told.value > 0]
    each = [] if alone else [_own(candidate, person, showing) for person in people]
    own = _one_each(each, {told.trait for told, _ in shared[:1]})
    rest = [text for told, text in shared[1:] if not (own and is_personal(told))]
    most = max(1, MOST_REASONS - len(own))
    reasons = [*[text for _, text in shared[:1]], *rest[: most - 1], *own][:MOST_IN_GROUP]
    reasons = reasons or [_plain(candidate)]
    learnt = any(told.context not in {"prior", "seen"} for told in together) and people[0].name
    met = [person.met for person in people]
    unknown = a_stretch(teller, met, unsure=showing.unsure) if showing.stretch and learnt else None
    if unknown:
        reasons = [*reasons[: (MOST_REASONS if alone else MOST_IN_GROUP) - 1], unknown]
    against = _against(spoken, candidate, showing) or _against(_worst(each), candidate, showing)
    drawback = against[0] if against else _long(candidate) or _unrated(candidate)
    return Explained(reasons, drawback)


def _own(candidate: Candidate, person: Person, showing: Showing) -> list[Spoken]:
    """Return what one of a group's own taste says."""
    teller = Teller(candidate, person.name, in_group=True, follows=showing.follows, met=person.met)
    return _spoken([told for told in _told(person) if told.context == "viewer"], teller, showing)


def _against(spoken: Iterable[Spoken], candidate: Candidate, showing: Showing) -> list[str]:
    """Return what speaks against it, but for what was asked for."""
    asked = {f"mood {mood}" for mood, _ in candidate.moment.moods}
    asked |= {"seen"} if showing.again else set()
    return [text for told, text in spoken if told.value < 0 and told.trait not in asked]


def _one_each(each: Iterable[Sequence[Spoken]], said: set[str]) -> list[str]:
    """Return for each the best reason that was not said already."""
    found = []
    for spoken in each:
        texts = [text for told, text in spoken if told.value > 0 and told.trait not in said]
        found += texts[:1]
    return found


def _worst(each: Iterable[Sequence[Spoken]]) -> list[Spoken]:
    """Return what speaks against it for any one of a group, the strongest first."""
    against = [said for spoken in each for said in spoken if said[0].value < 0]
    return sorted(against, key=lambda said: said[0].value)


def _teller(candidate: Candidate, people: Sequence[Person], follows: str) -> Teller:
    """Return who tells what holds for all: of one person alone, that person's own taste."""
    if len(people) == 1:
        return Teller(candidate, people[0].name, follows=follows, met=people[0].met)
    seen = [person.name for person in people if person.has_seen]
    some = 0 < len(seen) < len(people)
    return Teller(candidate, in_group=True, follows=follows, seen=seen if some else ())


def _spoken(terms: Iterable[Told], teller: Teller, showing: Showing) -> list[Spoken]:
    """Return the telling terms that have words, largest first, one of a kind for and one against.

    What rests on titles that can be named goes before what is as large and rests on none, and the same
    titles are named once: a director and an actor of one film are one reason.
    """
    texts = [(told, say(told, teller)) for told in terms if abs(told.value) >= TELLING]
    said = [(told, text) for told, text in texts if text]
    found: dict[tuple[str, str, bool], Spoken] = {}
    named: set[str] = set()
    for told, text in sorted(said, key=lambda each: -_weight(each, teller, showing)):
        kind = (told.context, told.trait.split(" ", 1)[0], told.value > 0)
        titles = evidence(told, teller)
        if kind not in found and not (titles and titles <= named):
            found[kind] = told, text
            named |= titles
    return list(found.values())


def _weight(spoken: Spoken, teller: Teller, showing: Showing) -> float:
    told, text = spoken
    concrete = CONCRETE if evidence(told, teller) else BLAND if told.trait in HATS else 1.0
    return abs(told.value) * concrete * (AGAIN if text in showing.said else 1.0)


def _average(people: Sequence[Sequence[Told]]) -> list[Told]:
    """Return the terms of a group, shared out evenly; a taste only where it is everybody's."""
    values: dict[tuple[str, str], list[float]] = {}
    for terms in people:
        for told in terms:
            context = "household" if is_personal(told) else told.context
            values.setdefault((context, told.trait), []).append(told.value)
    return [
        Told(context, trait, sum(found) / len(people))
        for (context, trait), found in values.items()
        if context != "household" or _agree(found, len(people))
    ]


def _agree(values: Sequence[float], people: int) -> bool:
    return len(values) == people and (min(values) > 0 or max(values) < 0)


def _told(person: Person) -> list[Told]:
    """Return somebody's terms as they are told: what several say of one trait is one opinion.

    What household and viewer weigh is told as the viewer's where the larger part is, or where the
    viewer has spoken of such titles.
    """
    total: dict[tuple[str, str], float] = {}
    own: dict[str, float] = {}
    for name, value in person.terms:
        context, trait = _split(name)
        if context.startswith("viewer:"):
            own[trait] = own.get(trait, 0.0) + value
            context = "household"
        total[context, trait] = total.get((context, trait), 0.0) + value
    return [
        Told(_whose(context, own.get(trait, 0.0) / value, person.met(trait)), trait, value)
        for (context, trait), value in total.items()
        if abs(value) >= NOTHING_MUCH
    ]


def _whose(context: str, own_share: float, known: Met) -> str:
    is_own = own_share > 0.5 or known.count > 0
    return "viewer" if context == "household" and is_own else context


def _split(name: str) -> tuple[str, str]:
    """Return context and trait of a term's name, neighbouring knots under one name."""
    if name.startswith("prior:"):
        of = name.removeprefix("prior:")
        return ("seen", "seen") if of == "seen" else ("prior", of)
    if "|" not in name:
        return name, name
    context, _, trait = name.partition("|")
    kind = trait.partition(" ")[0]
    context = OF_TIME if context.startswith(f"{OF_TIME}:") else context
    return context, kind if kind in HATS else trait


def _plain(candidate: Candidate) -> str:
    """Return the reason that is left where no term stands out: it passed what was asked."""
    asked = [mood for mood, _ in candidate.moment.moods]
    if asked:
        return phrase("It fits what you asked: %(moods)s.", moods=moods_of(asked))
    return phrase("Nothing in particular: it simply fits.")


def _long(candidate: Candidate) -> str | None:
    minutes = candidate.title.runtime_minutes or 0
    if candidate.title.type == "show" or minutes < LONG_MINUTES:
        return None
    hours, rest = minutes // 60, f"{minutes % 60:02d}"
    return phrase("It takes %(hours)s h %(minutes)s.", hours=hours, minutes=rest)


def _unrated(candidate: Candidate) -> str | None:
    title = candidate.title
    known = title.audience_rating is not None or title.critic_rating is not None
    return None if known else phrase("Nobody has rated it yet.")
