"""What was said of the titles that share a person, a collection or a franchise: the evidence behind a weight."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mlmodel.records import Example
from mlmodel.traits import named

KINDS = ("director", "actor", "collection", "franchise")
# What somebody meant, not what was seen or passed over.
SOURCES = frozenset({"feedback", "plex", "replay"})
MOST_TITLES = 4


@dataclass(frozen=True, slots=True)
class Said:
    """What a viewer said of one title."""

    title_id: str
    title: str
    stars: float | None
    label: float
    """Probability of having enjoyed it."""


@dataclass(frozen=True, slots=True)
class Met:
    """What a viewer said of the titles that share a trait."""

    count: int = 0
    """Titles."""
    titles: tuple[Said, ...] = ()
    """The newest first, no more than MOST_TITLES."""


NOTHING = Met()


def met(examples: Iterable[Example], traits: frozenset[str]) -> Mapping[tuple[str, str], Met]:
    """By viewer and trait, what the examples (given oldest first) say of these traits; the last word on a title."""
    words: dict[tuple[str, str], dict[str, Said]] = {}
    for example in examples:
        title, viewer = example.candidate.title, example.candidate.viewer
        if viewer is None or example.source not in SOURCES:
            continue
        said = Said(title.id or title.title, title.title, example.stars, example.label)
        for trait in traits.intersection(named(title)):
            of_it = words.setdefault((viewer, trait), {})
            of_it.pop(said.title_id, None)
            of_it[said.title_id] = said
    return {key: _newest(list(of_it.values())) for key, of_it in words.items()}


def _newest(said: list[Said]) -> Met:
    return Met(len(said), tuple(said[: -MOST_TITLES - 1 : -1]))
