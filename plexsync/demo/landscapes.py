"""Compositions out of doors: hills, sea, towers, woods, roads, mountains, a planet."""

from __future__ import annotations

import math

from PIL import Image, ImageDraw

from plexsync.demo.canvas import Canvas, Points
from plexsync.demo.palettes import Colour, mix


def hills(c: Canvas) -> None:
    """A low sun behind ranges that darken towards us."""
    t = c.tones
    c.sky(mix(t.deep, t.soft, 0.35), t.light)
    x, y = c.width * c.rng.uniform(0.25, 0.75), c.height * c.rng.uniform(0.36, 0.46)
    c.glow(x, y, c.unit * 75, t.accent, 0.6)
    c.disc(x, y, c.unit * c.rng.uniform(15, 21), mix(t.light, t.accent, 0.75))
    for n in range(5):
        share = n / 4
        colour = mix(mix(t.soft, t.light, 0.35), t.night, share**0.8)
        c.ridge(0.52 + 0.1 * n, 0.022 + 0.008 * n, colour)


def skyline(c: Canvas) -> None:
    """Towers at night, a few windows still lit."""
    t = c.tones
    c.sky(t.night, mix(t.deep, t.soft, 0.65))
    c.stars(50, c.height * 0.45)
    x, y = c.width * c.rng.uniform(0.2, 0.8), c.height * c.rng.uniform(0.24, 0.36)
    c.glow(x, y, c.unit * 48, t.light, 0.5)
    c.disc(x, y, c.unit * 13, mix(t.light, t.accent, 0.5))
    for depth in (0.35, 0.7, 1.0):
        _row_of_towers(c, depth)


def _row_of_towers(c: Canvas, depth: float) -> None:
    wall = mix(mix(c.tones.deep, c.tones.soft, 0.5), c.tones.night, depth)
    x = -c.unit * c.rng.uniform(0, 8)
    while x < c.width:
        wide = c.unit * c.rng.uniform(9, 18)
        top = c.height * (0.82 - c.rng.uniform(0.08, 0.34) * (1.25 - depth * 0.6))
        c.pen.rectangle((x, top, x + wide, c.height), fill=wall)
        if depth > 0.6:
            _windows(c, x, top, wide)
        x += wide + c.unit * c.rng.uniform(-1, 2.5)


def _windows(c: Canvas, x: float, top: float, wide: float) -> None:
    pane = c.unit * 1.25
    for row in range(int((c.height - top) / (pane * 2.4))):
        for column in range(int(wide / (pane * 2.1))):
            if c.rng.random() < 0.2:
                left, up = x + pane * (0.9 + 2.1 * column), top + pane * (1.4 + 2.4 * row)
                box = (left, up, left + pane, up + pane * 1.3)
                c.pen.rectangle(box, fill=mix(c.tones.light, c.tones.soft, c.rng.random() * 0.5))


def planet(c: Canvas) -> None:
    """A banded planet with a ring, cut by the edge of the picture."""
    t = c.tones
    c.sky(t.night, t.deep)
    c.stars(170, c.height)
    x, y = c.width * c.rng.choice([0.28, 0.5, 0.74]), c.height * c.rng.uniform(0.34, 0.44)
    radius = c.unit * c.rng.uniform(28, 38)
    c.glow(x, y, radius * 2.1, t.soft, 0.55)
    _girdle(c, x, y, radius, (180, 360))
    _ball(c, x, y, radius)
    _girdle(c, x, y, radius, (0, 180))
    c.disc(c.width * c.rng.uniform(0.1, 0.9), c.height * 0.1, c.unit * 4, mix(t.light, t.soft, 0.4))


