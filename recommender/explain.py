"""The last step before the log: fetch the chosen titles and say why each of them is there."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, partial

import numpy as np

from feedback import log
from mlmodel import scoring
from mlmodel.describe import describe
from mlmodel.matrix import Catalogue
from mlmodel.met import Met
from mlmodel.moodtable import rules as mood_rules
from mlmodel.records import Candidate, Title
from plexsync import sight
from plexsync.models import MediaItem
from recommender import candidates, ranking, reasons
from recommender.evening import Chosen, Evening


def explained(evening: Evening, chosen: list[Chosen]) -> list[log.Shown]:
    """Fetch the chosen titles and what comes before them, and no others, and say why each is there.

    A title that went since the catalogue was read is left out.
    """
    shelf = evening.shelf
    before = {row: _before(shelf, row) for _choice, row in chosen}
    titles = _titles(shelf, {row for pair in before.items() for row in pair if row is not None})
    shown: list[log.Shown] = []
    for choice, row in chosen:
        if row in titles:
            said = {reason for earlier in shown for reason in earlier.reasons}
            showing = _showing(evening, choice, _name(titles, before[row]), said)
            shown.append(_explain(evening, choice, row, titles[row], showing))
    return shown


def _showing(
    evening: Evening, choice: ranking.Choice, follows: str, said: set[str]
) -> reasons.Showing:
    return reasons.Showing(
        stretch=choice.role == "stretch",
        unsure=choice.unsure,
        follows=follows,
        again=evening.answers.seen == "again",
        said=said,
    )


def _before(shelf: Catalogue, row: int) -> int | None:
    """Return the place of what comes before a title, where that is on the shelf."""
    number = shelf.predecessor[row]
    return int(np.argmax(shelf.twin == number)) if number >= 0 else None


def _titles(shelf: Catalogue, rows: Iterable[int]) -> dict[int, Title]:
    """Return the records at these places of the shelf, of those that are still on offer."""
    ids = {row: int(shelf.ids[row]) for row in rows}
    items = MediaItem.objects.on_offer().in_bulk(ids.values())
    table = mood_rules.table()
    return {row: describe(items[pk], table) for row, pk in ids.items() if pk in items}


def _name(titles: Mapping[int, Title], row: int | None) -> str:
    title = None if row is None else titles.get(row)
    return title.title if title else ""


def _explain(
    evening: Evening, choice: ranking.Choice, row: int, title: Title, showing: reasons.Showing
) -> log.Shown:
    viewers, seen = evening.viewers, evening.seen[:, row]
    alone = viewers[0].slug if len(viewers) == 1 else None
    candidate = Candidate(title, evening.moment, alone, bool(seen.any()))
    people = _people(evening, candidate, seen)
    why = reasons.explain(candidate, people, showing)
    stored = candidate.to_json()
    if len(viewers) > 1:
        stored["seen_by"] = dict(zip(evening.slugs, seen.tolist(), strict=True))
    return log.Shown(
        item_id=int(evening.shelf.ids[row]),
        role=choice.role,
        score=float(evening.found.scores[row]),
        prior=float(evening.found.priors[row]),
        reasons=why.reasons,
        drawback=why.drawback,
        candidate=stored,
        chance=choice.chance,
    )


def _people(evening: Evening, candidate: Candidate, seen: candidates.Flags) -> list[reasons.Person]:
    """Return everybody present with the terms of their own score; else nobody in particular."""
    shelf, viewers = evening.shelf, evening.viewers
    if not viewers:
        return [reasons.Person("", scoring.terms(shelf, candidate))]
    return [
        reasons.Person(
            viewer.name,
            scoring.terms(shelf, replace(candidate, viewer=viewer.slug, seen=bool(has_seen))),
            cache(partial(_met if evening.limited else _all_met, evening, viewer.slug)),
            bool(has_seen),
        )
        for viewer, has_seen in zip(viewers, seen, strict=True)
    ]


def _all_met(evening: Evening, slug: str, trait: str) -> Met:
    return scoring.met(evening.shelf, slug, trait)


def _met(evening: Evening, slug: str, trait: str) -> Met:
    """Return what somebody said of titles with a trait, without any that is kept from one of those who hear it."""
    met = _all_met(evening, slug, trait)
    ids = {said.title_id: int(said.title_id) for said in met.titles if said.title_id.isdecimal()}
    shown = sight.may_see(evening.user, evening.viewers, ids.values()) if ids else set()
    titles = tuple(said for said in met.titles if ids.get(said.title_id) in shown)
    return replace(met, titles=titles)
