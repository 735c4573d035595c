"""Draws posters and art for titles that have none: the same picture for a title every time."""

from __future__ import annotations

import io
import unicodedata
from functools import lru_cache
from random import Random
from typing import NamedTuple, Protocol

from PIL import Image, ImageDraw, ImageFont

from plexsync.demo.canvas import Canvas, falling
from plexsync.demo.palettes import Colour, Palette, mix, palette_for
from plexsync.demo.scenes import scene_for

# Drawn larger and shrunk, for smooth edges; large ones need it less and cost more.
_SMOOTHED_BELOW = 1_000
_SIZES = (17, 15, 13.5, 12, 10.5, 9.2, 8, 7, 6)
_MOST_LINES = 4
_AIR = 0.22
_SPELT = str.maketrans(
    {"ø": "o", "Ø": "O", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "ł": "l", "–": "-"}
)
_KNOWN_MARKS = "\u2013\u2014\u2018\u2019\u201c\u201d\u2026"
_SHORTEST_LAST_LINE = 3
LOUD = {"Action", "Thriller", "Horror", "Science Fiction", "Sci-Fi", "War", "Western", "Crime"}
"""Genres whose titles stand in capitals."""


class Picture(NamedTuple):
    """What a picture is of: enough to draw the same one every time."""

    title: str
    year: int | None
    genres: tuple[str, ...]
    mark: int


class Font(Protocol):
    """What we need of Pillow's font."""

    def getlength(self, text: str) -> float: ...


@lru_cache(maxsize=64)
def draw(picture: Picture, size: tuple[int, int], form: str = "jpeg") -> bytes:
    """The picture as a file: with its title if upright, a scene alone if wide."""
    scale = 2 if max(size) < _SMOOTHED_BELOW else 1
    image = paint(picture, (size[0] * scale, size[1] * scale))
    buffer = io.BytesIO()
    options = {"quality": 88} if form == "jpeg" else {}
    image.reduce(scale).save(buffer, form, **options)
    return buffer.getvalue()


def paint(picture: Picture, size: tuple[int, int]) -> Image.Image:
    genre = picture.genres[0] if picture.genres else "Drama"
    tones = palette_for(genre, picture.mark)
    canvas = Canvas(size, tones, Random(picture.mark))  # noqa: S311
    scene_for(picture.genres, picture.mark)(canvas)
    if size[0] < size[1]:
        _letter(canvas, picture)
    return canvas.image


def _letter(canvas: Canvas, picture: Picture) -> None:
    """Title, rule and year over the darkened foot of the picture."""
    ink = _fade(canvas, canvas.tones)
    width, height = canvas.width, canvas.height
    loud = bool(LOUD & set(picture.genres[:1]))
    title = plain(picture.title.upper() if loud else picture.title)
    size, lines = _fitted(title, width * 0.84, height * 0.27, width / 100)
    centred = (picture.mark >> 20) % 3 == 0
    middle, lead = width / 2, size * 1.04
    x, anchor = (middle, "ma") if centred else (width * 0.08, "la")
    y = height * 0.885 - lead * len(lines)
    for place, line in enumerate(lines):
        at = (x, y + lead * place)
        weight = size * 0.022
        canvas.pen.text(at, line, font=_font(size), fill=ink, stroke_width=weight, anchor=anchor)
    left = middle - width * 0.055 if centred else x
    _rule(canvas, left, height * 0.915)
    if picture.year:
        small = width * 0.045
        start = middle - _spaced_length(str(picture.year), small) / 2 if centred else x
        _spaced(canvas.pen, (start, height * 0.93), str(picture.year), small, ink)


def _rule(canvas: Canvas, left: float, top: float) -> None:
    box = (left, top, left + canvas.width * 0.11, top + canvas.width * 0.008)
    canvas.pen.rectangle(box, fill=canvas.tones.accent)


def _fade(canvas: Canvas, tones: Palette) -> Colour:
    """Darkens the lower part so that light letters stand on any scene."""
    ground = mix(tones.night, (0, 0, 0), 0.25)
    ramp = falling(1, canvas.height).point(lambda v: int(min(255, max(0, (v - 112) * 3.1)) * 0.93))
    mask = ramp.resize((canvas.width, canvas.height), Image.Resampling.NEAREST)
    canvas.image.paste(ground, mask=mask)
    return mix(tones.accent, (255, 255, 255), 0.6)


def _fitted(title: str, width: float, height: float, unit: float) -> tuple[float, list[str]]:
    """The largest size at which the title fits, and its lines."""
    for share in _SIZES:
        size = share * unit
        lines = wrapped(title, _font(size), width)
        low_enough = len(lines) <= _MOST_LINES and len(lines) * size * 1.04 <= height
        lonely = len(lines) > 1 and len(lines[-1]) < _SHORTEST_LAST_LINE
        if (
            low_enough
            and not lonely
            and all(_font(size).getlength(line) <= width for line in lines)
        ):
            return size, lines
    shown = lines[:_MOST_LINES]
    shown[-1] += "…" if len(lines) > _MOST_LINES else ""
    return size, [_clipped(line, _font(size), width) for line in shown]


def _clipped(line: str, font: Font, width: float) -> str:
    while font.getlength(line) > width:
        line = line[:-2] + "…"
    return line


def wrapped(title: str, font: Font, width: float) -> list[str]:
    """As few lines as fit, then as even as possible."""
    lines = _filled(title, font, width)
    while True:
        widest = max(map(font.getlength, lines))
        narrower = _filled(title, font, widest - 1)
        if len(narrower) > len(lines) or max(map(font.getlength, narrower)) >= widest:
            return lines
        lines = narrower


def _filled(title: str, font: Font, width: float) -> list[str]:
    """Each line takes as many words as it can; a word that is too wide stands alone."""
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _spaced(
    pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: float, ink: Colour
) -> None:
    """Small type reads better with air between the letters."""
    x, font = at[0], _font(size)
    for letter in text:
        pen.text((x, at[1]), letter, font=font, fill=ink)
        x += font.getlength(letter) + size * _AIR


def _spaced_length(text: str, size: float) -> float:
    return sum(_font(size).getlength(letter) + size * _AIR for letter in text) - size * _AIR


@lru_cache(maxsize=128)
def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType")
    return font


def plain(title: str) -> str:
    """The bundled font knows English letters only: others lose their marks or become a dot."""
    apart = unicodedata.normalize("NFKD", title.translate(_SPELT))
    bare = (letter for letter in apart if not unicodedata.combining(letter))
    return "".join(x if x.isascii() or x in _KNOWN_MARKS else "·" for x in bare) or "Untitled"
