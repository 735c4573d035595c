"""The page that connects the household's Plex."""

import time
from contextlib import suppress

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.validators import URLValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from moodrec.jobs import queue
from moodrec.phrases import told
from plexsync import addresses, linking
from plexsync import people as household
from plexsync import sync as syncing
from plexsync.client import PlexError, asking
from plexsync.models import Connection
from plexsync.pages.access import owner_only

DEMO_SECONDS = 10  # the demo server starts in less than one


class ConnectForm(forms.Form):
    """The address of a Plex Media Server and a token for it."""

    certificate_failed = False  # only then it may be accepted unchecked

    url = forms.CharField(
        label=gettext_lazy("Server address"),
        initial="http://",
        max_length=300,
        help_text=gettext_lazy("Such as http://192.168.1.20:32400"),
        widget=forms.URLInput(),
    )
    token = forms.CharField(
        label=gettext_lazy("Plex token"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "In Plex: any title → ⋯ → Get info → View XML; the address ends in X-Plex-Token=…"
        ),
    )
    unverified = forms.BooleanField(
        label=gettext_lazy("Accept this server’s certificate unchecked"),
        required=False,
        help_text=gettext_lazy(
            "For a certificate you made yourself, on your own network. Of this server only."
        ),
    )

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip().rstrip("/")
        if "://" not in url:
            url = f"http://{url}"
        URLValidator(schemes=["http", "https"])(_with_tld(url))
        return url


def _with_tld(url: str) -> str:
    """Return the address with its one-word host made long: Django calls `http://nas:32400` wrong."""
    scheme, _, rest = url.partition("://")
    host, colon, port = rest.partition(":")
    return url if "." in host or "[" in host else f"{scheme}://{host}.local{colon}{port}"


@owner_only
@require_http_methods(["GET", "POST"])
def connect(request: HttpRequest) -> HttpResponse:
    """Show the connection and the ways to one; POST connects by address and token."""
    form = ConnectForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _connected(form):
        settings.DEMO_WANTED.unlink(missing_ok=True)
        queue.request("sync")
        return redirect("sync")
    context = {"form": form, "connection": Connection.current(), "last": linking.house()}
    return render(request, "plexsync/connect.html", context)


def _connected(form: ConnectForm) -> bool:
    """Connect to the address of the form; tell it what went wrong where that can't be done."""
    url, unverified = form.cleaned_data["url"], form.cleaned_data["unverified"]
    try:
        _look(form, url, unverified=unverified)
        row = syncing.connect(url, form.cleaned_data["token"], unverified=unverified)
    except PlexError as error:
        form.add_error(None, _wrong_token() if error.kind == "denied" else told(str(error)))
        return False
    meet(row)
    return True


def _wrong_token() -> str:
    return _(
        "Plex refused this token. Was it copied whole, and from this server? "
        "Or sign in with Plex, and none is needed."
    )


def meet(row: Connection) -> None:
    """Learn who may use the server, for the next question; a later sync learns it too."""
    with suppress(PlexError):
        household.refresh(row)


def _look(form: ConnectForm, url: str, *, unverified: bool) -> None:
    """Ask the address who it is, before our token goes there. Raises PlexError."""
    refusal = addresses.refusal(url)
    if refusal:
        raise PlexError("unreachable", refusal)
    failure = asking.ask(url, unverified=unverified, ours=addresses.ours()).failure
    form.certificate_failed = unverified or failure == "certificate"
    if failure:
        raise PlexError("unreachable", addresses.sentence(failure, url))


@owner_only
@require_http_methods(["GET", "POST"])
def disconnect(request: HttpRequest) -> HttpResponse:
    """Ask once more, then forget the tokens of the connected server."""
    current = Connection.current()
    if current is None or current.is_demo:
        return redirect("connect")
    if request.method == "POST":
        linking.disconnect(current)
        said = _("%(server)s is disconnected. Nothing you said was lost.")
        messages.success(request, said % {"server": current})
        return redirect("connect")
    return render(request, "plexsync/disconnect.html", {"connection": current})


@owner_only
@require_POST
def connect_demo(request: HttpRequest) -> HttpResponse:
    """Connect the demo library: a Plex server of our own with films and series to try things on."""
    settings.DEMO_WANTED.parent.mkdir(parents=True, exist_ok=True)
    settings.DEMO_WANTED.touch()
    problem = _connect_when_up(time.monotonic() + DEMO_SECONDS)
    if problem is not None:
        settings.DEMO_WANTED.unlink(missing_ok=True)
        words = {"cure": _demo_cure(), "problem": told(str(problem))}
        said = _("The demo server does not answer. %(cure)s (%(problem)s)")
        messages.error(request, said % words)
        return redirect("connect")
    queue.request("sync")
    return redirect("sync")


def _demo_cure() -> str:
    if settings.DEMO_PLEX_IS_OURS:
        return _("The log of `manage.py up` says why.")
    return _("Start it with `docker compose --profile demo up -d`.")


def _connect_when_up(deadline: float) -> PlexError | None:
    """Connect to the demo server as soon as it answers; return what went wrong by the deadline."""
    while True:
        try:
            row = syncing.connect(settings.DEMO_PLEX_URL, settings.DEMO_PLEX_TOKEN, is_demo=True)
        except PlexError as error:
            if time.monotonic() > deadline:
                return error
            time.sleep(0.3)
        else:
            meet(row)
            return None
