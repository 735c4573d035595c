"""Training starts at the prior, follows the answers, and scores a catalogue as it scores one title."""

import dataclasses
import io
from datetime import UTC, datetime, timedelta

import joblib
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlmodel import prior
from mlmodel.config import KINDS, Kind, TrainingConfig
from mlmodel.fitting import MOST_BY_CLOCK
from mlmodel.records import Candidate, Example, Moment, Title
from mlmodel.training import Model, train

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
KINDS_OF_FILM = (("Horror", 5.9), ("Comedy", 6.4), ("Drama", 7.3), ("Action", 6.6), ("Family", 6.9))
SHELF = [
    Title.from_json(
        {
            "id": str(number),
            "title": f"Film {number}",
            "year": 1960 + number % 60,
            "genres": [KINDS_OF_FILM[number % 5][0]],
            "runtime_minutes": 80 + number % 70,
            "audience_rating": KINDS_OF_FILM[number % 5][1] + (number % 9 - 4) / 5,
            "directors": [f"Director {number % 31}"],
        }
    )
    for number in range(150)
]
HORROR, COMEDY = SHELF[0], SHELF[1]
EVENING = Moment(
    moods=(("funny", 1.0),), company="group", minutes=100, daypart="evening", weekend=True
)


def answer(
    title: Title, label: float, *, viewer: str = "ada", moment: Moment = EVENING, days: int = 0
) -> Example:
    return Example(Candidate(title, moment, viewer), label, 1.0, NOON + timedelta(days=days))


def answers(count: int, *, viewer: str = "ada", loves: str = "Horror") -> list[Example]:
    """One who loves one kind of film and no other."""
    return [
        answer(title, 0.97 if loves in title.genres else 0.03, viewer=viewer, days=day)
        for day, title in enumerate(SHELF[:count])
    ]


def everywhere(model: Model, moment: Moment = EVENING, viewer: str | None = "ada") -> list[float]:
    found: list[float] = model.predict([Candidate(t, moment, viewer) for t in SHELF]).tolist()
    return found


def ranks(model: Model, viewer: str, genre: str) -> float:
    """How many titles of a kind are among the thirty picked first."""
    scores = np.array(everywhere(model, Moment(), viewer))
    return sum(genre in SHELF[row].genres for row in np.argsort(-scores)[:30])


@pytest.mark.parametrize("kind", KINDS)
def test_with_no_answers_the_model_is_the_prior(kind: Kind) -> None:
    model = train([], SHELF, kind=kind)
    for moment in (Moment(), EVENING):
        expected = [prior.probability(Candidate(title, moment)) for title in SHELF]
        np.testing.assert_allclose(everywhere(model, moment), expected, atol=0.01)
    assert (model.n_examples, model.viewers, model.newest_answer) == (0, (), None)


def test_with_no_catalogue_either_the_model_is_the_prior() -> None:
    model = train([], [])
    expected = prior.probability(Candidate(HORROR))
    assert model.predict([Candidate(HORROR)])[0] == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("kind", KINDS)
def test_one_answer_moves_the_model_a_little_and_many_move_it_far(kind: Kind) -> None:
    few, many = train(answers(1), SHELF, kind=kind), train(answers(100), SHELF, kind=kind)
    before = prior.probability(Candidate(SHELF[140], EVENING))
    one, hundred = (m.predict([Candidate(SHELF[140], EVENING, "ada")])[0] for m in (few, many))
    assert abs(one - before) < 0.3
    assert hundred > before + 0.2


@pytest.mark.parametrize("kind", KINDS)
def test_a_household_that_loves_a_kind_is_shown_that_kind(kind: Kind) -> None:
    assert ranks(train([], SHELF, kind=kind), "ada", "Horror") < 5
    assert ranks(train(answers(100), SHELF, kind=kind), "ada", "Horror") > 20


def test_answers_of_one_kind_only_are_enough_to_train() -> None:
    model = train([answer(title, 1.0) for title in SHELF[:8]], [])
    assert everywhere(model)[0] > prior.probability(Candidate(HORROR, EVENING))


