"""The promise of the product: sixty evenings with a household whose taste nobody tells MoodRec.

See `evenings` for the household. It is one of many, lived through the product's own doors with its own nightly
training; how far others differ from it is in `test_many_households`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from django.db import transaction

from mlmodel import matrix, serving
from mlmodel.matrix import Catalogue
from mlmodel.moods import MOODS as VOCABULARY
from mlmodel.records import Moment
from moodrec.tests import evenings
from moodrec.tests.evenings import EVENINGS, Evening, Household, rate, stock, train
from plexsync.models import MediaItem

pytestmark = pytest.mark.django_db

HOUSEHOLD = 0  # the first there is


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


def live(seed: int, night: evenings.Night | None) -> Life:
    """Live sixty evenings; afterwards the database is as if nothing had been."""
    with transaction.atomic():
        stock(seed=seed)
        household = Household(seed)
        lived = household.live(night)
        shelf = matrix.catalogue()
        found = Life(lived, _auc(household, shelf), *_moods(lived, shelf))
        transaction.set_rollback(True)
    matrix.forget()
    serving.forget()
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
    for name in evenings.NAMES:
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


@pytest.fixture(scope="module")
def lives(django_db_setup: None, django_db_blocker: Any) -> dict[str, Life]:
    """The same household, served by the prior alone, and by what is learnt and judged each night."""
    with django_db_blocker.unblock():
        return {"prior": live(HOUSEHOLD, None), "learning": live(HOUSEHOLD, train)}


def later(life: Life) -> float:
    return rate(life.lived, EVENINGS // 2)


def test_the_household_is_the_same_whoever_serves_it(lives: dict[str, Life]) -> None:
    for evening, other in zip(lives["prior"].lived, lives["learning"].lived, strict=True):
        assert (evening.moods, evening.present) == (other.moods, other.present)
    assert all(evening.version is None for evening in lives["prior"].lived)


def test_picks_are_enjoyed_above_the_prior_s_rate(lives: dict[str, Life]) -> None:
    assert later(lives["learning"]) > later(lives["prior"]) + 0.03


def test_it_learns_the_hidden_taste_in_the_whole_library(lives: dict[str, Life]) -> None:
    assert lives["learning"].auc > lives["prior"].auc + 0.03


def test_picks_are_of_the_asked_mood(lives: dict[str, Life]) -> None:
    assert lives["learning"].asked > lives["learning"].library + 0.2


def test_most_nights_bring_a_better_version(lives: dict[str, Life]) -> None:
    """The judge refuses what was worse on the newest answers, which must not be the rule."""
    versions = {evening.version for evening in lives["learning"].lived} - {None}
    assert len(versions) > EVENINGS / 3
