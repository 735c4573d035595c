"""Link the owner's Plex account, and choose which of its servers is the household's."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from moodrec.calling import user_of
from moodrec.jobs import queue
from moodrec.phrases import told
from plexsync import addresses, linking
from plexsync import sync as syncing
from plexsync.client import PlexError, plextv
from plexsync.pages import link
from plexsync.pages.access import owner_only
from plexsync.pages.connect import meet

DOOR = link.Door("connect", "connect-plex", "connect-plex-back", "connect")


@owner_only
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Ask the owner's Plex account for its yes."""
    return link.ask(request, DOOR)


@owner_only
@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Take the yes, and go on to the account's servers."""
    found = link.answer(request, DOOR)
    if isinstance(found, HttpResponse):
        return found
    linking.keep_token(request, found.token)
    return redirect("connect-servers")


@owner_only
@never_cache
@require_http_methods(["GET", "POST"])
def servers(request: HttpRequest) -> HttpResponse:
    """Show the account's servers and how each address answered; POST connects one."""
    token = linking.kept_token(request)
    if not token:
        messages.error(request, _("That took a while. Sign in with Plex once more."))
        return redirect("connect")
    try:
        found = plextv.servers(token)
        if request.method == "POST":
            return _connect(request, token, found)
    except PlexError as error:
        return link.away(request, DOOR, error)
    owned = [(server, addresses.choices(server)) for server in found if server.owned]
    context = {
        "owned": owned,
        "reachable": any(choice.ok for _server, choices in owned for choice in choices),
        "others": [server for server in found if not server.owned],
    }
    return render(request, "plexsync/servers.html", context)


def _connect(request: HttpRequest, token: str, found: list[plextv.Server]) -> HttpResponse:
    """Connect the chosen address, if it is one of a server that the account owns."""
    machine, uri = request.POST.get("server"), request.POST.get("uri", "")
    server = next((s for s in found if s.owned and s.machine_identifier == machine), None)
    if server is None or uri not in {each.uri for each in addresses.candidates(server)}:
        messages.error(request, _("That address is not one of your servers. Choose again."))
        return redirect("connect-servers")
    trouble = addresses.trouble_with(uri, server.machine_identifier)
    if trouble:
        messages.error(request, f"{uri}: {told(trouble)}.")
        return redirect("connect-servers")
    _store(request, token, server, uri)
    return redirect("sync")


def _store(request: HttpRequest, token: str, server: plextv.Server, uri: str) -> None:
    account = plextv.account(token)
    row = syncing.connect(
        uri,
        server.token or token,
        account_token=token,
        account_id=account.id,
        addresses=addresses.remembered(server),
    )
    if user := user_of(request):
        linking.claim(user, account)
    linking.forget_token(request)
    settings.DEMO_WANTED.unlink(missing_ok=True)
    meet(row)
    queue.request("sync")
