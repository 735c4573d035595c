"""What the model page tells, and to whom: beliefs about oneself and the household, answers one may speak for."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from feedback.models import Feedback
from mlmodel import lessons, serving, words
from mlmodel.models import ModelVersion
from mlmodel.page import reading
from mlmodel.traits import FIXED
from moodrec.phrases import told
from plexsync import sight
from plexsync.models import MediaItem, Viewer

BAR = 100.0  # width of half a belief's bar
FULL = 1.0  # logits that fill it: odds times 2.7
MOST_ASIDE = 50
MOST_TAUGHT = 6
MOST_ROWS = 2**53  # numbers beyond it are no row's, and no database takes them
LITTLE = 1.1  # odds; what moves them less is said to be slight
STRONG = 1.5
KINDS: dict[str, Callable[[int], str]] = {
    "feedback": lambda n: ngettext("%(n)s answer given here", "%(n)s answers given here", n),
    "plex": lambda n: ngettext(
        "%(n)s title with stars in Plex", "%(n)s titles with stars in Plex", n
    ),
    "watched": lambda n: ngettext("%(n)s title only watched", "%(n)s titles only watched", n),
    "passed": lambda n: ngettext("%(n)s title passed over", "%(n)s titles passed over", n),
}
WAYS = {
    "model": gettext_lazy("Your model"),
    "prior": gettext_lazy("House rules"),
    "popularity": gettext_lazy("Best rated first"),
    "random": gettext_lazy("Dice"),
}
PICKED = ("enjoyed", "picked")


@dataclass(frozen=True, slots=True)
class Belief:
    """One belief in words, and the bar that is drawn for it."""

    says: str
    when: str
    likes: bool
    strength: str
    """How strong it is, either way: "clearly less"."""
    odds: str
    answers: int
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class About:
    """What is believed of a viewer, or of all of them together."""

    name: str
    slug: str
    """Empty: of all of them together."""
    beliefs: Sequence[Belief]
    taught: Sequence[MediaItem] = ()
    """Titles of which this viewer said what moved the model most."""

    @property
    def likes(self) -> list[Belief]:
        return [belief for belief in self.beliefs if belief.likes]

    @property
    def cool(self) -> list[Belief]:
        return [belief for belief in self.beliefs if not belief.likes]


@dataclass(frozen=True, slots=True)
class Moved:
    """An answer that moved the model, with what its title would score without it (percent)."""

    row: Feedback
    score: str
    without: str
    up: bool


@dataclass(frozen=True, slots=True)
class Rank:
    """How often one way of picking puts the better of two titles first, of 100."""

    name: str
    of_100: str
    width: str


@dataclass(frozen=True, slots=True)
class Hits:
    """What was enjoyed of the picks that were answered."""

    learned: bool
    """Whether the model picked them, else the house rules."""
    enjoyed: int
    picked: int


def league(metrics: Mapping[str, Any]) -> list[Rank]:
    """The ways of picking against each other, on the same answers; those that were measured."""
    found = ((name, reading.share(reading.lies(metrics, who, "auc"))) for who, name in WAYS.items())
    return [
        Rank(str(name), reading.percent(part), f"{part * 100:.1f}")
        for name, part in found
        if part is not None
    ]


def hits(metrics: Mapping[str, Any]) -> list[Hits]:
    """What was enjoyed of what was really shown, by who picked it."""
    found = []
    for who in ("learned", "prior"):
        counts = [reading.number(reading.lies(metrics, "hits", who, key)) for key in PICKED]
        if counts[1]:
            found.append(Hits(who == "learned", int(counts[0] or 0), int(counts[1])))
    return found


def gained(metrics: Mapping[str, Any]) -> tuple[str, str] | None:
    """Between what and what it gains on the house rules, of 100, with 95 % certainty."""
    low, high = reading.interval(metrics, "gain")
    return None if low is None or high is None else (f"{low * 100:+.0f}", f"{high * 100:+.0f}")


def sources(metrics: Mapping[str, Any]) -> list[str]:
    """What was learnt from, by kind: "40 answers given here"."""
    counts = metrics.get("sources")
    counts = counts if isinstance(counts, Mapping) else {}
    found = ((reading.number(counts.get(kind)), names) for kind, names in KINDS.items())
    return [names(int(count)) % {"n": int(count)} for count, names in found if count]


def beliefs(
    insight: Mapping[str, Any],
    user: User | AnonymousUser,
    speakers: Sequence[Viewer],
    lessons_of: Sequence[Moved] = (),
) -> list[About]:
    """What is believed of the household, and of the ``speakers``: those this user speaks for.

    Taste is nobody else's business. Who may not see every title is told no name that stands on
    others alone. ``lessons_of``: what moved the model most; of each viewer the titles of theirs.
    """
    viewers = insight.get("viewers")
    viewers = viewers if isinstance(viewers, Mapping) else {}
    mine = [viewer for viewer in speakers if viewer.slug in viewers]
    found = [_about(viewer, viewers.get(viewer.slug), lessons_of) for viewer in mine]
    of_all = _listed(insight.get("household"))
    if sight.is_limited(user, ()):
        of_all = [each for each in of_all if each.get("trait") in FIXED]
    return [*found, About(_("The household"), "", _beliefs(of_all))]


def _about(viewer: Viewer, told_of: object, lessons_of: Sequence[Moved]) -> About:
    taught = [each.row.item for each in lessons_of if each.row.viewer_id == viewer.pk]
    return About(viewer.name, viewer.slug, _beliefs(told_of), taught[:MOST_TAUGHT])


def questions(
    insight: Mapping[str, Any], user: User | AnonymousUser, speakers: Sequence[Viewer]
) -> list[str]:
    """What a tree asks first, without what it asks about viewers this user does not speak for."""
    asked = insight.get("questions")
    names = {viewer.slug: viewer.name for viewer in speakers}
    found, is_limited = [], sight.is_limited(user, ())
    for column in asked if isinstance(asked, list) else []:
        context, _bar, trait = str(column).rpartition("|")
        kind, _colon, slug = context.partition(":")
        of_all = context in {"", "household"}
        about = (
            names.get(slug) if kind == "viewer" else "" if of_all else told(words.moment(context))
        )
        if about is not None and (trait in FIXED or not is_limited):
            found.append(f"{told(words.trait(trait))}{about and f' ({about})'}")
    return found


def moments(insight: Mapping[str, Any]) -> list[Belief]:
    """What depends on mood, company, time and day."""
    return _beliefs(insight.get("moments"))


def moved_and_aside(
    insight: Mapping[str, Any], user: User | AnonymousUser, speakers: Sequence[Viewer]
) -> tuple[list[Moved], list[Feedback]]:
    """The answers that moved the model most and still teach, and those put aside, newest first.

    Both of the ``speakers`` only, and of titles that this user may see.
    """
    told = _listed(insight.get("moved"))
    numbered = [(each, reading.number(each.get("origin"))) for each in told]
    numbers = [(each, int(pk)) for each, pk in numbered if pk is not None and 0 < pk < MOST_ROWS]
    teaching = Q(pk__in=[pk for _each, pk in numbers], teaches=True)
    wanted = teaching & Q(said_at__gte=lessons.since()) | Q(teaches=False)
    rows = list(_theirs(user, speakers).filter(wanted).order_by("-said_at"))
    found = {row.pk: row for row in rows if row.teaches}
    moved = [_moved(found[pk], each) for each, pk in numbers if pk in found]
    return moved, [row for row in rows if not row.teaches][:MOST_ASIDE]


def _theirs(user: User | AnonymousUser, speakers: Sequence[Viewer]) -> QuerySet[Feedback]:
    rows = sight.of_visible(Feedback.objects.filter(viewer__in=speakers), user)
    return rows.select_related("item__library__connection", "viewer").defer("candidate")


def _moved(row: Feedback, told: Mapping[str, Any]) -> Moved:
    score, without = (reading.share(told.get(name)) for name in ("score", "without"))
    return Moved(
        row, reading.percent(score), reading.percent(without), (score or 0) >= (without or 0)
    )


def _beliefs(told: object) -> list[Belief]:
    found = ((each, reading.number(each.get("logit"))) for each in _listed(told))
    return [_belief(each, logit) for each, logit in found if logit is not None]


def _listed(told: object) -> list[Mapping[str, Any]]:
    return [each for each in told if isinstance(each, Mapping)] if isinstance(told, list) else []


def _belief(each: Mapping[str, Any], logit: float) -> Belief:
    """The bar starts in the middle and grows to the right for more, to the left for less."""
    width = min(abs(logit) / FULL, 1.0) * BAR
    odds = reading.number(each.get("odds")) or 1.0
    when = str(each.get("when") or "")
    return Belief(
        says=told(words.trait(str(each.get("trait", "")))),
        when=told(words.moment(when)) if when else "",
        likes=logit > 0,
        strength=_strength(odds, likes=logit > 0),
        odds=number_format(odds, 1 if odds >= 1.1 else 2),  # never "1.0 times, a touch more"
        answers=int(reading.number(each.get("answers")) or 0),
        x=f"{BAR if logit > 0 else BAR - width:.1f}",
        width=f"{width:.1f}",
    )


def _strength(odds: float, *, likes: bool) -> str:
    """Return how strong a belief is, in words."""
    far = max(odds, 1 / odds) if odds > 0 else math.inf
    if far < LITTLE:
        return _("a touch more") if likes else _("a touch less")
    if far < STRONG:
        return _("somewhat more") if likes else _("somewhat less")
    return _("clearly more") if likes else _("clearly less")


def that_scores(versions: Iterable[ModelVersion]) -> ModelVersion | None:
    """The one of these that scores: the one in use, or an older one while that can't be believed."""
    found = serving.active()
    return next((row for row in versions if found and row.number == found.number), None)


def of_version(version: ModelVersion | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Metrics and insight of a version; both empty where there is none, or it is older than they are."""
    found = (version.metrics, version.insight) if version else ({}, {})
    metrics, insight = (each if isinstance(each, dict) else {} for each in found)
    return metrics, insight
