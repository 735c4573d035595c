"""The attributes of each kind of item, in the order Plex gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from plexsync.demo.titles import Collection, Episode, Item, Season, Title

RIPE = 6  # from here on a tomato is fresh
Pairs: TypeAlias = Iterable[tuple[str, object]]


def head_of(item: Item) -> Pairs:
    if isinstance(item, Title):
        return _title_head(item)
    if isinstance(item, Season):
        return _season_head(item)
    return _episode_head(item) if isinstance(item, Episode) else _collection_head(item)


def thumb(item: Title | Season, kind: str = "thumb") -> str:
    """The number at the end changes with the picture."""
    return f"/library/metadata/{item.key}/{kind}/{item.updated_at}"


def _title_head(title: Title) -> Pairs:
    show = title.kind == "show"
    ripe = title.critic_rating is not None and title.critic_rating >= RIPE
    return (
        ("ratingKey", title.key),
        ("key", f"/library/metadata/{title.key}{'/children' if show else ''}"),
        ("guid", title.guid),
        ("slug", re.sub(r"[\W_]+", "-", title.title.lower()).strip("-") or None),
        ("studio", title.studio),
        ("type", title.kind),
        ("title", title.title),
        ("titleSort", title.sort_title if title.sort_title != title.title else None),
        ("originalTitle", title.original_title),
        ("editionTitle", title.edition),
        ("contentRating", title.content_rating),
        ("summary", title.summary),
        ("index", 1 if show else None),
        ("rating", title.critic_rating),
        ("audienceRating", title.audience_rating),
        ("year", title.year),
        ("thumb", thumb(title)),
        ("art", thumb(title, "art")),
        ("theme", thumb(title, "theme") if show else None),
        ("duration", title.duration),
        ("originallyAvailableAt", title.released),
        ("leafCount", sum(title.seasons) if show else None),
        ("childCount", len(title.seasons) if show else None),
        ("addedAt", title.added_at),
        ("updatedAt", title.updated_at),
        ("deletedAt", title.deleted_at),
        ("audienceRatingImage", title.audience_rating and "themoviedb://image.rating"),
        ("chapterSource", None if show else "media"),
        (
            "ratingImage",
            title.critic_rating and f"rottentomatoes://image.rating.{'ripe' if ripe else 'rotten'}",
        ),
    )


def _season_head(season: Season) -> Pairs:
    show = season.show
    return (
        ("ratingKey", season.key),
        ("key", f"/library/metadata/{season.key}/children"),
        ("parentRatingKey", show.key),
        ("guid", season.guid),
        ("parentGuid", show.guid),
        ("parentStudio", show.studio),
        ("type", "season"),
        ("title", season.title),
        ("parentKey", f"/library/metadata/{show.key}"),
        ("parentTitle", show.title),
        ("summary", ""),
        ("index", season.index),
        ("parentIndex", 1),
        ("parentYear", show.year),
        ("thumb", thumb(season)),
        ("art", thumb(show, "art")),
        ("parentThumb", thumb(show)),
        ("leafCount", len(season.leaf_keys)),
        ("addedAt", season.added_at),
        ("updatedAt", season.updated_at),
    )


def _episode_head(episode: Episode) -> Pairs:
    show, season = episode.show, Season(episode.show, episode.season)
    return (
        ("ratingKey", episode.key),
        ("key", f"/library/metadata/{episode.key}"),
        ("parentRatingKey", season.key),
        ("grandparentRatingKey", show.key),
        ("guid", episode.guid),
        ("parentGuid", season.guid),
        ("grandparentGuid", show.guid),
        ("type", "episode"),
        ("title", episode.title),
        ("grandparentKey", f"/library/metadata/{show.key}"),
        ("parentKey", f"/library/metadata/{season.key}"),
        ("grandparentTitle", show.title),
        ("parentTitle", season.title),
        ("contentRating", show.content_rating),
        ("summary", ""),
        ("index", episode.index),
        ("parentIndex", episode.season),
        ("audienceRating", episode.audience_rating),
        ("year", episode.year),
        ("thumb", f"/library/metadata/{episode.key}/thumb/{episode.updated_at}"),
        ("art", thumb(show, "art")),
        ("parentThumb", thumb(season)),
        ("grandparentThumb", thumb(show)),
        ("grandparentArt", thumb(show, "art")),
        ("duration", episode.duration),
        ("originallyAvailableAt", episode.released),
        ("addedAt", episode.added_at),
        ("updatedAt", episode.updated_at),
    )


def _collection_head(collection: Collection) -> Pairs:
    plain = collection.sort_title == collection.title
    return (
        ("ratingKey", collection.key),
        ("key", f"/library/collections/{collection.key}/children"),
        ("guid", collection.guid),
        ("type", "collection"),
        ("title", collection.title),
        ("titleSort", None if plain else collection.sort_title),
        ("subtype", collection.subtype),
        ("summary", collection.summary),
        ("index", collection.key),
        ("collectionSort", collection.sort or None),
        ("ratingCount", 1),
        ("thumb", f"/library/collections/{collection.key}/composite/{collection.updated_at}"),
        ("childCount", len(collection.members)),
        ("addedAt", collection.added_at),
        ("updatedAt", collection.updated_at),
    )
