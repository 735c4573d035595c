"""Who sent a request, and whether htmx did."""

from django.contrib.auth.models import User
from django.http import HttpRequest


def user_of(request: HttpRequest) -> User | None:
    """Return who is signed in; None for anybody else, a guest say."""
    return request.user if isinstance(request.user, User) else None


def by_htmx(request: HttpRequest) -> bool:
    """Tell whether htmx asks, which takes a part of a page; anybody else takes a whole one."""
    return request.headers.get("HX-Request") == "true"
