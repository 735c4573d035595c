"""The pages and answers that belong to no app: welcome, the owner's account, health, the API's root."""

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from moodrec import accounts
from moodrec.checks import checks
from moodrec.plex_sign_in import BACKEND, MAY_SET_UP
from moodrec.security.models import OneTimeLink


@login_not_required
@never_cache
@require_GET
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Use up a one-time link: sign its user in, or go on to the first run."""
    link = OneTimeLink.redeem(token)
    if link is None:
        return render(request, "welcome_used.html", status=410)
    if link.user is not None:
        login(request, link.user, backend=BACKEND)
        return redirect("tonight")
    request.session[MAY_SET_UP] = True
    return redirect("owner")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def owner(request: HttpRequest) -> HttpResponse:
    """Make the first account, which owns the install; open only to who used the first-run link."""
    if accounts.owner_exists():
        return redirect("tonight")
    if not request.session.get(MAY_SET_UP):
        return render(request, "welcome_locked.html", status=403)
    form: UserCreationForm[User] = UserCreationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = accounts.make_owner(form.cleaned_data["username"], form.cleaned_data["password1"])
        if user is None:  # the form was sent twice, and the other one came first
            return redirect("tonight")
        del request.session[MAY_SET_UP]
        login(request, user, backend=BACKEND)
        return redirect("connect")
    form.fields["username"].widget.attrs.pop("autofocus", None)  # "Sign in with Plex" stands first
    return render(request, "owner.html", {"form": form})


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
        return Response({name: reverse(f"api-{name}", request=request) for name in names})
