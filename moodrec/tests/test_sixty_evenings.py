"""The promise of the product: sixty evenings with a household whose taste nobody tells MoodRec.

See `evenings` for the household. All margins are far wider than what another seed changes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
import pytest
from django.db import transaction

from mlmodel import matrix, registry
from mlmodel.matrix import Catalogue
from mlmodel.moods import MOODS as VOCABULARY
from mlmodel.records import Moment
from moodrec.tests import evenings
from moodrec.tests.evenings import EVENINGS, TASTES, Evening, Household, fit, rate, stock, train
from plexsync.models import MediaItem
from recommender import ranking

pytestmark = pytest.mark.django_db

SEEDS = (0, 1)


@dataclass
class Life:
    """One life of the household, and what MoodRec knew of it at the end."""

    lived: list[Evening]
    auc: float
    """How well it ranks the whole library by the hidden taste, over viewers and moods."""
    asked: float
    """How much of the asked mood the picks have, on average; 0..1."""
    library: float
    """The same for the whole library."""
    turn: float
    """How far Ada's asking for something relaxing turns her from animation to romance, in logits."""


def live(seed: int, night: evenings.Night | None) -> Life:
    """Live sixty evenings; afterwards the database is as if nothing had been."""
    with transaction.atomic():
        stock(seed=seed)
        household = Household(seed)
        lived = household.live(night)
        shelf = matrix.catalogue()
        found = Life(lived, _auc(household, shelf), *_moods(lived, shelf), _turn(household, shelf))
        transaction.set_rollback(True)
    matrix.forget()
    registry.forget()
    return found


def _scores(shelf: Catalogue, viewer: str, mood: str) -> Any:
    """What tonight's score would be, in logits; the prior's where nothing was learnt."""
    moment = Moment.at(evenings.FIRST, moods=[mood])
    seen = np.zeros(len(shelf))
    if shelf.active is None or shelf.matrix is None:
        return evenings.prior_logits(shelf, moment)
    chances = shelf.active.model.score_titles(shelf.matrix, shelf.titles, moment, viewer, seen)
    return np.log(chances / (1 - chances))


def _auc(household: Household, shelf: Catalogue) -> float:
    items = MediaItem.objects.in_bulk(shelf.ids.tolist())
    found = []
    for name in TASTES:
        for mood in evenings.MOODS:
            joy = [household.joy([name], items[pk], [mood]) for pk in shelf.ids.tolist()]
            scores = _scores(shelf, household.viewers[name].slug, mood)
            enjoyed = np.array(joy) > 0.5
            found.append((scores[enjoyed][:, None] > scores[~enjoyed]).mean())
    return float(np.mean(found))


def _moods(lived: Sequence[Evening], shelf: Catalogue) -> tuple[float, float]:
    place = {pk: row for row, pk in enumerate(shelf.ids.tolist())}
    column = [VOCABULARY.index(evening.moods[0]) for evening in lived]
    picks = [
        shelf.titles.moods[place[evening.picked.pk], mood]
        for evening, mood in zip(lived, column, strict=True)
        if evening.picked is not None
    ]
    return float(np.mean(picks)), float(shelf.titles.moods[:, column].mean())


def _turn(household: Household, shelf: Catalogue) -> float:
    items = MediaItem.objects.in_bulk(shelf.ids.tolist())
    genres = [items[pk].genres for pk in shelf.ids.tolist()]
    animated = np.array(["Animation" in named for named in genres])
    romantic = np.array(["Romance" in named for named in genres])
    ada = household.viewers["Ada"].slug
    prefers = [
        scores[romantic].mean() - scores[animated].mean()
        for scores in (_scores(shelf, ada, "relaxing"), _scores(shelf, ada, "funny"))
    ]
    return float(prefers[0] - prefers[1])


@pytest.fixture(scope="module")
def lives(django_db_setup: None, django_db_blocker: Any) -> dict[str, list[Life]]:
    """The same households, served in three ways."""
    with django_db_blocker.unblock():
        return {
            "prior": [live(seed, None) for seed in SEEDS],
            "learning": [live(seed, fit) for seed in SEEDS],
            "greedy": [_greedily(seed) for seed in SEEDS],
        }


def _greedily(seed: int) -> Life:
    """Live with the three best and nothing else: no stretch, no wildcard, nothing unlike the others."""

    def best(field: ranking.Field, count: int, _rng: Any) -> list[ranking.Choice]:
        places = np.argsort(-field.worth, kind="stable")[:count]
        return [
            ranking.Choice(int(place), role)
            for place, role in zip(places, ranking.ROLES, strict=False)
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "choose", best)
        return live(seed, fit)


def mean(lives: Sequence[Life], of: Callable[[Life], float]) -> float:
    return float(np.mean([of(life) for life in lives]))


def later(life: Life) -> float:
    return rate(life.lived, EVENINGS // 2)


def last(life: Life) -> float:
    return rate(life.lived, EVENINGS - 20)


def test_the_household_is_the_same_whoever_serves_it(lives: dict[str, list[Life]]) -> None:
    for evening, other in zip(lives["prior"][0].lived, lives["learning"][0].lived, strict=True):
        assert (evening.moods, evening.present) == (other.moods, other.present)
    assert all(evening.version is None for evening in lives["prior"][0].lived)
    assert lives["learning"][0].lived[-1].version is not None


def test_picks_are_enjoyed_well_above_the_prior_s_rate_and_it_stays(
    lives: dict[str, list[Life]],
) -> None:
    assert mean(lives["learning"], later) > mean(lives["prior"], later) + 0.06
    assert mean(lives["learning"], last) > mean(lives["prior"], last) + 0.06
    assert mean(lives["learning"], last) > mean(lives["learning"], later) - 0.06


def test_it_learns_the_hidden_taste_in_the_whole_library(lives: dict[str, list[Life]]) -> None:
    assert mean(lives["learning"], lambda life: life.auc) > 0.66
    assert mean(lives["prior"], lambda life: life.auc) < 0.63


def test_exploring_costs_no_joy_later_on(lives: dict[str, list[Life]]) -> None:
    assert mean(lives["learning"], later) > mean(lives["greedy"], later) - 0.03


def test_picks_are_of_the_asked_mood(lives: dict[str, list[Life]]) -> None:
    for life in lives["learning"]:
        assert life.asked > life.library + 0.25


def test_what_ada_calls_relaxing_is_learnt_from_her(lives: dict[str, list[Life]]) -> None:
    """She loves animation when she asks for something funny, and not at all for something relaxing."""
    learnt = mean(lives["learning"], lambda life: life.turn)
    assert learnt > mean(lives["prior"], lambda life: life.turn) + 0.2


def test_training_with_its_judgement_keeps_the_promise() -> None:
    """As the scheduler does it: a version that was worse on the newest answers is not put to use."""
    served = live(0, every_third(train))
    assert later(served) > later(live(0, None)) + 0.03
    versions = {evening.version for evening in served.lived if evening.version is not None}
    assert len(versions) > EVENINGS / 3 / 2


def every_third(night: evenings.Night) -> evenings.Night:
    """Judging takes most of a training's time, so that only this test does it, and not each night."""
    nights = count(1)

    def act() -> None:
        if next(nights) % 3 == 0:
            night()

    return act
