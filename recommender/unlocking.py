"""The page that asks for a viewer's PIN, before they can be chosen on this device."""

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from feedback.way_back import back
from moodrec.calling import by_htmx
from plexsync import pins
from plexsync.models import Viewer
from plexsync.pages.unlocked import open_up

PRESENT = "present"  # in the session: who typed their PIN just now


class PinForm(forms.Form):
    """A viewer's PIN."""

    pin = forms.CharField(
        max_length=8,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, viewer: Viewer, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.viewer = viewer
        self.fields["pin"].label = _("%(name)s’s PIN") % {"name": viewer.name}

    def clean_pin(self) -> str:
        pin: str = self.cleaned_data["pin"]
        try:
            fits = pins.fits(self.viewer, pin)
        except pins.TooManyTries:
            raise forms.ValidationError(
                _("That was tried too often. Wait a quarter of an hour, then try again.")
            ) from None
        if not fits:
            raise forms.ValidationError(_("That is not the PIN. Try again."))
        return pin


@never_cache
@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a viewer's PIN; with the right one they are present, and can be chosen for a while."""
    asked_for = Viewer.objects.filter(Q(enabled=True) | ~Q(pin=""))  # past evenings keep their PIN
    viewer = get_object_or_404(asked_for, slug=slug)
    form = PinForm(viewer, request.POST or None)
    if request.method == "POST" and form.is_valid():
        open_up(request, viewer)
        return _back(request, viewer)
    there = request.POST.get("next", request.GET.get("next", ""))
    return render(request, _page(request), {"form": form, "viewer": viewer, "next": there})


def _page(request: HttpRequest) -> str:
    return "recommender/_pin.html" if by_htmx(request) else "recommender/pin.html"


def _back(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Lead back to the ask with this viewer present; a page that only swaps its faces is told so."""
    if not by_htmx(request):
        if request.POST.get("next"):
            return back(request)
        request.session[PRESENT] = viewer.slug
        return redirect("tonight")
    answer = render(request, "recommender/_face.html", {"face": Face(viewer, chosen=True)})
    answer["HX-Retarget"] = f"#face-{viewer.pk}"
    answer["HX-Reswap"] = "outerHTML"
    answer["HX-Trigger-After-Settle"] = "moodrec:unlocked"
    return answer


class Face:
    """A viewer as the ask shows them."""

    def __init__(self, viewer: Viewer, *, chosen: bool = False, is_locked: bool = False) -> None:
        self.viewer, self.chosen, self.is_locked = viewer, chosen and not is_locked, is_locked
