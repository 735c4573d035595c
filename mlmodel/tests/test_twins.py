"""Which rows are copies of one title."""

import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mlmodel.twins import Copy, twins


def film(number: int, guid: str = "", *external_ids: str) -> Copy:
    return Copy(number, "movie", guid, external_ids)


def groups(*copies: Copy) -> list[set[int]]:
    """The copies by title, as sets of rows."""
    found = twins(copies)
    return [set(found.ids[found.numbers == number].tolist()) for number in set(found.numbers)]


def test_the_same_guid_is_the_same_title() -> None:
    assert groups(film(1, "plex://movie/a"), film(2, "plex://movie/a")) == [{1, 2}]


def test_a_shared_external_id_is_the_same_title_whatever_the_guid() -> None:
    one = film(1, "plex://movie/a", "imdb://tt1", "tmdb://1")
    other = film(2, "com.plexapp.agents.imdb://tt1?lang=en", "tmdb://1")
    assert groups(one, other) == [{1, 2}]


def test_copies_of_copies_are_copies() -> None:
    chain = [film(1, "a"), film(2, "a", "imdb://tt1"), film(3, "b", "imdb://tt1"), film(4, "b")]
    assert groups(*chain) == [{1, 2, 3, 4}]


def test_a_film_and_a_series_are_never_the_same() -> None:
    series = Copy(2, "show", "", ["tmdb://1"])
    assert sorted(groups(film(1, "", "tmdb://1"), series), key=min) == [{1}, {2}]


def test_what_names_no_title_joins_nothing() -> None:
    nameless = [film(1), film(2), film(3, "", "imdb://"), film(4, "", "imdb://")]
    lists = [film(5, "", "mylist://9"), film(6, "", "mylist://9")]
    assert len(groups(*nameless, *lists)) == 6


def test_no_copies_are_no_titles() -> None:
    assert twins([]).of([1, 2]).tolist() == []


def test_a_row_that_is_unknown_has_no_number() -> None:
    assert twins([film(5), film(9)]).of([1, 9, 7, 5, 11]).tolist() == [1, 0]


names = st.sampled_from(["", "imdb://tt1", "imdb://tt2", "tmdb://1", "tvdb://1", "tmdb://2"])
copies = st.builds(
    Copy,
    st.integers(1, 40),
    st.sampled_from(["movie", "show"]),
    st.sampled_from(["", "a", "b", "c", "d"]),
    st.lists(names, max_size=3),
)


@given(st.lists(copies, max_size=25, unique_by=lambda copy: copy.id), st.randoms())
def test_titles_are_what_walking_from_name_to_name_reaches(
    rows: list[Copy], random: object
) -> None:
    def shared(one: Copy, other: Copy) -> bool:
        told = {one.guid, *one.external_ids} & {other.guid, *other.external_ids} - {""}
        return one.type == other.type and bool(told)

    found = twins(rows)
    expected = {}
    for start in sorted(rows):
        reached, waiting = {start.id}, [start]
        while waiting:
            here = waiting.pop()
            near = [row for row in rows if row.id not in reached and shared(here, row)]
            reached |= {row.id for row in near}
            waiting += near
        expected[start.id] = reached
    for row in rows:
        number = found.of([row.id])[0]
        assert set(found.ids[found.numbers == number].tolist()) == expected[row.id]
    assert set(found.numbers.tolist()) == set(range(len(set(found.numbers.tolist()))))
    random.shuffle(rows)  # type: ignore[attr-defined]
    assert np.array_equal(twins(rows).numbers, found.numbers)


def test_the_numbers_do_not_depend_on_the_process() -> None:
    code = (
        "from mlmodel.twins import Copy, twins;"
        "print(twins(Copy(n, 'movie', f'g{n % 7}', [f'imdb://{n % 5}']) for n in range(9)).numbers)"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert told[0] == told[1] != ""
