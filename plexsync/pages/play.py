"""The page that starts a title: on a player in the house, or by a link."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from moodrec.phrases import told as told_of
from plexsync.client import PlexClient, PlexError
from plexsync.client.players import PLAYER_SECONDS, Player, players, players_of_account
from plexsync.client.players import play as start
from plexsync.failing import is_refused, understood
from plexsync.models import Connection, Episode, MediaItem, Viewer
from plexsync.next_episode import next_episode
from plexsync.playing import address_for_players, is_elsewhere, token_of
from plexsync.sight import visible


@require_http_methods(["GET", "POST"])
def play(
    request: HttpRequest,
    pk: int,
    started: Callable[[], object] = lambda: None,
    coming: Episode | None = None,
) -> HttpResponse:
    """Show what the title can be played on, with the links that always work; POST plays it.

    ``started`` is called once a player has taken it. ``coming``: the episode to go on with for those
    who watch together; else it is the user's own.
    """
    offered = MediaItem.objects.on_offer().select_related("library__connection")
    item = get_object_or_404(visible(offered, request.user), pk=pk)
    viewer = Viewer.objects.filter(user__pk=request.user.pk or 0).first()
    episode = _episode(item, viewer, coming)
    elsewhere = is_elsewhere(viewer) and not request.user.is_staff
    found, problem = ([], "") if elsewhere else _players(item.library.connection)
    if request.method == "POST":
        if _play(request, episode or item, _chosen(found, request), viewer):
            started()
        return redirect(request.path)
    context = {
        "item": item,
        "episode": episode,
        "target": episode or item,
        "players": found,
        "elsewhere": elsewhere,
        "problem": problem,
    }
    return render(request, "plexsync/play.html", context)


def _episode(item: MediaItem, viewer: Viewer | None, coming: Episode | None) -> Episode | None:
    """Return the episode to go on with; of a series that was seen to its end, the first."""
    if item.type != "show":
        return None
    episode = coming or next_episode(viewer, item) or next_episode(None, item)
    if episode is not None:
        episode.item = item
    return episode


def _players(row: Connection) -> tuple[list[Player], str]:
    """Return the players there are now, and why that can't be said."""
    if is_refused(row):
        return [], row.problem
    try:
        found = players(PlexClient.of(row, seconds=PLAYER_SECONDS))
    except PlexError as error:
        return [], understood(row, error, seconds=PLAYER_SECONDS).args[0]
    return found or _players_of_account(row), ""


def _players_of_account(row: Connection) -> list[Player]:
    """Return those that plex.tv knows of; none where it is not asked, or does not answer."""
    try:
        return players_of_account(row.account_token) if row.account_token else []
    except PlexError:
        return []


def _chosen(found: list[Player], request: HttpRequest) -> Player | None:
    wanted = request.POST.get("player", "")
    return next((player for player in found if player.identifier == wanted), None)


def _play(
    request: HttpRequest, target: MediaItem | Episode, player: Player | None, viewer: Viewer | None
) -> bool:
    """Play it there, say how that went, and tell whether it went well."""
    if player is None:
        messages.error(
            request, _("That app is not open any more. Open Plex there, then try again.")
        )
        return False
    item = target.item if isinstance(target, Episode) else target
    row = item.library.connection
    client = PlexClient.of(row, token=token_of(viewer), seconds=PLAYER_SECONDS)
    try:
        address = address_for_players(row, request.get_host())
        start(client, player.identifier, target.rating_key, address)
    except PlexError as error:
        messages.error(request, _trouble(error, player))
        return False
    told = _("%(title)s starts on %(player)s.")
    messages.success(request, told % {"title": item.title, "player": player.name})
    return True


def _trouble(error: PlexError, player: Player) -> str:
    if error.kind in {"unreachable", "missing", "busy"}:
        told = _("%(player)s did not take it: is Plex open there? If so, use a link below.")
        return told % {"player": player.name}
    if error.kind == "forbidden":
        return _("This account may not control players on the server. Use a link below.")
    return told_of(error.args[0])
