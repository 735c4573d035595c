"""Whoever lacks a viewer's PIN gets nothing chosen by that viewer's taste, whichever door they try."""

from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.test import Client

from feedback.models import Suggestion
from moodrec.tests import builders
from moodrec.tests.every_page import NIL
from moodrec.tests.test_access import ROUTES
from plexsync import pins
from plexsync.models import MediaItem, Viewer

pytestmark = pytest.mark.django_db
LIFT_IT = {"sign-out", "person-pin", "person-remove", "delete-my-data"}
LEAVE_NOTHING_TO_SHOW = {"connect", "connect-demo", "connect-servers", "disconnect", "libraries"}
SENT = {"ask": NIL, "spin": "too_long", "why": "never", "kind": "never", "wanted": "1"}


@pytest.fixture
def mia(films: list[MediaItem]) -> Viewer:
    """Somebody with a PIN."""
    viewer = builders.viewer("Mia")
    pins.set_pin(viewer, "2468")
    return viewer


def an_evening(viewers: list[Viewer], user: User) -> None:
    """Lay out an evening whose rows are those that the sample addresses name."""
    ask = builders.ask(pk=UUID(NIL), viewers=viewers, user=user)
    film = MediaItem.objects.filter(pk=1).first() or builders.title("First", pk=1)
    builders.suggestion(film, ask=ask, pk=1)


@pytest.mark.parametrize("is_here", [True, False])
@pytest.mark.parametrize("named", ["mia", ""])
@pytest.mark.parametrize("name", ["ada", "ben"])
def test_no_route_brings_titles_for_whoever_s_pin_is_not_known(
    ada: User, ben: User, mia: Viewer, name: str, named: str, is_here: bool
) -> None:
    user = User.objects.get(username=name)
    an_evening([Viewer.objects.get(user=user), mia], user)
    Viewer.objects.filter(pk=mia.pk).update(enabled=is_here)
    browser = Client()
    browser.force_login(user)
    for route, address in ROUTES:
        if route in LIFT_IT | LEAVE_NOTHING_TO_SHOW:
            continue
        browser.get(address, {"ask": NIL, **({"viewer": named} if named else {})})
        browser.post(address, {**SENT, "viewer": named})
        shown = Suggestion.objects.filter(ask__viewers=mia).values_list("pk", flat=True)
        assert list(shown) == [1], route
