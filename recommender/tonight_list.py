"""Put one title on the Tonight playlist in Plex, at once, while somebody waits."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from feedback import memory
from feedback.models import Suggestion
from feedback.way_back import back
from moodrec.calling import by_htmx
from moodrec.phrases import told
from plexsync import shelving
from plexsync.client import PlexClient, PlexError
from plexsync.failing import is_refused, understood
from plexsync.models import Connection, Shelf
from recommender.coming import coming
from recommender.shelves import TONIGHT, title_of

SECONDS = 5  # somebody waits


@require_POST
def put_on_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a suggestion on the playlist and say how that went; it can be tapped again."""
    rows = memory.visible_suggestions(request.user)
    shown = get_object_or_404(rows.select_related("ask", "item__library"), pk=pk)
    row = Connection.current()
    if row is None or not row.tonight_playlist:
        messages.info(request, _off(request))
    else:
        _put(request, row, shown)
    if by_htmx(request):
        return render(request, "_notices_oob.html")
    return back(request, at=f"s{pk}")


def _off(request: HttpRequest) -> str:
    """Say how the playlist is switched on."""
    if request.user.is_staff:
        told_how = _("The Tonight playlist is off. Switch it on at %(address)s, then tap again.")
        return told_how % {"address": request.build_absolute_uri(reverse("giving"))}
    return _("The Tonight playlist is off. Whoever runs MoodRec at home can switch it on.")


def _put(request: HttpRequest, row: Connection, shown: Suggestion) -> None:
    title = {"title": shown.item.title}
    key = _key(shown)
    if not key:
        messages.info(
            request, _("Every episode of %(title)s is seen; nothing to put there.") % title
        )
        return
    try:
        shelf = _settle(row, key)
    except PlexError as error:
        why = told(str(understood(row, error, seconds=SECONDS).args[0]))
        messages.error(request, _("%(title)s is not on the playlist yet.") % title + " " + why)
    except IntegrityError:  # the worker made the playlist in this very moment
        messages.info(request, _("The playlist is being made. Tap again in a moment."))
    else:
        where = _("%(title)s is in Plex on “%(list)s”.")
        messages.success(request, where % {**title, "list": shelf.title})


def _key(shown: Suggestion) -> str:
    """Return what a player plays: the film, or the series' next episode."""
    if shown.item.type == "movie":
        return shown.item.rating_key
    episode = coming([shown], shown.ask.viewers.all()).get(shown.item_id)
    return episode.rating_key if episode else ""


def _settle(row: Connection, key: str) -> Shelf:
    """Put it first on the playlist and return that; what stands there stays behind it. Raises PlexError."""
    if is_refused(row):
        raise PlexError("denied", row.problem)
    shelf = row.shelves.filter(kind=Shelf.Kind.PLAYLIST, slug=TONIGHT).first()
    title = title_of(TONIGHT, row)
    shelf = shelf or Shelf(connection=row, kind=Shelf.Kind.PLAYLIST, slug=TONIGHT, title=title)
    shelving.settle(shelf, [key, *shelf.keys], PlexClient.of(row, seconds=SECONDS))
    return shelf
