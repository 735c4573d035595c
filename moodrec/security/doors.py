"""Every page asks who comes in, except those that say otherwise: these ask for no session at all."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase


class DeniesUnlessOpenMiddleware(LoginRequiredMiddleware):
    """Lets an open page through before the session and its user are read.

    Django's own reads them first, so a browser that is signed in would learn from ``/healthz`` that
    the database is away, and a host that watches it would restart a process that is well.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[Any, Any],
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)
