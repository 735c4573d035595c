"""Fetching a picture: scaled by Plex, bounded in size and in time, or a PlexError."""

import io
from typing import Any

import pytest
from PIL import Image

from plexsync.client import PlexError, images
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection
from plexsync.tests.listeners import listening

PATH = "/library/metadata/1001/thumb/1"
JPEG = b"\xff\xd8\xff\xe0"


def fetched(url: str, token: str = "") -> bytes:
    return images.image(Connection(url=url, token=token, client_identifier="c"), PATH, 150, 225)


def test_an_image_is_scaled_by_plex(plex: DemoPlex) -> None:
    assert Image.open(io.BytesIO(fetched(plex.url, plex.token))).size == (150, 225)


def test_the_token_is_no_part_of_the_address(plex: DemoPlex) -> None:
    fetched(plex.url, plex.token)
    assert plex.token not in "".join(asked.target for asked in plex.requests.asked)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"status": 401}, "denied"),
        ({"status": 503}, "busy"),
        ({"reset": True}, "unreachable"),
        ({"slow_ms": 1_000}, "unreachable"),
    ],
)
def test_an_image_that_does_not_come_is_a_plex_error(
    plex: DemoPlex, fault: dict[str, Any], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "IMAGE_SECONDS", 0.1 if "slow_ms" in fault else 5)
    plex.faults.set({**fault, "only_path": "/photo"})
    with pytest.raises(PlexError) as failure:
        fetched(plex.url, plex.token)
    assert failure.value.kind == kind
    assert plex.requests.kinds["photo"] == 1  # asked once: nobody waits for a second try


def test_an_image_beyond_five_megabytes_is_none() -> None:
    too_much = JPEG + bytes(images.MAX_IMAGE_BYTES)
    with listening(too_much, "image/jpeg") as huge, pytest.raises(PlexError, match="than 5 MB"):
        fetched(huge.url)
    with listening(JPEG + bytes(images.MAX_IMAGE_BYTES - 4), "image/jpeg") as large:
        assert len(fetched(large.url)) == images.MAX_IMAGE_BYTES


def test_an_image_that_drips_is_given_up_after_its_seconds_as_a_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each byte comes in time; all of them would take a minute."""
    monkeypatch.setattr(images, "IMAGE_SECONDS", 0.4)
    with listening(JPEG * 200, "image/jpeg", drip=0.1) as slow, pytest.raises(PlexError) as failure:
        fetched(slow.url)
    assert failure.value.kind == "unreachable"


def test_a_name_that_is_nobody_s_is_a_plex_error() -> None:
    with pytest.raises(PlexError):
        fetched("http://127.0.0.1:9")
    with pytest.raises(PlexError):
        fetched("nonsense")
