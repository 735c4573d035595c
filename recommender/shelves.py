"""What MoodRec would put on its shelves in Plex: tonight's titles, and the best of each mood."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback import memory
from feedback.evenings import evening_began
from feedback.models import Ask, AskQuerySet, Suggestion
from feedback.moodnames import mood_name
from mlmodel import scoring
from mlmodel.matrix import Catalogue, catalogue
from mlmodel.moods import MOODS
from mlmodel.records import Moment
from plexsync.models import Connection, Episode, Library, MediaItem, Shelf, Viewer
from plexsync.next_episode import next_episode, next_episodes
from plexsync.records import OURS
from recommender import candidates
from recommender.moment import Answers, moment_of

TONIGHT = "tonight"
TONIGHT_TITLES = 10
MOOD_TITLES = 25
CLEARLY = 0.6  # of a mood's profile: a list that bears the mood's name holds no borderline cases
STAYS = 1.6  # a title on a shelf of 25 stays while it is among the best 40: scores move a little
OPTIONS = ("tonight_playlist", "mood_playlists", "mood_collections")
_ASKED_HERE = (Ask.Source.WEB, Ask.Source.API, Ask.Source.COMMAND)
_SHOWN = ("title", "sort_title", "year", "type", "rating_key")
_TIES = 4  # digits of a score that count; titles that are equal then stand by name


@dataclass(frozen=True, slots=True)
class Place:
    """A title's place on a shelf: what Plex is given, and what a person reads."""

    rating_key: str
    label: str


@dataclass(frozen=True, slots=True)
class Planned:
    """A shelf as it should be."""

    option: str
    """The switch of the connection that it hangs on."""
    kind: str
    slug: str
    title: str
    library: Library | None
    places: list[Place]

    @property
    def keys(self) -> list[str]:
        return [place.rating_key for place in self.places]

    @property
    def name(self) -> tuple[str, str, int | None]:
        """What tells it from the connection's other shelves."""
        return self.kind, self.slug, self.library.pk if self.library else None


@dataclass(frozen=True, slots=True)
class _Wish:
    """A shelf before it is known which titles stand on it."""

    option: str
    kind: str
    slug: str
    library: Library | None
    count: int
    worth: dict[int, float]
    """The scores of the titles to choose from, by the numbers of their rows."""
    given: list[MediaItem]
    """What stands on it, where that is settled already."""


def title_of(slug: str, connection: Connection) -> str:
    """Return what a shelf is called in Plex, in the language chosen for that."""
    with connection.in_shelf_language():
        return f"{_('Tonight') if slug == TONIGHT else mood_name(slug)}{OURS}"


def name_of(shelf: Shelf) -> tuple[str, str, int | None]:
    """Return the same of a shelf that is in Plex."""
    return shelf.kind, shelf.slug, shelf.library_id