def _ball(c: Canvas, x: float, y: float, radius: float) -> None:
    t, side = c.tones, int(radius * 2)
    ball = Canvas((side, side), t, c.rng)
    ball.sky(mix(t.soft, t.light, 0.7), t.deep)
    for _ in range(9):
        up, thick = c.rng.random() * side, radius * c.rng.uniform(0.04, 0.16)
        shade = mix(t.soft, c.rng.choice([t.light, t.deep, t.accent]), c.rng.uniform(0.1, 0.45))
        ball.pen.rectangle((0, up, side, up + thick), fill=shade)
    shadow = Image.radial_gradient("L").resize((side * 2, side * 2), Image.Resampling.BILINEAR)
    dark = shadow.crop((side * 3 // 4, side * 3 // 4, side * 7 // 4, side * 7 // 4))
    ball.image.paste(t.night, mask=dark.point(lambda v: int(v * 1.25)))
    mask = Image.new("L", (side, side))
    ImageDraw.Draw(mask).ellipse((0, 0, side - 1, side - 1), fill=255)
    c.image.paste(ball.image, (int(x - radius), int(y - radius)), mask)


def _girdle(c: Canvas, x: float, y: float, radius: float, part: tuple[int, int]) -> None:
    """Half of the rings: the far half goes behind the ball, the near one before it."""
    t = c.tones
    for n, shade in enumerate((t.accent, t.light, mix(t.light, t.soft, 0.5))):
        wide, high = radius * 1.6 + n * c.unit * 2, radius * 0.4 + n * c.unit * 0.55
        box = (x - wide, y - high, x + wide, y + high)
        c.pen.arc(box, *part, fill=shade, width=max(1, int(c.unit * 0.9)))


def waves(c: Canvas) -> None:
    """Swell upon swell under a wide sky, and a small sail."""
    t = c.tones
    c.sky(mix(t.soft, t.deep, 0.3), t.light)
    x, y = c.width * c.rng.uniform(0.3, 0.7), c.height * 0.4
    c.glow(x, y, c.unit * 60, t.accent, 0.7)
    c.disc(x, y, c.unit * 11, t.accent)
    sail = c.width * c.rng.uniform(0.25, 0.75)
    for n in range(9):
        level = 0.47 + n * 0.065
        if n == 2:
            _sail(c, sail, c.height * level)
        _swell(c, level, n, mix(mix(t.soft, t.deep, 0.45), t.night, n / 8))


def _swell(c: Canvas, level: float, n: int, colour: Colour) -> None:
    shift, long = c.rng.random() * 6.3, c.rng.uniform(2.0, 3.4)
    crest: Points = [
        (
            c.width * s / 60,
            c.height * (level + 0.012 * (1 + n / 5) * math.sin(s / 60 * long * 6.3 + shift)),
        )
        for s in range(61)
    ]
    c.pen.polygon([*crest, (c.width, c.height), (0, c.height)], fill=colour)


def _sail(c: Canvas, x: float, y: float) -> None:
    u = c.unit
    c.pen.polygon([(x, y - u * 15), (x, y - u * 2), (x + u * 8, y - u * 2)], fill=c.tones.light)
    c.pen.polygon(
        [(x - u, y - u * 12), (x - u, y - u * 2), (x - u * 5, y - u * 2)], fill=c.tones.accent
    )
    c.pen.polygon(
        [(x - u * 7, y - u), (x + u * 9, y - u), (x + u * 6, y + u * 3), (x - u * 5, y + u * 3)],
        fill=c.tones.night,
    )


def forest(c: Canvas) -> None:
    """Firs fading into mist, the moon behind them."""
    t = c.tones
    c.sky(mix(t.night, t.deep, 0.5), mix(t.soft, t.light, 0.45))
    x, y = c.width * c.rng.uniform(0.3, 0.7), c.height * 0.33
    c.glow(x, y, c.unit * 62, t.light, 0.6)
    c.disc(x, y, c.unit * 14, mix(t.light, t.accent, 0.6))
    for n in range(5):
        shade = mix(mix(t.soft, t.light, 0.2), t.night, (n + 1) / 5)
        _firs(c, 0.52 + n * 0.105, 15 + n * 7, shade)


def _firs(c: Canvas, level: float, tall: float, colour: Colour) -> None:
    x = -c.unit * 4
    c.pen.rectangle((0, c.height * level, c.width, c.height), fill=colour)
    while x < c.width + c.unit * 4:
        height = c.unit * tall * c.rng.uniform(0.6, 1.15)
        half, foot = height * 0.23, c.height * level + c.unit
        for tier in range(4):
            up = foot - height * (0.22 + 0.26 * tier)
            wide = half * (1 - tier * 0.21)
            c.pen.polygon(
                [
                    (x, up - height * 0.22),
                    (x - wide, up + height * 0.26),
                    (x + wide, up + height * 0.26),
                ],
                fill=colour,
            )
        x += half * c.rng.uniform(0.8, 1.7)


def road(c: Canvas) -> None:
    """A road to the horizon, poles along it."""
    t = c.tones
    c.sky(mix(t.deep, t.soft, 0.3), mix(t.light, t.accent, 0.2))
    x, far = c.width * c.rng.uniform(0.4, 0.6), c.height * 0.55
    c.glow(x, far, c.unit * 70, t.accent, 0.8)
    c.disc(x, far - c.unit * 2, c.unit * 17, mix(t.soft, t.light, 0.25))
    c.ridge(0.545, 0.012, mix(t.soft, t.deep, 0.6))
    c.pen.rectangle((0, far, c.width, c.height), fill=mix(t.deep, t.night, 0.35))
    tar = [(x - c.unit, far), (x + c.unit, far), (c.width * 0.95, c.height)]
    c.pen.polygon([*tar, (c.width * 0.05, c.height)], fill=t.night)
    _dashes(c, x, far)
    _poles(c, x, far)


def _dashes(c: Canvas, x: float, far: float) -> None:
    """The line down the middle: what is near is long and wide."""
    for n in range(7):
        start, end = ((n / 7) ** 2, ((n + 0.5) / 7) ** 2)
        top, foot = far + (c.height - far) * start, far + (c.height - far) * end
        thin, wide = c.unit * (0.25 + 2.2 * start), c.unit * (0.25 + 2.2 * end)
        dash = [(x - thin, top), (x + thin, top), (x + wide, foot), (x - wide, foot)]
        c.pen.polygon(dash, fill=c.tones.light)


def _poles(c: Canvas, x: float, far: float) -> None:
    for n in range(1, 6):
        close = (n / 5) ** 2
        left = x - c.width * 0.62 * close - c.unit * 2
        foot = far + (c.height - far) * close * 0.55
        tall, thick = c.unit * (46 * close + 4), max(1, int(c.unit * 1.5 * close + 1))
        arm, bar = tall * 0.16, foot - tall * 0.9
        c.pen.line((left, foot, left, foot - tall), fill=c.tones.night, width=thick)
        c.pen.line((left - arm, bar, left + arm, bar), fill=c.tones.night, width=thick)


def peaks(c: Canvas) -> None:
    """Sharp mountains lit from one side, under the stars."""
    t = c.tones
    c.sky(t.night, mix(t.deep, t.soft, 0.8))
    c.stars(110, c.height * 0.5)
    c.glow(c.width * 0.5, c.height * 0.56, c.unit * 80, t.soft, 0.55)
    for n in range(3):
        for _ in range(3 - n // 2):
            _peak(c, c.height * (0.3 + 0.14 * n + c.rng.uniform(0, 0.1)), n / 2)
    c.ridge(0.86, 0.02, mix(t.night, (0, 0, 0), 0.25))


def _peak(c: Canvas, top: float, near: float) -> None:
    t, x = c.tones, c.width * c.rng.uniform(0.05, 0.95)
    half, foot = (c.height - top) * c.rng.uniform(0.5, 0.7), c.height
    bright = mix(mix(t.soft, t.light, 0.5), t.deep, 0.25 + near * 0.6)
    dark = mix(mix(t.soft, t.deep, 0.5), t.night, 0.25 + near * 0.6)
    kinks = [
        (x + half * k * c.rng.uniform(-0.3, 0.12), top + (foot - top) * k) for k in (0.2, 0.4, 0.65)
    ]
    c.pen.polygon([(x, top), (x - half, foot), (x + half, foot)], fill=bright)
    c.pen.polygon([(x, top), *kinks, (x - half * 0.1, foot), (x + half, foot)], fill=dark)
