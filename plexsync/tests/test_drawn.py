"""The drawn picture: well-formed whatever the title, every word of it, no line too wide."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plexsync.drawn import MARGIN, WIDE, _width, drawn

SVG = "{http://www.w3.org/2000/svg}"
LONGEST = (
    "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb",
    "The Assassination of Jesse James by the Coward Robert Ford",
    "Donaudampfschifffahrtsgesellschaftskapitän",
    "千と千尋の神隠し",
    "The Lord of the Rings: The Return of the King",
)


def texts(svg: str) -> list[ET.Element]:
    """The lines of the title; the first text is its initial."""
    return ET.fromstring(svg).findall(f"{SVG}text")[1:]  # noqa: S314 (ours)


@pytest.mark.parametrize("title", ["M", "Heat", *LONGEST])
@pytest.mark.parametrize("size", [(300, 450), (640, 360)])
def test_a_title_is_told_to_its_end(title: str, size: tuple[int, int]) -> None:
    lines = [line.text or "" for line in texts(drawn(title, *size))]
    assert "".join(lines).replace(" ", "") == title.replace(" ", "")


@given(st.text(max_size=500))
@example("x" * 500)
@example(" ".join(["wonderful"] * 50))
@example(LONGEST[0])
@example(LONGEST[1])
def test_any_title_makes_a_picture_whose_lines_fit(title: str) -> None:
    for width, height in ((300, 450), (640, 360)):
        svg = drawn(title, width, height)
        tall = WIDE * height / width
        lines = texts(svg)
        assert lines
        for line in lines:
            size = float(line.get("font-size") or 0)
            assert 0 < float(line.get("y") or 0) - size < tall - MARGIN
            assert _width(line.text or "") * size <= WIDE - 2 * MARGIN + size  # the dots
        svg.encode()  # what can't be sent is not drawn


def test_the_same_title_is_always_drawn_alike() -> None:
    assert drawn("Heat", 300, 450) == drawn("Heat", 300, 450) != drawn("Alien", 300, 450)


def test_what_looks_like_markup_is_told_as_text() -> None:
    [line] = texts(drawn("<b>&amp;", 300, 450))
    assert line.text == "<b>&amp;"