class Household:
    """What the shelves are planned from, each part read once; calls no Plex."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.viewers = list(Viewer.objects.filter(enabled=True))
        self._libraries_titles: dict[int, candidates.Flags] = {}
        self._held = {name_of(shelf): shelf.keys for shelf in connection.shelves.all()}

    @cached_property
    def catalogue(self) -> Catalogue:
        return catalogue()

    @cached_property
    def _seen(self) -> candidates.Flags:
        shelf = self.catalogue
        seen = shelf.watched | candidates.among(shelf, memory.seen(self.viewers))
        return np.broadcast_to(seen, (len(self.viewers) or 1, len(shelf)))

    @cached_property
    def _free(self) -> candidates.Flags:
        return ~candidates.among(self.catalogue, memory.never(self.viewers))

    def plan(self, option: str) -> list[Planned]:
        """Return the shelves that hang on this switch, whether it is on or off."""
        return self._planned(list(self._wishes(option)))

    def tonight(self, now: datetime | None = None) -> Planned:
        """Plan the list of today's suggestions, the newest ask's first; else of tonight's best."""
        return self._planned([self._wish_for_tonight(timezone.localtime(now))])[0]

    def _wishes(self, option: str) -> Iterator[_Wish]:
        if option == "tonight_playlist":
            yield self._wish_for_tonight(timezone.localtime())
        for mood in MOODS if option == "mood_playlists" else ():
            yield self._wish_for_mood(option, mood, None)
        for library in self._libraries if option == "mood_collections" else ():
            for mood in MOODS:
                yield self._wish_for_mood(option, mood, library)

    @cached_property
    def _libraries(self) -> list[Library]:
        return list(self.connection.libraries.filter(enabled=True).order_by("title", "pk"))

    def _wish_for_tonight(self, now: datetime) -> _Wish:
        given = _suggested(now, memory.never(self.viewers))
        answers, count = Answers(), TONIGHT_TITLES
        worth = {} if given else self._worth(answers, moment_of(answers, now), count, None)
        kind = Shelf.Kind.PLAYLIST
        return _Wish("tonight_playlist", kind, TONIGHT, None, count, worth, given)

    def _wish_for_mood(self, option: str, mood: str, library: Library | None) -> _Wish:
        kind = Shelf.Kind.COLLECTION if library else Shelf.Kind.PLAYLIST
        moment = Moment(moods=((mood, 1.0),))  # at no time of day: else it would change by the hour
        answers = Answers(vibe=(mood,), order="any")  # a shelf to browse: each picks for themselves
        worth = self._worth(answers, moment, MOOD_TITLES, library)
        return _Wish(option, kind, mood, library, MOOD_TITLES, worth, [])

    def _planned(self, wishes: Sequence[_Wish]) -> list[Planned]:
        """Settle what stands on each; titles and next episodes are read for all of them at once."""
        wanted = {pk for wish in wishes for pk in wish.worth}
        known = MediaItem.objects.on_offer().only(*_SHOWN).in_bulk(wanted)
        stand = [wish.given or self._best(wish, known) for wish in wishes]
        played = [items for wish, items in zip(wishes, stand, strict=True) if not wish.library]
        upcoming = self._next_episodes({item for items in played for item in items})
        return [
            Planned(
                option=wish.option,
                kind=wish.kind,
                slug=wish.slug,
                title=title_of(wish.slug, self.connection),
                library=wish.library,
                places=[Place(item.rating_key, str(item)) for item in items]
                if wish.library
                else _playable(items, upcoming),
            )
            for wish, items in zip(wishes, stand, strict=True)
        ]

    def _best(self, wish: _Wish, known: dict[int, MediaItem]) -> list[MediaItem]:
        """Return the best titles of a wish; what is held stays while it is nearly as good.

        What stays keeps its place; what is new comes behind it.
        """
        worth, count = wish.worth, wish.count
        items = [known[pk] for pk in worth if pk in known]
        items.sort(key=lambda i: (-worth[i.pk], i.sort_title, i.title, i.pk))
        ranked = {item.pk: item for item in items[: int(count * STAYS)]}
        stays = [ranked[pk] for pk in self._items_of(self._held_by(wish)) if pk in ranked][:count]
        fresh = [item for item in ranked.values() if item not in stays]
        return [*stays, *fresh[: count - len(stays)]]

    def _held_by(self, wish: _Wish) -> Sequence[str]:
        library = wish.library.pk if wish.library else None
        held: Sequence[str] = self._held.get((wish.kind, wish.slug, library), [])
        return held

    def _worth(
        self, answers: Answers, moment: Moment, count: int, library: Library | None
    ) -> dict[int, float]:
        """Return the scores of the titles that a shelf of so many is chosen from, the best first."""
        shelf, free = self.catalogue, self._free
        for mood in answers.vibe:
            free = free & (shelf.titles.moods[:, MOODS.index(mood)] >= CLEARLY)
        if library is not None:
            free = free & self._standing_in(library)
        known = candidates.Known(self._seen, shelf.episodes, free, free)
        rows = np.flatnonzero(candidates.fitting(shelf, answers, known))
        slugs = [viewer.slug for viewer in self.viewers]
        scores = scoring.score(shelf, moment, slugs, self._seen).scores[rows].round(_TIES)
        best = np.argsort(-scores, kind="stable")[: 3 * count]  # more than stay: equals among them
        return dict(zip(shelf.ids[rows[best]].tolist(), scores[best].tolist(), strict=True))

    def _standing_in(self, library: Library) -> candidates.Flags:
        """Return which titles of the catalogue are this library's."""
        if library.pk not in self._libraries_titles:
            ids = MediaItem.objects.filter(library=library).values_list("pk", flat=True)
            self._libraries_titles[library.pk] = np.isin(self.catalogue.ids, list(ids))
        return self._libraries_titles[library.pk]

    def _items_of(self, keys: Sequence[str]) -> list[int]:
        """Return the titles behind these keys of Plex, an episode's being its series."""
        known = self._items_by_key
        return list(dict.fromkeys(known[key] for key in keys if key in known))

    @cached_property
    def _items_by_key(self) -> dict[str, int]:
        keys = {key for held in self._held.values() for key in held}
        items = MediaItem.objects.filter(library__connection=self.connection, rating_key__in=keys)
        episodes = Episode.objects.filter(
            item__library__connection=self.connection, rating_key__in=keys
        )
        found = dict(items.values_list("rating_key", "pk"))
        return found | dict(episodes.values_list("rating_key", "item_id"))

    def _next_episodes(self, items: Iterable[MediaItem]) -> dict[int, Episode | None]:
        """Return what the connected account watches next of each series: its playlists these are."""
        series = [item for item in items if item.type == "show"]
        if self._owner is None:
            return {item.pk: next_episode(None, item) for item in series}
        found = next_episodes([self._owner], series)
        return {item.pk: found[self._owner.pk, item.pk] for item in series}

    @cached_property
    def _owner(self) -> Viewer | None:
        return Viewer.objects.filter(owns_plex_state=True).first()


def _playable(items: Sequence[MediaItem], upcoming: dict[int, Episode | None]) -> list[Place]:
    """Return films as themselves, a series as its next episode; one seen to its end is left out."""
    places = []
    for item in items:
        if item.type == "movie":
            places.append(Place(item.rating_key, str(item)))
        elif episode := upcoming[item.pk]:
            places.append(Place(episode.rating_key, f"{item.title}, {episode}"))
    return places


def newest_ask(now: datetime | None = None) -> Ask | None:
    """Return the newest ask of today."""
    return _asks(timezone.localtime(now)).first()


def _asks(now: datetime) -> AskQuerySet:
    today = Ask.objects.filter(asked_at__gte=evening_began(now), source__in=_ASKED_HERE)
    return today.order_by("-asked_at")


def _suggested(now: datetime, never: Collection[int]) -> list[MediaItem]:
    """Return the titles of today's asks as their pages show them, each once, those of the newest first."""
    asks = list(_asks(now).values_list("pk", flat=True)[:TONIGHT_TITLES])
    shown: dict[UUID, list[Suggestion]] = {ask: [] for ask in asks}
    for each in Suggestion.objects.filter(ask__in=asks).defer("candidate"):
        shown[each.ask_id].append(each)
    there = [each.item_id for rows in shown.values() for each in memory.on_display(rows)]
    keys = [key for key in dict.fromkeys(there) if key not in never]
    items = MediaItem.objects.on_offer().only(*_SHOWN).in_bulk(keys)
    return [items[key] for key in keys if key in items][:TONIGHT_TITLES]
