"""Names in a column: they come back as they went in, and whole names are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodrec.tests import builders
from plexsync.fields import NamesField
from plexsync.models import MediaItem

names = st.lists(st.text(min_size=1).map(lambda text: " ".join(text.split())).filter(bool))


@given(names)
def test_names_come_back_as_they_went_in(given_names: list[str]) -> None:
    field: NamesField = NamesField()
    assert field.to_python(field.get_prep_value(given_names)) == given_names


@given(st.lists(st.text()))
def test_whatever_is_stored_reads_the_same_when_stored_again(anything: list[str]) -> None:
    field: NamesField = NamesField()
    once = field.get_prep_value(anything)
    assert field.get_prep_value(field.to_python(once)) == once


def test_no_names_are_an_empty_text() -> None:
    field: NamesField = NamesField()
    assert field.get_prep_value([]) == field.get_prep_value([" ", ""]) == ""
    assert field.to_python("") == field.to_python(None) == []


@pytest.mark.django_db
def test_a_genre_is_found_by_its_whole_name() -> None:
    found = builders.title("Alien", genres=["Science Fiction", "Horror"])
    builders.title("Notes", genres=["Science"])
    builders.title("Bare", genres=[])
    assert list(MediaItem.objects.of_genre("Science Fiction")) == [found]
    assert list(MediaItem.objects.of_genre("Fiction")) == []


@pytest.mark.django_db
def test_a_row_reads_its_names_as_a_list() -> None:
    row = builders.title(genres=["A\nB", "  C  ", ""])
    row.refresh_from_db()
    assert row.genres == ["A B", "C"]
