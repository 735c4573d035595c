"""The pages that connect Plex and show a sync, and the poster door."""

import time
from typing import Any
from xml.sax.saxutils import escape

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import PermissionDenied
from django.core.validators import URLValidator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from moodrec.jobs import queue
from moodrec.jobs.models import Job
from plexsync import sync as syncing
from plexsync.client import PlexError
from plexsync.models import Connection, Library, MediaItem
from plexsync.posters import RATIO, WIDTHS, tag
from plexsync.posters import poster as fetch_poster

DEMO_SECONDS = 10  # the demo server starts in less than one
DAY_SECONDS = 86_400


def _owner_only(user: Any) -> bool:
    if not user.is_staff:
        raise PermissionDenied
    return True


owner_only = user_passes_test(_owner_only)


class ConnectForm(forms.Form):
    """The address of a Plex Media Server and a token for it."""

    url = forms.CharField(
        label="Server address",
        initial="http://",
        max_length=300,
        help_text="Such as http://192.168.1.20:32400",
        widget=forms.URLInput(),
    )
    token = forms.CharField(
        label="Plex token",
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="In Plex: any title → ⋯ → Get info → View XML; the address ends in X-Plex-Token=…",
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
    """Connect the household's Plex by address and token."""
    form = ConnectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            syncing.connect(form.cleaned_data["url"], form.cleaned_data["token"])
        except PlexError as error:
            form.add_error(None, str(error))
        else:
            settings.DEMO_WANTED.unlink(missing_ok=True)
            queue.request("sync")
            return redirect("sync")
    context = {"form": form, "connection": Connection.current()}
    return render(request, "plexsync/connect.html", context)


@owner_only
@require_POST
def connect_demo(request: HttpRequest) -> HttpResponse:
    """Connect the demo library: a Plex server of our own with films and series to try things on."""
    settings.DEMO_WANTED.parent.mkdir(parents=True, exist_ok=True)
    settings.DEMO_WANTED.touch()
    problem = _connect_when_up(time.monotonic() + DEMO_SECONDS)
    if problem is not None:
        settings.DEMO_WANTED.unlink(missing_ok=True)
        messages.error(request, f"The demo server does not answer. {_demo_cure()} ({problem})")
        return redirect("connect")
    queue.request("sync")
    return redirect("sync")


def _demo_cure() -> str:
    if settings.DEMO_PLEX_IS_OURS:
        return "The log of `manage.py up` says why."
    return "Start it with `docker compose --profile demo up -d`."


def _connect_when_up(deadline: float) -> PlexError | None:
    """Connect to the demo server as soon as it answers; return what went wrong by the deadline."""
    while True:
        try:
            syncing.connect(settings.DEMO_PLEX_URL, settings.DEMO_PLEX_TOKEN, is_demo=True)
        except PlexError as error:
            if time.monotonic() > deadline:
                return error
            time.sleep(0.3)
        else:
            return None


@require_http_methods(["GET", "POST"])
def sync(request: HttpRequest) -> HttpResponse:
    """Show how far the mirror is; POST starts a sync."""
    if request.method == "POST":
        queue.request("sync")
        return redirect("sync")
    current = Connection.current()
    if current is None:
        return redirect("connect")
    context = {
        "job": Job.objects.filter(kind="sync").first(),
        "libraries": Library.objects.filter(connection=current),
        "titles": MediaItem.objects.on_offer().count(),
    }
    return render(request, "plexsync/sync.html", context)


@require_GET
def poster(request: HttpRequest, pk: int, width: int) -> HttpResponse:
    """Serve a title's poster in one of our sizes, or a drawn one where Plex has none to give."""
    if width not in WIDTHS:
        raise Http404
    item = get_object_or_404(MediaItem.objects.select_related("library__connection"), pk=pk)
    etag = f'"{tag(item, width)}"'
    headers = {"Cache-Control": f"private, max-age={DAY_SECONDS}", "ETag": etag}
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    found = fetch_poster(item, width)
    if found is None:
        return _placeholder(item, width)
    body, kind = found
    return HttpResponse(body, kind, headers=headers)


def _placeholder(item: MediaItem, width: int) -> HttpResponse:
    hue = sum(map(ord, item.title)) % 360
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 450" width="{width}" '
        f'height="{round(width * RATIO)}"><rect width="300" height="450" fill="hsl({hue} 35% 24%)"/>'
        f'<text x="150" y="225" fill="#fff" font-family="sans-serif" font-size="26" '
        f'text-anchor="middle">{escape(item.title[:20])}</text></svg>'
    )
    return HttpResponse(drawn, "image/svg+xml", headers={"Cache-Control": "private, max-age=60"})
