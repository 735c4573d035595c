"""Sign in with Plex: the household by its access to our server, and the owner on the first run.

A yes at plex.tv proves who somebody is; that their own account lists our server proves that they
belong here. Their token is used for these two questions and then forgotten.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from moodrec import accounts
from moodrec.phrases import phrase
from moodrec.security.pace import Pace
from plexsync import first_run, linking, sight
from plexsync.client import PlexError, plextv
from plexsync.pages import link

MAY_SET_UP = "may-set-up"  # in the session of whoever opened the first-run link
BACKEND = "django.contrib.auth.backends.ModelBackend"
_PASSWORD = gettext_lazy("Your password works meanwhile.")
_WRONG = gettext_lazy("This name and this password do not belong together. Are the capitals right?")
_OFTEN = phrase("Plex was asked from here many times. Try again in ten minutes.")
STARTS = Pace(each=10, everybody=30, seconds=600)  # or a stranger makes plex.tv shut us all out
SIGN_IN = link.Door("sign-in", "plex-sign-in", "plex-sign-in-back", "sign-in", _PASSWORD)
SET_UP = link.Door("set-up", "plex-sign-in", "plex-sign-in-back", "owner")


class SignIn(LoginView):
    """The sign-in page: by password, and with Plex where a server is connected."""

    template_name = "sign_in.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form; before there is an account, how the first one is made."""
        return super().get(request, *args, **kwargs) if _is_lived_in() else redirect("owner")

    def get_default_redirect_url(self) -> str:
        """Go on with the first run, who sets MoodRec up; everybody else to the ask."""
        user = self.request.user
        return resolve_url(first_run.next_page() if user.is_staff else "tonight")

    def get_form(self, form_class: type[AuthenticationForm] | None = None) -> AuthenticationForm:
        """Say in our own words what Django says stiffly, and in some languages to a stranger."""
        form = super().get_form(form_class)
        form.error_messages = {**form.error_messages, "invalid_login": _WRONG}
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            **super().get_context_data(**kwargs),
            "plex_sign_in": linking.house() is not None,
        }
        if context["plex_sign_in"]:  # it stands first, and no keyboard covers it
            context["form"].fields["username"].widget.attrs.pop("autofocus", None)
        return context


def _is_lived_in() -> bool:
    """Tell whether anybody can sign in at all."""
    return User.objects.filter(is_active=True).exists()


def _where_used(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Tell the view what signing in with Plex is for now; without a use there is no such page."""

    @login_not_required
    @never_cache
    @wraps(view)
    def page(request: HttpRequest) -> HttpResponse:
        return view(request, _door(request))

    return page


@_where_used
@require_POST
def start(request: HttpRequest, door: link.Door) -> HttpResponse:
    """Ask a Plex account for its yes."""
    if not STARTS.allows(str(request.META.get("REMOTE_ADDR"))):
        return link.away(request, door, PlexError("busy", _OFTEN))
    return link.ask(request, door, request.POST.get("next", ""))


@_where_used
@require_GET
def back(request: HttpRequest, door: link.Door) -> HttpResponse:
    """Take the yes and sign its account in, if it belongs here."""
    found = link.answer(request, door)
    if isinstance(found, HttpResponse):
        return found
    try:
        return _set_up(request, found) if door is SET_UP else _sign_in(request, found)
    except PlexError as error:
        return link.away(request, door, error)


def _door(request: HttpRequest) -> link.Door:
    """Return the door that is open at the moment. Raises Http404 where none is."""
    if not accounts.owner_exists():
        if request.session.get(MAY_SET_UP):
            return SET_UP
    elif linking.house() is not None:
        return SIGN_IN
    raise Http404


def _sign_in(request: HttpRequest, yes: link.Yes) -> HttpResponse:
    house = linking.house()
    servers = plextv.servers(yes.token)
    account = plextv.account(yes.token)
    if house is None or house.machine_identifier not in {s.machine_identifier for s in servers}:
        return _refused(request, account, "no_access")
    user = accounts.of_plex(account)
    if not user.is_active:
        return _refused(request, account, "closed")
    if house.active:
        tokens = {server.machine_identifier: server.token for server in servers}
        sight.ask(user, house, tokens[house.machine_identifier])
    login(request, user, backend=BACKEND)
    return _onward(request, yes.next)


def _set_up(request: HttpRequest, yes: link.Yes) -> HttpResponse:
    servers = plextv.servers(yes.token)
    account = plextv.account(yes.token)
    if not _may_own(servers):
        return _refused(request, account, "owns_nothing")
    user = accounts.make_owner_of_plex(account)
    if user is None:  # somebody else came first
        return redirect("sign-in")
    del request.session[MAY_SET_UP]
    login(request, user, backend=BACKEND)
    linking.keep_token(request, yes.token)
    return redirect("connect-servers")


def _may_own(servers: list[plextv.Server]) -> bool:
    """Tell whether one of these is the account's own; the one we know of, where we know one."""
    house = linking.house()
    return any(
        server.owned and (house is None or server.machine_identifier == house.machine_identifier)
        for server in servers
    )


def _refused(request: HttpRequest, account: plextv.Account, why: str) -> HttpResponse:
    context = {"account": account, "why": why, "house": linking.house()}
    return render(request, "plex_refused.html", context, status=403)


def _onward(request: HttpRequest, wanted: str) -> HttpResponseRedirect:
    """Go where one was going, if that is a page of ours."""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(wanted if ours else resolve_url("tonight"))
