"""What several parts of one page ask of the database is asked once.

While one request is answered, what was found is kept until anything is written. Elsewhere (jobs,
commands) each call asks anew.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection
from django.http import HttpRequest, HttpResponse

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
_found: ContextVar[dict[Any, Any] | None] = ContextVar("found", default=None)


def once(ask: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Let a function of hashable arguments ask once a request; its answer must not be changed."""

    @wraps(ask)
    def asked(*args: Asked.args, **named: Asked.kwargs) -> Answer:
        found = _found.get()
        if found is None:
            return ask(*args, **named)
        key = (ask, args, tuple(named.items()))
        if key not in found:
            found[key] = ask(*args, **named)
        answer: Answer = found[key]
        return answer

    return asked


class OncePerRequestMiddleware:
    """Keeps what was found while one request is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _found.set({})
        try:
            with connection.execute_wrapper(_forget_when_written):
                return self.get_response(request)
        finally:
            _found.reset(token)


def _forget_when_written(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    found = _found.get()
    done = execute(sql, *rest)
    if found and not sql.lstrip("( ").upper().startswith("SELECT"):
        found.clear()
    return done