def test_viewers_keep_their_own_taste_and_lend_some_to_a_newcomer() -> None:
    model = train([*answers(60), *answers(60, viewer="ben", loves="Family")], SHELF)
    assert ranks(model, "ada", "Horror") > ranks(model, "ben", "Horror")
    assert ranks(model, "ben", "Family") > ranks(model, "ada", "Family")
    both = train([*answers(60), *answers(60, viewer="ben")], SHELF)
    assert ranks(both, "newcomer", "Horror") > ranks(train([], SHELF), "newcomer", "Horror")


def test_what_is_loved_in_one_mood_is_not_taken_for_another() -> None:
    funny, tense = (Moment(moods=((mood, 1.0),)) for mood in ("funny", "tense"))
    said = [
        answer(
            title, 0.95 if (moment is tense) == ("Horror" in title.genres) else 0.05, moment=moment
        )
        for title in SHELF[:80]
        for moment in (funny, tense)
    ]
    model = train(said, SHELF)
    gain = {
        m: everywhere(model, m)[0] - prior.probability(Candidate(HORROR, m)) for m in (funny, tense)
    }
    assert gain[tense] > gain[funny]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_trains_the_same_model(kind: Kind) -> None:
    first, second = (train(answers(40), SHELF, kind=kind, seed=4) for _ in range(2))
    assert everywhere(first) == everywhere(second)


def test_training_does_not_depend_on_the_order_of_answers() -> None:
    said = answers(40)
    first, second = train(said, SHELF), train(said[::-1], SHELF)
    # the pseudo-examples are drawn over the moments in order, which here are all alike
    np.testing.assert_allclose(everywhere(first), everywhere(second), atol=1e-4)


def test_an_old_answer_counts_less_than_a_new_one() -> None:
    config = TrainingConfig(half_life_days=30)
    ago, now = (answer(HORROR, label, days=day) for label, day in ((1.0, -300), (0.0, 0)))
    fresh = dataclasses.replace(ago, at=now.at)
    assert (
        everywhere(train([ago, now], SHELF, config=config))[0]
        < everywhere(train([fresh, now], SHELF, config=config))[0]
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("viewer", ["ada", "eve", None])
@pytest.mark.parametrize("moment", [Moment(), EVENING])
def test_scoring_a_catalogue_equals_the_pipeline(
    kind: Kind, moment: Moment, viewer: str | None
) -> None:
    model = train([*answers(30), *answers(30, viewer="ben")], SHELF, kind=kind)
    seen = np.arange(len(SHELF)) % 3 == 0
    candidates = [
        Candidate(title, moment, viewer, bool(flag))
        for title, flag in zip(SHELF, seen, strict=True)
    ]
    arrays = prior.title_arrays(SHELF)
    fast = model.score_titles(model.title_matrix(SHELF), arrays, moment, viewer, seen)
    slow = model.pipeline.predict_proba(candidates)[:, 1]
    np.testing.assert_allclose(fast, slow, atol=1e-9)
    np.testing.assert_allclose(fast, model.predict(candidates), atol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_the_terms_of_a_score_sum_to_its_logit(kind: Kind) -> None:
    model = train(answers(60), SHELF, kind=kind)
    for candidate in (Candidate(HORROR, EVENING, "ada", seen=True), Candidate(COMEDY)):
        score = model.predict([candidate])[0]
        total = sum(value for _, value in model.terms(candidate))
        assert total == pytest.approx(np.log(score / (1 - score)))


def test_the_terms_name_what_made_the_score() -> None:
    terms = dict(train(answers(100), SHELF).terms(Candidate(HORROR, EVENING, "ada")))
    assert terms["household|genre horror"] > 0
    assert terms["viewer:ada|genre horror"] > 0
    assert "prior:quality" in terms


def test_daypart_and_weekend_move_no_score_by_more_than_a_fifth() -> None:
    night = dataclasses.replace(EVENING, daypart="night", weekend=False)
    said = [
        answer(title, 1.0 if moment is EVENING else 0.0, moment=moment)
        for title in SHELF
        for moment in (EVENING, night)
    ]
    model = train(said, SHELF)
    timeless = dataclasses.replace(EVENING, daypart=None, weekend=None)
    base = np.array(everywhere(model, timeless))
    moved = [np.array(everywhere(model, moment)) for moment in (EVENING, night)]
    assert (moved[0] > moved[1]).all()
    for scores in moved:
        assert (np.abs(scores - base) <= 0.2 * base).all()
        odds = np.log(scores / (1 - scores)) - np.log(base / (1 - base))
        assert np.abs(odds).max() <= MOST_BY_CLOCK + 1e-9


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_survives_joblib(kind: Kind) -> None:
    model, file = train(answers(20), SHELF, kind=kind), io.BytesIO()
    joblib.dump(model, file)
    file.seek(0)
    assert everywhere(joblib.load(file)) == everywhere(model)


def test_no_candidates_have_no_scores() -> None:
    assert train([], SHELF).predict([]).tolist() == []


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(SHELF),
            st.floats(0, 1),
            st.floats(0, 1),
            st.sampled_from(["ada", "ben", None]),
            st.sampled_from([EVENING, Moment()]),
        ),
        max_size=12,
    ),
    st.sampled_from(KINDS),
)
def test_whatever_was_answered_scores_are_probabilities(
    rows: list[tuple[Title, float, float, str | None, Moment]], kind: Kind
) -> None:
    said = [Example(Candidate(t, m, who), label, weight, NOON) for t, label, weight, who, m in rows]
    scores = np.array(everywhere(train(said, SHELF[:40], kind=kind)))
    assert ((scores > 0) & (scores < 1)).all()


