"""Which address of a server to use: ask each of them who it is, and say in plain words how it went."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from moodrec.phrases import phrase
from plexsync.client import asking
from plexsync.client.plextv import Address, Server

AT_ONCE = 12
MOST = 24  # addresses of one server that are tried; hosts with many containers have more


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to a server: its address, where it leads, and how trying it went."""

    uri: str
    local: bool
    relay: bool
    ok: bool
    words: str

    @property
    def encrypted(self) -> bool:
        return self.uri.startswith("https://")

    @property
    def place(self) -> str:
        """Where this address leads."""
        if self.relay:
            return _("Relay of Plex: slow, no pictures")
        return _("Home network") if self.local else _("Internet")


def choices(server: Server) -> list[Choice]:
    """Try every address of this server at once, and return how it went: the best way first."""
    found = candidates(server)
    if not found:
        return []
    with ThreadPoolExecutor(min(AT_ONCE, len(found))) as pool:
        speak = partial(_tried_in, get_language())
        tried = list(pool.map(lambda each: speak(each, server.machine_identifier), found))
    return sorted(tried, key=lambda choice: not choice.ok)  # stable: candidates come best first


def candidates(server: Server) -> list[Address]:
    """Return the addresses worth trying, best first: home before internet before relay.

    Routers that protect against DNS rebinding break plex.direct names at home, so the bare address
    is tried too. Plain http goes nowhere but home: the token would travel in clear.
    """
    plain = [] if server.https_required else [_plain(each) for each in server.addresses]
    unique = {each.uri: each for each in (*server.addresses, *filter(None, plain))}
    safe = [each for each in unique.values() if each.uri.startswith("https://") or _at_home(each)]
    return sorted(safe, key=_rank)[:MOST]


def remembered(server: Server) -> list[dict[str, Any]]:
    """Return the addresses to keep with a connection, best first."""
    return [
        {key: value for key, value in asdict(each).items() if key in {"uri", "local", "relay"}}
        for each in candidates(server)
    ]


def refusal(url: str) -> str:
    """Say why an address that was typed in is never called; '' where nothing speaks against it."""
    ips, port = asking.addresses_of(url), urlsplit(url).port or 0
    if any(asking.is_forbidden(ip, port, ours()) for ip in ips):
        return phrase("No Plex can be at this address. Give the one that Plex has on your network.")
    if url.startswith("http://") and any(ip_address(ip).is_global for ip in ips):
        return phrase(
            "This address is on the internet: your token would travel unencrypted. Use https://."
        )
    return ""


def ours() -> list[tuple[str, int]]:
    """Return host and port of our own broker and database, which nobody calls through us."""
    known = [settings.REDIS_URL, settings.CELERY_BROKER_URL]
    found = [(s.hostname or "", s.port or 6379) for s in map(urlsplit, known)]
    database = settings.DATABASES["default"]
    return [*found, (str(database.get("HOST") or ""), int(database.get("PORT") or 5432))]


def trouble_with(uri: str, machine_identifier: str) -> str:
    """Ask an address once more, and say what is wrong with it; '' where the server answers."""
    choice = _tried(Address(uri, "", 0, local=True, relay=False), machine_identifier)
    return "" if choice.ok else choice.words


def _tried_in(language: str, address: Address, machine_identifier: str) -> Choice:
    """Try an address in a thread of its own, which doesn't know the reader's language."""
    with override(language):
        return _tried(address, machine_identifier)


def _tried(address: Address, machine_identifier: str) -> Choice:
    found = asking.ask(address.uri, ours=ours())
    ok = not found.failure and found.machine_identifier == machine_identifier
    words = (
        _("answers in %(milliseconds)s ms") % {"milliseconds": found.milliseconds}
        if ok
        else _words(found, address.uri)
    )
    return Choice(address.uri, address.local, address.relay, ok, words)


def _words(found: asking.Identity, uri: str) -> str:
    return trouble(found.failure, uri) if found.failure else _("another Plex server answers there")


def trouble(failure: str, uri: str) -> str:
    """Say what is wrong with an address, and what helps, as a part of a sentence."""
    if failure == "certificate":
        return _certificate(uri)
    return {
        "forbidden": _("no Plex can be there"),
        "timeout": _("no answer in time: asleep, or not reachable from here"),
        "refused": _("nobody answers there"),
        "redirect": _("it sends us elsewhere"),
    }.get(failure, _("something answers there, but not a Plex server"))


def sentence(failure: str, uri: str) -> str:
    """Say what is wrong with an address that was typed in, and what helps."""
    if failure == "certificate":
        return phrase(
            "%(trouble)s. Or accept the certificate below, if it is one you made yourself.",
            trouble=capfirst(trouble(failure, uri)),
        )
    return {
        "forbidden": phrase("No Plex can be there."),
        "timeout": phrase(
            "No answer in time: asleep, or not reachable from here. "
            "Is the server on, and the address right?"
        ),
        "refused": phrase("Nobody answers there. Is the server on, and the address right?"),
        "redirect": phrase("It sends us elsewhere. Give Plex's own address."),
        "other": phrase(
            "Something answers there, but not a Plex server. Is another program at this address?"
        ),
    }.get(failure, phrase("Something answers there, but not a Plex server."))


def _certificate(uri: str) -> str:
    host = urlsplit(uri).hostname or ""
    if _is_ip(host):
        return _(
            "the certificate does not fit: Plex's is for a name under plex.direct, not for an IP "
            "address. Use the plex.direct address, or %(plain)s at home"
        ) % {"plain": _http(uri)}
    return _("the certificate does not fit the name %(host)s. Use the plex.direct address") % {
        "host": host
    }


def _http(uri: str) -> str:
    return uri.replace("https://", "http://", 1)


def _plain(address: Address) -> Address | None:
    """Return the bare address behind a plex.direct one at home."""
    if not (address.local and address.host and address.port):
        return None
    host = f"[{address.host}]" if ":" in address.host else address.host
    return replace(address, uri=f"http://{host}:{address.port}")


def _at_home(address: Address) -> bool:
    """Tell whether plain http stays in the house: by plex.tv's word, and not to a public address."""
    return address.local and not (_is_ip(address.host) and ip_address(address.host).is_global)


def _rank(address: Address) -> tuple[bool, bool, bool, bool]:
    plain = not address.uri.startswith("https://")
    return address.relay, not address.local, plain, ":" in address.host


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
