"""Routes about the server itself: identity, accounts, players, tokens."""

from __future__ import annotations

import secrets

from plexsync.demo.elements import tag
from plexsync.demo.http import Answer, Call, Route, container, refusal, route

VERSION = "1.42.2.10156-f737b826c"
TELEVISION = "demo-living-room-tv"


def identity(call: Call) -> Answer:
    machine = call.plex.library.machine_identifier
    claimed = int(not call.struck.get("unclaimed"))
    pairs = (
        ("size", 0),
        ("claimed", claimed),
        ("machineIdentifier", machine),
        ("version", VERSION),
    )
    return container("", pairs)


def root(call: Call) -> Answer:
    owner, claimed = call.user.owner, not call.struck.get("unclaimed")
    pairs = (
        ("size", 0),
        ("allowCameraUpload", 0),
        ("allowMediaDeletion", 0),
        ("allowSharing", int(owner)),
        ("allowSync", 0),
        ("backgroundProcessing", 1),
        ("certificate", 1),
        ("companionProxy", 1),
        ("friendlyName", call.plex.library.name),
        ("machineIdentifier", call.plex.library.machine_identifier),
        ("multiuser", 1),
        ("myPlex", int(claimed)),
        ("myPlexMappingState", "mapped" if claimed else "unknown"),
        ("myPlexSigninState", "ok" if claimed else "none"),
        ("myPlexSubscription", int(claimed)),
        ("myPlexUsername", call.user.name if claimed else ""),
        ("ownerFeatures", "webhooks,home,collections" if owner else ""),
        ("platform", "Linux"),
        ("platformVersion", "demo"),
        ("sync", 1),
        ("transcoderActiveVideoSessions", 0),
        ("transcoderVideo", 1),
        ("updatedAt", 1_790_000_000),
        ("version", VERSION),
    )
    return container("", pairs)


def accounts(call: Call) -> Answer:
    """Number 0 stands for whoever the server could not tell; it has no name."""
    if not call.user.owner:
        return refusal(403)
    people = [(0, ""), *((a.number, a.name) for a in call.plex.accounts.values())]
    inside = "".join(_account(number, name) for number, name in people)
    return container(inside, (("size", len(people)), ("identifier", "com.plexapp.system.accounts")))


def _account(number: int, name: str) -> str:
    pairs = (
        ("id", number),
        ("key", f"/accounts/{number}"),
        ("name", name),
        ("defaultAudioLanguage", "en"),
        ("autoSelectAudio", 1),
        ("defaultSubtitleLanguage", "en"),
        ("subtitleMode", 0),
        ("thumb", ""),
    )
    return tag("Account", pairs)


def devices(call: Call) -> Answer:
    if not call.user.owner:
        return refusal(403)
    pairs = (
        ("id", 1),
        ("name", "Living room TV"),
        ("platform", "Android"),
        ("clientIdentifier", TELEVISION),
        ("createdAt", 1_700_000_000),
    )
    return container(tag("Device", pairs), (("size", 1),))


def clients(call: Call) -> Answer:
    """The television if it is on, which is this server itself under another address."""
    if not call.plex.television:
        return container("", (("size", 0),))
    pairs = (
        ("name", "Living room TV"),
        ("host", call.plex.url.split("/")[2].split(":")[0]),
        ("address", call.plex.url.split("/")[2].split(":")[0]),
        ("port", call.plex.port),
        ("machineIdentifier", TELEVISION),
        ("version", "10.8.0"),
        ("protocol", "plex"),
        ("product", "Plex for Android (TV)"),
        ("deviceClass", "tv"),
        ("protocolVersion", 2),
        ("protocolCapabilities", "timeline,playback,navigation,mirror,playqueues"),
    )
    return container(tag("Server", pairs), (("size", 1),))


def resources(call: Call) -> Answer:
    if not call.plex.television:
        return container("", (("size", 0),))
    pairs = (
        ("title", "Living room TV"),
        ("machineIdentifier", TELEVISION),
        ("product", "Plex for Android (TV)"),
        ("platform", "Android"),
        ("platformVersion", "14"),
        ("version", "10.8.0"),
        ("protocol", "plex"),
        ("protocolVersion", 2),
        ("protocolCapabilities", "timeline,playback,navigation,mirror,playqueues"),
        ("deviceClass", "tv"),
    )
    return container(tag("Player", pairs), (("size", 1),))


def transient_token(call: Call) -> Answer:
    """A short-lived token for a player; it may do what its maker may."""
    if (call.asked("type"), call.asked("scope")) != ("delegation", "all"):
        return refusal(400)
    token = f"transient-{secrets.token_urlsafe(15)}"
    call.plex.transient[token] = call.user
    return container("", (("size", 0), ("token", token)))


def preferences(call: Call) -> Answer:
    if not call.user.owner:
        return refusal(403)
    pairs = (
        ("id", "FriendlyName"),
        ("label", "Friendly name"),
        ("summary", "The name of this server."),
        ("type", "text"),
        ("default", ""),
        ("value", call.plex.library.name),
        ("hidden", 0),
        ("advanced", 0),
        ("group", "general"),
    )
    return container(tag("Setting", pairs), (("size", 1),))


ROUTES: list[Route] = [
    route("GET", r"/identity", "identity", identity),
    route("GET", r"/", "root", root),
    route("GET", r"/accounts/?", "accounts", accounts),
    route("GET", r"/devices/?", "devices", devices),
    route("GET", r"/clients/?", "clients", clients),
    route("GET", r"/resources/?", "clients", resources),
    route("GET", r"/security/token", "token", transient_token),
    route("GET", r"/:/prefs", "preferences", preferences),
]
