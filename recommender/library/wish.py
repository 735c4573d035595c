"""What somebody looks for on the library page, as the address bar has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from feedback.moodnames import MOOD_NAMES
from mlmodel.moods import MOODS

Choices = list[tuple[str, str | Promise]]

TYPES: Choices = [
    ("", pgettext_lazy("films and series", "All")),
    ("movie", _("Films")),
    ("show", _("Series")),
]
SEEN: Choices = [("", _("Any")), ("new", _("New to me")), ("again", _("Seen"))]
LENGTHS: dict[str, tuple[float, float]] = {
    "45": (0, 45), "90": (0, 90), "120": (0, 120), "150": (0, 150), "long": (150, float("inf")),
}  # fmt: skip
MOST_ALONE = 2  # "any" and one more: nothing to choose between
AGES = (0, 7, 10, 13, 16, 18)
SORTS: Choices = [
    ("", _("Best match, then A to Z")),
    ("fit", _("Best fit for me")),
    ("newest", _("Newest here first")),
    ("rating", _("Best rated first")),
    ("year", _("Latest year first")),
]


@dataclass(frozen=True, slots=True)
class Wish:
    """The filters as given; empty is open."""

    q: str = ""
    type: str = ""
    mood: str = ""
    genre: str = ""
    decade: str = ""
    length: str = ""
    age: str = ""
    seen: str = ""
    library: str = ""
    sort: str = ""


class WishForm(forms.Form):
    """The search field and the filters; every value that is not offered is refused by name."""

    q = forms.CharField(label=_("Search titles and people"), max_length=100, required=False)
    type = forms.ChoiceField(
        label=_("Film or series"), choices=TYPES, required=False, widget=forms.RadioSelect
    )
    mood = forms.ChoiceField(label=_("Mood"), required=False)
    genre = forms.ChoiceField(label=_("Genre"), required=False)
    decade = forms.ChoiceField(label=_("Decade"), required=False)
    length = forms.ChoiceField(label=_("Length"), required=False)
    age = forms.ChoiceField(label=_("Suitable for"), required=False)
    seen = forms.ChoiceField(label=_("New or seen"), choices=SEEN, required=False)
    library = forms.ChoiceField(label=_("Library"), required=False)
    sort = forms.ChoiceField(label=_("Order"), choices=SORTS, required=False)

    FILTERS = ("mood", "genre", "decade", "length", "age", "seen", "library")

    def offer(
        self, genres: list[str], decades: list[int], libraries: Mapping[int, str]
    ) -> "WishForm":
        """Offer what there is on the shelf."""
        any_one = ("", _("Any"))
        offered: dict[str, Choices] = {
            "mood": [(mood, MOOD_NAMES[mood]) for mood in MOODS],
            "genre": [(name, name) for name in genres],
            "decade": [(str(year), gettext("%(year)ss") % {"year": year}) for year in decades],
            "length": [(name, _length(name)) for name in LENGTHS],
            "age": [(str(age), _age(age)) for age in AGES],
            "library": [(str(pk), title) for pk, title in libraries.items()],
        }
        for name, choices in offered.items():
            cast(forms.ChoiceField, self.fields[name]).choices = [any_one, *choices]
        return self

    def wish(self) -> Wish:
        return Wish(**self.cleaned_data)

    @property
    def narrowed(self) -> list[forms.BoundField]:
        """The filters that are set, for the page to tell and to open."""
        return [self[name] for name in self.FILTERS if self[name].value()]

    @property
    def filters(self) -> list[forms.BoundField]:
        """The filters with anything to choose between."""
        found = [self[name] for name in self.FILTERS]
        return [field for field in found if len(_choices(field)) > MOST_ALONE or field.value()]


def _choices(field: forms.BoundField) -> list[Any]:
    return list(cast(forms.ChoiceField, field.field).choices)  # type: ignore[arg-type]


def _length(name: str) -> str:
    if name == "long":
        return gettext("Over 150 minutes")
    return gettext("Up to %(minutes)s minutes") % {"minutes": name}


def _age(age: int) -> str:
    return gettext("Age %(age)s and over") % {"age": age} if age else gettext("All ages")
