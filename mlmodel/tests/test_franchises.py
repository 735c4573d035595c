"""Which title must be seen before which, told by names and collections alone."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mlmodel.franchises import MOST_ENTRIES, Entry, stories
from mlmodel.series_names import stem


def film(title: str, year: int | None = 2000, *collections: str) -> Entry:
    return Entry(title, year, "movie", collections)


def before(*entries: Entry) -> dict[str, str]:
    """What must be seen first, by title and year of the follower."""
    places = stories(entries).before.tolist()
    return {
        f"{entry.title} {entry.year}": f"{entries[place].title} {entries[place].year}"
        for entry, place in zip(entries, places, strict=True)
        if place >= 0
    }


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Toy Story 2", "toy story"),
        ("Rocky III", "rocky"),
        ("Kill Bill: Vol. 2", "kill bill"),
        ("The Godfather Part II", "godfather"),
        ("John Wick: Chapter 4", "john wick"),
        ("Harry Potter and the Deathly Hallows: Part 2", "harry potter and the deathly hallows"),
        ("Terminator 2: Judgment Day", "terminator"),
        ("Star Wars: Episode IV - A New Hope", "star wars"),
        ("Alien: Romulus", "alien"),
        ("Alien³", "alien"),
        ("Ocean’s Twelve", "ocean's"),
        ("Mission: Impossible – Fallout", "mission impossible"),
        ("The Mission", "mission"),
        ("The Naked Gun 2½: The Smell of Fear", "naked gun"),
        ("Amélie", "amelie"),
        ("2001: A Space Odyssey", "2001 a space odyssey"),
        ("Seven", "seven"),
        ("2 Guns", "2 guns"),
        ("12 Monkeys", "12 monkeys"),
        ("Blade Runner 2049", "blade runner 2049"),
        ("千と千尋の神隠し", "千と千尋の神隠し"),
        ("", ""),
    ],
)
def test_the_stem_is_what_a_series_names_have_in_common(title: str, expected: str) -> None:
    assert stem(title) == expected


def test_a_numbered_sequel_follows_the_nearest_lower_number_on_the_shelf() -> None:
    shelf = [film("Toy Story 3", 2010), film("Toy Story", 1995), film("Toy Story 2", 1999)]
    assert before(*shelf) == {
        "Toy Story 3 2010": "Toy Story 2 1999",
        "Toy Story 2 1999": "Toy Story 1995",
    }
    assert before(shelf[0], shelf[1]) == {"Toy Story 3 2010": "Toy Story 1995"}
    assert before(shelf[0]) == {}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Rocky II", "Rocky III"),
        ("Kill Bill: Vol. 1", "Kill Bill: Vol. 2"),
        ("The Godfather", "The Godfather Part II"),
        ("It", "It Chapter Two"),
        ("The Terminator", "Terminator 2: Judgment Day"),
        ("Ocean's Eleven", "Ocean’s Twelve"),
        ("Hot Shots!", "Hot Shots! Part Deux"),
        ("Mission: Impossible", "Mission: Impossible II"),
        ("The Hunger Games: Mockingjay - Part 1", "The Hunger Games: Mockingjay - Part 2"),
    ],
)
def test_numbers_are_told_in_every_common_spelling(first: str, second: str) -> None:
    assert before(film(second, 2003), film(first, 2001)) == {f"{second} 2003": f"{first} 2001"}


@pytest.mark.parametrize(
    "shelf",
    [
        ("Apollo 11", "Apollo 13"),
        ("District 9", "District 13"),
        ("Super", "Super 8"),
        ("Blade Runner", "Blade Runner 2049"),
        ("Guns", "2 Guns"),
        ("Malcolm", "Malcolm X"),
        ("Toy Story: Special", "Toy Story 2"),
    ],
)
def test_numbers_that_are_names_make_no_sequel(shelf: tuple[str, str]) -> None:
    assert before(film(shelf[0], 1990), film(shelf[1], 1995)) == {}


def test_a_sequel_follows_the_newest_earlier_film_of_its_name_and_a_remake_none() -> None:
    dunes = [film("Dune", 1984), film("Dune", 2021), film("Dune: Part Two", 2024)]
    assert before(*dunes) == {"Dune: Part Two 2024": "Dune 2021"}
    halloweens = [film("Halloween", 1978), film("Halloween II", 1981), film("Halloween", 2018)]
    assert before(*halloweens) == {"Halloween II 1981": "Halloween 1978"}
    named = [entry._replace(collections=("Halloween Collection",)) for entry in halloweens]
    assert before(*named) == {"Halloween II 1981": "Halloween 1978"}


def test_episodes_follow_each_other_by_year() -> None:
    shelf = [
        film("Star Wars: Episode I - The Phantom Menace", 1999),
        film("Star Wars: Episode IV - A New Hope", 1977),
        film("Star Wars: Episode V - The Empire Strikes Back", 1980),
    ]
    assert stories(shelf).before.tolist() == [2, -1, 1]


@pytest.mark.parametrize(
    ("collection", "titles"),
    [
        ("Alien Collection", ["Alien", "Aliens", "Alien Resurrection", "Prometheus"]),
        ("The Dark Knight Collection", ["Batman Begins", "The Dark Knight", "The Dark Knight Rises"]),
        ("Back to the Future Trilogy", ["Back to the Future", "Back to the Future Part II"]),
        ("Star Trek: The Original Series Collection", ["Star Trek: The Motion Picture", "Star Trek II: The Wrath of Khan"]),
        ("Bourne", ["The Bourne Identity", "The Bourne Supremacy"]),
    ],
)  # fmt: skip
def test_a_collection_that_is_a_series_is_seen_in_the_order_of_years(
    collection: str, titles: list[str]
) -> None:
    shelf = [film(title, 1990 + n, collection) for n, title in enumerate(titles)]
    assert stories(shelf).before.tolist() == list(range(-1, len(shelf) - 1))


@pytest.mark.parametrize(
    ("collection", "titles"),
    [
        ("Oscar winners", ["Parasite", "Moonlight", "Argo"]),
        ("Funny · MoodRec", ["Funny Girl", "Airplane!", "Funny Games"]),
        ("Ridley Scott", ["Gladiator", "The Martian"]),
        ("1980s", ["Aliens", "Wall Street"]),
        ("Horror", ["Horror of Dracula", "The Rocky Horror Picture Show"]),
        ("Christmas", ["Black Christmas", "A Christmas Carol"]),
        ("James Bond Collection", ["Dr. No", "Goldfinger", "Skyfall"]),
        ("", ["Parasite", "Okja"]),
    ],
)
def test_a_list_of_favourites_and_a_loose_series_are_seen_in_any_order(
    collection: str, titles: list[str]
) -> None:
    assert before(*(film(title, 1990 + n, collection) for n, title in enumerate(titles))) == {}


def test_a_series_with_very_many_entries_is_seen_in_any_order() -> None:
    def godzillas(count: int) -> list[Entry]:
        return [
            film(f"Godzilla vs. Foe{n}z", 1960 + n, "Godzilla Collection") for n in range(count)
        ]

    assert len(before(*godzillas(MOST_ENTRIES))) == MOST_ENTRIES - 1
    assert before(*godzillas(MOST_ENTRIES + 1)) == {}


def test_a_film_follows_no_series() -> None:
    assert before(film("Fargo 2", 2016), Entry("Fargo", 2014, "show")) == {}


def test_titles_of_one_franchise_are_one_story() -> None:
    shelf = [
        film("Batman Begins", 2005, "The Dark Knight Collection"),
        film("The Dark Knight", 2008, "The Dark Knight Collection"),
        film("The Dark Knight Rises", 2012, "The Dark Knight Collection"),
        film("Alien", 1979),
        film("Alien: Romulus", 2024),
        film("!!!", 2000),
        film("???", 2001),
    ]
    numbers = stories(shelf).number.tolist()
    assert numbers[0] == numbers[1] == numbers[2]
    assert numbers[3] == numbers[4] != numbers[0]
    assert numbers[5] != numbers[6]


names = st.sampled_from(["Alien", "Rocky", "The Mission", "It"])
endings = st.sampled_from(["", " 2", " III", ": Part 4", ": Vol. 2", " Returns", ": Episode V"])
entry = st.builds(
    lambda name, ending, year, in_it: film(name + ending, year, *([f"{name} Collection"] * in_it)),
    names,
    endings,
    st.one_of(st.none(), st.integers(1970, 1990)),
    st.booleans(),
)


AROUND = [
    film("Rocky", 1971, "Rocky Collection"),
    film("Rocky III", 1970, "Rocky Collection"),
    film("Rocky 2", None),
]


@example(AROUND)
@given(st.lists(entry, max_size=14))
def test_nothing_comes_before_itself_however_odd_the_shelf(shelf: list[Entry]) -> None:
    places = stories(shelf).before.tolist()
    for start in range(len(shelf)):
        met, here = set(), start
        while here >= 0:
            assert here not in met
            met.add(here)
            here = places[here]


@given(st.text(max_size=40))
def test_any_name_has_a_stem_and_the_stem_of_that_is_itself_told_without_error(name: str) -> None:
    assert isinstance(stem(stem(name)), str)
