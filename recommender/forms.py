"""The questionnaire as a form: big taps, sensible defaults, nothing required."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import time as clock_time
from typing import Any

from django import forms
from django.utils.formats import time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.moodnames import MOOD_NAMES
from plexsync.models import Viewer
from recommender import moment, remembered
from recommender.moment import Answers

SPANS = [
    ("", gettext_lazy("No limit")),
    ("60", gettext_lazy("1 h")),
    ("90", gettext_lazy("1½ h")),
    ("120", gettext_lazy("2 h")),
    ("180", gettext_lazy("3 h")),
]
SITTINGS = [("episode", gettext_lazy("One episode")), ("binge", gettext_lazy("A binge"))]
TYPES = [
    ("any", gettext_lazy("Either")),
    ("movie", gettext_lazy("A film")),
    ("show", gettext_lazy("A series")),
]
SEEN = [
    ("any", gettext_lazy("Either")),
    ("new", gettext_lazy("New to us")),
    ("again", gettext_lazy("Seen before")),
]
COMPANIES = [("solo", gettext_lazy("Just me")), ("group", gettext_lazy("Together"))]
VIBES = [(vibe, MOOD_NAMES[vibe]) for vibe in moment.VIBES]
A_DAY_LESS = 18 * 60  # minutes: a time that far ahead is one that has just passed
OPEN = {"type": "any", "seen": "any", "minutes": None, "finish_by": None}


def _moods() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=VIBES, required=False, widget=forms.CheckboxSelectMultiple
    )


def _choice(choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, required=False, widget=forms.RadioSelect)


@dataclass(frozen=True, slots=True)
class Chip:
    """A mood as it is tapped; `degree` is off, wanted, strong or avoid."""

    mood: str
    name: str | Promise
    degree: str

    @property
    def is_wanted(self) -> bool:
        return self.degree in {"wanted", "strong"}


class MoodForm(forms.Form):
    """Which moods are wanted, which very much, and which not at all."""

    vibe, strong, avoid = _moods(), _moods(), _moods()

    def chips(self) -> list[Chip]:
        """Return every mood with how much of it is asked for as the form stands."""
        degrees = {"wanted": "vibe", "strong": "strong", "avoid": "avoid"}
        told = {
            mood: degree for degree, name in degrees.items() for mood in self[name].value() or ()
        }
        return [Chip(mood, name, told.get(mood, "off")) for mood, name in VIBES]

    @property
    def has_degrees(self) -> bool:
        """Whether something is wanted very much or not at all."""
        return any(chip.degree in {"strong", "avoid"} for chip in self.chips())

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        both = {*given.get("vibe", ()), *given.get("strong", ())} & {*given.get("avoid", ())}
        for mood in sorted(both):
            told = {"mood": MOOD_NAMES[mood]}
            self.add_error("vibe", _("“%(mood)s” is wanted and ruled out: choose one.") % told)
        return given


class TonightForm(MoodForm):
    """What the tonight page asks.

    ``viewers``: who may be chosen; ``locked``: those of them whose PIN this device does not know.
    """

    company = _choice(COMPANIES)
    viewer = forms.MultipleChoiceField(required=False)
    time = forms.CharField(max_length=10, required=False, widget=forms.RadioSelect)
    minutes = forms.IntegerField(
        min_value=moment.LEAST_MINUTES,
        max_value=moment.MOST_MINUTES,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    finish_by = forms.TimeField(
        required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    type = _choice(TYPES)
    seen = _choice(SEEN)
    surprise = forms.BooleanField(required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        now: datetime,
        viewers: Sequence[Viewer] = (),
        locked: frozenset[int] = frozenset(),
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.now, self.locked = now, locked
        self.viewers = {viewer.slug: viewer for viewer in viewers if viewer.enabled}
        here: Any = self.fields["viewer"]
        here.choices = [(viewer.slug, viewer.name) for viewer in self.viewers.values()]
        times: Any = self.fields["time"].widget
        times.choices = [*SPANS, *_by_the_clock(now), *SITTINGS]

    @property
    def is_more(self) -> bool:
        """Whether one of the folded questions is answered, or was answered wrongly."""
        return any(
            self.errors.get(name) or (self[name].value() or OPEN[name]) != OPEN[name]
            for name in OPEN
        )

    def clean_viewer(self) -> list[Viewer]:
        chosen = [self.viewers[slug] for slug in self.cleaned_data["viewer"]]
        for viewer in chosen:
            if viewer.pk in self.locked:
                raise forms.ValidationError(_("Type %(name)s’s PIN first.") % {"name": viewer.name})
        return chosen

    def clean_time(self) -> str:
        told: str = self.cleaned_data["time"]
        if told and told not in remembered.SPANS + moment.SITTINGS and _clock(told) is None:
            raise forms.ValidationError(_("Choose one of the times."))
        return told

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        tapped = _clock(given.get("time", ""))
        if given.get("surprise"):
            self._forget_what_does_not_count()
        elif given.get("finish_by") is not None:
            self._whichever_is_sooner(given)
        elif given.get("minutes") is None and tapped is not None:
            self._until(tapped, "time")
        return given

    def _forget_what_does_not_count(self) -> None:
        """Drop what is wrong with answers that a surprise does not look at."""
        for name in set(self.errors) - {"viewer", "company"}:
            del self.errors[name]

    def _whichever_is_sooner(self, given: dict[str, Any]) -> None:
        """Let the clock decide how long it may take, or the minutes where they end before."""
        left, minutes = self._until(given["finish_by"], "finish_by"), given.get("minutes")
        if minutes is not None and minutes < left:
            given["finish_by"] = None
        else:
            given["minutes"] = left

    def _until(self, clock: clock_time, field: str) -> int:
        """Return the minutes until then, unless it is all but there or has just passed."""
        left = moment.minutes_until(clock, self.now)
        if left < moment.LEAST_MINUTES or left > A_DAY_LESS:
            self.add_error(field, _("That is too soon: give it at least ten minutes."))
        return left

    def answers(self) -> Answers:
        """Return the answers of a valid form; to be surprised leaves all open but who is there."""
        given = self.cleaned_data
        group = len(given["viewer"]) > 1
        here = Answers(company="group" if group else given["company"] or "solo")
        if given["surprise"]:
            return here
        told = Answers(
            company=here.company,
            seen=given["seen"] or "any",
            type=given["type"] or "any",
            **self._sitting(),
        )
        return told.in_the_mood(given["vibe"], given["strong"], given["avoid"])

    def _sitting(self) -> dict[str, Any]:
        """Return the time there is; what was typed counts for more than what was tapped."""
        given = self.cleaned_data
        told, minutes, clock = given["time"], given["minutes"], given["finish_by"]
        session = told if told in moment.SITTINGS else "any"
        if minutes is None and told in remembered.SPANS:
            minutes = int(told)
        tapped = _clock(told)
        if minutes is None and tapped is not None:
            clock, minutes = tapped, moment.minutes_until(tapped, self.now)
        return {
            "session": session,
            "minutes": minutes,
            "until": f"{clock:%H:%M}" if clock else None,
        }


def _by_the_clock(now: datetime) -> list[tuple[str, str]]:
    return [
        (f"{each:%H:%M}", _("until %(time)s") % {"time": time_format(each, "TIME_FORMAT")})
        for each in remembered.until(now)
    ]


def _clock(told: str) -> clock_time | None:
    """Return the time of day of "22:30"; None where it is none."""
    try:
        return datetime.strptime(told, "%H:%M").time()  # noqa: DTZ007 (the clock on the wall)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class SpinReason:
    """A button of "Spin again"."""

    value: str
    label: str | Promise


SPIN_REASONS = [
    SpinReason("too_long", gettext_lazy("Too long")),
    SpinReason("too_heavy", gettext_lazy("Too heavy")),
    SpinReason("too_light", gettext_lazy("Too light")),
    SpinReason("seen_it", gettext_lazy("Seen them")),
    SpinReason("not_tonight", gettext_lazy("Not tonight")),
]
