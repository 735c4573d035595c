"""The page "Giving back": what MoodRec writes into Plex, if the owner wants it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from feedback import stars
from feedback.models import Feedback
from moodrec.jobs import queue
from moodrec.jobs.models import Job
from plexsync.models import Connection, Episode, MediaItem, Shelf, Viewer
from plexsync.pages.access import owner_only
from recommender.give import wanted_options
from recommender.shelves import OPTIONS, TONIGHT, Household, Place, Planned, name_of

STARS = "write_stars"
SWITCHES = (STARS, *OPTIONS)
_WORDS: dict[str, tuple[Promise, Promise]] = {
    "tonight_playlist": (
        _lazy("Tonight’s titles as a playlist"),
        _lazy(
            "What MoodRec suggested today, the newest first; before anybody asked, its best ten."
        ),
    ),
    "mood_playlists": (
        _lazy("A playlist for each mood"),
        _lazy(
            "The best titles of each mood for your household. A series is there with its next episode."
        ),
    ),
    "mood_collections": (
        _lazy("A collection for each mood"),
        _lazy(
            "The same in each library. Everybody whom you share the library with sees collections."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A shelf as it should be, beside what MoodRec last put there."""

    planned: Planned
    shelf: Shelf | None
    added: list[Place]
    removed: list[str]

    @property
    def is_new(self) -> bool:
        return self.shelf is None or not self.shelf.rating_key


@owner_only
@require_GET
def giving(request: HttpRequest) -> HttpResponse:
    """Show each switch, and what stands in Plex by it; nothing here calls Plex.

    With ``?show=`` and a switch's name also what it would put there, title by title.
    """
    row = Connection.current()
    if row is None:
        return redirect("connect")
    shelves = list(row.shelves.select_related("library").order_by("library__title", "pk"))
    if not _names_lists(row, shelves):
        row.shelf_language = get_language()  # as the first switch will
    shown = request.GET.get("show", "")
    preview = _preview(row, shown, shelves) if shown in OPTIONS else []
    context = {
        "row": row,
        "stars": _stars(row),
        "options": [_option(row, name, shelves) for name in OPTIONS],
        "shown": shown,
        "preview": preview,
        "leftover": [s for s in shelves if s.rating_key and not getattr(row, option_of(s))],
        "in_plex": any(shelf.rating_key for shelf in shelves),
        "names_lists": _names_lists(row, shelves),
        "languages": settings.LANGUAGES,
        "jobs": [
            (_job("shelves"), _("Refreshing lists and collections")),
            (_job("stars"), _("Sending stars")),
        ],
    }
    return render(request, "recommender/giving.html", context)


def _names_lists(row: Connection, shelves: Iterable[Shelf]) -> bool:
    """Tell whether there are lists of ours in Plex, or will be, that bear a name."""
    return bool(wanted_options(row)) or any(shelf.rating_key for shelf in shelves)


def _job(kind: str) -> Job | None:
    """Return the newest job of this kind that had something to do."""
    return Job.objects.filter(kind=kind).exclude(state=Job.State.SKIPPED).first()


def _stars(row: Connection) -> dict[str, Any]:
    rated = Viewer.objects.filter(feedback__rating__isnull=False).distinct()
    return {
        "on": row.write_stars,
        "waiting": stars.count_unsent(also_kept_back=not row.write_stars),
        "sent": Feedback.objects.filter(rating_sent__gt=stars.NOT_FOR_PLEX).count(),
        "stay_here": [viewer for viewer in rated if not stars.is_known_to_plex(viewer)],
    }


def _option(row: Connection, name: str, shelves: Sequence[Shelf]) -> dict[str, Any]:
    title, words = _WORDS[name]
    ours = [shelf for shelf in shelves if option_of(shelf) == name]
    return {
        "name": name,
        "on": getattr(row, name),
        "title": title,
        "words": words,
        "in_plex": [shelf for shelf in ours if shelf.rating_key],
        "refreshed": max((shelf.updated_at for shelf in ours if shelf.rating_key), default=None),
        "problems": [shelf for shelf in ours if shelf.problem],
    }


