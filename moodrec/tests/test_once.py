"""What several parts of a page ask for is asked once, and anew after anything was written."""

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test.utils import CaptureQueriesContext

from moodrec.once import OncePerRequestMiddleware
from moodrec.tests import builders
from plexsync.models import Connection


def _names(*, renamed: str = "") -> HttpResponse:
    """Answer a request that looks at the connection twice, and may rename it in between."""

    def view(_request: HttpRequest) -> HttpResponse:
        first = Connection.current()
        if renamed:
            Connection.objects.update(name=renamed)
        return HttpResponse(f"{first}, {Connection.current()}")

    return OncePerRequestMiddleware(view)(HttpRequest())


@pytest.mark.django_db
def test_it_is_asked_once_a_request() -> None:
    builders.library(connection=builders.connection(name="Den"))
    with CaptureQueriesContext(connection) as asked:
        assert _names().content == b"Den, Den"
    assert len(asked) == 1


@pytest.mark.django_db
def test_nothing_old_is_told_after_a_change_or_to_the_next_request() -> None:
    builders.connection(name="Den")
    assert _names(renamed="Attic").content == b"Den, Attic"
    Connection.objects.update(name="Loft")
    assert _names().content == b"Loft, Loft"


@pytest.mark.django_db
def test_outside_of_a_request_each_call_asks() -> None:
    builders.library()
    with CaptureQueriesContext(connection) as asked:
        assert Connection.current() == Connection.current()
    assert len(asked) == 2
