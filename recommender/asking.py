"""The page that asks: who is watching, what for, how long. One form, and a count of what fits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from feedback.asking_back import asked_back
from feedback.models import Ask
from moodrec.calling import user_of
from moodrec.jobs.models import Job
from plexsync.models import Connection, MediaItem, Viewer
from plexsync.pages.unlocked import locked
from plexsync.sight import is_guest, visible
from recommender.fits import fits, youngest
from recommender.forms import TonightForm
from recommender.guests import Party, party
from recommender.remembered import Past, starting
from recommender.suggest import Request, suggest
from recommender.unlocking import PRESENT, Face

REMEMBERED = 60  # rows of asks and those present: some weeks of evenings


@dataclass(frozen=True, slots=True)
class Room:
    """Who may be chosen here, who of them is oneself, and who came by a link."""

    viewers: Sequence[Viewer]
    own: Viewer | None
    locked: frozenset[int]
    party: Party

    def present(self, form: TonightForm) -> list[Viewer]:
        """Return who was chosen; oneself where nobody was."""
        chosen: list[Viewer] = form.cleaned_data["viewer"]
        mine = self.own is not None and self.own.pk not in self.locked
        return chosen or ([self.own] if self.own and mine else [])

    def faces(self, form: TonightForm) -> list[Face]:
        """Return whom the form offers: nobody where there is no choice."""
        if len(self.viewers) < 2 and not self.locked:
            return []
        chosen = set(form["viewer"].value() or ())
        return [
            Face(v, chosen=v.slug in chosen, is_locked=v.pk in self.locked)
            for v in self.viewers
            if v.enabled
        ]


def room(request: HttpRequest) -> Room:
    """Return the room that a request speaks of."""
    mine = Q(user__pk=request.user.pk or 0)
    viewers = list(Viewer.objects.filter(Q(enabled=True) | mine))
    own = next((viewer for viewer in viewers if viewer.user_id == request.user.pk), None)
    return Room(viewers, own, locked(request, viewers), party(request))


@require_http_methods(["GET", "POST"])
def tonight(request: HttpRequest) -> HttpResponse:
    """Ask: who, what vibe, how long, new or seen. POST answers and leads to the three."""
    connection = Connection.current()
    if connection is None:
        if request.user.is_staff:
            return redirect("connect")
        return render(request, "recommender/unconnected.html")
    here = room(request)
    form = _form(request, here, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _answer(request, _asked(request, here, form))
    return render(request, "recommender/tonight.html", _context(request, here, form, connection))


@require_GET
def fitting(request: HttpRequest) -> HttpResponse:
    """Tell how many titles fit the form as it stands, and where none does, what blocks."""
    here = room(request)
    form = _form(request, here, request.GET)
    found = fits(_asked(request, here, form)) if form.is_valid() else None
    told = {"form": form, "fits": found, "youngest": found.youngest if found else None}
    return render(request, "recommender/_fits.html", told)


def _form(request: HttpRequest, here: Room, data: Any = None) -> TonightForm:
    """Return the form as it was sent, else as it starts: who typed their PIN last is there, too."""
    now = timezone.localtime()
    initial = starting(_past(request.user), now) if data is None else {}
    if data is None:
        unlocked = [request.session.pop(PRESENT)] if PRESENT in request.session else []
        own = [here.own.slug] if here.own else []
        initial["viewer"] = [*initial.get("viewer", ()), *unlocked] or own
    return TonightForm(data, now=now, viewers=here.viewers, locked=here.locked, initial=initial)


def _past(user: User | AnonymousUser) -> list[Past]:
    """Return what this user asked on the page before, newest first."""
    asks = Ask.objects.filter(user__pk=user.pk or 0, first=None, source=Ask.Source.WEB)
    found = asks.order_by("-asked_at", "pk").values_list("pk", "asked_at", "mood", "viewers__slug")
    rows = list(found[:REMEMBERED])
    grouped = [list(each) for _pk, each in groupby(rows, key=lambda row: row[0])]
    if len(rows) == REMEMBERED:
        grouped.pop()  # of the last, some of those present may be beyond the end
    return [
        Past(timezone.localtime(each[0][1]), each[0][2], tuple(row[3] for row in each if row[3]))
        for each in grouped
    ]


def _asked(request: HttpRequest, here: Room, form: TonightForm) -> Request:
    """Return the request of a valid form, with the guests' wishes."""
    answers = form.answers()
    if here.party.guests:
        answers = replace(answers, company="group", guests=here.party.wishes)
    user = user_of(request)
    return Request(answers=answers, viewers=here.present(form), user=user, source=Ask.Source.WEB)


def _answer(request: HttpRequest, asked: Request) -> HttpResponseRedirect:
    return redirect("three", pk=suggest(asked).pk)


def _context(
    request: HttpRequest, here: Room, form: TonightForm, connection: Connection
) -> dict[str, Any]:
    titles = visible(MediaItem.objects.on_offer(), request.user).count()
    faces = here.faces(form)
    return {
        "form": form,
        "plex": connection,  # the banner need not ask for it again
        "faces": faces,
        "youngest": youngest([face.viewer for face in faces if face.chosen]),
        "party": here.party,
        "titles": titles,
        "is_guest": not titles and is_guest(request.user),
        "reading": Job.objects.filter(kind="sync", state__in=Job.ACTIVE).first(),
        "how_was_it": asked_back(request.user),
    }
