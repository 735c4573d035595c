"""A guest's side of the evening, on their own phone: a name, a mood, and then the three."""

from collections.abc import Callable, Iterable
from functools import wraps

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe
from django_htmx.http import HTMX_STOP_POLLING

from feedback import memory
from feedback.models import Suggestion
from mlmodel.words import short
from moodrec.calling import by_htmx
from moodrec.security.knocks import Knocks
from plexsync.models import Viewer
from plexsync.pages import pictures
from plexsync.posters import POSTER
from recommender import gatherings
from recommender.forms import MoodForm
from recommender.gatherings import MOST_GUESTS
from recommender.models import Gathering, Guest

_KEY = "guest"  # in the guest's session: who they are, by the number of the evening
WISHES = Knocks("wish", each=20, everybody=120, seconds=600)  # sent by one guest


class JoinForm(MoodForm):
    """A guest's name and mood."""

    name = forms.CharField(
        max_length=40,
        label=gettext_lazy("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )


def _page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open the page to whoever has the link, while the evening lasts."""

    @login_not_required
    @never_cache
    @wraps(view)
    def page(request: HttpRequest, token: str, **named: int) -> HttpResponse:
        going_on = gatherings.of_token(token)
        if going_on is None:
            return over(request)
        return view(request, token, going_on, **named)

    return page


def over(request: HttpRequest) -> HttpResponse:
    """Tell that the evening is over; a page that waits learns so, too, and stops asking."""
    if by_htmx(request):
        return render(request, "recommender/_join_over.html", status=HTMX_STOP_POLLING)
    return render(request, "recommender/join_over.html", status=410)


@require_http_methods(["GET", "POST"])
@_page
def join(request: HttpRequest, token: str, going_on: Gathering) -> HttpResponse:
    """Ask a guest for name and mood; once sent, show what comes of it."""
    guest = _guest(request, going_on)
    form = JoinForm(request.POST or None, initial=_told(guest))
    if request.method == "POST" and form.is_valid() and _may_send(form, going_on, guest):
        _store(request, form, going_on, guest)
        return redirect("join", token)
    context = {"form": form, "guest": guest, "token": token, **_now(going_on)}
    return render(request, "recommender/join.html", context)


@require_GET
@_page
def now(request: HttpRequest, token: str, going_on: Gathering) -> HttpResponse:
    """Show what the evening has come to; nothing where the page knows that already."""
    if request.GET.get("seen", "") == str(going_on.ask_id or ""):
        return HttpResponse(status=204)
    context = {"token": token, **_now(going_on)}
    return render(request, "recommender/_join_now.html", context)


@require_safe
@_page
def poster(
    request: HttpRequest, _token: str, going_on: Gathering, *, pk: int, width: int
) -> HttpResponse:
    """Serve the poster of one of the three, and of no other title."""
    shown = Suggestion.objects.filter(ask=going_on.ask_id or None, item=pk)
    found = shown.select_related("item__library__connection").first() if going_on.ask_id else None
    if found is None:
        raise Http404
    return pictures.served(request, found.item, POSTER, width)


def _guest(request: HttpRequest, going_on: Gathering) -> Guest | None:
    pk = request.session.get(_KEY, {}).get(str(going_on.pk), 0)
    return going_on.guests.filter(pk=pk).first()


def _told(guest: Guest | None) -> dict[str, object]:
    if guest is None:
        return {}
    [wish] = gatherings.wishes([guest])
    return wish.to_json()


def _may_send(form: JoinForm, going_on: Gathering, guest: Guest | None) -> bool:
    # not by address: behind a proxy, all of them have the same one
    caller = f"guest {guest.pk}" if guest else f"newcomers of {going_on.pk}"
    if not WISHES.allows(caller):
        form.add_error(None, _("That was sent many times. Wait ten minutes, then try again."))
    elif guest is None and going_on.guests.count() >= MOST_GUESTS:
        form.add_error(None, _("The house is full: no more guests can join this evening."))
    return form.is_valid()


def _store(request: HttpRequest, form: JoinForm, going_on: Gathering, guest: Guest | None) -> None:
    told = form.cleaned_data
    guest = guest or Guest(gathering=going_on)
    guest.name = told["name"]
    gatherings.wish(guest, told["vibe"], told["strong"], told["avoid"])
    request.session[_KEY] = {str(going_on.pk): guest.pk}


def _now(going_on: Gathering) -> dict[str, object]:
    """Return what a guest sees of the evening: its host's name, and the three once there are some."""
    asked = going_on.ask
    shown = memory.on_display(asked.suggestions.select_related("item")) if asked else []
    names = list(Viewer.objects.values_list("name", flat=True)) if shown else []
    told = [(each, _for_strangers(each.reasons, names)) for each in shown]
    return {"host": going_on.host, "asked": asked, "shown": told}


def _for_strangers(reasons: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return the reasons that tell nothing of anybody here: what they gave how many stars, say."""
    begin = [short(name).rstrip("…") for name in names]
    return [reason for reason in reasons if not any(name in reason for name in begin)]