def option_of(shelf: Shelf) -> str:
    """Return the switch that a shelf hangs on."""
    if shelf.kind == Shelf.Kind.COLLECTION:
        return "mood_collections"
    return "tonight_playlist" if shelf.slug == TONIGHT else "mood_playlists"


def _preview(row: Connection, option: str, shelves: Sequence[Shelf]) -> list[Difference]:
    there = {name_of(shelf): shelf for shelf in shelves}
    labels = _labels(row, {key for shelf in shelves for key in shelf.keys})
    found = [
        _difference(planned, there.get(planned.name), labels)
        for planned in Household(row).plan(option)
    ]
    return [each for each in found if each.planned.places or each.shelf]


def _difference(planned: Planned, shelf: Shelf | None, labels: dict[str, str]) -> Difference:
    there: Sequence[str] = shelf.keys if shelf and shelf.rating_key else ()
    return Difference(
        planned,
        shelf,
        [place for place in planned.places if place.rating_key not in there],
        [labels.get(key, _("a title that is gone")) for key in there if key not in planned.keys],
    )


def _labels(row: Connection, keys: Iterable[str]) -> dict[str, str]:
    """Return how a person would call what stands under these keys of Plex."""
    keys = list(keys)
    titles = MediaItem.objects.filter(library__connection=row, rating_key__in=keys)
    episodes = Episode.objects.filter(item__library__connection=row, rating_key__in=keys)
    found = {title.rating_key: str(title) for title in titles}
    for episode in episodes.select_related("item"):
        found[episode.rating_key] = f"{episode.item.title}, {episode}"
    return found


@owner_only
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Turn one switch on or off; switched off, its lists go from Plex."""
    row, name = Connection.current(), request.POST.get("option", "")
    if row is None or name not in SWITCHES:
        raise Http404
    on = request.POST.get("on") == "1"
    told: dict[str, Any] = {name: on}
    if on and name in OPTIONS and not _names_lists(row, row.shelves.all()):
        told["shelf_language"] = get_language()
    Connection.objects.filter(pk=row.pk).update(**told)
    if name == STARS:
        _switch_stars(request, on=on)
    else:
        queue.request("shelves")
        messages.success(
            request,
            _("On: it is being put into Plex.") if on else _("Off: it is taken out of Plex."),
        )
    return redirect("giving")


def _switch_stars(request: HttpRequest, *, on: bool) -> None:
    if not on:
        messages.success(request, _("Off: stars stay here from now on."))
        return
    if request.POST.get("old") == "1":
        stars.send_kept_back()
        queue.request("stars")
    else:
        stars.keep_back()
    messages.success(request, _("On: stars that are given here go to Plex too."))


@owner_only
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Name the lists in Plex in this language from now on, those that are there too."""
    row, language = Connection.current(), request.POST.get("language", "")
    if row is None or language not in dict(settings.LANGUAGES):
        raise Http404
    Connection.objects.filter(pk=row.pk).update(shelf_language=language)
    queue.request("shelves")
    messages.success(request, _("Noted: the lists in Plex are being renamed."))
    return redirect("giving")


@owner_only
@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    """Ask the worker to bring everything of ours in Plex up to date."""
    queue.request("shelves")
    queue.request("stars")
    return redirect("giving")


@owner_only
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest) -> HttpResponse:
    """Ask once more, then switch everything off and take everything of ours out of Plex."""
    row = Connection.current()
    if row is None:
        return redirect("connect")
    if request.method == "POST":
        Connection.objects.filter(pk=row.pk).update(**dict.fromkeys(SWITCHES, False))
        queue.request("shelves")
        messages.success(request, _("Everything is off; what MoodRec made is taken out of Plex."))
        return redirect("giving")
    shelves = row.shelves.exclude(rating_key="").select_related("library").order_by("kind", "pk")
    context = {"shelves": shelves, "on": any(getattr(row, name) for name in SWITCHES)}
    return render(request, "recommender/giving_remove.html", context)
