"""What pages choose from is there before somebody waits for it."""

import pytest

from mlmodel import matrix
from mlmodel.matrix import catalogue
from moodrec.tests import builders
from plexsync.models import Library
from recommender import warming
from recommender.library import index


def changed() -> matrix.Catalogue:
    """Another title came; return the catalogue that a thread built for it."""
    builders.title("Aliens")
    for library in Library.objects.all():
        library.touch()
    catalogue()
    builder = matrix._kept.builder
    assert builder is not None
    builder.join(timeout=10)
    return catalogue()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "QUICK_SECONDS", 0.0)


@pytest.mark.django_db(transaction=True)
def test_a_process_that_has_just_started_prepares_catalogue_and_index() -> None:
    builders.title("Alien")
    warming.begin().join(timeout=10)
    kept = matrix._kept.catalogue
    assert kept is not None
    assert [type(each) for each in kept.beside.values()] == [index.Index]
    assert catalogue() is kept


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow")
def test_the_index_of_a_changed_library_is_built_where_its_catalogue_is() -> None:
    builders.title("Alien")
    index.index(catalogue())
    assert len(changed().beside) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow")
def test_a_process_that_shows_no_library_builds_no_index() -> None:
    builders.title("Alien")
    catalogue()
    assert changed().beside == {}


@pytest.mark.django_db(transaction=True)
def test_where_nothing_can_be_prepared_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(matrix, "_build", lambda active: 1 / 0)
    warming.begin().join(timeout=10)
    assert "ZeroDivisionError" in caplog.text
