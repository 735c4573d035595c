"""Mirror the episodes of a library of series: one sweep of them all, never one request a series.

What changed is stored; what vanished goes only after a complete walk. The series learn their seasons
and usual length from it, and the connected account's viewer which episodes were watched.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from statistics import median
from xml.etree.ElementTree import Element

from django.db import transaction
from django.db.models import Sum

from plexsync.client import PlexClient
from plexsync.models import Episode, Library, MediaItem, Viewer, WatchedEpisode
from plexsync.parts import in_parts
from plexsync.records import day, integer, moment, rating_key, text

BELIEVED = 0.8  # of the episodes that the series promise: servers count differently
_STORED = ["item", "season", "number", "title", "runtime_minutes", "released_on", "fingerprint"]


@dataclass(slots=True)
class _Walk:
    """The episodes of a library as they are stored, and as Plex lists them."""

    shows: dict[str, int]
    """The row of each series, by its key."""
    known: dict[str, tuple[int, str]]
    """Row and fingerprint of each episode, by its key."""
    seen: set[str] = field(default_factory=set)
    totals: set[int] = field(default_factory=set)
    odd: int = 0
    """Entries that can't be used."""
    watched: dict[str, datetime | None] = field(default_factory=dict)
    """When the connected account watched an episode, by its key."""
    minutes: dict[int, list[int]] = field(default_factory=dict)
    seasons: dict[int, set[int]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return self.totals == {len(self.seen) + self.odd}


def refresh(library: Library, client: PlexClient) -> None:
    """Make the library's episodes equal to Plex's. Raises PlexError; what was stored by then stays."""
    walk = _begun(library)
    for page in client.episodes(library):
        walk.totals.add(page.total)
        walk.odd += len(page.skipped)
        _store(walk, [new for entry in page.entries if (new := _taken(walk, entry))])
    if walk.complete and _is_believable(walk, library):
        _remove(walk)
    _tell_shows(walk, library)
    for viewer in Viewer.objects.filter(owns_plex_state=True)[:1]:
        _note_watched(viewer, walk, library)


def _begun(library: Library) -> _Walk:
    shows = library.items.filter(available=True).values_list("rating_key", "pk")
    rows = Episode.objects.filter(item__library=library)
    known = rows.values_list("rating_key", "pk", "fingerprint").iterator(chunk_size=5000)
    return _Walk(dict(shows), {key: (pk, value) for key, pk, value in known})


def _taken(walk: _Walk, entry: Element) -> Episode | None:
    """Take note of an entry; return the row to store where there is none like it."""
    key, show = rating_key(entry), walk.shows.get(entry.get("grandparentRatingKey") or "")
    if not key:
        walk.odd += 1
        return None
    walk.seen.add(key)
    if show is None:  # its series was not listed: the next sync has both
        return None
    episode = _episode(entry, key, show)
    walk.seasons.setdefault(show, set()).add(episode.season)
    if episode.runtime_minutes and episode.season:
        walk.minutes.setdefault(show, []).append(episode.runtime_minutes)
    if integer(entry, "viewCount"):
        walk.watched[key] = moment(entry, "lastViewedAt")
    return None if walk.known.get(key, (0, ""))[1] == episode.fingerprint else episode


def _episode(entry: Element, key: str, show: int) -> Episode:
    season = integer(entry, "parentIndex")
    number = integer(entry, "index") or 0
    names = ("title", "duration", "originallyAvailableAt")
    told = [str(show), str(season), str(number), *(entry.get(name) or "" for name in names)]
    digest = blake2b("\0".join(told).encode("utf-8", "replace"), digest_size=8)
    return Episode(
        item_id=show,
        rating_key=key,
        season=1 if season is None else season,
        number=number,
        title=text(entry, "title", 500),
        runtime_minutes=round((integer(entry, "duration") or 0) / 60_000) or None,
        released_on=day(entry, "originallyAvailableAt"),
        fingerprint=digest.hexdigest(),
    )


def _store(walk: _Walk, episodes: list[Episode]) -> None:
    for part in in_parts(iter({episode.rating_key: episode for episode in episodes}.values())):
        for episode in part:
            episode.pk = walk.known.get(episode.rating_key, (None, ""))[0]
        with transaction.atomic():
            Episode.objects.bulk_update([e for e in part if e.pk], _STORED, batch_size=50)
            Episode.objects.bulk_create([e for e in part if not e.pk])
        for episode in part:
            walk.known[episode.rating_key] = (episode.pk, episode.fingerprint)


def _is_believable(walk: _Walk, library: Library) -> bool:
    """Tell whether about as many episodes came as the series themselves say to have.

    A server that starts lists none: what people have watched of them would go along.
    """
    shows = library.items.filter(available=True)
    promised = shows.aggregate(episodes=Sum("episode_count"))["episodes"] or 0
    return len(walk.seen) >= BELIEVED * promised


def _remove(walk: _Walk) -> None:
    gone = [pk for key, (pk, _print) in walk.known.items() if key not in walk.seen]
    for part in in_parts(iter(gone)):
        Episode.objects.filter(pk__in=part).delete()


def _tell_shows(walk: _Walk, library: Library) -> None:
    """Give the series what their own entries lack or tell otherwise: specials are no season."""
    rows = library.items.filter(pk__in=walk.seasons).only("season_count", "runtime_minutes")
    changed = [row for row in rows.iterator(chunk_size=1000) if _completed(row, walk)]
    for part in in_parts(iter(changed)):
        with transaction.atomic():
            MediaItem.objects.bulk_update(part, ["season_count", "runtime_minutes"])
            library.touch()


def _completed(show: MediaItem, walk: _Walk) -> bool:
    seasons = len(walk.seasons[show.pk] - {0}) or show.season_count
    lengths = walk.minutes.get(show.pk)
    minutes = show.runtime_minutes or (round(median(lengths)) if lengths else None)
    changed = (seasons, minutes) != (show.season_count, show.runtime_minutes)
    show.season_count, show.runtime_minutes = seasons, minutes
    return changed


def _note_watched(viewer: Viewer, walk: _Walk, library: Library) -> None:
    """Make the viewer's watched episodes of this library those that the account has watched."""
    rows = WatchedEpisode.objects.filter(viewer=viewer, episode__item__library=library)
    known = {
        key: (pk, at)
        for key, pk, at in rows.values_list("episode__rating_key", "pk", "last_viewed_at")
    }
    undone = [
        pk for key, (pk, _at) in known.items() if key in walk.seen and key not in walk.watched
    ]
    for part in in_parts(iter(undone)):
        WatchedEpisode.objects.filter(pk__in=part).delete()
    moved = {k: at for k, at in walk.watched.items() if k not in known or known[k][1] != at}
    _write_watched(viewer, walk, moved.items())


def _write_watched(
    viewer: Viewer, walk: _Walk, moved: Iterable[tuple[str, datetime | None]]
) -> None:
    rows = (
        WatchedEpisode(viewer=viewer, episode_id=walk.known[key][0], last_viewed_at=at)
        for key, at in moved
    )
    for part in in_parts(rows):
        WatchedEpisode.objects.bulk_create(
            part,
            update_conflicts=True,
            unique_fields=["viewer", "episode"],
            update_fields=["last_viewed_at"],
        )
