"""A reason is said only for a term that the score had, and never against what people said."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlmodel.config import KINDS, Kind
from mlmodel.met import NOTHING, Met, Said
from mlmodel.moods import MOODS
from mlmodel.records import Candidate, Example, Moment, Title
from mlmodel.training import train
from recommender.reasons import MOST_IN_GROUP, MOST_REASONS, TELLING, Person, Showing, Term, explain
from recommender.terms import Teller, Told
from recommender.wording import LONGEST, say

ALIEN = Title(
    id="1",
    title="Aliens",
    year=1986,
    genres=("Horror",),
    runtime_minutes=117,
    audience_rating=8.5,
    directors=("James Cameron",),
    collections=("Alien Collection",),
)
BY_CAMERON = "viewer:ada|director James Cameron"


def candidate(**moment: object) -> Candidate:
    return Candidate(ALIEN, Moment.from_json(moment), "ada")


def knows(**said: tuple[float | None, float]) -> Callable[[str], Met]:
    """What the log knows of every director and collection: titles with stars and label."""
    titles = tuple(Said(name, name, *of_it) for name, of_it in said.items())
    known = Met(len(titles), titles)
    return lambda trait: known if trait.startswith(("director", "collection")) else NOTHING


def ada(terms: list[Term], met: Callable[[str], Met] = lambda _: NOTHING, **seen: bool) -> Person:
    return Person("Ada", terms, met, **seen)


def reasons(terms: list[Term], met: Callable[[str], Met] = lambda _: NOTHING) -> list[str]:
    return explain(candidate(), [ada(terms, met)]).reasons


def drawback(terms: list[Term], met: Callable[[str], Met] = lambda _: NOTHING) -> str | None:
    return explain(candidate(), [ada(terms, met)]).drawback


def test_a_term_that_moved_nothing_is_not_said() -> None:
    assert reasons([("prior:quality", TELLING / 2)]) == ["Nothing in particular: it simply fits."]


def test_the_rating_is_a_reason_only_where_it_spoke_for_the_title() -> None:
    assert reasons([("prior:quality", 1.0)]) == ["Audiences rate it 8.5 of 10."]
    assert drawback([("prior:quality", -1.0)]) is None  # 8.5 is no drawback, whatever the weight


def test_the_rating_named_is_the_one_that_decided() -> None:
    split = Candidate(Title("1", "Split", audience_rating=5.9, critic_rating=9.5))
    good = explain(split, [ada([("prior:quality", 0.4)])])
    bad = explain(split, [ada([("prior:quality", -0.4)])])
    assert good.reasons == ["Critics rate it 9.5 of 10."]
    assert bad.drawback == "Audiences rate it only 5.9 of 10."


def test_the_largest_term_comes_first() -> None:
    terms = [("prior:quality", 0.4), ("household|genre horror", 0.9)]
    assert reasons(terms)[0] == "At home, horror went down well."


def test_household_and_viewer_are_one_opinion() -> None:
    terms = [("household|genre horror", 0.2), ("viewer:ada|genre horror", 0.5)]
    assert reasons(terms) == ["Ada has enjoyed horror."]
    terms = [("household|genre horror", 0.2), ("viewer:ada|genre horror", -0.5)]
    assert drawback(terms) == "Ada has been cool on horror."
    terms = [("household|genre horror", 0.5), ("viewer:ada|genre horror", -0.2)]
    assert reasons(terms) == ["At home, horror went down well."]


def test_neighbouring_knots_of_a_length_are_one_opinion() -> None:
    terms = [("household|length 105", 0.3), ("household|length 125", -0.1)]
    assert reasons(terms) == ["At home, films of about 120 minutes went down well."]
    assert drawback(terms) is None


def test_a_person_is_named_with_the_titles_it_rests_on() -> None:
    both = knows(Avatar=(5.0, 0.98), Titanic=(5.0, 0.98))
    assert reasons([(BY_CAMERON, 0.4)], both) == [
        "Ada gave two other James Cameron films five stars (Avatar, Titanic)."
    ]
    mixed = knows(Avatar=(5.0, 0.98), Titanic=(1.0, 0.02))
    assert reasons([(BY_CAMERON, 0.4)], mixed) == [
        "Ada gave another James Cameron film five stars (Avatar)."
    ]
    assert drawback([(BY_CAMERON, -0.4)], mixed) == (
        "Ada gave another James Cameron film one star (Titanic)."
    )


def test_titles_without_stars_are_told_as_enjoyed() -> None:
    assert reasons([(BY_CAMERON, 0.4)], knows(Avatar=(None, 0.9), Titanic=(4.0, 0.9))) == [
        "Ada enjoyed two other James Cameron films (Avatar, Titanic)."
    ]


def test_a_term_that_what_was_said_speaks_against_is_left_unsaid() -> None:
    disliked = knows(Avatar=(1.0, 0.02))
    assert reasons([(BY_CAMERON, 0.4)], disliked) == ["Nothing in particular: it simply fits."]


def test_what_was_said_of_the_very_title_is_no_other_title() -> None:
    assert reasons([(BY_CAMERON, 0.4)], knows(Aliens=(5.0, 0.98))) == [
        "Nothing in particular: it simply fits."
    ]


def test_what_rests_on_titles_goes_before_what_is_as_large() -> None:
    terms = [("viewer:ada|genre horror", 0.5), (BY_CAMERON, 0.4)]
    assert reasons(terms, knows(Avatar=(5.0, 0.98)))[0].startswith("Ada gave another")


def test_a_sequel_is_what_comes_next_for_whom_its_predecessor_pleased() -> None:
    terms = [("viewer:ada|collection Alien Collection", 0.4)]
    person = ada(terms, knows(Alien=(5.0, 0.98)))
    next_part = explain(candidate(), [person], Showing(follows="Alien")).reasons
    assert next_part == ["Ada enjoyed Alien; this is what comes next."]
    assert explain(candidate(), [person], Showing(follows="Prometheus")).reasons == [
        "Ada gave another title in “Alien Collection” five stars (Alien)."
    ]


def test_a_mood_bends_a_trait() -> None:
    assert reasons([("mood:scary|genre horror", 0.3)]) == [
        "When you asked for scary, horror went down well."
    ]


def test_too_long_for_the_time_is_a_drawback_in_minutes() -> None:
    for minutes, said in ((110, "7 minutes over your time."), (116, "1 minute over your time.")):
        found = explain(candidate(minutes=minutes), [ada([("prior:time", -0.4)])])
        assert found.drawback == said


def test_without_a_telling_term_length_and_unknown_quality_are_the_drawback() -> None:
    def of(**facts: int) -> str | None:
        title = Title("1", "Long", runtime_minutes=facts.get("minutes", 90))
        return explain(Candidate(title), [ada([])]).drawback

    assert (of(minutes=171), of()) == ("It takes 2 h 51.", "Nobody has rated it yet.")
    assert drawback([]) is None


def test_in_a_group_each_hears_a_reason_of_their_own() -> None:
    shared = [("prior:quality", 1.0)]
    people = [
        Person("Ada", [*shared, ("viewer:ada|genre horror", 0.6)]),
        Person("Ben", [*shared, (BY_CAMERON.replace("ada", "ben"), 0.5)], knows(Avatar=(5.0, 0.9))),
        Person("Cleo", [*shared, ("viewer:cleo|genre horror", -0.9)]),
    ]
    found = explain(candidate(), people)
    assert found.reasons == [
        "Audiences rate it 8.5 of 10.",
        "For Ada: horror went down well.",
        "For Ben: films by James Cameron went down well (Avatar).",
    ]
    assert found.drawback == "For Cleo: horror went down less well."


def test_a_taste_is_a_group_s_only_where_all_of_them_share_it() -> None:
    def of(*values: float) -> list[str]:
        people = [
            Person(f"Viewer {n}", [("household|genre horror", value)])
            for n, value in enumerate(values)
        ]
        return explain(candidate(), people).reasons

    assert of(0.5, 0.3) == ["At home, horror went down well."]
    assert of(0.9, -0.1) == ["Nothing in particular: it simply fits."]


def test_a_large_group_hears_no_more_than_five_reasons() -> None:
    people = [
        Person(f"Viewer {n}", [("prior:quality", 1.0), (f"viewer:{n}|genre horror", 0.5)])
        for n in range(9)
    ]
    assert len(explain(candidate(), people).reasons) == MOST_IN_GROUP


def test_it_is_told_who_of_a_group_has_seen_it() -> None:
    people = [ada([("prior:seen", -0.4)], has_seen=True), Person("Ben", [("prior:seen", 0.0)])]
    assert explain(candidate(), people).drawback == "Ada has seen it before."
    alone = explain(candidate(), [ada([("prior:seen", -0.4)], has_seen=True)])
    assert alone.drawback == "You have seen it before."


def test_a_stretch_says_what_is_unknown_where_taste_is_known() -> None:
    learnt = [("viewer:ada|genre horror", 0.5)]
    stretch = explain(candidate(), [ada(learnt)], Showing(stretch=True)).reasons
    assert stretch[-1] == "A stretch: no word from you yet on films by James Cameron."
    known = ada(learnt, knows(Avatar=(5.0, 0.98)))
    for person in (known, ada([("prior:quality", 1.0)]), Person("", learnt)):
        assert not any(
            "stretch" in r for r in explain(candidate(), [person], Showing(stretch=True)).reasons
        )


def test_there_is_always_a_reason_and_at_most_three() -> None:
    assert reasons([]) == ["Nothing in particular: it simply fits."]
    many = [(f"household|{kind} horror", 0.5) for kind in ("genre", "actor", "studio", "country")]
    assert len(reasons(many)) == MOST_REASONS


@pytest.mark.parametrize("trait", ["", "base", "audience rating", "unheard of", "mood romantic"])
def test_a_trait_without_words_is_left_unsaid(trait: str) -> None:
    assert reasons([(f"household|{trait}", 1.0)]) == ["Nothing in particular: it simply fits."]


def test_a_long_hostile_name_is_cut_and_its_evidence_left_out() -> None:
    met = knows(**{"<script>alert(1)</script>" * 9: (5.0, 0.98), "B" * 300: (5.0, 0.98)})
    [said] = reasons([(f"viewer:ada|director {'<b>' * 90}", 0.4)], met)
    assert len(said) <= LONGEST
    assert said.endswith("films five stars.")


TRAITS = (
    "base", "genre horror", "genre comedy", "mood scary", "mood funny", "length 105", "length 125",
    "decade 1985", "director James Cameron", "actor Sigourney Weaver", "type movie",
    "collection Alien Collection", "franchise alien", "country USA", "studio Fox", "audience rating",
)  # fmt: skip
CONTEXTS = (
    "household", "viewer:ada", "mood:scary", "company:group", "minutes:100", "minutes:150",
    "daypart:night", "weekend",
)  # fmt: skip
names_of_terms = st.one_of(
    st.builds("{}|{}".format, st.sampled_from(CONTEXTS), st.sampled_from(TRAITS)),
    st.sampled_from(["prior:quality", "prior:mood", "prior:age", "prior:time", "prior:company"]),
    st.sampled_from(["prior:seen", "seen", "tree", "prior:genre", "prior:base"]),
)
random_terms = st.dictionaries(names_of_terms, st.floats(-2, 2), max_size=25)
random_stars = st.dictionaries(
    st.sampled_from(["Alien", "Avatar", "Titanic", "Aliens"]), st.sampled_from([1.0, 3.0, 5.0])
)


def told_by_hand(terms: dict[str, float]) -> list[Told]:
    """Every opinion that the terms hold, summed up by trait and by when it holds."""
    total: dict[tuple[str, str], float] = {}
    for name, value in terms.items():
        context, _, trait = name.partition("|")
        if name.startswith("prior:"):
            context, trait = "prior", name[len("prior:") :]
        if name in {"seen", "tree", "prior:seen"}:
            context = trait = name.removeprefix("prior:")
        when = {"viewer": "household", "minutes": "minutes"}.get(context.split(":")[0], context)
        kind = trait.split(" ")[0]
        key = (when, kind if kind in {"length", "decade"} else trait)
        total[key] = total.get(key, 0.0) + value
    return [
        Told(spoken, trait, value)
        for (context, trait), value in total.items()
        for spoken in ({"household", "viewer"} if context == "household" else {context})
        if abs(value) >= TELLING - 1e-9
    ]


@given(random_terms, random_stars, st.booleans(), st.sampled_from(["", "Alien"]))
def test_every_sentence_has_a_term_of_its_sign_that_moved_the_score(
    terms: dict[str, float], stars: dict[str, float], stretch: bool, follows: str
) -> None:
    asked = candidate(moods=["scary"], minutes=100, company="group")
    met = knows(**{title: (of_it, of_it / 5) for title, of_it in stars.items()})
    found = explain(asked, [ada([*terms.items()], met)], Showing(stretch=stretch, follows=follows))
    teller = Teller(asked, "Ada", follows=follows, met=met)
    sentences = [(told.value > 0, say(told, teller)) for told in told_by_hand(terms)]
    allowed = {"It fits what you asked: scary."}
    allowed |= {"A stretch: no word from you yet on films by James Cameron."} if stretch else set()
    for reason in found.reasons:
        assert (True, reason) in sentences or reason in allowed
    assert found.drawback is None or (False, found.drawback) in sentences


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_trained_model_says_is_in_its_terms(kind: Kind) -> None:
    shelf = [
        Title.from_json(
            {
                "id": str(n),
                "title": f"Film {n}",
                "year": 1970 + n % 40,
                "genres": [("Horror", "Comedy", "Drama")[n % 3]],
                "runtime_minutes": 85 + n % 60,
                "audience_rating": 6 + n % 4 / 2,
                "directors": [f"Director {n % 7}"],
            }
        )
        for n in range(60)
    ]
    start = datetime(2026, 1, 1, 20, tzinfo=UTC)
    moment = Moment.at(start, moods=["funny"], minutes=110)
    said = [
        Example(
            Candidate(title, moment, "ada"),
            0.95 if "Comedy" in title.genres else 0.1,
            1.0,
            start + timedelta(days=day),
            stars=5.0 if "Comedy" in title.genres else 1.0,
        )
        for day, title in enumerate(shelf[:45])
    ]
    model = train(said, shelf, kind=kind)
    heard = set()
    for title in shelf:
        asked = Candidate(title, moment, "ada")
        terms = model.terms(asked)
        person = ada(terms, lambda trait: model.met("ada", trait))
        teller = Teller(asked, "Ada", met=person.met)
        sentences = [(t.value > 0, say(t, teller)) for t in told_by_hand(dict(terms))]
        found = explain(asked, [person])
        for reason in found.reasons:
            assert (True, reason) in sentences or reason == "It fits what you asked: funny."
        assert found.drawback is None or (False, found.drawback) in sentences
        heard.update(found.reasons)
    expected = "Your answers on such titles" if kind == "tree" else "Ada "
    assert any(reason.startswith(expected) for reason in heard)


def test_every_mood_can_be_said() -> None:
    for mood in MOODS:
        told = Told("mood:funny", f"mood {mood}", 1.0)
        title = Title("1", "Any", moods=(1.0,) * len(MOODS))
        assert say(told, Teller(Candidate(title))) == (
            f"When you asked for funny, {mood} titles went down well."
        )


def test_what_was_said_of_another_of_the_three_goes_last() -> None:
    terms = [
        ("viewer:ada|genre horror", 0.9),
        ("viewer:ada|mood scary", 0.5),
        ("prior:quality", 0.4),
    ]
    first, *_ = reasons(terms)
    assert first == "Ada has enjoyed horror."
    later = explain(candidate(), [ada(terms)], Showing(said={first})).reasons
    assert later[-1] == first


def test_that_somebody_is_cool_on_what_they_ask_for_is_no_drawback() -> None:
    terms = [("viewer:ada|mood scary", -0.9), ("viewer:ada|genre horror", -0.2)]
    assert explain(candidate(), [ada(terms)]).drawback == "Ada has been cool on scary titles."
    asked = candidate(moods=[["scary", 1.0]])
    assert explain(asked, [ada(terms)]).drawback == "Ada has been cool on horror."


def test_that_it_was_seen_is_no_drawback_where_something_seen_was_asked_for() -> None:
    person = ada([("prior:seen", -0.4)], has_seen=True)
    assert explain(candidate(), [person]).drawback == "You have seen it before."
    assert explain(candidate(), [person], Showing(again=True)).drawback is None


def test_a_decade_says_less_than_a_genre() -> None:
    terms = [("viewer:ada|decade 1985", 0.5), ("viewer:ada|genre horror", 0.3)]
    assert reasons(terms) == ["Ada has enjoyed horror.", "Ada has enjoyed titles of the 1980s."]


def test_the_same_films_are_evidence_once() -> None:
    loved = knows(Titanic=(5.0, 1.0))
    terms = [(BY_CAMERON, 0.9), ("viewer:ada|collection Alien Collection", 0.5)]
    assert reasons(terms, loved) == ["Ada gave another James Cameron film five stars (Titanic)."]


def test_as_much_of_the_evidence_is_named_as_a_sentence_holds() -> None:
    many = knows(**{f"The Long Film Number {n}": (5.0, 1.0) for n in "ABC"})
    [said] = reasons([(BY_CAMERON, 0.9)], many)
    assert "(The Long Film Number A)" in said
    assert len(said) <= LONGEST


def test_a_stretch_by_somebody_known_says_that_it_is_less_sure() -> None:
    terms = [(BY_CAMERON, 0.9)]
    known = [ada(terms, knows(Titanic=(5.0, 1.0)))]
    found = explain(candidate(), known, Showing(stretch=True, unsure=True)).reasons
    assert found[-1] == "A stretch: less certain than the safe bet, and perhaps a find."
    assert "stretch" not in str(explain(candidate(), known, Showing(stretch=True)).reasons)


def test_only_what_is_old_is_still_loved() -> None:
    young = Candidate(Title("1", "Ida", year=2013))
    assert "loved" not in str(explain(young, [ada([("prior:age", 0.2)])]).reasons)
    assert reasons([("prior:age", 0.2)]) == ["Still loved since 1986."]
