"""Which composition a poster gets: one that suits its genres."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from plexsync.demo.canvas import Canvas
from plexsync.demo.landscapes import forest, hills, peaks, planet, road, skyline, waves
from plexsync.demo.shapes import arches, blinds, blocks, doorway, pair, rays, rings, spiral

Scene: TypeAlias = Callable[[Canvas], None]


SCENES: dict[str, list[Scene]] = {
    "Action": [rays, skyline, road],
    "Adventure": [hills, peaks, waves, road],
    "Animation": [blocks, arches, planet],
    "Biography": [rings, doorway, arches],
    "Comedy": [blocks, rays, pair, arches],
    "Crime": [skyline, blinds, doorway],
    "Documentary": [rings, peaks, waves],
    "Drama": [waves, hills, doorway, pair, rings],
    "Family": [blocks, arches, hills],
    "Fantasy": [peaks, forest, planet],
    "History": [hills, rings, road],
    "Horror": [forest, doorway, spiral],
    "Music": [rings, arches, rays],
    "Mystery": [spiral, forest, blinds],
    "Romance": [pair, waves, hills],
    "Science Fiction": [planet, peaks, rings],
    "Sci-Fi": [planet, peaks, rings],
    "Sport": [rays, rings, arches],
    "Thriller": [spiral, skyline, rings, doorway],
    "War": [rays, hills, road],
    "Western": [road, hills, rays],
}


ANY: list[Scene] = [hills, rings, waves, pair, blocks]


def scene_for(genres: tuple[str, ...], mark: int) -> Scene:
    """One that suits any of the first three genres."""
    choices = [scene for genre in genres[:3] for scene in SCENES.get(genre, [])] or ANY
    return choices[(mark >> 8) % len(choices)]
