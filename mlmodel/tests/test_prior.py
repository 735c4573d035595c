"""The prior picks what a wise stranger would."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlmodel import prior
from mlmodel.records import Candidate, Moment, Title

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

TITLES = st.builds(
    Title,
    id=st.just("1"),
    title=st.text(max_size=5),
    year=st.none() | st.integers(1900, 2030),
    genres=st.lists(st.sampled_from(["Comedy", "Horror", "Documentary", "Drama", "?"])).map(tuple),
    runtime_minutes=st.none() | st.integers(1, 400),
    audience_rating=st.none() | st.floats(0.1, 10),
    critic_rating=st.none() | st.floats(0.1, 10),
)
MOMENTS = st.builds(
    Moment,
    moods=st.sampled_from([(), (("funny", 1.0),), (("dark", 0.4), ("scary", 0.9)), (("?", 1.0),)]),
    company=st.sampled_from(["solo", "group"]),
    minutes=st.none() | st.integers(10, 400),
)


PLAIN = Moment()


def of(title: Title, moment: Moment = PLAIN, *, seen: bool = False) -> float:
    return prior.probability(Candidate(title, moment, seen=seen))


def film(**facts: object) -> Title:
    return Title.from_json({"id": "1", "title": "A film", **facts})


def test_an_unknown_rating_is_neutral() -> None:
    assert prior.terms(Candidate(film()))["quality"] == 0
    assert of(film()) == of(film(audience_rating=prior.USUAL_RATING))


def test_a_point_of_audience_rating_counts_its_slope() -> None:
    term = prior.terms(Candidate(film(audience_rating=7.7)))["quality"]
    assert term == pytest.approx(prior.AUDIENCE_SLOPE)


def test_a_better_rated_film_is_the_better_pick() -> None:
    assert of(film(audience_rating=8.1)) > of(film(audience_rating=6.1))
    assert of(film(critic_rating=8.1)) > of(film(critic_rating=6.1))


def test_the_asked_mood_decides_between_equals() -> None:
    funny = Moment(moods=(("funny", 1.0),))
    comedy, horror = film(genres=["Comedy"]), film(genres=["Horror"])
    assert of(comedy, funny) > 0.6
    assert of(horror, funny) < 0.3


def test_a_film_longer_than_the_evening_falls_and_one_that_fits_does_not() -> None:
    hour_and_half = Moment(minutes=90)
    assert prior.terms(Candidate(film(runtime_minutes=88), hour_and_half))["time"] == 0
    assert prior.terms(Candidate(film(runtime_minutes=180), hour_and_half))["time"] == -2.5
    assert prior.terms(Candidate(film(runtime_minutes=30), hour_and_half))["time"] == -0.25
    assert prior.terms(Candidate(film(), hour_and_half))["time"] == 0


def test_what_was_seen_waits_behind_what_was_not() -> None:
    assert of(film(), seen=True) < of(film())


def test_a_group_leans_to_what_everybody_can_enjoy() -> None:
    group = Moment(company="group")
    assert prior.terms(Candidate(film(genres=["Comedy"]), group))["company"] > 0
    assert prior.terms(Candidate(film(genres=["Horror"]), group))["company"] < 0


@calm
@given(st.lists(st.tuples(TITLES, st.booleans()), min_size=1, max_size=5), MOMENTS)
def test_many_titles_at_once_score_as_each_alone(
    shelf: list[tuple[Title, bool]], moment: Moment
) -> None:
    titles, seen = [title for title, _ in shelf], np.array([flag for _, flag in shelf])
    together = prior.moment_logits(prior.title_arrays(titles), moment, seen)
    alone = [prior.logit(Candidate(title, moment, seen=bool(flag))) for title, flag in shelf]
    np.testing.assert_allclose(together, alone, atol=1e-12)
    assert np.isfinite(together).all()


@calm
@given(st.lists(st.tuples(TITLES, MOMENTS), min_size=1, max_size=5))
def test_each_title_in_its_own_moment_scores_as_alone(rows: list[tuple[Title, Moment]]) -> None:
    arrays = prior.title_arrays([title for title, _ in rows])
    found = prior.logits(arrays, prior.moment_arrays([moment for _, moment in rows]))
    np.testing.assert_allclose(found, [prior.logit(Candidate(*row)) for row in rows], atol=1e-12)
