"""What leaves this house: every call that MoodRec makes to somebody else, and its switch."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from plexsync.models import Connection, PlexAccount
from plexsync.pages.access import owner_only


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that MoodRec tells or asks somebody."""

    to: str
    what: str
    on: bool
    switch: str
    """What to do to change that."""
    url: str
    part: str = ""
    leaves: bool = True
    """Whether it goes farther than the household's own Plex server."""


@owner_only
@require_GET
def leaving(request: HttpRequest) -> HttpResponse:
    """Show every call, those that are on first."""
    calls = sorted(all_calls(Connection.current()), key=lambda call: not call.on)
    return render(request, "settings/leaving.html", {"calls": calls, "summary": told(calls)})


def summary(row: Connection | None) -> str:
    """Return in a sentence who hears of this household."""
    return told(all_calls(row))


def told(calls: list[Call]) -> str:
    names = sorted({call.to for call in calls if call.on and call.leaves})
    if not any(call.on for call in calls):
        return _("Nothing: MoodRec talks to nobody")
    if not names:
        return _("Nothing: MoodRec talks to your own Plex only")
    return ngettext("To %(names)s only", "To %(names)s", len(names)) % {"names": ", ".join(names)}


def all_calls(row: Connection | None) -> list[Call]:
    """Return every call that MoodRec can make; there are no others."""
    real = row is not None and not row.is_demo
    return [*_server(row, real=real), *_account(row, real=real), _watching(real=real)]


def _server(row: Connection | None, *, real: bool) -> list[Call]:
    server = (urlsplit(row.url).hostname or str(row)) if row and real else _("Your Plex server")
    written = row is not None and any(
        (row.write_stars, row.tonight_playlist, row.mood_playlists, row.mood_collections)
    )
    return [
        Call(server, _("Asks for your titles, their pictures, and what was watched and rated. To "
             "play on a TV it tells the server which title."), real,
             _("Disconnect Plex") if real else _("Connect Plex"), "connect", leaves=False),
        Call(server, _("Writes stars, playlists and collections: those you switched on."),
             real and written, _("Giving back"), "giving", leaves=False),
    ]  # fmt: skip


def _account(row: Connection | None, *, real: bool) -> list[Call]:
    plex_tv = urlsplit(settings.PLEX_TV_URL).hostname or settings.PLEX_TV_URL
    linked = bool(real and row and row.account_token)
    return [
        Call(plex_tv, _("Asks where your server can be reached and who lives in your Plex Home. It "
             "learns that this MoodRec exists, and nothing of moods or answers."), linked,
             _("Plex connection"), "connect"),
        Call(plex_tv, _("Asks who somebody is when they sign in with Plex, and whether they may "
             "still use your server."), linked or PlexAccount.objects.exists(),
             _("Who lives here"), "people"),
    ]  # fmt: skip


def _watching(*, real: bool) -> Call:
    app = urlsplit(settings.PLEX_APP_URL).hostname or settings.PLEX_APP_URL
    what = _("Your browser goes there when somebody presses “Open in Plex”. MoodRec does not.")
    return Call(app, what, real, _("Plex connection"), "connect")
