"""What the first page says where no Plex is connected."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from moodrec.tests import builders
from plexsync.models import Connection

pytestmark = pytest.mark.django_db


def test_a_member_is_told_that_plex_was_disconnected(client: Client, ben: User) -> None:
    client.force_login(ben)
    builders.title()
    Connection.objects.update(active=False)
    for address in ("/", "/sync"):
        page = client.get(address, follow=True)
        assert (page.status_code, "No Plex is connected" in page.content.decode()) == (200, True)


def test_the_owner_is_led_to_the_connection(client: Client, ada: User) -> None:
    client.force_login(ada)
    assert client.get("/")["Location"] == "/connect"
