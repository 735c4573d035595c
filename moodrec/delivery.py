"""How answers travel: text compressed, pictures as they are, and no page asks for a device's senses."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_COMPRESSED_ALREADY = ("image/jpeg", "image/png", "image/webp", "application/zip")
_NEVER_ASKED = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope",
                "magnetometer", "microphone", "midi", "payment", "usb")  # fmt: skip
_POLICY = ", ".join(f"{sense}=()" for sense in _NEVER_ASKED)


class CompressText(GZipMiddleware):
    """Compresses what gets smaller by it; its length varies at random, against BREACH."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.get("Content-Type", "").startswith(_COMPRESSED_ALREADY):
            return response
        return super().process_response(request, response)


class CarefulHeadersMiddleware:
    """Lets no page ask for camera, place or the like; nor a cache between keep what says nothing of that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        answer.setdefault("Permissions-Policy", _POLICY)
        answer.setdefault("Cache-Control", "private, no-cache")
        return answer
