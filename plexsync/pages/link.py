"""Ask plex.tv and wait for the yes: the pages that linking an account and signing in share."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise

from moodrec.phrases import told
from moodrec.security.pace import Pace
from plexsync import linking
from plexsync.client import PlexError

LOOKS = Pace(each=8, everybody=40, seconds=10)  # a page that waits looks every 3 seconds


@dataclass(frozen=True, slots=True)
class Door:
    """One purpose of asking: the names of its routes, and where to go when it fails."""

    purpose: str
    start: str
    back: str
    home: str
    meanwhile: str | Promise = ""  # what still works while plex.tv does not


@dataclass(frozen=True, slots=True)
class Yes:
    """What somebody's yes brought: their account's token, and the page they were going to."""

    token: str
    next: str


def ask(request: HttpRequest, door: Door, next_page: str = "") -> HttpResponse:
    """Open a question at plex.tv and send the browser there, or to a page with a code to type."""
    strong = request.POST.get("by") != "code"
    try:
        link = linking.begin(request, door.purpose, strong=strong, next_page=next_page)
    except PlexError as error:
        return away(request, door, error)
    if not strong:
        return redirect(door.back)
    back = request.build_absolute_uri(reverse(door.back))
    return redirect(linking.page_at_plex(link, back))


def answer(request: HttpRequest, door: Door) -> Yes | HttpResponse:
    """Look once whether plex.tv has heard a yes; else return the page to show.

    A script that waits asks for JSON, and is only told whether looking at the page is worth while.
    """
    try:
        link = linking.current(request, door.purpose)
        token = linking.look(link) if LOOKS.allows(str(link.pin)) else ""
    except linking.NotAsked:
        return _over(request, door)
    except PlexError as error:
        return (
            _over(request, door)
            if error.kind == "missing"
            else _wait(request, door, told(str(error)))
        )
    if not token:
        return _wait(request, door)
    if _is_script(request):
        return JsonResponse({"waiting": False})
    linking.forget(request)
    return Yes(token, link.next)


def away(request: HttpRequest, door: Door, error: PlexError) -> HttpResponse:
    """Say that plex.tv failed us, on the page that one came from."""
    messages.error(request, f"{told(str(error))} {door.meanwhile}".strip())
    return redirect(door.home)


def _wait(request: HttpRequest, door: Door, problem: str = "") -> HttpResponse:
    if _is_script(request):
        return JsonResponse({"waiting": True, "problem": problem})
    context = {
        "door": door,
        "link": linking.current(request, door.purpose),
        "problem": problem,
        "looked": "look" in request.GET or "state" in request.GET,
        "plex_tv": settings.PLEX_TV_URL.rstrip("/"),
    }
    return render(request, "plexsync/link.html", context)


def _over(request: HttpRequest, door: Door) -> HttpResponse:
    if _is_script(request):
        return JsonResponse({"waiting": False})
    return render(request, "plexsync/link_over.html", {"door": door}, status=403)


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"
