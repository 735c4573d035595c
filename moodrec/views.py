"""The pages and answers that belong to no app: welcome, the owner's account, health, the API's root."""

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from moodrec import accounts
from moodrec.checks import checks
from moodrec.plex_sign_in import BACKEND, MAY_SET_UP
from moodrec.security.models import OneTimeLink
from plexsync import first_run


@login_not_required
@never_cache
@require_GET
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Use up a one-time link: sign its user in, or go on to the first run."""
    link = OneTimeLink.redeem(token)
    if link is None or (link.user is not None and not link.user.is_active):
        may_go_on = bool(request.session.get(MAY_SET_UP)) and not accounts.owner_exists()
        context = {"go_on": "owner" if may_go_on else _onward(request.user)}
        return render(request, "welcome_used.html", context, status=410)
    if link.user is not None:
        login(request, link.user, backend=BACKEND)
        return redirect(_onward(link.user))
    request.session[MAY_SET_UP] = True
    return redirect("owner")


def _onward(user: User | AnonymousUser) -> str:
    """Return the page to go on with: what is next of the first run, for who sets MoodRec up."""
    if not user.is_authenticated:
        return "sign-in"
    return first_run.next_page() if user.is_staff else "tonight"


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def owner(request: HttpRequest) -> HttpResponse:
    """Make the first account, which owns the install; open only to who used the first-run link."""
    if accounts.owner_exists():
        return redirect(_onward(request.user))
    if not request.session.get(MAY_SET_UP):
        return render(request, "welcome_locked.html", status=403)
    form = _owner_form(request)
    if request.method == "POST" and form.is_valid():
        user = accounts.make_owner(form.cleaned_data["username"], form.cleaned_data["password1"])
        if user is None:  # the form was sent twice, and the other one came first
            return redirect(_onward(request.user))
        del request.session[MAY_SET_UP]
        login(request, user, backend=BACKEND)
        return redirect("connect")
    for name in list(form.errors)[:1]:  # it stands below the fold of a phone
        form.fields[name].widget.attrs["autofocus"] = True
    return render(request, "owner.html", {"form": form})


def _owner_form(request: HttpRequest) -> UserCreationForm[User]:
    """Return the form with our words, which have to stand before it is checked."""
    form: UserCreationForm[User] = UserCreationForm(request.POST or None)
    form.fields["username"].widget.attrs.pop("autofocus", None)  # "Sign in with Plex" stands first
    for name in ("username", "password2"):  # what must not be is told where somebody does it
        form.fields[name].help_text = ""
    form.fields["password1"].help_text = _(
        "At least eight characters, and none of the passwords that everybody uses."
    )
    return form


@login_not_required
@never_cache
@require_GET
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that this process answers; touches nothing else."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the parts work together; which of them does not is for the owner to know."""
    found = checks()
    up = all(check.ok for check in found if check.vital)
    well = all(check.ok for check in found)
    answer: dict[str, Any] = {"status": "ok" if well else "degraded" if up else "unavailable"}
    if up and request.user.is_staff:
        answer["checks"] = {check.name: {"ok": check.ok, "detail": check.detail} for check in found}
    return JsonResponse(answer, status=200 if up else 503)


class ApiRoot(APIView):
    """MoodRec's API: everything that is not /recommend, /feedback and /train."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        names = (
            "recommend", "feedback", "train", "media", "asks", "favorites", "viewers", "jobs",
            "sync", "models", "schema", "docs",
        )  # fmt: skip
        return Response(
            {name: request.build_absolute_uri(reverse(f"api-{name}")) for name in names}
        )
