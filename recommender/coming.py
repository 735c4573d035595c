"""Which episode of a suggested series comes next for those who watch."""

from collections.abc import Iterable, Sequence
from typing import Any

from feedback.models import Suggestion
from plexsync.models import Episode, Viewer
from plexsync.next_episode import next_episodes


def coming(shown: Sequence[Suggestion], viewers: Iterable[Viewer]) -> dict[int, Episode]:
    """Return the next episode by series; of several viewers' the earliest, so that nobody skips one.

    Two queries where there is a series, else none. Without viewers the connected account counts.
    """
    series = [suggestion.item for suggestion in shown if suggestion.item.type == "show"]
    if not series:
        return {}
    present = list(viewers) or list(Viewer.objects.filter(owns_plex_state=True))
    found: dict[int, Episode] = {}
    for (_viewer, item), episode in next_episodes(present, series).items():
        if episode and (item not in found or _place(episode) < _place(found[item])):
            found[item] = episode
    return found


def _place(episode: Episode) -> tuple[bool, int, int]:
    return not episode.season, episode.season, episode.number


def episode_json(episode: Episode | None) -> dict[str, Any] | None:
    if episode is None:
        return None
    return {
        "season": episode.season,
        "episode": episode.number,
        "title": episode.title,
        "plex_id": episode.rating_key,
        "runtime_minutes": episode.runtime_minutes,
    }
