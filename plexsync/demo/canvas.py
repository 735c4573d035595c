"""What posters are painted on: a picture with its colours, its chance, and a few brushes."""

from __future__ import annotations

import math
from random import Random
from typing import TypeAlias

from PIL import Image, ImageDraw

from plexsync.demo.palettes import Colour, Palette, mix

Points: TypeAlias = list[tuple[float, float]]


class Canvas:
    """An image being painted, with its palette and its chance."""

    def __init__(self, size: tuple[int, int], tones: Palette, rng: Random) -> None:
        self.width, self.height = size
        self.unit = min(size) / 100
        self.tones, self.rng = tones, rng
        self.image = Image.new("RGB", size)
        self.pen = ImageDraw.Draw(self.image)

    def sky(self, top: Colour, bottom: Colour) -> None:
        """A gradient down the whole picture."""
        column = Image.new("RGB", (1, self.height), top)
        column.paste(bottom, mask=falling(1, self.height))
        self.image.paste(column.resize((self.width, self.height), Image.Resampling.NEAREST))

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float) -> None:
        """Light around a point, fading out."""
        side = max(2, int(radius * 2))
        fade = Image.radial_gradient("L").point(lambda v: int(max(0, 255 - v * 1.42) * strength))
        mask = fade.resize((side, side), Image.Resampling.BILINEAR)
        self.image.paste(colour, (int(x - radius), int(y - radius)), mask)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self.pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def ring(self, x: float, y: float, radius: float, width: float, colour: Colour) -> None:
        box = (x - radius, y - radius, x + radius, y + radius)
        self.pen.ellipse(box, outline=colour, width=max(1, int(width)))

    def stars(self, count: int, bottom: float) -> None:
        for _ in range(count):
            x, y = self.rng.random() * self.width, self.rng.random() ** 1.4 * bottom
            shade = mix(self.tones.deep, self.tones.accent, self.rng.uniform(0.25, 0.95))
            self.disc(x, y, self.unit * self.rng.choice([0.18, 0.25, 0.25, 0.45]), shade)

    def ridge(self, level: float, rough: float, colour: Colour) -> None:
        """A range of hills across the picture, filled down to the bottom edge."""
        waves = [(self.rng.uniform(0.6, 3.2), self.rng.random() * 6.3) for _ in range(4)]
        top: Points = []
        for step in range(81):
            x = step / 80
            lift = sum(math.sin(x * often * 5 + shift) / often for often, shift in waves)
            top.append((x * self.width, self.height * level - lift * rough * self.height))
        self.pen.polygon([*top, (self.width, self.height), (0, self.height)], fill=colour)


def falling(width: int, height: int) -> Image.Image:
    """A mask from nothing at the top to everything at the bottom."""
    column = Image.linear_gradient("L").resize((1, height), Image.Resampling.BILINEAR)
    return column.resize((width, height), Image.Resampling.NEAREST)


def figure(c: Canvas, x: float, foot: float, tall: float, colour: Colour) -> None:
    """Somebody standing, small."""
    c.disc(x, foot - tall * 0.88, tall * 0.11, colour)
    coat = [(x - tall * 0.1, foot - tall * 0.76), (x + tall * 0.1, foot - tall * 0.76)]
    c.pen.polygon(
        [*coat, (x + tall * 0.17, foot - tall * 0.25), (x - tall * 0.17, foot - tall * 0.25)],
        fill=colour,
    )
    for side in (-1, 1):
        left = x + side * tall * 0.07 - tall * 0.045
        c.pen.rectangle((left, foot - tall * 0.3, left + tall * 0.09, foot), fill=colour)
