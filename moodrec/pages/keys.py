"""The page of API keys: whose there are, a new one, the end of one."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from knox.models import AuthToken

MOST = 50  # of one person: who needs more of them has forgotten some


def _keys(user: Any) -> "QuerySet[AuthToken]":
    """Return all keys for the owner, for others their own."""
    keys: QuerySet[AuthToken] = AuthToken.objects.select_related("user__viewer")
    return keys if user.is_staff else keys.filter(user=user)


def _context(request: HttpRequest) -> dict[str, Any]:
    return {"keys": _keys(request.user).order_by("-created")}


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """Show the keys by their beginnings: the rest of them is stored nowhere."""
    return render(request, "settings/keys.html", _context(request))


@require_POST
@never_cache
def make(request: HttpRequest) -> HttpResponse:
    """Make a key for whoever asks, and show it this once."""
    if AuthToken.objects.filter(user=request.user).count() >= MOST:
        messages.error(request, _("You have %(most)s keys. Revoke one first.") % {"most": MOST})
        return redirect("keys")
    _row, made = AuthToken.objects.create(request.user)
    return render(request, "settings/keys.html", {**_context(request), "made": made})


@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, key: str) -> HttpResponse:
    """Ask once more, then end a key: what uses it is refused from then on."""
    row: Any = get_object_or_404(_keys(request.user), token_key=key)
    if request.method == "POST":
        row.delete()
        messages.success(request, _("The key is revoked: what used it is refused from now on."))
        return redirect("keys")
    return render(request, "settings/key_revoke.html", {"key": row})
