"""Which Host headers are ours: this machine, the home network, and the names configured."""

import ipaddress
from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host

_ITSELF = {"localhost", "127.0.0.1", "[::1]"}
_HOME_SUFFIXES = (".local", ".lan", ".home.arpa", ".internal", ".localhost")


def is_ours(host: str, allowed: list[str]) -> bool:
    """Tell whether a Host header can be believed.

    IP literals, one-word names and home suffixes can't be registered by a stranger, so no
    DNS rebinding reaches us through them; anything else must be listed in ALLOWED_HOSTS.
    """
    domain, _port = split_domain_port(host)
    if validate_host(domain, allowed):
        return True
    return bool(domain) and (_is_address(domain) or "." not in domain or _is_home(domain))


def is_itself(host: str) -> bool:
    """Tell whether this name means whatever device uses it: a link with it leads a phone nowhere."""
    return split_domain_port(host)[0] in _ITSELF


def _is_home(domain: str) -> bool:
    return domain.endswith(_HOME_SUFFIXES)


def _is_address(domain: str) -> bool:
    try:
        ipaddress.ip_address(domain.strip("[]"))
    except ValueError:
        return False
    return True


class HomeHostMiddleware:
    """Answers 400 to a Host header that is not ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        from django.conf import settings  # noqa: PLC0415 (settings name this module)

        self.get_response = get_response
        self.allowed: list[str] = list(settings.HOUSEHOLD_HOSTS)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_ours(request.get_host(), self.allowed):
            message = (
                f"{request.get_host()!r} is not a name of this install. Add it to ALLOWED_HOSTS."
            )
            raise DisallowedHost(message)
        return self.get_response(request)
