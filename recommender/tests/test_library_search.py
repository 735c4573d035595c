"""The library's search: any part of a title or a name, whatever its accents, capitals and dots."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlmodel.matrix import catalogue
from moodrec.tests import builders
from plexsync.models import Library, MediaItem
from recommender.library.folding import fold
from recommender.library.index import Index, index

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    """The titles that a search finds, best first."""
    shelf = catalogue()
    titles = index(shelf)
    match = titles.search(text)
    names = names_of(titles)
    rows = [row for row in range(len(shelf)) if match.rows[row]]
    return [names[r] for r in sorted(rows, key=lambda r: (match.order[r], titles.by_title[r]))]


def names_of(titles: Index) -> list[str]:
    known = dict(MediaItem.objects.values_list("pk", "title"))
    return [known[pk] for pk in titles.ids.tolist()]


@pytest.mark.parametrize(
    "typed",
    [
        "Amélie",
        "amelie",
        "AMELIE",
        "ame",
        "  élie ",
        "poulain",
        "le fabuleux",
        "tautou",
        "JEUNET jean",
    ],
)
def test_a_title_is_found_by_part_of_it_its_original_title_or_its_people(typed: str) -> None:
    builders.title(
        "Amélie",
        original_title="Le Fabuleux Destin d'Amélie Poulain",
        directors=["Jean-Pierre Jeunet"],
        cast=["Audrey Tautou"],
    )
    builders.title("Alien")
    assert found(typed) == ["Amélie"]


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("E.T. the Extra-Terrestrial", "et"),
        ("L.A. Confidential", "la conf"),
        ("Don't Look Now", "dont look"),
        ("Don't Look Now", "don’t"),
        ("Spider-Man", "spider man"),
        ("WALL·E", "walle"),
        ("Łódź", "lodz"),
        ("Die Straße", "strasse"),
        ("Øst", "ost"),
        ("ＡＫＩＲＡ", "akira"),
        ("東京物語", "京物"),
        ("…", "…"),
        ("9", "9"),
        ("İstanbul", "istanbul"),
    ],
)
def test_it_is_found_as_people_type_it(title: str, typed: str) -> None:
    builders.title(title, cast=[], directors=[])
    builders.title("Zodiac", cast=[], directors=[])
    assert found(typed) == [title]


def test_what_begins_so_stands_first_then_what_has_it_then_the_people() -> None:
    builders.title("Star Wars", cast=[])
    builders.title("A Star Is Born", cast=[])
    builders.title("Bustard", cast=[])
    builders.title("Heat", cast=["Ringo Starr"])
    assert found("star") == ["Star Wars", "A Star Is Born", "Bustard", "Heat"]


def test_every_word_must_be_there_and_a_short_one_begins_a_word() -> None:
    builders.title("Alien", cast=["Sigourney Weaver"])
    builders.title("Aliens", cast=["Bill Paxton"])
    assert found("alien weaver") == ["Alien"]
    assert found("li") == []
    assert found("al si") == ["Alien"]
    assert found("nothing such") == []


def test_names_do_not_run_into_each_other() -> None:
    builders.title("Alien", original_title="Heat", directors=["Ann"], cast=["Bo"])
    assert found("alien heat") == ["Alien"]  # two words, each somewhere
    assert found("nheat") == []
    assert found("annbo") == []


def test_a_new_title_is_found_as_soon_as_its_library_says_so() -> None:
    builders.title("Alien")
    assert found("al") == ["Alien"]
    builders.title("Alice")
    Library.objects.get().touch()
    assert found("al") == ["Alice", "Alien"]


def test_a_title_that_went_since_the_shelf_was_read_is_not_found() -> None:
    gone = builders.title("Alien")
    builders.title("Alice")
    shelf = catalogue()
    gone.delete()
    assert index(shelf).search("ali").rows.tolist() == [False, True]


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_and_breaks_no_line(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert "\n" not in once
    assert "\t" not in once


@given(st.text(max_size=60))
def test_accents_and_capitals_make_no_difference(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert fold(text.lower()) == fold(text)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6), st.text(max_size=30))
def test_odd_text_finds_its_own_title_and_never_breaks(names: list[str], typed: str) -> None:
    titles = Index.of_rows([row(name) for name in names])
    titles.search(typed)
    for place, name in enumerate(names):
        assert titles.search(name).rows[place]


def row(name: str) -> dict[str, object]:
    texts = {"title": name, "original_title": name[::-1], "sort_title": "", "library_id": 1}
    people: dict[str, object] = {"directors": [name[1:]], "cast": [], "genres": [name]}
    return {**texts, **people, "pk": 1, "added_at": None, "audience_rating": 1, "critic_rating": 0}
