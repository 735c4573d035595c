"""The catalogue's rows: the connection to Plex, its libraries, the titles, and the viewers."""

from plexsync.models.server import Connection, Library, Shelf
from plexsync.models.titles import Episode, MediaItem, MediaItemQuerySet, watched
from plexsync.models.viewers import (
    Play,
    PlexAccount,
    Sight,
    TitleState,
    Viewer,
    ViewerQuerySet,
    WatchedEpisode,
)

__all__ = [
    "Connection",
    "Episode",
    "Library",
    "MediaItem",
    "MediaItemQuerySet",
    "Play",
    "PlexAccount",
    "Shelf",
    "Sight",
    "TitleState",
    "Viewer",
    "ViewerQuerySet",
    "WatchedEpisode",
    "watched",
]
