"""Sessions that end only where somebody ends them."""

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

_SAFE = {"GET", "HEAD", "OPTIONS"}


class LastingSessionMiddleware(SessionMiddleware):
    """Takes a session's cookie back only from whoever acts: signing out, or an old one sent by a form.

    Signing in gives the session a new name. A page or part asked for just before carries the old
    one, which nobody knows any more; Django's answer to it, where it comes late, would take the new
    cookie away and sign the person out again.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        answer = super().process_response(request, response)
        cookie = answer.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None and not cookie.value and request.method in _SAFE:
            del answer.cookies[settings.SESSION_COOKIE_NAME]
        return answer
