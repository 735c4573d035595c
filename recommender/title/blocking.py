"""Each answer that rules a title out, with its fact: "It runs 163 minutes; you had 120."."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.moodnames import mood_name
from mlmodel.moods import MOODS
from moodrec.phrases import told
from moodrec.phrasing import joined
from plexsync.models import MediaItem
from plexsync.sight import visible
from recommender import candidates
from recommender.candidates import FITS_MOOD, FITS_STRONGLY
from recommender.title.sitting import Sitting

Facts = Mapping[str, Callable[[Sitting, int, MediaItem], str]]


def fact(name: str, sitting: Sitting, row: int, item: MediaItem) -> str:
    """Return why this answer (a name of `candidates.masks`) rules the title in a row out."""
    return _FACTS[name](sitting, row, item)


def facts(blocked: Sequence[str], sitting: Sitting, row: int, item: MediaItem) -> list[str]:
    """Return why each of these answers rules the title out; nothing is said twice."""
    said = [name for name in blocked if not _is_said(name, blocked, sitting, row)]
    told_facts = [fact(name, sitting, row, item) for name in said]
    if "minutes" not in said:
        return told_facts
    return [text.removeprefix(f"{_runs(item)} ") for text in told_facts]  # the minutes say it


def _is_said(name: str, blocked: Sequence[str], sitting: Sitting, row: int) -> bool:
    """Tell whether another of these answers says the same, and better."""
    answers, is_show = sitting.evening.answers, sitting.evening.shelf.is_show[row]
    if name == "vibe" and "strong" in blocked:
        lacking = [mood for mood, has in _shares(sitting, row, answers.vibe) if has < FITS_MOOD]
        return set(lacking) <= set(answers.strong)
    if "session" not in blocked or answers.session == "short":
        return False
    if is_show != (answers.session == "movie"):
        return False  # it is of the right kind, and has too few episodes
    return name == "minutes" or (name == "session" and "type" in blocked)


def _shares(sitting: Sitting, row: int, moods: tuple[str, ...]) -> list[tuple[str, float]]:
    profile = sitting.evening.shelf.titles.moods[row]
    return [(mood, float(profile[MOODS.index(mood)])) for mood in moods]


def _vibe(sitting: Sitting, row: int, item: MediaItem) -> str:
    return _lacking(_shares(sitting, row, sitting.evening.answers.vibe), FITS_MOOD)


def _strong(sitting: Sitting, row: int, item: MediaItem) -> str:
    return _lacking(_shares(sitting, row, sitting.evening.answers.strong), FITS_STRONGLY)


def _lacking(shares: list[tuple[str, float]], least: float) -> str:
    mood, share = min(shares, key=lambda each: each[1])
    return _("“%(mood)s”: it has %(has)s %% of that; you asked for %(least)s %% or more.") % {
        "mood": mood_name(mood),
        "has": math.floor(100 * share),
        "least": round(100 * least),
    }


def _avoid(sitting: Sitting, row: int, item: MediaItem) -> str:
    mood, share = max(_shares(sitting, row, sitting.evening.answers.avoid), key=lambda m: m[1])
    return _("“%(mood)s”: it has %(has)s %% of that; you wanted none.") % {
        "mood": mood_name(mood),
        "has": round(100 * share),
    }


def _guests(sitting: Sitting, row: int, item: MediaItem) -> str:
    for guest in sitting.evening.answers.guests:
        for mood, share in _shares(sitting, row, guest.avoid):
            if share >= FITS_MOOD:
                named = {"guest": guest.name or _("A guest"), "mood": mood_name(mood)}
                return _("%(guest)s wanted none of “%(mood)s”.") % named
    return _("A guest wanted none of that.")


def _session(sitting: Sitting, row: int, item: MediaItem) -> str:
    session, shelf = sitting.evening.answers.session, sitting.evening.shelf
    if session == "movie":
        return _("It is a series; you asked for a film.")
    if session == "short":
        most = _("Something short is %(most)s minutes or less.")
        return f"{_runs(item)} {most % {'most': candidates.SHORT_MINUTES}}"
    if not shelf.is_show[row]:
        return _("It is a film; you asked for episodes of a series.")
    left = int(sitting.known.ahead[row])
    return ngettext(
        "%(left)s episode of it is left to see, which is too few.",
        "%(left)s episodes of it are left to see, which is too few.",
        left,
    ) % {"left": left}


def _minutes(sitting: Sitting, row: int, item: MediaItem) -> str:
    answers, minutes = sitting.evening.answers, sitting.evening.answers.minutes or 0
    needed = float(candidates.needed_minutes(sitting.evening.shelf, answers)[row])
    if not math.isfinite(needed):
        return _("Nobody knows how long it runs; you had %(minutes)s minutes.") % {
            "minutes": minutes
        }
    times = {"needed": round(needed), "minutes": minutes}
    if answers.session == "binge":
        return _("Two episodes run %(needed)s minutes; you had %(minutes)s.") % times
    return _("It runs %(needed)s minutes; you had %(minutes)s.") % times


def _runs(item: MediaItem) -> str:
    if item.runtime_minutes is None:
        return _("Nobody knows how long it runs.")
    return _("It runs %(minutes)s minutes.") % {"minutes": item.runtime_minutes}


def _seen(sitting: Sitting, row: int, item: MediaItem) -> str:
    if sitting.evening.answers.seen == "again":
        return _("Nobody present has seen it; you asked for something seen before.")
    names = _named(sitting, sitting.known.seen[:, row])
    if not names:
        return _("It has been seen here; you asked for something new.")
    return _("Seen already by %(names)s; you asked for something new.") % {"names": names}


def _named(sitting: Sitting, flags: candidates.Flags) -> str:
    """Return the names of those present of whom it holds."""
    viewers = sitting.evening.viewers
    return told(joined([v.name for v, holds in zip(viewers, flags, strict=False) if holds]))


def _type(sitting: Sitting, row: int, item: MediaItem) -> str:
    if sitting.evening.shelf.is_show[row]:
        return _("It is a series; you asked for films only.")
    return _("It is a film; you asked for series only.")


def _age(sitting: Sitting, row: int, item: MediaItem) -> str:
    most = {"most": sitting.evening.answers.max_content_rating, "rating": item.content_rating}
    if not item.content_rating:
        return _("It has no age rating; you asked for %(most)s at most.") % most
    return _("It is rated %(rating)s; you asked for %(most)s at most.") % most


def _spin(sitting: Sitting, row: int, item: MediaItem) -> str:
    answers, shelf = sitting.evening.answers, sitting.evening.shelf
    if answers.shorter_than is not None and not shelf.titles.runtime[row] < answers.shorter_than:
        under = _("After “too long” it had to be under %(most)s.") % {"most": answers.shorter_than}
        return f"{_runs(item)} {under}"
    heavy = candidates.heaviness(shelf)[row]
    if answers.lighter_than is not None and not heavy < answers.lighter_than:
        return _("It is as heavy as what was too heavy for you, or heavier.")
    return _("It is as light as what was too light for you, or lighter.")


def _order(sitting: Sitting, row: int, item: MediaItem) -> str:
    shelf = sitting.evening.shelf
    before = np.flatnonzero(shelf.twin == shelf.predecessor[row])
    rows = MediaItem.objects.filter(pk__in=shelf.ids[before].tolist())
    rows = visible(rows, sitting.evening.user, sitting.evening.viewers)
    first = rows.values_list("title", flat=True).first()
    if first is None:  # kept from one of them, its name too
        return _("It follows a title that comes first.")
    knows = sitting.known.seen[:, before].any(axis=1) | sitting.known.seen[:, row]
    names = _named(sitting, ~knows)
    if not names:
        return _("It follows “%(first)s”, which has not been seen yet.") % {"first": first}
    waits = {"first": first, "names": names}
    return _("It follows “%(first)s”, not seen yet by %(names)s.") % waits


_FACTS: Facts = {
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
