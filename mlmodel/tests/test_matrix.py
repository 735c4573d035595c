"""The catalogue in memory: as fresh as can be, and nobody waits for a long rebuild but the first."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.backends.signals import connection_created

from mlmodel import matrix
from mlmodel.matrix import Catalogue, catalogue
from moodrec.tests import builders
from plexsync.models import Library

pytestmark = pytest.mark.django_db(transaction=True)


def change() -> None:
    """A sync that brought a title."""
    builders.title("Aliens")
    Library.objects.get().touch()


def wait_for_the_rebuild() -> None:
    builder = matrix._kept.builder
    assert builder is not None
    builder.join(timeout=10)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every build counts as a long one."""
    monkeypatch.setattr(matrix, "QUICK_SECONDS", 0.0)


@pytest.fixture
def gate(slow: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A rebuild that ends only when the gate opens; the first catalogue, of one title, is built."""
    builders.title("Alien")
    catalogue()
    opened = threading.Event()
    build = matrix._build

    def held(active: Any) -> Catalogue:
        opened.wait(timeout=10)
        return build(active)

    monkeypatch.setattr(matrix, "_build", held)
    yield opened
    opened.set()
    if matrix._kept.builder is not None:
        matrix._kept.builder.join(timeout=10)


def test_a_small_catalogue_is_fresh_at_once() -> None:
    builders.title("Alien")
    assert len(catalogue()) == 1
    change()
    assert len(catalogue()) == 2
    assert matrix._kept.builder is None


def test_an_unchanged_catalogue_is_the_same_object(slow: None) -> None:
    builders.title("Alien")
    assert catalogue() is catalogue()
    assert matrix._kept.builder is None


def test_while_a_large_one_is_rebuilt_the_old_one_serves(gate: threading.Event) -> None:
    change()
    assert [len(catalogue()) for _ in range(3)] == [1, 1, 1]
    gate.set()
    wait_for_the_rebuild()
    assert len(catalogue()) == 2


def test_only_one_rebuild_runs_at_a_time(gate: threading.Event) -> None:
    change()
    catalogue()
    first = matrix._kept.builder
    Library.objects.get().touch()
    catalogue()
    assert matrix._kept.builder is first
    gate.set()
    wait_for_the_rebuild()
    catalogue()  # what changed meanwhile is the next rebuild's
    assert matrix._kept.builder is not first


def test_a_rebuild_closes_its_connection(gate: threading.Event) -> None:
    opened: list[Any] = []
    connection_created.connect(lambda connection, **_: opened.append(connection), weak=False)
    change()
    catalogue()
    gate.set()
    wait_for_the_rebuild()
    [theirs] = opened
    assert theirs.connection is None


def test_a_rebuild_that_fails_is_logged_and_tried_again(
    slow: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    builders.title("Alien")
    catalogue()
    change()
    with monkeypatch.context() as broken:
        broken.setattr(matrix, "_build", lambda active: 1 / 0)
        assert len(catalogue()) == 1
        wait_for_the_rebuild()
    assert "ZeroDivisionError" in caplog.text
    assert len(catalogue()) == 1
    wait_for_the_rebuild()
    assert len(catalogue()) == 2


def test_a_rebuild_from_before_forgetting_is_dropped(gate: threading.Event) -> None:
    change()
    catalogue()
    builder = matrix._kept.builder
    matrix.forget()
    gate.set()
    assert builder is not None
    builder.join(timeout=10)
    assert matrix._kept.catalogue is None
