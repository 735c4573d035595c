"""Signing in at plex.tv: pins, and the account a token stands for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from plexsync.demo.http import Answer, Call, Route, route
from plexsync.demo.plextv_answers import answered, moment, person, refused

if TYPE_CHECKING:
    from plexsync.demo.plextv import DemoPlexTv, Pin

JOINED = 1_600_000_000
OPEN = {"/api/v2/pins", "/api/v2/ping", "/auth", "/auth/approve", "/link"}


def is_open(call: Call) -> bool:
    """What can be asked before anybody signed in; a ping with a token must bring a good one."""
    if call.path == "/api/v2/ping":
        return not call.asked("X-Plex-Token")
    return call.path.rstrip("/") in OPEN or call.path.startswith("/api/v2/pins/")


def make_pin(tv: DemoPlexTv, call: Call) -> Answer:
    """`strong` codes go to the sign-in page, short ones are typed at plex.tv/link."""
    client, product = call.asked("X-Plex-Client-Identifier"), call.asked("X-Plex-Product")
    strong = (call.asked("strong") or _form(call).get("strong", "")).lower() in {"1", "true"}
    return answered(call, "pin", _pin(tv.make_pin(client, product, strong=strong)), 201)


def _form(call: Call) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in call.body.decode("latin-1").split("&"))
    return {name: value for name, _, value in pairs}


def show_pin(tv: DemoPlexTv, call: Call, number: str) -> Answer:
    """Only whoever made a pin can ask for it, and only until it expires."""
    pin = tv.pins.get(int(number))
    asks = call.asked("X-Plex-Client-Identifier")
    if pin is None or pin.expired or pin.client != asks:
        return refused(call, 404)
    return answered(call, "pin", _pin(pin))


def _pin(pin: Pin) -> dict[str, Any]:
    ends = pin.made_at + pin.expires_in
    return {
        "id": pin.number,
        "code": pin.code,
        "product": pin.product,
        "trusted": False,
        "qr": f"https://plex.tv/api/v2/pins/qr/{pin.code}",
        "clientIdentifier": pin.client,
        "location": {"code": "CH", "continent_code": "EU", "country": "Switzerland"},
        "expiresIn": max(0, int(ends - time.time())),
        "createdAt": moment(pin.made_at),
        "expiresAt": moment(ends),
        "authToken": pin.token,
        "newRegistration": False if pin.token else None,
    }


def ping(_tv: DemoPlexTv, call: Call) -> Answer:
    return answered(call, "pong", {"pong": "ok"})


def user(_tv: DemoPlexTv, call: Call) -> Answer:
    account, active = call.user, call.user.owner
    shown = {
        **person(account),
        "uuid": account.uuid,
        "friendlyName": account.name.capitalize(),
        "locale": None,
        "confirmed": True,
        "emailOnlyAuth": False,
        "hasPassword": account.kind != "managed",
        "authToken": call.asked("X-Plex-Token"),
        "joinedAt": JOINED,
        "scrobbleTypes": "",
        "country": "CH",
        "anonymous": False,
        "home": account.lives_here,
        "homeSize": 3 if account.lives_here else 1,
        "homeAdmin": account.owner,
        "maxHomeSize": 15,
        "subscription": {
            "active": active,
            "subscribedAt": None,
            "status": "Active" if active else "Inactive",
            "paymentService": None,
            "plan": "lifetime" if active else None,
            "features": ["webhooks", "home", "pass"] if active else ["home"],
        },
        "profile": {
            "autoSelectAudio": True,
            "defaultAudioLanguage": None,
            "defaultSubtitleLanguage": None,
            "autoSelectSubtitle": 1,
            "defaultSubtitleAccessibility": 0,
            "defaultSubtitleForced": 0,
        },
    }
    return answered(call, "user", shown)


def sign_out(tv: DemoPlexTv, call: Call) -> Answer:
    tv.tokens.pop(call.asked("X-Plex-Token"), None)
    return Answer(b"", 204)


ROUTES: list[Route] = [
    route("POST", r"/api/v2/pins(?:\.xml|\.json)?", "pin create", make_pin),
    route("GET", r"/api/v2/pins/(\d+)", "pin", show_pin),
    route("GET", r"/api/v2/user", "user", user),
    route("GET", r"/api/v2/ping", "ping", ping),
    route("DELETE", r"/api/v2/users/signout", "sign out", sign_out),
]
