"""What a device tells of itself: its time zone, so that "until 23:00" is the clock on its wall."""

from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

COOKIE = "moodrec_zone"  # set by static/js/device.js


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


class DeviceTimeZoneMiddleware:
    """Tells times in the device's zone, where it named one that exists; else in the household's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = request.COOKIES.get(COOKIE, "")
        if name not in _zones():
            return self.get_response(request)
        with timezone.override(ZoneInfo(name)):
            return self.get_response(request)
