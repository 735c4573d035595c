"""What the log knows of a trait: the evidence that a reason may name."""

from datetime import UTC, datetime, timedelta

from mlmodel.met import MOST_TITLES, NOTHING, met
from mlmodel.records import Candidate, Example, Title

START = datetime(2026, 3, 1, tzinfo=UTC)
BONG = "director Bong Joon-ho"
TRAITS = frozenset({BONG, "franchise alien"})


def said(
    name: str, day: int, stars: float, *, viewer: str | None = "ada", source: str = "feedback"
) -> Example:
    title = Title(f"id {name}", name, directors=("Bong Joon-ho",))
    label = 0.95 if stars >= 4 else 0.05
    return Example(
        Candidate(title, viewer=viewer), label, 1.0, START + timedelta(days=day), source, stars
    )


def test_what_a_viewer_said_of_a_director_is_known_newest_first() -> None:
    known = met([said("Okja", 1, 5), said("Parasite", 2, 5), said("The Host", 3, 2)], TRAITS)
    found = known["ada", BONG]
    assert found.count == 3
    assert [(each.title, each.stars) for each in found.titles] == [
        ("The Host", 2), ("Parasite", 5), ("Okja", 5),
    ]  # fmt: skip


def test_each_viewer_is_known_by_their_own_words() -> None:
    known = met([said("Okja", 1, 5), said("Okja", 1, 1, viewer="ben")], TRAITS)
    assert [said.stars for said in known["ada", BONG].titles] == [5]
    assert [said.stars for said in known["ben", BONG].titles] == [1]


def test_the_last_word_on_a_title_counts_and_no_title_twice() -> None:
    found = met([said("Okja", 1, 5), said("Mother", 2, 4), said("Okja", 3, 1)], TRAITS)["ada", BONG]
    assert [(said.title, said.stars) for said in found.titles] == [("Okja", 1), ("Mother", 4)]


def test_what_was_only_watched_or_passed_over_is_no_evidence() -> None:
    examples = [said("Okja", 1, 5, source=source) for source in ("watched", "passed", "prior")]
    assert met([*examples, said("Mother", 2, 5, viewer=None)], TRAITS) == {}


def test_only_the_newest_titles_are_named_and_all_are_counted() -> None:
    found = met([said(f"Film {day}", day, 5) for day in range(9)], TRAITS)["ada", BONG]
    assert (found.count, len(found.titles), found.titles[0].title) == (9, MOST_TITLES, "Film 8")


def test_a_franchise_is_met_by_its_name() -> None:
    known = met([said("Alien", 1, 5), said("Alien 3", 2, 2)], TRAITS)
    assert known["ada", "franchise alien"].count == 2


def test_nothing_said_is_nothing() -> None:
    assert (NOTHING.count, NOTHING.titles) == (0, ())
