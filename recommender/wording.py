"""One term of a score in words: what it says, of whom, on what evidence. Nothing that is not in the term.

Every sentence is a phrase, told in the language of whoever reads it. Translators: %(what)s and %(others)s name
titles as a dictionary would ("thrillers", "two other films by Jane Campion"); where your language bends such words,
build the sentence so that they stand after a colon.
"""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext_noop

from mlmodel import words
from mlmodel.met import Met, Said
from mlmodel.moods import profile
from mlmodel.records import Candidate
from mlmodel.words import called, short
from moodrec.phrases import Phrase, phrase
from recommender import house_rules, vocabulary
from recommender.house_rules import HAS_MOOD
from recommender.terms import Teller, Told
from recommender.vocabulary import STARS, WHEN

LIKED, DISLIKED = 0.6, 0.4  # of what was said of a title
MANY_STARS, FEW_STARS = 4.0, 2.0
FOR_ONE = gettext_noop("For %(who)s: %(said)s")
LONGEST = 90  # characters; what is longer goes without its evidence
TELLABLE = {
    "director",
    "actor",
    "collection",
    "franchise",
    "genre",
    "mood",
    "country",
    "studio",
    "type",
}
"""What says something by itself."""


def say(told: Told, teller: Teller) -> str | None:
    """Return the sentence of a term; None where it has no words, or the log speaks against them."""
    if told.context == "prior":
        return house_rules.rule(told.trait, teller, told.value)
    if told.context == "tree":
        return _tree(told.value)
    if told.context == "seen":
        return house_rules.seen(teller, told.value)
    what = _what(teller.candidate, told.trait)
    if what is None:
        return None
    if told.context in {"household", "viewer"}:
        return _taste(told, what, teller)
    return _at_a_moment(told, what)


def for_person(name: str, said: str) -> str:
    """Return a reason that is one person's in a group; in English ``said`` goes on after a colon."""
    return phrase(FOR_ONE, who=short(name), said=said)


def of_person(reason: str, name: str) -> bool:
    """Tell whether a reason is this person's in a group; of old rows only the English text is left."""
    if isinstance(reason, Phrase):
        return reason.message == FOR_ONE and reason.values["who"] == short(name)
    return reason.startswith(f"For {short(name)}: ")


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
        name = short(unknown[0])
        return phrase("A stretch: no word from you yet on films by %(name)s.", name=name)
    if unsure:
        return phrase("A stretch: less certain than the safe bet, and perhaps a find.")
    return None


def _tree(value: float) -> str:
    if value > 0:
        return phrase("Your answers on such titles speak for it.")
    return phrase("Your answers on such titles speak against it.")


def _at_a_moment(told: Told, what: str) -> str | None:
    when = WHEN.get(told.context)
    if when is None:
        return None
    if told.value > 0:
        return phrase("%(when)s %(what)s went down well.", when=when, what=what)
    return phrase("%(when)s %(what)s went down less well.", when=when, what=what)


def _taste(told: Told, what: str, teller: Teller) -> str | None:
    if teller.who and teller.met(told.trait).count:
        return _with_evidence(told, what, teller)
    if told.context == "household" or not teller.who:
        return _at_home(told.value, what)
    if teller.in_group:
        return for_person(teller.who, _stopped(_went(told.value, what)))
    if told.value > 0:
        return phrase("%(who)s has enjoyed %(what)s.", who=short(teller.who), what=what)
    return phrase("%(who)s has been cool on %(what)s.", who=short(teller.who), what=what)


def _at_home(value: float, what: str) -> str:
    if value > 0:
        return phrase("At home, %(what)s went down well.", what=what)
    return phrase("At home, %(what)s went down less well.", what=what)


def _with_evidence(told: Told, what: str, teller: Teller) -> str | None:
    """Return the sentence with the titles it rests on; None where what was said was the contrary."""
    agree, likes = _agreeing(told, teller), told.value > 0
    if not agree:
        return None
    follows = next((s.title for s in agree if s.title == teller.follows), "") if likes else ""
    if follows and told.trait.startswith(("franchise ", "collection ")):
        return _next_part(short(follows), teller)
    clause = _counted(told, what, teller, agree)
    names = [short(said.title) for said in agree]
    sentences = [_one_s(clause, names[:n], teller) for n in range(len(names), -1, -1)]
    return next((s for s in sentences if len(s) <= LONGEST), sentences[-1])


def _one_s(clause: str, names: Sequence[str], teller: Teller) -> str:
    said = _stopped(clause, names)
    return for_person(teller.who, said) if teller.in_group else said


def _stopped(clause: str, names: Sequence[str] = ()) -> str:
    """Return a clause as a sentence, with the titles it rests on."""
    if names:
        return phrase("%(clause)s (%(titles)s).", clause=clause, titles=", ".join(names))
    return phrase("%(clause)s.", clause=clause)


def _agreeing(told: Told, teller: Teller) -> list[Said]:
    """Return what the viewer said of other titles with the trait that goes the way of the term."""
    said = teller.met(told.trait).titles if teller.who else ()
    other = [each for each in said if each.title != teller.candidate.title.title]
    return [s for s in other if (s.label >= LIKED if told.value > 0 else s.label <= DISLIKED)]


def _next_part(before: str, teller: Teller) -> str:
    if teller.in_group:
        said = phrase("what comes after %(before)s, which went down well.", before=before)
        return for_person(teller.who, said)
    who = short(teller.who)
    return phrase("%(who)s enjoyed %(before)s; this is what comes next.", who=who, before=before)


def _counted(told: Told, what: str, teller: Teller, agree: Sequence[Said]) -> str:
    """Return what somebody said of how many titles, as a clause."""
    who, likes = short(teller.who), told.value > 0
    if teller.in_group:
        return _went(told.value, what)
    others = _others(told.trait, teller.candidate, len(agree))
    stars = _same_stars(agree, likes=likes)
    if stars:
        return phrase("%(who)s gave %(others)s %(stars)s", who=who, others=others, stars=stars)
    if likes:
        return phrase("%(who)s enjoyed %(others)s", who=who, others=others)
    return phrase("%(who)s was cool on %(others)s", who=who, others=others)


def _others(trait: str, candidate: Candidate, count: int) -> str:
    """Return how many other titles with the trait: "two other Bong Joon-ho films"."""
    kind, _, name = trait.partition(" ")
    if kind == "director" and candidate.title.type == "movie":
        return vocabulary.films_by(short(name), count)
    return vocabulary.others(kind, called(kind, name), count)


def _same_stars(said: Sequence[Said], *, likes: bool) -> str | None:
    """Return the stars that all of these got, in words, where they speak as the term does."""
    stars = said[0].stars
    if stars is None or any(each.stars != stars for each in said):
        return None
    if not (stars >= MANY_STARS if likes else stars <= FEW_STARS):
        return None
    return STARS.get(stars) or phrase("%(stars)s stars", stars=stars)


def _went(value: float, what: str) -> str:
    if value > 0:
        return phrase("%(what)s went down well", what=what)
    return phrase("%(what)s went down less well", what=what)


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
