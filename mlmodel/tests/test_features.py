"""Rows of features: one block a context, folded into one vector for scoring."""

import numpy as np
import pytest

from mlmodel import prior
from mlmodel.config import FeatureConfig
from mlmodel.features import Features, clock_reach
from mlmodel.records import Candidate, Moment, Title
from mlmodel.traits import FIXED, shelf_of

PLAIN = Moment()
FUNNY = Moment(
    moods=(("funny", 0.5),), company="group", minutes=90, daypart="evening", weekend=True
)


def film(number: int, **facts: object) -> Title:
    return Title.from_json({"id": str(number), "title": f"Film {number}", **facts})


ALIEN = film(1, genres=["Horror"], directors=["Ridley Scott"], year=1979, audience_rating=8.5)
UP = film(
    2, genres=["Family"], directors=["Pete Docter"], runtime_minutes=96, collections=["Pixar"]
)
STRANGER = film(3, genres=["Anthology"], directors=["Nobody"], summary="A submarine sinks slowly.")
LOG = [Candidate(ALIEN, PLAIN, "ada"), Candidate(UP, FUNNY, "ben"), Candidate(STRANGER, PLAIN)]


@pytest.fixture
def features() -> Features:
    return Features().fit(LOG)


def row_of(features: Features, candidate: Candidate) -> dict[str, float]:
    row = features.transform([candidate])
    return dict(zip(features.column_names(row.indices.tolist()), row.data, strict=True))


def test_only_what_was_met_in_answers_gets_a_column(features: Features) -> None:
    assert "director Ridley Scott" in features.columns_
    assert "collection Pixar" in features.columns_
    assert "director Nobody" not in features.columns_  # of the catalogue, nobody answered it


def test_a_row_holds_the_prior_the_household_and_the_viewer(features: Features) -> None:
    config, candidate = FeatureConfig(), Candidate(ALIEN, PLAIN, "ada")
    row = row_of(features, candidate)
    assert row["prior"] == pytest.approx(prior.logit(candidate) * config.prior)
    assert "fit" not in row  # nothing was asked
    assert row["household|genre horror"] == pytest.approx(config.genres * config.household)
    assert row["viewer:ada|director Ridley Scott"] == pytest.approx(
        config.directors * config.viewer
    )
    assert not any(name.startswith(("viewer:ben", "mood:", "company", "minutes")) for name in row)


def test_a_moment_switches_its_crosses_on(features: Features) -> None:
    config = FeatureConfig()
    row = row_of(features, Candidate(UP, FUNNY, "ben", seen=True))
    share = (
        config.moment / 1.875**0.5
    )  # of length one: 0.5 funny, a group, 90 minutes (a quarter and three)
    assert row["mood:funny|genre family"] == pytest.approx(config.genres * share * 0.5)
    assert row["company:group|base"] == pytest.approx(config.base * share)
    assert row["minutes:60|base"] == pytest.approx(config.base * share * 0.25)
    assert row["daypart:evening|base"] == pytest.approx(config.base * config.clock)
    assert row["seen"] == pytest.approx(config.base)
    assert not any(name.startswith("daypart:") and "genre" in name for name in row)


def test_what_is_unknown_adds_no_column(features: Features) -> None:
    row = row_of(features, Candidate(film(9)))
    assert not any("length" in name or "decade" in name or "rating" in name for name in row)


def test_an_unknown_viewer_counts_as_the_household(features: Features) -> None:
    stranger, nobody = (row_of(features, Candidate(ALIEN, PLAIN, who)) for who in ("eve", None))
    assert stranger == nobody


def test_no_answers_leave_the_fixed_columns() -> None:
    features = Features().fit([Candidate(ALIEN), Candidate(UP)])
    assert tuple(features.columns_) == FIXED
    assert features.transform([]).shape[0] == 0


@pytest.mark.parametrize("viewer", ["ada", "ben", "eve", None])
@pytest.mark.parametrize("moment", [PLAIN, FUNNY, Moment(weekend=False, daypart="night")])
def test_folded_weights_score_as_full_rows_do(
    features: Features, moment: Moment, viewer: str | None
) -> None:
    titles = [ALIEN, UP, STRANGER, film(4)]
    coef = np.random.default_rng(3).normal(size=features.transform([]).shape[1])
    rows = features.transform([Candidate(title, moment, viewer, seen=True) for title in titles])
    weights, trust, for_seen = features.effective_weights(coef, moment, viewer)
    parts = prior.parts(prior.title_arrays(titles), prior.moment_arrays([moment]), seen=True)
    folded = features.title_matrix(titles) @ weights + parts @ trust + for_seen
    np.testing.assert_allclose(folded, rows @ coef, atol=1e-12)


def test_the_same_title_has_the_same_row_alone_and_among_others(features: Features) -> None:
    together = features.transform(LOG).toarray()
    for row, candidate in enumerate(LOG):
        alone = features.transform([candidate]).toarray()[0]
        np.testing.assert_allclose(together[row], alone, atol=1e-12)


def test_the_usual_title_of_a_shelf_is_neither_familiar_nor_unknown() -> None:
    titles = [ALIEN, UP, film(5, directors=["Ridley Scott"])]
    rows = Features(shelf=shelf_of(titles)).fit(LOG).title_matrix(titles).toarray()
    column = FIXED.index("familiar directors")
    assert rows[:, column].sum() == pytest.approx(0)
    assert rows[0, column] == rows[2, column] > 0 > rows[1, column]


def test_the_reach_of_the_clock_is_the_most_any_title_could_move() -> None:
    config = FeatureConfig()
    width = Features().fit(LOG).slices()["weekend"]
    weights = np.zeros(width.stop - width.start)
    weights[0] = -2.0
    assert clock_reach(weights, config) == pytest.approx(2 * config.base * config.clock)
