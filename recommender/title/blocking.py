"""Each answer that rules a title out, with its fact: "It runs 163 minutes; you had 120."."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.moodnames import mood_name
from mlmodel.matrix import Catalogue, Ints
from mlmodel.moods import MOODS
from moodrec.phrases import told
from moodrec.phrasing import joined
from plexsync.models import MediaItem
from recommender import candidates
from recommender.candidates import FITS_MOOD, FITS_STRONGLY
from recommender.moment import Answers
from recommender.title.sitting import Sitting


@dataclass(frozen=True, slots=True)
class Case:
    """A title that an ask was answered without."""

    sitting: Sitting
    row: int
    item: MediaItem
    first: str | None
    """The title that comes before it in its story, as far as the user may see that."""

    @property
    def answers(self) -> Answers:
        return self.sitting.evening.answers

    @property
    def shelf(self) -> Catalogue:
        return self.sitting.evening.shelf


def comes_before(shelf: Catalogue, row: int) -> Ints:
    """Return the rows of what must be seen before this title: copies of one title, or nothing."""
    rows: Ints = np.flatnonzero(shelf.twin == shelf.predecessor[row])
    return rows


def case_of(sitting: Sitting, row: int, items: Mapping[int, MediaItem]) -> Case:
    """Return the case of a title; ``items`` holds it and, if it may be named, what comes before it."""
    ids = sitting.evening.shelf.ids
    before = ids[comes_before(sitting.evening.shelf, row)].tolist()
    first = next((items[each].title for each in before if each in items), None)
    return Case(sitting, row, items[int(ids[row])], first)


def facts(blocked: Sequence[str], case: Case) -> list[str]:
    """Return why each of these answers rules the title out; nothing is said twice."""
    said = [name for name in blocked if not _is_said(name, blocked, case)]
    runs = "" if "minutes" in said else f"{_runs(case)} "  # the minutes say it themselves
    return [(runs if _is_too_long(name, case) else "") + _FACTS[name](case) for name in said]


def _is_too_long(name: str, case: Case) -> bool:
    """Tell whether the title is too long for this answer, which then names only what is asked for."""
    answers, runtime = case.answers, case.shelf.titles.runtime[case.row]
    if name == "session":
        return answers.session == "short"
    most = answers.shorter_than
    return name == "spin" and most is not None and not runtime < most


def _is_said(name: str, blocked: Sequence[str], case: Case) -> bool:
    """Tell whether another of these answers says the same, and better."""
    answers, is_show = case.answers, case.shelf.is_show[case.row]
    if name == "vibe" and "strong" in blocked:
        lacking = [mood for mood, has in _shares(case, answers.vibe) if has < FITS_MOOD]
        return set(lacking) <= set(answers.strong)
    if "session" not in blocked or answers.session == "short":
        return False
    if is_show != (answers.session == "movie"):
        return False  # it is of the right kind, and has too few episodes
    return name == "minutes" or (name == "session" and "type" in blocked)


def _shares(case: Case, moods: tuple[str, ...]) -> list[tuple[str, float]]:
    profile = case.shelf.titles.moods[case.row]
    return [(mood, float(profile[MOODS.index(mood)])) for mood in moods]


def _vibe(case: Case) -> str:
    return _lacking(_shares(case, case.answers.vibe), FITS_MOOD)


def _strong(case: Case) -> str:
    return _lacking(_shares(case, case.answers.strong), FITS_STRONGLY)


def _lacking(shares: list[tuple[str, float]], least: float) -> str:
    mood, share = min(shares, key=lambda each: each[1])
    return _("“%(mood)s”: it has %(has)s %% of that; you asked for %(least)s %% or more.") % {
        "mood": mood_name(mood),
        "has": math.floor(100 * share),
        "least": round(100 * least),
    }


def _avoid(case: Case) -> str:
    mood, share = max(_shares(case, case.answers.avoid), key=lambda m: m[1])
    return _("“%(mood)s”: it has %(has)s %% of that; you wanted none.") % {
        "mood": mood_name(mood),
        "has": round(100 * share),
    }


def _guests(case: Case) -> str:
    for guest in case.answers.guests:
        for mood, share in _shares(case, guest.avoid):
            if share >= FITS_MOOD:
                named = {"guest": guest.name or _("A guest"), "mood": mood_name(mood)}
                return _("%(guest)s wanted none of “%(mood)s”.") % named
    return _("A guest wanted none of that.")


def _session(case: Case) -> str:
    session, shelf = case.answers.session, case.shelf
    if session == "movie":
        return _("It is a series; you asked for a film.")
    if session == "short":
        most = {"most": candidates.SHORT_MINUTES}
        return _("Something short is %(most)s minutes or less.") % most
    if not shelf.is_show[case.row]:
        return _("It is a film; you asked for episodes of a series.")
    left = int(case.sitting.known.ahead[case.row])
    return ngettext(
        "%(left)s episode of it is left to see, which is too few.",
        "%(left)s episodes of it are left to see, which is too few.",
        left,
    ) % {"left": left}


def _minutes(case: Case) -> str:
    answers, minutes = case.answers, case.answers.minutes or 0
    needed = float(candidates.needed_minutes(case.shelf, answers)[case.row])
    if not math.isfinite(needed):
        return _("Nobody knows how long it runs; you had %(minutes)s minutes.") % {
            "minutes": minutes
        }
    times = {"needed": round(needed), "minutes": minutes}
    if answers.session == "binge":
        return _("Two episodes run %(needed)s minutes; you had %(minutes)s.") % times
    return _("It runs %(needed)s minutes; you had %(minutes)s.") % times


def _runs(case: Case) -> str:
    if case.item.runtime_minutes is None:
        return _("Nobody knows how long it runs.")
    return _("It runs %(minutes)s minutes.") % {"minutes": case.item.runtime_minutes}


def _seen(case: Case) -> str:
    if case.answers.seen == "again":
        return _("Nobody present has seen it; you asked for something seen before.")
    names = _named(case, case.sitting.known.seen[:, case.row])
    if not names:
        return _("It has been seen here; you asked for something new.")
    return _("Seen already by %(names)s; you asked for something new.") % {"names": names}


def _named(case: Case, flags: candidates.Flags) -> str:
    """Return the names of those present of whom it holds."""
    viewers = case.sitting.evening.viewers
    return told(joined([v.name for v, holds in zip(viewers, flags, strict=False) if holds]))


def _type(case: Case) -> str:
    if case.shelf.is_show[case.row]:
        return _("It is a series; you asked for films only.")
    return _("It is a film; you asked for series only.")


def _age(case: Case) -> str:
    most = {"most": case.answers.max_content_rating, "rating": case.item.content_rating}
    if not case.item.content_rating:
        return _("It has no age rating; you asked for %(most)s at most.") % most
    return _("It is rated %(rating)s; you asked for %(most)s at most.") % most


def _spin(case: Case) -> str:
    answers, shelf = case.answers, case.shelf
    if _is_too_long("spin", case):
        return _("After “too long” it had to be under %(most)s.") % {"most": answers.shorter_than}
    heavy = candidates.heaviness(shelf)[case.row]
    if answers.lighter_than is not None and not heavy < answers.lighter_than:
        return _("It is as heavy as what was too heavy for you, or heavier.")
    return _("It is as light as what was too light for you, or lighter.")


def _order(case: Case) -> str:
    known, before = case.sitting.known, comes_before(case.shelf, case.row)
    if case.first is None or not known.visible[before].any():  # kept from one of them, its name too
        return _("It follows a title that comes first.")
    knows = known.seen[:, before].any(axis=1) | known.seen[:, case.row]
    names = _named(case, ~knows)
    if not names:
        return _("It follows “%(first)s”, which has not been seen yet.") % {"first": case.first}
    waits = {"first": case.first, "names": names}
    return _("It follows “%(first)s”, not seen yet by %(names)s.") % waits


_FACTS: Mapping[str, Callable[[Case], str]] = {
    "vibe": _vibe,
    "strong": _strong,
    "avoid": _avoid,
    "guests": _guests,
    "session": _session,
    "minutes": _minutes,
    "seen": _seen,
    "type": _type,
    "max_content_rating": _age,
    "spin": _spin,
    "order": _order,
}
