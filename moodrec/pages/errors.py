"""Friendly words where something can't be: bad requests, wrong verbs, too much at once, a session over."""

import logging
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django_htmx.http import HttpResponseClientRedirect

from moodrec.calling import by_htmx
from moodrec.pages import obstacles

logger = logging.getLogger(__name__)

_SAFE = {"GET", "HEAD", "OPTIONS"}
_WORDED = {405, 429}  # which Django and our own doors answer without a page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Say what was wrong with a request that no page can be shown for; it touches no database.

    A session that could not be stored comes here too, though nothing was wrong with what was sent.
    """
    if answer := obstacles.told(request, exception):
        return answer
    too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    stranger = isinstance(exception, DisallowedHost)
    page = render_to_string("400.html", {"too_much": too_much, "unknown_name": stranger})
    return HttpResponse(page, status=413 if too_much else 400)


class FriendlyErrorsMiddleware:
    """Gives bare answers words, and leads whoever is not signed in any more back to where they were."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if _denied(request, answer):
            return _and_back(request, answer)
        if answer.status_code in _WORDED and not answer.content and _is_a_page(request):
            return _worded(request, answer)
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Answer 400 to what a database can't even look for: to PostgreSQL, text with a NUL in it."""
        if not isinstance(error, DataError):
            return None
        logger.warning("The database could not take what was sent.", exc_info=error)
        return bad_request(request, error)


def _denied(request: HttpRequest, answer: HttpResponse) -> bool:
    """Tell whether one must sign in for this; not whether it leads there of its own, as signing out."""
    there = urlsplit(answer.headers.get("Location", ""))
    if answer.status_code != 302 or there.path != resolve_url(settings.LOGIN_URL):
        return False
    return parse_qs(there.query).get("next") == [request.get_full_path()]


def _and_back(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Come back to the page, not to what one of its buttons or a part of it asked for."""
    if not by_htmx(request) and request.method in _SAFE:
        return answer
    page = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    back = page._replace(scheme="", netloc="", fragment="").geturl()
    there = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
    if by_htmx(request):
        return HttpResponseClientRedirect(there)  # else the form to sign in would land in a card
    answer["Location"] = there
    return answer


def _is_a_page(request: HttpRequest) -> bool:
    return "text/html" in request.headers.get("Accept", "")


def _worded(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    page = render(request, f"{answer.status_code}.html", status=answer.status_code)
    for name in ("Allow", "Retry-After"):
        if name in answer:
            page[name] = answer[name]
    return page
