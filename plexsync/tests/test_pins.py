"""A PIN is a hash, has four to eight digits, and can't be found by trying."""

import pytest

from moodrec.tests import builders
from plexsync import pins
from plexsync.models import Viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia() -> Viewer:
    viewer = builders.viewer("Mia")
    pins.set_pin(viewer, "4711")
    return viewer


def test_the_right_pin_fits_and_no_other(mia: Viewer) -> None:
    assert mia.pin
    assert pins.fits(mia, "4711")
    assert not pins.fits(mia, "4712")
    assert not pins.fits(mia, "")


def test_it_is_stored_as_a_hash_only(mia: Viewer) -> None:
    assert "4711" not in str(Viewer.objects.filter(pk=mia.pk).values().get())


def test_without_one_anything_fits(mia: Viewer) -> None:
    pins.set_pin(mia, "")
    mia.refresh_from_db()
    assert not mia.pin
    assert pins.fits(mia, "")


@pytest.mark.parametrize("pin", ["123", "123456789", "12 4", "abcd", "１２３４", "1234\n"])
def test_what_is_no_pin_is_refused(mia: Viewer, pin: str) -> None:
    with pytest.raises(ValueError, match="four to eight digits"):
        pins.set_pin(mia, pin)
    assert pins.fits(mia, "4711")


def test_trying_ends_and_then_even_the_right_one_waits(mia: Viewer) -> None:
    for guess in range(6):
        assert not pins.fits(mia, f"000{guess}")
    with pytest.raises(pins.TooManyTries):
        pins.fits(mia, "4711")
    other = builders.viewer("Ben")
    pins.set_pin(other, "2222")
    assert pins.fits(other, "2222")


def test_who_knows_it_may_type_it_as_often_as_they_like(mia: Viewer) -> None:
    assert not pins.fits(mia, "0000")
    for _ in range(8):
        assert pins.fits(mia, "4711")
