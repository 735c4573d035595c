"""The posters of the demo library: drawn for any title, always the same, with the title set whole."""

from __future__ import annotations

import io
from itertools import pairwise
from random import Random

import pytest
from PIL import Image

from plexsync.demo.canvas import Canvas
from plexsync.demo.palettes import PALETTES, palette_for
from plexsync.demo.posters import Picture, draw, plain, wrapped
from plexsync.demo.scenes import ANY, SCENES, Scene, scene_for

EVERY_SCENE = {scene.__name__: scene for scenes in [*SCENES.values(), ANY] for scene in scenes}


class Monospaced:
    def getlength(self, text: str) -> float:
        return float(len(text))


@pytest.mark.parametrize("name", EVERY_SCENE)
@pytest.mark.parametrize("size", [(100, 150), (160, 90)])
def test_every_scene_paints_upright_and_wide(name: str, size: tuple[int, int]) -> None:
    canvas = Canvas(size, palette_for("Drama", 1), Random(4))  # noqa: S311
    EVERY_SCENE[name](canvas)
    assert len(set(canvas.image.get_flattened_data())) > 3


def test_there_are_many_compositions() -> None:
    assert len(EVERY_SCENE) >= 8
    assert set(SCENES) - {"Sci-Fi"} == set(PALETTES) - {"Collection"}


def test_the_same_title_gets_the_same_poster() -> None:
    film = Picture("Film", 1999, ("Comedy",), 12_345)
    first = draw(film, (100, 150))
    draw.cache_clear()
    assert draw(film, (100, 150)) == first
    assert draw(film._replace(mark=54_321), (100, 150)) != first


@pytest.mark.parametrize(
    "title",
    [
        "",
        "M",
        "千と千尋の神隠し",
        "Amélie",
        "Donaudampfschifffahrtsgesellschaftskapitän",
        "Very " * 40,
    ],
)
def test_any_title_can_be_set(title: str) -> None:
    drawn = Image.open(io.BytesIO(draw(Picture(title, None, (), 7), (300, 450))))
    assert drawn.size == (300, 450)


def test_lines_are_few_and_even() -> None:
    assert wrapped("one two three four", Monospaced(), 14) == ["one two", "three four"]
    assert wrapped("short", Monospaced(), 14) == ["short"]
    assert wrapped("unbreakably long", Monospaced(), 5) == ["unbreakably", "long"]


def test_letters_the_font_does_not_know_lose_their_marks() -> None:
    assert plain("Amélie") == "Amelie"
    assert plain("Ø") == "O"
    assert plain("Ǎb") == "Ab"
    assert set(plain("神")) == {"·"}


def test_titles_of_a_genre_do_not_all_look_alike() -> None:
    scenes: list[Scene] = [scene_for(("Drama",), mark << 8) for mark in range(5)]
    assert len(set(scenes)) == 5
    assert any(one is not other for one, other in pairwise(scenes))