def doubt(model: Model, viewer: str | None = "ada") -> float:
    matrix = model.title_matrix(SHELF)
    return float(model.uncertainty(matrix, EVENING, viewer).mean())


@pytest.mark.parametrize("kind", KINDS)
def test_every_score_has_a_doubt(kind: Kind) -> None:
    model = train(answers(20), SHELF, kind=kind)
    found = model.uncertainty(model.title_matrix(SHELF), EVENING, "ada")
    assert found.shape == (len(SHELF),)
    assert np.isfinite(found).all()
    assert (found > 0).all()


def test_doubt_falls_with_every_answer() -> None:
    doubts = [doubt(train(answers(count), SHELF)) for count in (0, 5, 20, 80)]
    assert doubts == sorted(doubts, reverse=True)
    assert doubts[-1] < 0.8 * doubts[0]  # what is left is of people and moods not met


def test_less_is_known_of_a_viewer_who_never_spoke() -> None:
    model = train(answers(60), SHELF)
    assert doubt(model, "newcomer") > doubt(model, "ada")


def test_a_kind_nobody_spoke_of_is_in_more_doubt() -> None:
    spoken = [answer(title, 0.9) for title in SHELF if "Horror" in title.genres]
    model = train(spoken, SHELF)
    found = model.uncertainty(model.title_matrix(SHELF), EVENING, "ada")
    known = np.array(["Horror" in title.genres for title in SHELF])
    assert found[known].mean() < found[~known].mean()


@pytest.mark.parametrize("kind", KINDS)
def test_every_director_that_was_spoken_of_is_known_however_little_it_moves(kind: Kind) -> None:
    model = train(answers(100), SHELF, kind=kind)
    assert all(model.met("ada", f"director Director {number}").count for number in range(31))


def test_a_model_knows_what_was_said_of_a_director() -> None:
    by_zero = [title for title in SHELF if "Director 0" in title.directors]
    model = train([*answers(40), *(answer(title, 0.97, days=50) for title in by_zero)], SHELF)
    found = model.met("ada", "director Director 0")
    assert found.count == 5
    assert all(said.label > 0.5 for said in found.titles)
    assert model.met("ada", "director Nobody").count == 0
    assert model.met("nobody", "director Director 0").count == 0


def test_a_household_that_contradicts_the_ratings_still_gets_the_mood_it_asks_for() -> None:
    """All that was shown was funny, as asked; only what is rated low was enjoyed."""
    funny = Moment(moods=(("funny", 1.0),))
    shown = [
        Title(str(n), f"Film {n}", genres=("Comedy",), audience_rating=5.5 + n % 4)
        for n in range(60)
    ]
    said = [
        Example(Candidate(title, funny, "ada"), float((title.audience_rating or 0) < 6), 1.0, NOON)
        for title in shown
    ]
    model = train(said, SHELF)
    of_title, fit = model.features.trust(model.pipeline["classifier"].coef_[0])
    assert of_title < 0
    assert fit > 0.5
