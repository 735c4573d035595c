"""A picture for a title whose own can't be had: drawn in our colours, with the title on it."""

import hashlib
import unicodedata
from collections.abc import Iterator
from xml.sax.saxutils import escape

GROUND, TEXT, SOFT = "#16100e", "#f7ecde", "#c4af9f"
FONT = "Palatino, 'URW Palladio L', Georgia, 'Noto Serif', serif"
WIDE = 300  # units of the drawing, whatever its size on the page
MARGIN = 26
SIZES = (34, 28, 23, 19)  # of the letters: the largest in which the whole title fits
LEADING = 1.18  # from line to line, in heights of the letters
RULE = 21  # units for the short line above the title
EM = 0.56  # of a letter's height a usual letter is wide


def drawn(title: str, width: int, height: int) -> str:
    """Return an SVG of this size in pixels: the title in full lines, its initial behind it."""
    tall = round(WIDE * height / width)
    hue = int(hashlib.md5(title.encode(errors="replace"), usedforsecurity=False).hexdigest(), 16)
    size, lines = _set(_printable(title) or "Untitled", tall)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {WIDE} {tall}">{_backdrop(hue % 360, tall)}'
        f'<text x="{WIDE - 12}" y="{round(tall * 0.42)}" font-family="{FONT}" text-anchor="end"'
        f' font-size="{round(min(tall, 400) * 0.55)}" fill="{TEXT}" fill-opacity="0.09">'
        f"{escape(_initial(lines[0]))}</text>{_text(lines, size, tall)}</svg>"
    )


def _backdrop(hue: int, tall: int) -> str:
    return (
        f'<defs><radialGradient id="g" cx="50%" cy="0%" r="100%">'
        f'<stop offset="0" stop-color="hsl({hue}, 38%, 30%)"/>'
        f'<stop offset="1" stop-color="{GROUND}"/></radialGradient></defs>'
        f'<rect width="{WIDE}" height="{tall}" fill="{GROUND}"/>'
        f'<rect width="{WIDE}" height="{tall}" fill="url(#g)"/>'
    )


def _text(lines: list[str], size: int, tall: int) -> str:
    """Set the lines upwards from the lower edge, under a short rule."""
    step = round(size * LEADING)
    first = tall - MARGIN - step * (len(lines) - 1)
    rule = f'<rect x="{MARGIN}" y="{first - size - 18}" width="34" height="3" fill="#f6b352"/>'
    words = "".join(
        f'<text x="{MARGIN}" y="{first + step * number}" font-family="{FONT}" font-size="{size}"'
        f' fill="{TEXT}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    return rule + words


def _set(title: str, tall: int) -> tuple[int, list[str]]:
    """Return the size of the letters and the lines; only a title of a paragraph is shortened."""
    words = title.split()
    for size in SIZES:
        room = (WIDE - 2 * MARGIN) / size
        most = int((tall - 2 * MARGIN - RULE) / (size * LEADING))
        lines = _lines(words, room)
        if len(lines) <= most and max(map(_width, words)) <= room:
            return size, lines
    return size, lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1][:-1] + "…"]


def _lines(words: list[str], room: float) -> list[str]:
    lines = [""]
    for word in words:
        for piece in _pieces(word, room):
            longer = f"{lines[-1]} {piece}".strip()
            lines = [*lines[:-1], longer] if _width(longer) <= room else [*lines, piece]
    return lines


def _pieces(word: str, room: float) -> Iterator[str]:
    """Yield the word, in several pieces where it is wider than a line."""
    piece = ""
    for letter in word:
        if piece and _width(piece + letter) > room:
            yield piece
            piece = ""
        piece += letter
    yield piece


def _width(text: str) -> float:
    """Return how wide a line is, in heights of its letters; capitals and CJK are wide."""
    return sum(map(_letter, text))


def _letter(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    return 0.74 if letter.isupper() else EM


def _initial(line: str) -> str:
    return next((letter.upper() for letter in line if letter.isalnum()), "")


def _printable(title: str) -> str:
    """Return the title without what no XML may hold."""
    return "".join(c if c.isprintable() else " " for c in title).strip()
