"""The questionnaire as a form: big taps, sensible defaults, nothing required."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from feedback.models import Ask
from plexsync.models import Viewer
from recommender import moment
from recommender.moment import Answers

MINUTES = [
    ("", "No limit"),
    ("60", "1 hour"),
    ("90", "1½ hours"),
    ("120", "2 hours"),
    ("180", "3 hours"),
]
SESSIONS = [
    ("any", "Anything"),
    ("short", "Something short"),
    ("movie", "A film"),
    ("binge", "A binge"),
]
SEEN = [("any", "Either"), ("new", "New to us"), ("again", "Seen before")]
COMPANIES = [("solo", "Just me"), ("group", "Together")]
VIBES = [(vibe, vibe.capitalize()) for vibe in moment.VIBES]


class TonightForm(forms.Form):
    """What the tonight page asks."""

    vibe = forms.MultipleChoiceField(
        choices=VIBES, required=False, widget=forms.CheckboxSelectMultiple
    )
    company = forms.ChoiceField(choices=COMPANIES, required=False, widget=forms.RadioSelect)
    viewer = forms.ModelMultipleChoiceField(
        queryset=Viewer.objects.filter(enabled=True),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    session = forms.ChoiceField(choices=SESSIONS, required=False, widget=forms.RadioSelect)
    minutes = forms.IntegerField(
        min_value=moment.LEAST_MINUTES,
        max_value=moment.MOST_MINUTES,
        required=False,
        widget=forms.RadioSelect(choices=MINUTES),
    )
    finish_by = forms.TimeField(
        required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    seen = forms.ChoiceField(choices=SEEN, required=False, widget=forms.RadioSelect)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        finish = given.get("finish_by")
        if finish is not None:
            left = moment.minutes_until(finish, timezone.localtime())
            if left < moment.LEAST_MINUTES:
                self.add_error("finish_by", "That is too soon: give it at least ten minutes.")
            given["minutes"] = left
        return given

    def answers(self) -> Answers:
        """Return the answers of a valid form."""
        given = self.cleaned_data
        return Answers(
            vibe=tuple(given["vibe"]),
            company=given["company"] or ("group" if len(given["viewer"]) > 1 else "solo"),
            session=given["session"] or "any",
            minutes=given["minutes"],
            seen=given["seen"] or "any",
        )


def defaults(last: Ask | None, own: Viewer | None) -> dict[str, Any]:
    """Return what the page starts with: the last ask's company and session, nobody's vibe."""
    mood = last.mood if last else {}
    viewers = list(last.viewers.all()) if last else [own] if own else []
    return {
        "company": mood.get("company", "solo"),
        "viewer": [viewer.slug for viewer in viewers],
        "session": mood.get("session", "any"),
        "minutes": "",
        "seen": mood.get("seen", "any"),
    }


@dataclass(frozen=True, slots=True)
class SpinReason:
    """A button of "Spin again"."""

    value: str
    label: str


SPIN_REASONS = [
    SpinReason("too_long", "Too long"),
    SpinReason("too_heavy", "Too heavy"),
    SpinReason("too_light", "Too light"),
    SpinReason("seen_it", "Seen them"),
    SpinReason("not_tonight", "Not tonight"),
]
