"""Where a form leads back to: the page it was on, if that page is ours."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

OTHERWISE = "history"


def back(request: HttpRequest, *, at: str = "") -> HttpResponse:
    """Return to the page that the form names as ``next``; ``at``: the id of a place on that page."""
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()})
    if not (safe and there.startswith("/")):
        return redirect(OTHERWISE)
    place = f"#{at}" if at and "#" not in there else ""
    return HttpResponseRedirect(there + place)
