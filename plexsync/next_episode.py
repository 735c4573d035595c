"""Which episode of a series comes next for a viewer."""

from collections.abc import Iterable, Sequence

from plexsync.models import Episode, MediaItem, Viewer, WatchedEpisode


def next_episode(viewer: Viewer | None, item: MediaItem) -> Episode | None:
    """Return the first unwatched episode after the last watched one; None when all are seen.

    Somebody new begins at the beginning. Specials never come before the story.
    """
    if viewer is None:
        return _following(_in_order(Episode.objects.filter(item=item)), set())
    return next_episodes([viewer], [item])[viewer.pk, item.pk]


def next_episodes(
    viewers: Sequence[Viewer], items: Sequence[MediaItem]
) -> dict[tuple[int, int], Episode | None]:
    """Return the next episode of each of these series for each viewer, by the numbers of their rows.

    Two queries, however many there are.
    """
    shows: dict[int, list[Episode]] = {item.pk: [] for item in items}
    for episode in Episode.objects.filter(item__in=items):
        shows[episode.item_id].append(episode)
    seen: dict[int, set[int]] = {viewer.pk: set() for viewer in viewers}
    watched = WatchedEpisode.objects.filter(viewer__in=viewers, episode__item__in=items)
    for viewer_pk, episode_pk in watched.values_list("viewer", "episode"):
        seen[viewer_pk].add(episode_pk)
    ordered = {pk: _in_order(episodes) for pk, episodes in shows.items()}
    return {
        (viewer.pk, pk): _following(episodes, seen[viewer.pk])
        for viewer in viewers
        for pk, episodes in ordered.items()
    }


def _in_order(episodes: Iterable[Episode]) -> list[Episode]:
    return sorted(episodes, key=lambda each: (not each.season, each.season, each.number, each.pk))


def _following(episodes: list[Episode], seen: set[int]) -> Episode | None:
    """Return what comes after the last one seen of the story; then what was left out, then specials."""
    story = [episode for episode in episodes if episode.season]
    last = max((n for n, episode in enumerate(story) if episode.pk in seen), default=-1)
    rest = [*story[last + 1 :], *story[: last + 1], *(e for e in episodes if not e.season)]
    return next((episode for episode in rest if episode.pk not in seen), None)
