"""MoodRec on the home screen: its manifest, its service worker, and the page shown without a network."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

GROUND = "#16100e"  # as --ground of moodrec.css in the dark
SHELL = (
    "css/moodrec.css", "css/controls.css", "img/icon.svg", "js/back-online.js",
)  # fmt: skip
_asked_anew = cache_control(no_cache=True)  # the browser keeps it and asks whether it changed


@login_not_required
@_asked_anew
@require_GET
def manifest(_request: HttpRequest) -> HttpResponse:
    """Say what MoodRec is called and looks like as an app, in the reader's language."""
    home = reverse("tonight")
    told: dict[str, Any] = {
        "id": home,
        "name": "MoodRec",
        "short_name": "MoodRec",
        "description": _("What shall we watch tonight? One to three titles you own, by mood."),
        "lang": get_language(),
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "theme_color": GROUND,
        "background_color": GROUND,
        "categories": ["entertainment"],
        "icons": _icons(),
        "shortcuts": [
            {"name": name, "url": reverse(route), "icons": _icons()[1:2]}
            for name, route in _shortcuts()
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json")


def _icons() -> list[dict[str, str]]:
    drawn = ((192, "any"), (512, "any"), (512, "maskable"))
    pictures = [{"src": static("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"}]
    for size, purpose in drawn:
        name = "icon" if purpose == "any" else purpose
        facts = {"sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        pictures.append({"src": static(f"img/{name}-{size}.png"), **facts})
    return pictures


def _shortcuts() -> list[tuple[str, str]]:
    return [(_("Tonight"), "tonight"), (_("History"), "history"), (_("Favourites"), "favorites")]


@login_not_required
@_asked_anew
@require_GET
def service_worker(_request: HttpRequest) -> HttpResponse:
    """Serve the worker, with what it keeps; it changes whenever one of these does."""
    page = reverse("offline")
    code = _code()
    kept = [page, *map(static, SHELL)]
    look = "".join([code, *kept, *map(_read, SHELL), render_to_string("offline.html")])
    told = {
        "CACHE": f"moodrec-{hashlib.sha256(look.encode()).hexdigest()[:12]}",
        "OFFLINE": page,
        "SHELL": kept,
    }
    names = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in told.items())
    return HttpResponse(names + code, "text/javascript")


def _code() -> str:
    return _read("js/service-worker.js")


def _read(name: str) -> str:
    return Path(str(finders.find(name))).read_text(encoding="utf-8")


@login_not_required
@_asked_anew
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """Show what a device shows when it does not reach us; it names nobody."""
    return render(request, "offline.html")
